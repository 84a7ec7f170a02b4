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
	// closeAfter is how long a resident may say that a resolved request isn't.
	closeAfter = 7 * 24 * time.Hour
)

// submit makes a draft a request: with its deadlines, in a station's queue or on the triage list, with
// those told who can act on it. It is the press of "Confirm".
func submit(s *step, r *Request, _ string) error {
	return s.submitAs(r, ByResident, &s.update.ID)
}

// submitAs submits in the name of the resident or, when they fell silent, of the clock.
func (s *step) submitAs(r *Request, actor string, updateID *int64) error {
	r.State, r.SubmittedAt, r.UpdateID = Open, &s.now, updateID
	s.setDeadlines(r, s.now)
	if r.Category == nil {
		r.Triage = TriageUnclear
	}
	s.log(r, "submitted", actor, "", Args{"category": r.Category, "urgency": r.Urgency, "update": updateID})
	if err := s.redrawPosted(r, NoticeUnderstood, "closed", `TRUE`); err != nil {
		return err
	}
	s.endPlaceQuestion(r)
	return s.dispatch(r)
}

// endPlaceQuestion lets go of the question for r's place: a confirmed place is the next request's too.
func (s *step) endPlaceQuestion(r *Request) {
	if r.PlaceSource != "" && s.chat.PlaceSource != "" {
		s.chat.PlaceSource, s.chat.changed = "last", true
	}
	s.setMode(modeNone, nil)
}

// setDeadlines gives a request the service standard's three moments, counted from when it was asked.
func (s *step) setDeadlines(r *Request, asked time.Time) {
	standard := s.Taxonomy.Standard(value(r.Category), r.Urgency)
	r.ClaimDue = after(asked, standard.Claim)
	r.AnswerDue = after(asked, standard.Answer)
	r.ResolveDue = after(asked, standard.Resolve)
}

// dispatch finds the station, puts the request into its queue and tells its workers and the resident.
// What finds no station, or nobody to tell, goes to triage as well.
func (s *step) dispatch(r *Request) error {
	s.route(r)
	s.awaitClaim(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if r.Urgency != prompts.Emergency {
		s.tellResident(r, NoticeSubmitted, nil)
	}
	switch {
	case r.Station != nil:
		return s.callStation(r)
	case r.Urgency == prompts.Emergency:
		_, err := s.callAnybody(r)
		return err
	}
	return nil
}

// callAnybody offers an emergency of which nobody knows where it is to a few stations more, supervisors' first: whoever
// takes it can ask. They have somebody on duty; where none is left that does, somebody who can be told. It is false
// where there is nobody at all.
func (s *step) callAnybody(r *Request) (bool, error) {
	var stations []string
	err := s.tx.SelectContext(s.ctx, &stations, `
		WITH free AS (
			SELECT w.station, w.role, w.on_duty FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
			WHERE w.active AND c.unreachable_at IS NULL AND w.station IS DISTINCT FROM $4
			  AND NOT EXISTS (SELECT FROM offers o WHERE o.request_id = $1 AND o.station = w.station))
		INSERT INTO offers (request_id, station, offered_at)
		SELECT $1, station, $2 FROM free WHERE on_duty = (SELECT bool_or(on_duty) FROM free)
		GROUP BY station ORDER BY bool_or(role = 'supervisor') DESC, count(*) DESC, station LIMIT $3
		RETURNING station`, r.ID, s.now, anybody, r.Station)
	if err != nil {
		return false, wrap(err, "offer an emergency to anybody")
	}
	for _, station := range stations {
		s.log(r, "offered", BySystem, "", Args{"station": station})
		if _, err := s.tellStation(r, station, NoticeCard); err != nil {
			return false, err
		}
	}
	return len(stations) > 0, nil
}

// route decides on the station and keeps the reasons.
func (s *step) route(r *Request) {
	p, ok := r.Point()
	if !ok {
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

// awaitClaim sets when the clock looks at an open request again.
func (s *step) awaitClaim(r *Request) {
	switch {
	case r.Urgency == prompts.Emergency:
		r.next(actClaim, s.now.Add(alarmEvery))
	case r.ClaimDue.After(s.now):
		r.next(actClaim, *r.ClaimDue)
	default:
		r.next(actClaim, s.now.Add(s.Taxonomy.Standard(value(r.Category), r.Urgency).Claim))
	}
}

// callStation shows the request to its station's workers. When none of them can be told, the nearest station
// where somebody can is told as well; when there is none either, a supervisor sees it.
func (s *step) callStation(r *Request) error {
	told, err := s.tellStation(r, *r.Station, NoticeCard)
	if err != nil || told > 0 {
		return err
	}
	if others, err := s.callOthers(r); others || err != nil {
		return err
	}
	if r.Triage == "" {
		r.Triage = TriageUnstaffed
	}
	return r.save(s.ctx, s.tx)
}

// callOthers has the next nearest station told beside those that were. An emergency for which routing knows of none, or
// not where it is, goes to anybody: routing learns of who comes a moment late. It is false where nobody is told.
func (s *step) callOthers(r *Request) (bool, error) {
	station, err := s.offerOn(r)
	if station != "" || err != nil || r.Urgency != prompts.Emergency {
		return station != "", err
	}
	return s.callAnybody(r)
}

// tellStation writes a notice to the station's workers on duty or, when none is, to all who have joined.
// It returns how many.
func (s *step) tellStation(r *Request, station, kind string) (int, error) {
	workers, err := stationWorkers(s.ctx, s.tx, station)
	if err != nil {
		return 0, err
	}
	onDuty := workers[:0:0]
	for _, w := range workers {
		if w.OnDuty {
			onDuty = append(onDuty, w)
		}
	}
	if len(onDuty) > 0 {
		workers = onDuty
	}
	for _, w := range workers {
		s.tellChat(*w.Bot, *w.Chat, kind, r, nil)
	}
	return len(workers), nil
}

// offerOn lets the next nearest station have the request too, at which somebody is told. It returns the station,
// or "" when there is no further one.
func (s *step) offerOn(r *Request) (string, error) {
	p, ok := r.Point()
	if !ok {
		return "", nil
	}
	var exclude []string
	if err := s.tx.SelectContext(s.ctx, &exclude, `SELECT station FROM offers WHERE request_id = $1`, r.ID); err != nil {
		return "", wrap(err, "load the offers")
	}
	if r.Station != nil {
		exclude = append(exclude, *r.Station)
	}
	for {
		d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: true, Exclude: exclude})
		if next, ok := s.Router.Station(d.Station); !ok || !canHelp(r, next) {
			return "", nil
		}
		told, err := s.offer(r, d)
		if told > 0 || err != nil {
			return d.Station, err
		}
		exclude = append(exclude, d.Station) // routing learns of who goes a moment late, too
	}
}

// canHelp tells whether a station has somebody for a request beside the one that has it: somebody on duty, and for
// an emergency anybody who can be told.
func canHelp(r *Request, next routing.Station) bool {
	return next.OnDuty > 0 || r.Urgency == prompts.Emergency && next.Reachable > 0
}

// offer lets the station decided on have the request too, and returns how many of its workers are told.
func (s *step) offer(r *Request, d routing.Decision) (int, error) {
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO offers (request_id, station, offered_at) VALUES ($1, $2, $3)`,
		r.ID, d.Station, s.now); err != nil {
		return 0, wrap(err, "offer the request")
	}
	s.log(r, "offered", BySystem, "", Args{"station": d.Station, "distance_km": d.DistanceKM})
	return s.tellStation(r, d.Station, NoticeCard)
}

// emergency answers danger at once, and files it without asking anything first.
func (s *step) emergency(what said, crisis prompts.Crisis) error {
	running, err := lockRequest(s.ctx, s.tx, `r.id = (SELECT max(q.id) FROM requests q WHERE q.bot_id = $1 AND q.chat_id = $2
		AND q.urgency = 'emergency' AND q.state IN ('open', 'claimed', 'referred'))`, s.chat.Bot, s.chat.ID)
	if err == nil {
		s.tell(NoticeCrisis, running, Args{"crisis": crisis, "again": true})
		if err := s.addToRequest(running, what); err != nil {
			return err
		}
		return s.cryAgain(running)
	}
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	r, err := s.draft()
	if errors.Is(err, ErrNotFound) {
		r, err = s.startDraft(what.text)
	} else if err == nil {
		r.Text = joinWords(r.Text, what.text)
	}
	if err != nil {
		return err
	}
	if _, err := s.keep(r, ByResident, what); err != nil {
		return err
	}
	return s.fileEmergency(r, crisis)
}

func (s *step) fileEmergency(r *Request, crisis prompts.Crisis) error {
	u := s.Offline.Classify(r.Text)
	r.understood(u)
	category := s.Taxonomy.CrisisCategory(crisis)
	r.Crisis, r.Urgency, r.Category = crisis, prompts.Emergency, &category
	s.log(r, "understood", BySystem, "", understoodData(u))
	s.tell(NoticeCrisis, r, Args{"crisis": crisis})
	if err := s.locate(r); err != nil {
		return err
	}
	asked := s.chat.Mode == modePlace
	if err := s.submitAs(r, ByResident, &s.update.ID); err != nil {
		return err
	}
	if _, placed := r.Point(); placed {
		return nil
	}
	if asked {
		s.setMode(modePlace, &r.ID)
		return nil
	}
	return s.askPlace(r, "")
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
