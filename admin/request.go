package admin

import (
	"cmp"
	"encoding/json"
	"fmt"
	"net/http"
	"regexp"
	"strings"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

// requestPage is one request with its whole story.
type requestPage struct {
	page
	*intake.View
	Story      story
	Sent       map[int64]intake.Attachment // by the number of their messages
	Decision   routing.Decision
	Guess      prompts.Understanding
	Ratings    []intake.Rating
	Stations   []routing.Station // where it can be sent, the nearest first
	Desk       desk
	Here       []string                     // who else looks at it
	Wrong      *wrong                       // a form that comes back, or nil
	machine    map[int64]intake.Translation // of what was said, by the number of the message
	superseded map[int64]int64              // the last version of what was edited, by the number of the first
	resident   string                       // the language that the resident reads
}

func (a *Admin) request(w http.ResponseWriter, r *http.Request) error {
	p, err := a.requestPage(r)
	if err != nil {
		return err
	}
	return a.render(w, "request", http.StatusOK, p)
}

// requestPage loads the request of the path with all that its page shows.
func (a *Admin) requestPage(r *http.Request) (*requestPage, error) {
	v, err := a.visible(r)
	if err != nil {
		return nil, err
	}
	p := &requestPage{page: a.page(r, "request").about(v.Ref), View: v}
	if p.Sent, err = a.Intake.Attachments(r.Context(), v.ID); err != nil {
		return nil, err
	}
	if p.resident, err = a.Intake.ResidentLanguage(r.Context(), &v.Request); err != nil {
		return nil, err
	}
	if err := p.tellStory(r); err != nil {
		return nil, err
	}
	if p.Ratings, err = a.Intake.Ratings(r.Context(), v.ID); err != nil {
		return nil, err
	}
	if err := json.Unmarshal(v.Routing, &p.Decision); err != nil {
		return nil, fmt.Errorf("read the routing of request %s: %w", v.Ref, err)
	}
	if err := json.Unmarshal(v.Understanding, &p.Guess); err != nil {
		return nil, fmt.Errorf("read the understanding of request %s: %w", v.Ref, err)
	}
	if p.Decides(v) {
		if err := p.openDesk(r); err != nil {
			return nil, err
		}
	}
	p.Here = a.meet(r, v.ID)
	return p, nil
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

// changeable is the request of the path, if it is the account's own: what a station is only offered says nothing of whose account
// is to be blocked.
func (a *Admin) changeable(r *http.Request) (*intake.View, error) {
	v, err := a.visible(r)
	if err == nil && !accountOf(r).Sight.Sees(&v.Request) {
		return nil, errForbidden
	}
	return v, err
}

func (a *Admin) reclassify(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.SetService(r.Context(), by, ref, r.PostFormValue("category"))
}

func (a *Admin) send(r *http.Request, by intake.Supervisor, ref string) error {
	return a.Intake.Send(r.Context(), by, ref, r.PostFormValue("station"))
}

// sendTo sends a request to a station; where nobody there can take it, it asks once more.
func (a *Admin) sendTo(w http.ResponseWriter, r *http.Request) error {
	to := r.PostFormValue("station")
	v, err := a.visible(r)
	if err != nil {
		return err
	}
	if r.PostFormValue("sure") == "" && a.nobodyAt(to, v.Urgency) {
		p := &confirmPage{a.page(r, "send_to").about(v.Ref), v, to, localPath(cmp.Or(r.PostFormValue("back"), "/admin/requests/"+v.Ref)), seenOf(r)}
		return notDone(a.render(w, "confirm", http.StatusOK, p))
	}
	return a.decides(a.send)(w, r)
}

// confirmPage asks once more whether a request shall go where nobody is.
type confirmPage struct {
	page
	*intake.View
	To   string
	Back string // where the form leads back to
	Seen int64
}

// nobodyAt tells whether nobody at a station can take a request: in an emergency, nobody who is on duty.
func (a *Admin) nobodyAt(station string, urgency prompts.Urgency) bool {
	s, ok := a.Intake.Router.Station(station)
	return ok && (s.Workers == 0 || urgency == prompts.Emergency && s.OnDuty == 0)
}

// Offered are the stations beside its own whose workers may claim the request.
func (p *requestPage) Offered() []string {
	if p.View.State != intake.Open {
		return nil
	}
	return p.OfferedTo
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
