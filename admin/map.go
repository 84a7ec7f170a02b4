package admin

import (
	"cmp"
	"net/http"
	"slices"

	"onedoor/intake"
	"onedoor/routing"
)

// mapPage is a map of the stations, of what waits and of the villages without a worker near by.
type mapPage struct {
	page
	View    mapView
	Marks   []mark // in the order in which they are drawn
	Labels  []mapLabel
	Tiles   []mapTile
	Credit  string    // whose tiles lie under it
	Nowhere int       // requests that are no point on the map
	Here    *herePage // what is at a place that was chosen
	waits   []intake.Wait
}

// showMap answers the map that the URL asks for, or that of all stations in sight.
func (a *Admin) showMap(w http.ResponseWriter, r *http.Request) error {
	sight := accountOf(r).Sight
	p := &mapPage{page: a.page(r, "map")}
	stations := slices.DeleteFunc(a.Intake.Router.Stations(), func(s routing.Station) bool { return !sight.SeesStation(s.Code) })
	var asked bool
	if p.View, asked = readView(r.URL.Query()); !asked {
		p.View = fit(stations)
	}
	far, err := a.Intake.FarVillages(r.Context(), sight)
	if err != nil {
		return err
	}
	if p.waits, err = a.Intake.Waits(r.Context(), sight); err != nil {
		return err
	}
	layers := []layer{p.villages(far), p.stations(stations), p.requests()}
	p.draw(layers)
	if at, ok := readPoint(r.FormValue("here")); ok {
		p.Here = p.here(at, layers)
	}
	if a.ground == nil {
		p.Labels = p.labels()
	} else {
		p.Tiles, p.Credit = a.ground.under(p.View), a.ground.host
		w.Header().Set("Content-Security-Policy", policy(a.ground.origin))
	}
	return a.renderList(w, r, "map", p)
}

// Moves are the ways to move the map, by links.
func (p *mapPage) Moves() []mapMove {
	v := p.View
	return []mapMove{{"in", "+", v.zoomed(v.Centre, 1).Query()}, {"out", "−", v.zoomed(v.Centre, -1).Query()},
		{"west", "←", v.moved(-0.5, 0).Query()}, {"north", "↑", v.moved(0, -0.5).Query()},
		{"south", "↓", v.moved(0, 0.5).Query()}, {"east", "→", v.moved(0.5, 0).Query()}}
}

// mapMove is one of them.
type mapMove struct{ Name, Sign, Link string }

// Shapes are those of the legend.
func (p *mapPage) Shapes() []string { return mapShapes() }

// Kinds are what there are lists of.
func (p *mapPage) Kinds() []string { return mapKinds() }

func mapShapes() []string { return []string{"late", "soon", "later", "station", "empty", "far"} }

func mapKinds() []string { return []string{"request", "station", "village"} }

// Of are the marks of a kind, the worst first.
func (p *mapPage) Of(kind string) []mark {
	var all []mark
	for _, m := range p.Marks {
		if m.Kind == kind {
			all = append(all, m)
		}
	}
	slices.SortStableFunc(all, func(a, b mark) int { return cmp.Or(cmp.Compare(b.weight, a.weight), cmp.Compare(b.Worst, a.Worst)) })
	return all
}

// Count is how many things marks stand for.
func (p *mapPage) Count(marks []mark) (n int) {
	for _, m := range marks {
		n += m.Count
	}
	return n
}

// herePage is what is at one place, thing by thing.
type herePage struct {
	Place  string
	Things []hereThing
	More   int // that are not shown
}

type hereThing struct{ Link, Name, Note string }

const (
	hereKM  = 1.0
	maxHere = 100
)

// here lists what is around a point: what no map can tell apart.
func (p *mapPage) here(at routing.Point, layers []layer) *herePage {
	here := &herePage{Place: p.nearby(at)}
	for _, l := range slices.Backward(layers) {
		for _, t := range l.things {
			switch {
			case t.at.DistanceKM(at) > hereKM:
			case len(here.Things) == maxHere:
				here.More++
			default:
				here.Things = append(here.Things, hereThing{t.link(), t.name(), t.note()})
			}
		}
	}
	return here
}
