package intake

import (
	"errors"
	"time"

	"onedoor/prompts"
	"onedoor/routing"
)

const (
	// alarmEvery is how often an emergency that nobody has claimed is told again, to an ever wider circle.
	alarmEvery = 2 * time.Minute
	// anybody is how many stations more hear of an emergency that has no place, each time it is told.
	anybody = 3
	// closeAfter is how long a resident may be silent before a resolved request is closed.
	closeAfter = 7 * 24 * time.Hour
)

// submit makes a draft a request: with its deadlines, in a station's queue or on the triage list, with
// those told who can act on it. It is the press of "Confirm". Where its account has asked for too much that day, it waits.
func submit(s *step, r *Request, _ string) error {
	if put, err := s.putOff(r, actSubmit); put || err != nil {
		return err
	}
	s.placeConfirmed(r)
	return s.submitAs(r, ByResident, &s.update.ID)
}

// submitAs submits in the name of the resident or, when they fell silent, of the clock.
func (s *step) submitAs(r *Request, actor string, updateID *int64) error {
	if r.Undecided() {
		if err := s.endQuestion(r); err != nil {
			return err
		}
	}
	r.State, r.SubmittedAt, r.UpdateID = Open, &s.now, updateID
	s.setDeadlines(r, s.now)
	if r.Category == nil {
		r.Triage = TriageUnclear
	}
	s.log(r, "submitted", actor, "", Args{"category": r.Category, "urgency": r.Urgency, "update": updateID})
	if err := s.redrawPosted(r, NoticeUnderstood, "closed", `TRUE`); err != nil {
		return err
	}
	if r.PlaceSource != "" { // the question for it is answered, and the place is the next request's too
		s.endPlaceQuestion(r)
		if s.chat.PlaceSource != "" {
			s.chat.PlaceSource, s.chat.changed = "last", true
		}
	}
	return s.dispatch(r)
}

// setDeadlines gives a request the service standard's three moments, counted from when it was asked. How far its clocks
// have got stays: only beginAnew sets them back.
func (s *step) setDeadlines(r *Request, asked time.Time) {
	r.CycleAt = &asked
	standard := s.standard(r)
	r.ClaimDue = after(asked, standard.Claim)
	r.AnswerDue = after(asked, standard.Answer)
	r.ResolveDue = after(asked, standard.Resolve)
}

// beginAnew gives a request a new cycle of the service standard, from now on.
func (s *step) beginAnew(r *Request) {
	s.setDeadlines(r, s.now)
	r.ClaimLevel, r.ResolveLevel = 0, 0
}

// dispatch finds the station, puts the request into its queue and tells its workers and the resident.
// What finds no station, or nobody to tell, goes to triage as well.
func (s *step) dispatch(r *Request) error {
	s.route(r)
	s.goOnWaiting(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.linkNear(r); err != nil {
		return err
	}
	if r.Urgency != prompts.Emergency {
		s.tellResident(r, NoticeSubmitted, nil)
	}
	switch {
	case r.Station != nil && r.Urgency == prompts.Emergency:
		if err := s.callStation(r); err != nil {
			return err
		}
		return s.callNearer(r)
	case r.Station != nil:
		return s.callStation(r)
	case r.Urgency == prompts.Emergency:
		_, err := s.callAnybody(r)
		return err
	}
	return nil
}

// dispatchAnew finds the station of an emergency that waits once more, for more is known of it now. Whoever was told
// before can still claim it: in danger the circle only widens.
func (s *step) dispatchAnew(r *Request) error {
	before := r.Station
	if err := s.leaveTo(r); err != nil {
		return err
	}
	if err := s.dispatch(r); err != nil {
		return err
	}
	if err := s.takeBackOffer(r); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	return s.tellMoved(r, before)
}

// leaveTo offers a request that goes on to the station that has it, too.
func (s *step) leaveTo(r *Request) error {
	if r.Station == nil {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `INSERT INTO offers (request_id, station, offered_at) VALUES ($1, $2, $3)
		ON CONFLICT DO NOTHING`, r.ID, r.Station, s.now)
	return wrap(err, "leave the request to its station, too")
}

// route decides on the station and keeps the reasons.
func (s *step) route(r *Request) {
	p, ok := r.Point()
	if !ok {
		if r.Station != nil {
			s.log(r, "routed", BySystem, "", Args{"station": ""})
		}
		r.Station, r.Triage = nil, TriageNoPlace
		return
	}
	d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: r.Urgency == prompts.Emergency})
	r.Routing = toDocument(d)
	s.log(r, "routed", BySystem, "", Args{"station": d.Station, "distance_km": d.DistanceKM})
	switch {
	case d.Station == "":
		r.Station, r.Triage = nil, TriageNoStation
	default:
		r.Station = &d.Station
		if d.Unstaffed && r.Triage == "" {
			r.Triage = TriageUnstaffed
		}
	}
}

// running is the latest emergency of this chat that is under way, or ErrNotFound.
func (s *step) running() (*Request, error) {
	return lockRequest(s.ctx, s.tx, `r.id = (SELECT max(q.id) FROM requests q WHERE q.bot_id = $1 AND q.chat_id = $2
		AND q.urgency = 'emergency' AND q.state IN ('open', 'claimed', 'referred'))`, s.chat.Bot, s.chat.ID)
}

// emergency answers danger at once, and files it without asking anything first.
func (s *step) emergency(what said, crisis prompts.Crisis) error {
	running, err := s.running()
	if err == nil {
		s.tell(NoticeCrisis, running, Args{"crisis": crisis, "again": true})
		if err := s.addOrMove(running, what); err != nil {
			return err
		}
		if err := s.dangerGoesOn(running, what.text, crisis); err != nil {
			return err
		}
		return s.missPlace(running, what.text)
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	r, err := s.draftWith(what.text)
	if err != nil {
		return err
	}
	if _, err := s.keep(r, ByResident, what); err != nil {
		return err
	}
	return s.fileEmergency(r, crisis)
}

// placedAtLast has the station of the place hear of a request whose words say at last where it is, or where it is indeed: that only
// those just said do, for much is told in a long talk.
func (s *step) placedAtLast(r *Request, said string) (bool, error) {
	if _, placed := r.Point(); placed && !r.Supposed() || r.State != Open && !r.Supposed() {
		return false, nil
	}
	words := r.Text
	if r.Supposed() {
		words = said
	}
	if err := s.locateBy(r, words); err != nil {
		return false, err
	}
	if _, placed := r.Point(); !placed || r.Supposed() {
		return false, nil
	}
	s.endPlaceQuestion(r)
	if r.State != Open {
		return false, s.goOnPlaced(r)
	}
	return true, s.dispatchAnew(r)
}

// dangerGoesOn has those who could help hear that somebody in danger calls once more. Where the words say at last where
// that is, its station hears of it first. Another kind of danger than the first is news, however soon it comes.
func (s *step) dangerGoesOn(r *Request, said string, crisis prompts.Crisis) error {
	if placed, err := s.placedAtLast(r, said); placed || err != nil {
		return err
	}
	switch {
	case crisis == r.Crisis:
		return s.cryAgain(r)
	case r.State == Open:
		return s.alarm(r)
	}
	return s.sound(r)
}

// raise makes an emergency of a request that a station has or should have, because more is understood of it now.
func (s *step) raise(r *Request, u prompts.Understanding) error {
	if r.Urgency == prompts.Emergency {
		return nil
	}
	s.endangered(r, u.Crisis)
	r.Understanding = toDocument(u)
	s.log(r, "understood", BySystem, "", understoodData(u))
	s.tellResident(r, NoticeCrisis, Args{"crisis": u.Crisis})
	if r.Supposed() {
		if err := s.locate(r); err != nil {
			return err
		}
	}
	return s.raised(r)
}

// raised is what follows when a request has become an emergency: a cycle of its own, and an alarm.
func (s *step) raised(r *Request) error {
	s.beginAnew(r)
	if r.State == Open {
		s.awaitClaim(r)
		if err := s.dispatchAnew(r); err != nil {
			return err
		}
		return s.wantPlace(r)
	}
	s.awaitWork(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	if err := s.sound(r); err != nil {
		return err
	}
	return s.tellHolder(r, NoticeCard, nil)
}

// endangered makes a request one about a danger.
func (s *step) endangered(r *Request, crisis prompts.Crisis) {
	category := s.Taxonomy.CrisisCategory(crisis)
	r.Crisis, r.Urgency, r.Category = crisis, prompts.Emergency, &category
	if r.Triage == TriageUnclear {
		r.Triage = ""
	}
}

// fileEmergency makes a draft an emergency, tells its resident whom to call, and files it.
func (s *step) fileEmergency(r *Request, crisis prompts.Crisis) error {
	return s.fileAs(r, s.Offline.Classify(r.Text), crisis)
}

// fileAs is fileEmergency of a draft that was understood so.
func (s *step) fileAs(r *Request, u prompts.Understanding, crisis prompts.Crisis) error {
	r.understood(u)
	s.endangered(r, crisis)
	s.log(r, "understood", BySystem, "", understoodData(u))
	s.tell(NoticeCrisis, r, Args{"crisis": crisis})
	s.endPlaceQuestion(r) // it is asked anew beneath the alarm: what was asked before it is out of sight
	if err := s.locate(r); err != nil {
		return err
	}
	if err := s.submitAs(r, ByResident, &s.update.ID); err != nil {
		return err
	}
	return s.wantPlace(r)
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func after(t time.Time, d time.Duration) *time.Time {
	t = t.Add(d)
	return &t
}
