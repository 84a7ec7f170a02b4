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
	// anybody is how many stations hear of an emergency that has no place.
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
		return s.callAnybody(r)
	}
	return nil
}

// callAnybody offers an emergency of which nobody knows where it is to a few stations with somebody on duty,
// supervisors' first: whoever takes it can ask.
func (s *step) callAnybody(r *Request) error {
	var stations []string
	err := s.tx.SelectContext(s.ctx, &stations, `
		WITH free AS (
			SELECT w.station FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
			WHERE w.on_duty AND c.unreachable_at IS NULL
			GROUP BY w.station ORDER BY bool_or(w.role = 'supervisor') DESC, count(*) DESC, w.station LIMIT $3)
		INSERT INTO offers (request_id, station, offered_at) SELECT $1, station, $2 FROM free
		ON CONFLICT DO NOTHING RETURNING station`, r.ID, s.now, anybody)
	if err != nil {
		return wrap(err, "offer an emergency without a place")
	}
	for _, station := range stations {
		s.log(r, "offered", BySystem, "", Args{"station": station})
		if _, err := s.tellStation(r, station, NoticeCard); err != nil {
			return err
		}
	}
	return nil
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
// with somebody on duty is told as well; when there is none either, a supervisor sees it.
func (s *step) callStation(r *Request) error {
	told, err := s.tellStation(r, *r.Station, NoticeCard)
	if err != nil || told > 0 {
		return err
	}
	offered, err := s.offerOn(r)
	if err != nil || offered != "" {
		return err
	}
	if r.Triage == "" {
		r.Triage = TriageUnstaffed
	}
	return r.save(s.ctx, s.tx)
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

// offerOn lets the next nearest station with somebody on duty have the request too. It returns the station,
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
	d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: true, Exclude: exclude})
	if next, ok := s.Router.Station(d.Station); !ok || next.OnDuty == 0 {
		return "", nil
	}
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO offers (request_id, station, offered_at) VALUES ($1, $2, $3)`,
		r.ID, d.Station, s.now); err != nil {
		return "", wrap(err, "offer the request")
	}
	s.log(r, "offered", BySystem, "", Args{"station": d.Station, "distance_km": d.DistanceKM})
	_, err := s.tellStation(r, d.Station, NoticeCard)
	return d.Station, err
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
	r, err := s.draftWith(what.text)
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
