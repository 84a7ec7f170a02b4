package admin

import (
	"encoding/json"

	"onedoor/intake"
)

// firstOffers are the events, by number, by which a request was offered that no station had.
func firstOffers(past intake.Past) map[int64]bool {
	first, has, before := map[int64]bool{}, past.Station, past.Station
	for _, e := range past.Events {
		var about struct {
			Station, To string
			Undo        *string
		}
		_ = json.Unmarshal(e.Data, &about) // what isn't there stays empty
		switch {
		case e.Kind == "offered":
			first[e.ID] = has == ""
		case e.Kind == "claimed":
			before, has = has, about.Station
		case e.Kind == "routed":
			has = about.Station
		case e.Kind == "transferred" && about.To != "" && about.To != intake.ToSupervisor:
			has = about.To
		case e.Kind == "released" && about.Undo != nil:
			has = before
		}
	}
	return first
}

// Happened is what an event is, in words.
func (p *requestPage) Happened(e entry) string {
	if !p.Story.first[e.ID] {
		return p.T("event_" + e.Kind)
	}
	var about eventData
	_ = json.Unmarshal(e.Data, &about) // what isn't there stays empty
	return p.T("offered_first", "Station", p.Station(about.Station))
}

// alarmed says at which stations how many workers were told, as far as that is on record.
func (p *requestPage) alarmed(about *eventData) []string {
	if len(about.Stations) == 0 {
		return nil
	}
	var names []string
	for _, code := range about.Stations {
		names = append(names, p.StationName(code))
	}
	return []string{p.firstOf(names), p.T("alarm_told", "Count", about.Told)}
}
