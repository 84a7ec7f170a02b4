package admin

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sort"
	"strings"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

// requestPage is one request with its whole story.
type requestPage struct {
	page
	*intake.View
	Messages []intake.Message
	Events   []intake.Event
	Decision routing.Decision
	Guess    prompts.Understanding
	Stations []routing.Station // where it can be sent, the nearest first
}

// sendChoices is how many stations the page offers.
const sendChoices = 30

func (a *Admin) request(w http.ResponseWriter, r *http.Request) error {
	v, err := a.visible(r)
	if err != nil {
		return err
	}
	p := &requestPage{page: a.page(r, "request"), View: v}
	if p.Messages, err = a.Intake.Messages(r.Context(), v.ID); err != nil {
		return err
	}
	if p.Events, err = a.Intake.Events(r.Context(), v.ID); err != nil {
		return err
	}
	if err := json.Unmarshal(v.Routing, &p.Decision); err != nil {
		return fmt.Errorf("read the routing of request %s: %w", v.Ref, err)
	}
	if err := json.Unmarshal(v.Understanding, &p.Guess); err != nil {
		return fmt.Errorf("read the understanding of request %s: %w", v.Ref, err)
	}
	p.Stations = a.nearest(&v.Request)
	return a.render(w, "request", http.StatusOK, p)
}

// visible is the request of the path, if the account may see it; otherwise it is as if it did not exist.
func (a *Admin) visible(r *http.Request) (*intake.View, error) {
	v, err := a.Intake.ViewByRef(r.Context(), r.PathValue("ref"))
	if err != nil {
		return nil, err
	}
	if !accountOf(r).maySee(v.Station) {
		return nil, intake.ErrNotFound
	}
	return &v, nil
}

// nearest are stations to send a request to.
func (a *Admin) nearest(r *intake.Request) []routing.Station {
	stations := a.Intake.Router.Stations()
	if at, ok := r.Point(); ok {
		sort.SliceStable(stations, func(i, j int) bool {
			return stations[i].Point.DistanceKM(at) < stations[j].Point.DistanceKM(at)
		})
	}
	return stations[:min(len(stations), sendChoices)]
}

func (a *Admin) reclassify(w http.ResponseWriter, r *http.Request) error {
	v, err := a.visible(r)
	if err != nil {
		return err
	}
	if err := a.Intake.Reclassify(r.Context(), v.Ref, r.PostFormValue("category"), accountOf(r).Name); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/requests/"+v.Ref, http.StatusSeeOther)
	return nil
}

func (a *Admin) sendTo(w http.ResponseWriter, r *http.Request) error {
	v, err := a.visible(r)
	if err != nil {
		return err
	}
	if err := a.Intake.SendTo(r.Context(), v.Ref, r.PostFormValue("station"), accountOf(r).Name); err != nil {
		return err
	}
	if !accountOf(r).maySee(new(r.PostFormValue("station"))) {
		http.Redirect(w, r, "/admin/", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, "/admin/requests/"+v.Ref, http.StatusSeeOther)
	return nil
}

// entry is one line of a request's timeline: something that happened, or something that was said.
type entry struct {
	intake.Event
	Words *intake.Message
}

// Timeline are the request's events with the words that were said in them, oldest first.
func (p *requestPage) Timeline() []entry {
	said := map[int64]*intake.Message{}
	for i := range p.Messages {
		said[p.Messages[i].ID] = &p.Messages[i]
	}
	var entries []entry
	for _, e := range p.Events {
		var about struct {
			Message int64 `json:"message"`
		}
		if json.Unmarshal(e.Data, &about) != nil {
			about.Message = 0
		}
		entries = append(entries, entry{e, said[about.Message]})
	}
	return entries
}

// Detail says what an event was about, in words.
func (p *requestPage) Detail(e entry) string {
	var about struct {
		Category, Station, To, From, Outcome, Place *string
		Distance                                    float64 `json:"distance_km"`
		Confidence                                  float64
		Source                                      string
	}
	if json.Unmarshal(e.Data, &about) != nil {
		return ""
	}
	var parts []string
	switch e.Kind {
	case "understood":
		parts = append(parts, p.Category(about.Category), fmt.Sprintf("%.0f%%", about.Confidence*100), p.T("source_"+about.Source))
	case "routed", "offered", "claimed":
		parts = append(parts, p.Station(about.Station))
		if about.Distance > 0 {
			parts = append(parts, fmt.Sprintf("%.1f km", about.Distance))
		}
	case "reclassified":
		parts = append(parts, p.Category(about.From)+" → "+p.Category(about.To))
	case "transferred":
		parts = append(parts, p.Station(about.From)+" → "+p.Station(about.To))
	case "resolved":
		parts = append(parts, p.Outcome(about.Outcome))
	case "placed":
		if about.Place != nil {
			parts = append(parts, p.Intake.Router.Gazetteer().Describe(*about.Place, p.Lang))
		}
	}
	return strings.Join(parts, " · ")
}

// Outcome is an outcome in words.
func (p page) Outcome(key *string) string {
	if key == nil {
		return ""
	}
	return p.T("outcome_" + *key)
}
