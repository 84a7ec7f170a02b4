package routing

import (
	"cmp"
	"slices"
)

// A Level is one step of the way down to a place for somebody who chooses it from lists.
type Level struct {
	In     string   // the place that is listed; empty at the top
	Places []string // what lies in it, by code; empty where there is nothing to choose
	Whole  bool     // In by itself says well enough where somebody is
	Up     string   // the level above, empty for the top
	Lower  bool     // there is a level above
}

// topMost is how many counties are offered at once before their cities are.
const topMost = 10

// Level is the places to choose from in a place, or for the empty code the widest: the counties with active stations, or
// the cities of these where they are many. Where there is only one place to choose, it is that one's level. It is false
// for a code that nobody knows.
func (r *Router) Level(code string) (Level, bool) {
	w := r.walk()
	if code != "" && w.g.places[code] == nil {
		return Level{}, false
	}
	l := Level{In: w.down(code)}
	l.Places = w.below(l.In)
	l.Whole = w.served[l.In] || l.In != "" && w.g.places[l.In].depth() >= slices.Index(levels, "county")
	for at, ok := w.above(l.In); ok; at, ok = w.above(at) {
		if w.down(at) != l.In {
			l.Up, l.Lower = at, true
			break
		}
	}
	return l, true
}

// Served is the place with active stations of its own in which a place lies, or empty.
func (r *Router) Served(code string) string {
	w := r.walk()
	for _, p := range w.g.path(code) {
		if w.served[p.Code] {
			return p.Code
		}
	}
	return ""
}

// walker is what the way down to a place leads through.
type walker struct {
	g      *Gazetteer
	tops   []string        // what is offered first
	served map[string]bool // counties with active stations, and cities that have no counties
	leads  map[string]bool // what these lie in, and they themselves
}

func (r *Router) walk() walker {
	w := walker{g: r.Gazetteer(), served: map[string]bool{}, leads: map[string]bool{}}
	for _, s := range r.stations.Load().byCode {
		if s.Active && w.g.places[s.County] != nil && !w.served[s.County] {
			w.served[s.County] = true
			w.tops = append(w.tops, s.County)
			for _, p := range w.g.path(s.County) {
				w.leads[p.Code] = true
			}
		}
	}
	if len(w.tops) > topMost {
		for i, code := range w.tops {
			w.tops[i] = w.cityOf(code)
		}
	}
	slices.Sort(w.tops)
	w.tops = slices.Compact(w.tops)
	return w
}

// cityOf is the city in which a place lies, or the place itself.
func (w walker) cityOf(code string) string {
	for _, p := range w.g.path(code) {
		if p.Level == "city" {
			return p.Code
		}
	}
	return code
}

// below is what can be chosen in a place: all that lies in a county, and of wider places what has stations.
func (w walker) below(code string) []string {
	if code == "" {
		return w.tops
	}
	county := w.served[code] || w.g.places[code].depth() >= slices.Index(levels, "county")
	var codes []string
	for _, p := range w.g.inside[code] {
		if !p.Off && (county || w.leads[p.Code]) {
			codes = append(codes, p.Code)
		}
	}
	slices.SortFunc(codes, cmp.Compare)
	return codes
}

// down goes on to where there is something to choose.
func (w walker) down(code string) string {
	for range levels {
		below := w.below(code)
		if len(below) != 1 || len(w.below(below[0])) == 0 {
			break
		}
		code = below[0]
	}
	return code
}

// above is what a place is listed in; false at the top.
func (w walker) above(code string) (string, bool) {
	p := w.g.places[code]
	switch {
	case code == "":
		return "", false
	case slices.Contains(w.tops, code) || p.Parent == nil:
		return "", true
	}
	return *p.Parent, true
}
