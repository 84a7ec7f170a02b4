package intake

import "onedoor/routing"

// spot is where a filed request is; without a source that isn't known.
type spot struct {
	routing.Point
	place  *string
	source string
}

// filedAt is where a filing is, by what is surest: its position, a place's code, its address, what its words name, or else
// the system's county, where that says well enough which station is near. Nobody can be asked.
func (s *step) filedAt(system *System, f Filing) spot {
	g := s.Router.Gazetteer()
	if f.At != nil && s.Router.Knows(*f.At, farAway) {
		at := spot{Point: *f.At, source: "location"}
		if near, _, ok := g.Near(*f.At); ok {
			at.place = &near.Code
		}
		return at
	}
	if at, ok := s.spotOf(f.Place, "choice"); ok {
		return at
	}
	county := value(system.County)
	for _, found := range [][]routing.Place{g.Find(f.Address, nil, maxCandidates), g.Meant(f.Words, maxCandidates)} {
		if place, ok := oneIn(g, found, county); ok {
			if at, ok := s.spotOf(place.Code, "text"); ok {
				return at
			}
		}
	}
	if place, ok := g.Lookup(county); ok && fine(place) && f.At == nil {
		at, _ := s.spotOf(county, sourceArea)
		return at
	}
	return spot{}
}

// spotOf is where a place of the gazetteer is; false for a code that nobody knows.
func (s *step) spotOf(code, source string) (spot, bool) {
	if _, known := s.Router.Gazetteer().Lookup(code); !known {
		return spot{}, false
	}
	at, _, ok := s.Router.Gazetteer().Position(code)
	return spot{at, &code, source}, ok
}

// oneIn is the only place that is meant: of several those in the county alone count. It is small enough to say which station
// is near.
func oneIn(g *routing.Gazetteer, found []routing.Place, county string) (routing.Place, bool) {
	var there []routing.Place
	for _, place := range found {
		if len(found) == 1 || county != "" && g.Lies(place.Code, county) {
			there = append(there, place)
		}
	}
	if len(there) != 1 || !fine(there[0]) {
		return routing.Place{}, false
	}
	return there[0], true
}
