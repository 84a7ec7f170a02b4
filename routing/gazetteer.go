package routing

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Place is a place of the gazetteer.
type Place struct {
	Code   string   `db:"code"`
	Name   string   `db:"name"`
	NameEN string   `db:"name_en"`
	Level  string   `db:"level"`
	Parent *string  `db:"parent"`
	Lat    *float64 `db:"lat"`
	Lon    *float64 `db:"lon"`
	Off    bool     `db:"off"` // switched off: it is offered to nobody, and found by no name
}

// levels are those of places, the widest first.
var levels = []string{"country", "province", "city", "county", "township", "village"}

// depth is how small a place is: 0 for a country.
func (p Place) depth() int { return slices.Index(levels, p.Level) }

// Gazetteer is all places at one moment. It never changes, so it is safe for concurrent use.
type Gazetteer struct {
	places map[string]*Place
	inside map[string][]*Place // what lies in a place, by its code and in the order of codes
	near   index[*Place]
	names  names

	ofLevel map[string][]*Place
}

func loadGazetteer(ctx context.Context, db *sqlx.DB) (*Gazetteer, error) {
	places, err := loadPlaces(ctx, db)
	if err != nil {
		return nil, err
	}
	return newGazetteer(places), nil
}

func newGazetteer(places []Place) *Gazetteer {
	g := &Gazetteer{places: make(map[string]*Place, len(places)), inside: map[string][]*Place{}, ofLevel: map[string][]*Place{}, names: newNames()}
	var spots []spot[*Place]
	for i := range places {
		p := &places[i]
		g.places[p.Code] = p
		g.ofLevel[p.Level] = append(g.ofLevel[p.Level], p)
		if p.Parent != nil {
			g.inside[*p.Parent] = append(g.inside[*p.Parent], p)
		}
		if p.Off {
			continue
		}
		g.names.add(p)
		if p.Lat != nil && p.Lon != nil {
			spots = append(spots, spot[*Place]{unit(Point{*p.Lat, *p.Lon}), p})
		}
	}
	g.near = newIndex(spots)
	return g
}

// Lookup is the place with a code.
func (g *Gazetteer) Lookup(code string) (Place, bool) {
	p, ok := g.places[code]
	if !ok {
		return Place{}, false
	}
	return *p, true
}

// Position is where a place is. A place without a position takes its nearest ancestor's, approximately; it
// is false when none of them has one.
func (g *Gazetteer) Position(code string) (at Point, approximate, ok bool) {
	for i, p := range g.path(code) {
		if p.Lat != nil && p.Lon != nil {
			return Point{*p.Lat, *p.Lon}, i > 0, true
		}
	}
	return Point{}, false, false
}

// path is a place and its ancestors, the smallest first.
func (g *Gazetteer) path(code string) []*Place {
	var path []*Place
	for p := g.places[code]; p != nil && len(path) < len(levels); {
		path = append(path, p)
		if p.Parent == nil {
			break
		}
		p = g.places[*p.Parent]
	}
	return path
}

// Describe names a place and what it lies in, from the city down, as people of the language write it.
// In English it falls back to the Chinese name of what has no English one. An unknown code is described by itself.
func (g *Gazetteer) Describe(code, lang string) string {
	path := g.path(code)
	if len(path) == 0 {
		return code
	}
	for i, p := range path {
		if i > 0 && p.depth() < slices.Index(levels, "city") {
			path = path[:i]
			break
		}
	}
	return join(path, lang)
}

// join names places, each of which lies in the next.
func join(path []*Place, lang string) string {
	var parts []string
	for _, p := range path {
		parts = append(parts, p.called(lang))
	}
	if lang == "en" {
		return strings.Join(parts, ", ")
	}
	slices.Reverse(parts)
	return strings.Join(parts, "")
}

// Brief names a place and only what it directly lies in, no wider than a city.
func (g *Gazetteer) Brief(code, lang string) string {
	path := g.path(code)
	if len(path) > 1 && path[1].depth() >= slices.Index(levels, "city") {
		return join(path[:2], lang)
	}
	return g.Name(code, lang)
}

// Name is what a place alone is called in the language.
func (g *Gazetteer) Name(code, lang string) string {
	if p, ok := g.places[code]; ok {
		return p.called(lang)
	}
	return code
}

func (p *Place) called(lang string) string {
	if lang == "en" && p.NameEN != "" {
		return p.NameEN
	}
	return p.Name
}

// Near is the place whose position is the nearest to p, and how far it is; false in an empty gazetteer.
func (g *Gazetteer) Near(p Point) (place Place, km float64, ok bool) {
	g.near.nearby(p, func(found *Place, distance float64) bool {
		place, km, ok = *found, distance, true
		return false
	})
	return place, km, ok
}

// Around are the places with a position of their own within so many km of p, at most limit of them, the nearest first.
func (g *Gazetteer) Around(p Point, km float64, limit int) (all []Place) {
	g.near.nearby(p, func(found *Place, distance float64) bool {
		if distance > km || len(all) == limit {
			return false
		}
		all = append(all, *found)
		return true
	})
	return all
}
