package admin

import (
	"cmp"
	"net/http"
	"slices"

	"onedoor/intake"
	"onedoor/routing"
)

const (
	sendChoices = 30 // stations that the page offers to send a request to, of those near a place
	handChoices = 12 // stations, beside its own, whose workers it offers to give it to: a page weighs 100 kB at most
)

// handsOf are workers of one station to whom a request can be given.
type handsOf struct {
	Station routing.Station
	Workers []intake.Hand
}

// nearest are the stations to which a request can be sent, the nearest first; where its place isn't known, by name.
func (p *requestPage) nearest() []routing.Station {
	stations := p.Intake.Router.Stations()
	if !p.Own(p.View) {
		stations = slices.DeleteFunc(stations, func(s routing.Station) bool { return !p.Account.Sight.SeesStation(s.Code) })
	}
	if at, ok := p.Point(); ok {
		slices.SortStableFunc(stations, func(a, b routing.Station) int {
			return cmp.Compare(a.Point.DistanceKM(at), b.Point.DistanceKM(at))
		})
		return stations
	}
	names := map[string]string{}
	for _, s := range stations {
		names[s.Code] = p.StationName(s.Code)
	}
	slices.SortStableFunc(stations, func(a, b routing.Station) int { return cmp.Compare(names[a.Code], names[b.Code]) })
	return stations
}

// near are those of the nearest stations that the page offers: all where nobody knows what is near.
func (p *requestPage) near(nearest []routing.Station) []routing.Station {
	if _, ok := p.Point(); !ok {
		return nearest
	}
	return nearest[:min(len(nearest), sendChoices)]
}

// loadHands loads to whom the request can be given: the workers of its station and of those that are offered it or, where none has
// it, of the nearest that have somebody; where its place isn't known, of those first where somebody is on duty.
func (p *requestPage) loadHands(r *http.Request, nearest []routing.Station) error {
	others := slices.DeleteFunc(slices.Clone(nearest), func(s routing.Station) bool {
		return s.Reachable == 0 || p.Is(p.Request.Station, s.Code) || !p.Account.Sight.Takes(p.View, s.Code)
	})
	if _, ok := p.Point(); !ok {
		slices.SortStableFunc(others, func(a, b routing.Station) int { return min(b.OnDuty, 1) - min(a.OnDuty, 1) })
	}
	stations := others[:min(len(others), handChoices)]
	if own := p.Request.Station; own != nil && p.Own(p.View) {
		station, _ := p.Intake.Router.Station(*own)
		station.Code = *own // though routing doesn't know it yet
		stations = append([]routing.Station{station}, stations...)
	}
	codes := make([]string, len(stations))
	for i, s := range stations {
		codes[i] = s.Code
	}
	hands, err := p.Intake.Hands(r.Context(), codes...)
	for _, s := range stations {
		of := handsOf{Station: s}
		for _, hand := range hands {
			if hand.Station == s.Code {
				of.Workers = append(of.Workers, hand)
			}
		}
		if len(of.Workers) > 0 {
			p.Desk.Hands = append(p.Desk.Hands, of)
		}
	}
	return err
}

// Others are the workers to whom a request can be given now.
func (p *requestPage) Others() (all []handsOf) {
	for _, of := range p.Desk.Hands {
		of.Workers = slices.DeleteFunc(slices.Clone(of.Workers), func(h intake.Hand) bool { return p.Is(p.Worker, h.Code) })
		if len(of.Workers) > 0 {
			all = append(all, of)
		}
	}
	return all
}

// Moves tells whether some of those workers are of a station that doesn't have the request.
func (p *requestPage) Moves() bool {
	return slices.ContainsFunc(p.Desk.Hands, func(of handsOf) bool { return !p.Is(p.Request.Station, of.Station.Code) })
}
