package intake

import (
	"slices"

	"github.com/lib/pq"
)

// Sight is what somebody may see of stations and requests. The zero Sight sees nothing.
type Sight struct {
	All      bool     // everything, also what no station has and nobody knows where it is
	Stations []string // by code
	Places   []string // by code: what lies in these and no station has is seen, too
}

// SightOf is the sight of who sees one station, or a county or a wider place with its stations; of neither it is everything.
func (s *Service) SightOf(station, place string) Sight {
	switch {
	case station != "":
		return Sight{Stations: []string{station}}
	case place == "":
		return Sight{All: true}
	}
	places := s.Router.Gazetteer()
	sight := Sight{Places: places.Within(place)}
	for _, station := range s.Router.AllStations() {
		if station.County == place || places.Lies(station.County, place) {
			sight.Stations = append(sight.Stations, station.Code)
		}
	}
	return sight
}

// SeesStation tells whether a station is in sight.
func (s Sight) SeesStation(code string) bool { return s.All || slices.Contains(s.Stations, code) }

// Sees tells whether a request is in sight: its station is or, while it has none, the place where it is.
func (s Sight) Sees(r *Request) bool { return s.sees(r.Station, r.Place) }

func (s Sight) sees(station, place *string) bool {
	if station != nil {
		return s.SeesStation(*station)
	}
	return s.All || place != nil && slices.Contains(s.Places, *place)
}

// Reads tells whether a request may be read and acted on: it is in sight, or a station in sight is asked to take it. What is
// only offered can't be ended, or sent out of sight, before somebody there has it (see Supervisor).
func (s Sight) Reads(v *View) bool { return s.reads(v.State, v.Station, v.Place, v.OfferedTo) }

func (s Sight) reads(state State, station, place *string, offeredTo []string) bool {
	offered := func(station string) bool { return slices.Contains(s.Stations, station) }
	return s.sees(station, place) || state == Open && slices.ContainsFunc(offeredTo, offered)
}

// Takes tells whether the workers of a station can be given a request: one in sight that has it, or is offered it while it waits;
// what no station has, any in sight.
func (s Sight) Takes(v *View, station string) bool {
	offered := v.State == Open && slices.Contains(v.OfferedTo, station)
	return s.SeesStation(station) && (v.Station == nil || *v.Station == station || offered)
}

// Of narrows stations that are asked for to those in sight; nil asks for all, and is the answer to who sees all.
func (s Sight) Of(stations []string) []string {
	switch {
	case s.All:
		return stations
	case stations == nil:
		return append([]string{}, s.Stations...)
	}
	return slices.DeleteFunc(slices.Clone(stations), func(code string) bool { return !s.SeesStation(code) })
}

// offeredTo is the condition that the requests r wait, and one of the stations of a parameter is offered them.
func offeredTo(stations string) string {
	return `(r.state = 'open' AND r.id = ANY (ARRAY (SELECT o.request_id FROM offers o WHERE o.active AND o.station = ANY (CAST(` + stations + ` AS text[])))))`
}

// inSight is the condition that the requests r are in sight, with args to be its parameters $1 to $3.
const inSight = `($1 OR r.station = ANY (CAST($2 AS text[])) OR r.station IS NULL AND r.place_code = ANY (CAST($3 AS text[])))`

func (s Sight) args(more ...any) []any {
	return append([]any{s.All, pq.Array(s.Stations), pq.Array(s.Places)}, more...)
}
