package admin

import (
	"net/http"
	"strings"

	"onedoor/routing"
)

// pick is the choosing of a place for a request: by name, or by a position on a map. Nothing is set by it.
type pick struct {
	Find   string
	Found  []routing.Place
	Picker picker
	Near   string // the place next to what is picked
	Chosen bool   // something was looked for, or picked
}

// pickedFrom is how many places a name may mean here.
const pickedFrom = 6

// picking is what the address, or a form that comes back, says of choosing a place.
func (p *requestPage) picking(r *http.Request) pick {
	k := pick{Find: clip(strings.TrimSpace(r.FormValue("find")), maxRef), Picker: p.pickerAround()}
	if r.FormValue("map_km") != "" || r.FormValue("lat") != "" {
		k.Picker, _ = pickerOf(r)
		k.Picker.Narrow, k.Chosen = true, true
	}
	gazetteer := p.Intake.Router.Gazetteer()
	if k.Find != "" {
		k.Found, k.Chosen = gazetteer.Find(k.Find, &k.Picker.Centre, pickedFrom), true
	}
	if k.Picker.At == nil {
		return k
	}
	if near, _, ok := gazetteer.Near(*k.Picker.At); ok {
		k.Near = p.Described(near.Code)
	}
	return k
}

// pickerAround is the map around where the request is; where nobody knows that, around its station or what the account sees.
func (p *requestPage) pickerAround() picker {
	around := p.pickerFor(p.Account, routing.Cells{})
	around.Narrow = true
	if at, ok := p.Point(); ok {
		around.Centre, around.At, around.KM = at, &at, startKM
	} else if station, ok := p.Intake.Router.Station(deref(p.Request.Station)); ok {
		around.Centre = station.Point
	}
	return around
}

// Picker is the map on which a position is picked.
func (p *requestPage) Picker() picker { return p.Desk.Pick.Picker }

// Settable tells whether a place says well enough where a request is.
func (p *requestPage) Settable(place routing.Place) bool {
	_, ok := p.Intake.At(p.Request, place.Code)
	return ok
}

// PlaceName is a place with what it lies in.
func (p *requestPage) PlaceName(place routing.Place) string { return p.Described(place.Code) }

// Latitude and Longitude are those of a picker's point in degrees, to the metre or so; empty where nothing is picked.
func (p picker) Latitude() string {
	if p.At == nil {
		return ""
	}
	return degrees(p.At.Lat)
}

func (p picker) Longitude() string {
	if p.At == nil {
		return ""
	}
	return degrees(p.At.Lon)
}
