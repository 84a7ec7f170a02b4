package admin

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"slices"
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
	Sent     map[int64]intake.Attachment // by the number of their messages
	Events   []intake.Event
	Decision routing.Decision
	Guess    prompts.Understanding
	Ratings  []intake.Rating
	Stations []routing.Station // where it can be sent, the nearest first
	Here     []string          // who else looks at it
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
	if p.Sent, err = a.Intake.Attachments(r.Context(), v.ID); err != nil {
		return err
	}
	p.Messages = withheld(v, p.Messages)
	if p.Events, err = a.Intake.Events(r.Context(), v.ID); err != nil {
		return err
	}
	if p.Ratings, err = a.Intake.Ratings(r.Context(), v.ID); err != nil {
		return err
	}
	if err := json.Unmarshal(v.Routing, &p.Decision); err != nil {
		return fmt.Errorf("read the routing of request %s: %w", v.Ref, err)
	}
	if err := json.Unmarshal(v.Understanding, &p.Guess); err != nil {
		return fmt.Errorf("read the understanding of request %s: %w", v.Ref, err)
	}
	p.Stations = a.nearest(&v.Request)
	p.Here = a.meet(r, v.ID)
	return a.render(w, "request", http.StatusOK, p)
}

// reference is what can be a request's.
var reference = regexp.MustCompile(`^[0-9A-Z]{1,16}$`)

// visible is the request of the path, if the account may see it; otherwise it is as if it did not exist.
func (a *Admin) visible(r *http.Request) (*intake.View, error) {
	return a.readable(r, r.PathValue("ref"))
}

// readable is a request by its reference as people type it, if the account may see it.
func (a *Admin) readable(r *http.Request, typed string) (*intake.View, error) {
	ref := intake.NormalRef(typed)
	if !reference.MatchString(ref) {
		return nil, intake.ErrNotFound
	}
	v, err := a.Intake.ViewByRef(r.Context(), ref)
	if err != nil {
		return nil, err
	}
	if !accountOf(r).Sight.Reads(&v) {
		return nil, intake.ErrNotFound
	}
	return &v, nil
}

// changeable is the request of the path, if it is the account's to decide on: what a station is only offered isn't
// its supervisor's.
func (a *Admin) changeable(r *http.Request) (*intake.View, error) {
	v, err := a.visible(r)
	if err == nil && !accountOf(r).Sight.Sees(&v.Request) {
		return nil, errForbidden
	}
	return v, err
}

// nearest are stations to send a request to.
func (a *Admin) nearest(r *intake.Request) []routing.Station {
	stations := a.Intake.Router.Stations()
	if at, ok := r.Point(); ok {
		slices.SortStableFunc(stations, func(a, b routing.Station) int {
			return cmp.Compare(a.Point.DistanceKM(at), b.Point.DistanceKM(at))
		})
	}
	return stations[:min(len(stations), sendChoices)]
}

func (a *Admin) reclassify(w http.ResponseWriter, r *http.Request) error {
	v, err := a.changeable(r)
	if err != nil {
		return err
	}
	if err := a.Intake.Reclassify(r.Context(), v.Ref, r.PostFormValue("category"), accountOf(r).Name); err != nil {
		return err
	}
	http.Redirect(w, r, backOr(r, "/admin/requests/"+v.Ref), http.StatusSeeOther)
	return nil
}

func (a *Admin) sendTo(w http.ResponseWriter, r *http.Request) error {
	v, err := a.changeable(r)
	if err != nil {
		return err
	}
	to := r.PostFormValue("station")
	if r.PostFormValue("sure") == "" && a.nobodyAt(to, v.Urgency) {
		return a.render(w, "confirm", http.StatusOK, &confirmPage{a.page(r, "send_to"), v, to, backOr(r, "")})
	}
	if err := a.Intake.SendTo(r.Context(), v.Ref, to, accountOf(r).Name); err != nil {
		return err
	}
	if !accountOf(r).Sight.SeesStation(to) {
		http.Redirect(w, r, "/admin/", http.StatusSeeOther)
		return nil
	}
	http.Redirect(w, r, backOr(r, "/admin/requests/"+v.Ref), http.StatusSeeOther)
	return nil
}

// backOr is the page of ours from which a form was sent, where it says so, or another.
func backOr(r *http.Request, other string) string {
	if back := r.PostFormValue("back"); back != "" {
		return localPath(back)
	}
	return other
}

// confirmPage asks once more whether a request shall go where nobody is.
type confirmPage struct {
	page
	*intake.View
	To   string
	Back string // where to go once it is sent; empty: to the request
}

// nobodyAt tells whether nobody at a station can take a request: in an emergency, nobody who is on duty.
func (a *Admin) nobodyAt(station string, urgency prompts.Urgency) bool {
	s, ok := a.Intake.Router.Station(station)
	return ok && (s.Workers == 0 || urgency == prompts.Emergency && s.OnDuty == 0)
}

// entry is one line of a request's timeline: something that happened, or something that was said.
type entry struct {
	intake.Event
	Words *intake.Message
}

// Timeline are the request's events with the words that were said in them, oldest first. Words that no event
// names belong to the first event of their moment: one step has one now. Those without any are lines of their own.
func (p *requestPage) Timeline() []entry {
	entries, told := make([]entry, len(p.Events)), map[int64]bool{}
	for i, e := range p.Events {
		entries[i] = entry{e, p.said(e)}
		if entries[i].Words != nil {
			told[entries[i].Words.ID] = true
		}
	}
	for i := range p.Messages {
		m := &p.Messages[i]
		if told[m.ID] {
			continue
		}
		at := slices.IndexFunc(entries, func(e entry) bool { return e.Words == nil && e.At.Equal(m.SaidAt) })
		if at < 0 {
			at, entries = len(entries), append(entries, entry{Event: intake.Event{At: m.SaidAt, Kind: "said", Actor: m.Author, ActorName: m.WorkerName}})
		}
		entries[at].Words = m
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.At.Compare(b.At) })
	return entries
}

// said is the message that an event names, or nil.
func (p *requestPage) said(e intake.Event) *intake.Message {
	var about struct {
		Message int64 `json:"message"`
	}
	if json.Unmarshal(e.Data, &about) != nil {
		return nil
	}
	for i := range p.Messages {
		if p.Messages[i].ID == about.Message {
			return &p.Messages[i]
		}
	}
	return nil
}

// Who is a name for who did something, beside what they are: a worker's, or an account's.
func (e entry) Who() string { return cmp.Or(e.ActorName, e.ActorID) }

// Alarming tells whether an event is that of an emergency: its coming, and each alarm.
func (e entry) Alarming() bool {
	var about struct{ Urgency prompts.Urgency }
	return e.Kind == "alarmed" || e.Kind == "submitted" && json.Unmarshal(e.Data, &about) == nil && about.Urgency == prompts.Emergency
}

// Offered are the stations beside its own whose workers may claim the request.
func (p *requestPage) Offered() []string {
	if p.View.State != intake.Open {
		return nil
	}
	return p.OfferedTo
}

// Detail says what an event was about, in words.
func (p *requestPage) Detail(e entry) string {
	var about struct {
		Category, Station, To, From, Outcome, Place *string
		Who                                         string
		Distance                                    float64 `json:"distance_km"`
		Confidence                                  float64
		Source                                      string
		Score                                       int
		On                                          *bool
		Organisation, Partner, Task, Giver, Taker   *string
		Step                                        string
	}
	if json.Unmarshal(e.Data, &about) != nil {
		return ""
	}
	var parts []string
	switch e.Kind {
	case "understood":
		if about.Source == "" { // the resident's own word on for whom it is
			break
		}
		parts = append(parts, p.Category(about.Category), fmt.Sprintf("%.0f%%", about.Confidence*100), p.T("source_"+about.Source))
	case "routed", "offered", "claimed":
		parts = append(parts, p.Station(about.Station))
		if about.Distance > 0 {
			parts = append(parts, fmt.Sprintf("%.1f km", about.Distance))
		}
	case "reminded":
		if about.Who != "" {
			parts = append(parts, p.T("reminded_"+about.Who))
		}
	case "reclassified":
		parts = append(parts, p.Category(about.From)+" → "+p.Category(about.To))
	case "referred":
		parts = append(parts, p.T("referred_"+about.Step))
		for _, who := range []*string{about.Organisation, about.Task, about.Partner, about.Taker} {
			if who != nil && !slices.Contains(parts, *who) {
				parts = append(parts, *who)
			}
		}
	case "transferred":
		if about.Giver != nil && about.Taker != nil {
			parts = append(parts, *about.Giver+" → "+*about.Taker)
		} else if p.Is(about.To, intake.ToSupervisor) {
			parts = append(parts, "→ "+p.T("actor_supervisor"))
		} else {
			parts = append(parts, p.Station(about.From)+" → "+p.Station(about.To))
		}
	case "resolved":
		parts = append(parts, p.Outcome(about.Outcome))
	case "rated":
		if about.Score > 0 {
			parts = append(parts, p.Stars(about.Score))
		}
	case "unnamed", "quieted":
		if about.On != nil && !*about.On {
			parts = append(parts, p.T("no_longer"))
		}
	case "placed":
		if about.Place != nil {
			parts = append(parts, p.Described(*about.Place))
		}
	}
	return strings.Join(parts, " · ")
}

// Stars are a score.
func (p *requestPage) Stars(score int) string {
	return fmt.Sprintf("%s %d/%d", strings.Repeat("★", score), score, len(intake.Scores()))
}

// withheld are the messages as others than the resident may read them: what hides a name or number says only what it is.
func withheld(v *intake.View, messages []intake.Message) []intake.Message {
	for i := range messages {
		if m := &messages[i]; v.Hides(*m) {
			m.Text, m.FileID = "", ""
		}
	}
	return messages
}

// Outcome is an outcome in words.
func (p page) Outcome(key *string) string {
	if key == nil {
		return ""
	}
	return p.T("outcome_" + *key)
}
