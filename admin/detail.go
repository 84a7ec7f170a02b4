package admin

import (
	"encoding/json"
	"slices"
	"strings"
	"time"

	"onedoor/intake"
)

// eventData is what an event may say.
type eventData struct {
	Category, Station, To, From, Outcome, Place *string
	Who, Source, Step, Reason, What, How, With  string
	Worker, Giver, Taker, Partner, Organisation string
	Task                                        string
	Distance                                    float64 `json:"distance_km"`
	Confidence                                  float64
	Score                                       int
	On                                          *bool
	At                                          *time.Time
	Stations                                    []string
	Told                                        int
}

// Detail says what an event was about, in words.
func (p *requestPage) Detail(e entry) string {
	var about eventData
	if json.Unmarshal(e.Data, &about) != nil {
		return ""
	}
	if p.Story.first[e.ID] {
		about.Station = nil // which what happened says already
	}
	parts := slices.DeleteFunc(p.details(e.Kind, &about), func(part string) bool { return part == "" })
	return strings.Join(slices.Compact(parts), " · ")
}

func (p *requestPage) details(kind string, about *eventData) []string {
	switch kind {
	case "understood":
		if about.Source == "" { // the resident's own word on for whom it is
			return nil
		}
		return []string{p.Category(about.Category), p.Percent(about.Confidence), p.T("source_" + about.Source)}
	case "routed", "offered", "claimed":
		parts := []string{p.name(about.Worker)}
		if about.Station != nil {
			parts = append(parts, p.Station(about.Station))
		}
		if about.Distance > 0 {
			parts = append(parts, p.Km(about.Distance))
		}
		return parts
	case "alarmed":
		return p.alarmed(about)
	case "reminded":
		return []string{p.made("reminded_", about.Who)}
	case "reclassified":
		return []string{change(p.Category(about.From), p.Category(about.To))}
	case "prioritised":
		return []string{change(p.T("urgency_"+deref(about.From)), p.T("urgency_"+deref(about.To)))}
	case "referred":
		return []string{p.made("referred_", about.Step), p.name(about.Organisation), p.made("task_", about.Task), p.name(about.Partner), p.name(about.Taker)}
	case "transferred":
		return []string{p.transfer(about), p.made("passed_", about.Reason)}
	case "resolved":
		return []string{p.Outcome(about.Outcome), p.made("reason_", about.Reason)}
	case "rated":
		if about.Score > 0 {
			return []string{p.Stars(about.Score)}
		}
	case "unnamed", "quieted":
		if about.On != nil && !*about.On {
			return []string{p.T("no_longer")}
		}
	case "linked":
		if about.On != nil && !*about.On {
			return []string{p.T("no_longer")}
		}
		return []string{about.With}
	case "followed":
		parts := []string{p.made("follow_", about.What), p.made("how_", about.How)}
		if about.At != nil {
			parts = append(parts, p.Moment(about.At))
		}
		return parts
	case "translated":
		if about.On != nil && !*about.On {
			return []string{p.T("translate_failed")}
		}
	case "placed":
		if about.Place != nil {
			return []string{p.Described(*about.Place)}
		}
	}
	return nil
}

// transfer says from whom to whom a request was passed on.
func (p *requestPage) transfer(about *eventData) string {
	switch {
	case about.Giver != "" && about.Taker != "":
		return p.name(about.Giver) + " → " + p.name(about.Taker)
	case p.Is(about.To, intake.ToSupervisor):
		return "→ " + p.T("actor_supervisor")
	}
	return p.Station(about.From) + " → " + p.Station(about.To)
}

// name is whom a code stands for: an organisation in the reader's language, people as they are called.
func (p *requestPage) name(code string) string {
	switch one, ok := p.Story.names[code]; {
	case !ok:
		return code
	case one.Organisation:
		return p.Named(one.Name, one.NameEN)
	default:
		return one.Name
	}
}

// made is the text of a key that is made of a prefix and a value; of none it is empty.
func (p *requestPage) made(prefix, value string) string {
	if value == "" {
		return ""
	}
	return p.T(prefix + value)
}

// change is what something was and became; where that is the same, it was only confirmed.
func change(from, to string) string {
	if from == to {
		return to
	}
	return from + " → " + to
}

func deref(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
