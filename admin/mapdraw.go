package admin

import (
	"cmp"
	"slices"
	"strconv"

	"onedoor/routing"
)

// mark is what is drawn for one thing, or for several.
type mark struct {
	Kind, Shape string
	X, Y        int
	Count       int
	Worst       int    // of several, those that look like this
	Name        string // of one thing, or of the place that several have in common
	Note, Link  string
	weight      int
}

// Few is the count in few letters.
func (m mark) Few() string {
	if m.Count < 1000 {
		return strconv.Itoa(m.Count)
	}
	return strconv.FormatFloat(float64(m.Count)/1000, 'f', 1, 64) + "k"
}

// draw makes the marks of all layers: as many as can be told apart, and no more than maxMarks, off each other.
func (p *mapPage) draw(layers []layer) {
	found, n := make([][]cluster, len(layers)), maxMarks+1
	spots := make([][]spot, len(layers))
	for i, l := range layers {
		spots[i] = p.View.spots(l.things)
	}
	for apart := 48.0; n > maxMarks; apart *= 4.0 / 3 {
		n = 0
		for i := range layers {
			found[i] = clusters(spots[i], apart)
			n += len(found[i])
		}
	}
	for i, l := range layers {
		var marks []mark
		for _, c := range found[i] {
			marks = append(marks, p.mark(l, c))
		}
		slices.SortStableFunc(marks, func(a, b mark) int { return cmp.Compare(a.weight, b.weight) }) // the worst on top
		p.Marks = append(p.Marks, marks...)
	}
	separate(p.Marks)
}

// spots are where things are in the picture.
func (v mapView) spots(things []thing) []spot {
	spots := make([]spot, len(things))
	for i, t := range things {
		spots[i].x, spots[i].y = v.place(t.at)
	}
	return spots
}

// mark is the one for a cluster.
func (p *mapPage) mark(l layer, c cluster) mark {
	first := l.things[c.members[0]]
	m := mark{Kind: l.kind, X: int(c.x), Y: int(c.y) + l.shift, Count: len(c.members), Shape: first.shape, weight: first.weight}
	if m.Count == 1 {
		m.Name, m.Note, m.Link = first.name(), first.note(), first.link()
		return m
	}
	sameSpot := true
	for _, i := range c.members {
		t := l.things[i]
		if t.weight > m.weight {
			m.Shape, m.weight, m.Worst = t.shape, t.weight, 0
		}
		if t.weight == m.weight {
			m.Worst++
		}
		sameSpot = sameSpot && t.at == first.at
	}
	at := p.View.point(c.x, c.y)
	m.Name = p.shared(l, c, at)
	m.Note = p.T("map_"+m.Shape, "Count", m.Count, "Worst", m.Worst)
	if m.Link = p.View.zoomed(at, 2).Query(); sameSpot || p.View.Zoom == maxZoom {
		m.Link = p.View.Query() + "&here=" + writePoint(first.at) + "#here"
	}
	return m
}

// shared names the smallest place in which all of a cluster lie and, where that is wider than a county, the county around which they
// do: of several clusters in one province each has a name of its own.
func (p *mapPage) shared(l layer, c cluster, at routing.Point) string {
	g, common := p.Intake.Router.Gazetteer(), ""
	seen := map[string]bool{}
	for n, i := range c.members {
		in := l.things[i].in
		if in == "" {
			if place, _, ok := g.Near(l.things[i].at); ok {
				in = place.Code
			}
		}
		switch {
		case n == 0:
			common = in
		case !seen[in]:
			common = g.Common(common, in)
		}
		seen[in] = true
	}
	if _, known := g.Lookup(common); !known {
		return p.nearby(at)
	}
	if place, _, ok := g.Near(at); ok && g.Up(common, "city") == common {
		around := g.Up(place.Code, "county")
		county := p.brief(around)
		if g.Up(around, "city") == common { // which is named already
			county = p.texts.Name(p.Lang, g.Name(around, p.Lang))
		}
		if around != common {
			return p.T("map_around", "Place", p.brief(common), "County", county)
		}
	}
	return p.brief(common)
}

// nearby names the place that is the nearest to a point.
func (p *mapPage) nearby(at routing.Point) string {
	place, _, ok := p.Intake.Router.Gazetteer().Near(at)
	if !ok {
		return writePoint(at)
	}
	return p.brief(place.Code)
}

// brief is a place's name with what it directly lies in, in the reader's language and characters.
func (p page) brief(code string) string {
	return p.texts.Name(p.Lang, p.Intake.Router.Gazetteer().Brief(code, p.Lang))
}
