package bulk

import (
	"strconv"
	"time"

	"onedoor/intake"
)

// writer writes requests as rows.
type writer struct {
	*maker
	chats, requests, messages, events, cycles, ratings, referrals *stream

	event, referral int64 // the last one's number
}

// write makes all residents and requests.
func (w *world) write(to map[string]*stream) error {
	out := &writer{maker: w.maker(), chats: to["chats"], requests: to["requests"], messages: to["messages"], events: to["events"], cycles: to["cycles"],
		ratings: to["ratings"], referrals: to["referrals"]}
	out.residents()
	for n := range w.Requests {
		r := out.request(n)
		out.asked(r)
		out.said(r)
		out.logged(r)
		for i := range r.rounds {
			out.cycle(r, i)
			out.rating(r, r.rounds[i])
		}
		for _, s := range to {
			if s.err != nil {
				return s.err
			}
		}
	}
	return nil
}

// id is a request's number in the database.
func (r *request) id() int64 { return int64(r.n) + 1 }

func (w *writer) residents() {
	languages := []string{"zh-CN", "zh-CN", "zh-CN", "zh-CN", "zh-CN", "zh-CN", "zh-CN", "zh-CN", "zh-HK", "en"}
	for n := range w.Requests/perResident + 1 {
		c := w.chats
		c.row()
		c.big(bot)
		c.big(1_000_000_000 + int64(n))
		c.text(languages[n%len(languages)])
		if n%3 == 0 {
			c.text("+86139" + strconv.Itoa(10_000_000+n%90_000_000))
		} else {
			c.text("")
		}
		c.at(w.begin.AddDate(0, 0, -1))
	}
}

// state is where a request is in its life, with when the clock looks at it next, and why.
func (w *writer) state(r *request) (state intake.State, next string, at time.Time) {
	soon := w.Now.Add(time.Hour + time.Duration(r.n%86400)*time.Second) // or the clock would have much to do at once
	switch o := r.last(); {
	case !r.taken.IsZero():
		return intake.Cancelled, "", time.Time{}
	case !r.closed.IsZero():
		return intake.Closed, "", time.Time{}
	case !o.resolved.IsZero():
		return intake.Resolved, "close", o.resolved.Add(7 * 24 * time.Hour)
	case o.claimed.IsZero():
		return intake.Open, "claim", soon
	case o.answered.IsZero():
		return intake.Claimed, "ask", soon
	case r.referral != nil && !r.referral.accepted.IsZero() && r.referral.ended.IsZero():
		return intake.Referred, "resolve", soon
	}
	return intake.Claimed, "resolve", soon
}

// triage is why a supervisor must look at it.
func (w *writer) triage(r *request, state intake.State, due time.Time) string {
	switch {
	case state != intake.Open:
		return ""
	case r.site == nil:
		return intake.TriageNoPlace
	case due.Before(w.Now):
		return intake.TriageUnclaimed
	case r.category == "":
		return intake.TriageUnclear
	}
	return ""
}

// level is how far a clock of the service standard has got.
func (w *writer) level(began, due time.Time) int {
	within := due.Sub(began)
	for level, at := range []time.Time{due.Add(-within / 2), due, due.Add(within)} {
		if at.After(w.Now) {
			return level
		}
	}
	return 3
}

func (r *request) station() string {
	if r.site == nil {
		return ""
	}
	return r.site.Code
}

func (w *writer) asked(r *request) {
	q, first, o := w.requests, r.rounds[0], r.last()
	state, next, nextAt := w.state(r)
	standard := w.taxonomy.Standard(r.category, r.urgency)
	claimDue, resolveDue := o.began.Add(standard.Claim), o.began.Add(standard.Resolve)
	q.row()
	q.big(r.id())
	q.text(ref(r.n))
	q.big(bot)
	q.big(r.chat)
	q.text(string(state))
	q.text(r.text)
	q.name(r.category)
	q.text(string(r.urgency))
	q.text(string(r.crisis))
	if r.group == "" {
		q.list(nil)
	} else {
		q.list([]string{r.group})
	}
	w.placed(r)
	q.name(r.station())
	if o.claimed.IsZero() {
		q.null()
	} else {
		q.text(r.worker)
	}
	q.name(o.outcome)
	q.text(w.triage(r, state, claimDue))
	q.big(r.id())
	q.at(first.began.Add(-2 * time.Minute))
	for _, t := range []time.Time{first.began, o.claimed, first.answered, o.resolved, later(r.closed, r.taken)} {
		q.moment(t)
	}
	q.at(claimDue)
	q.at(o.began.Add(standard.Answer))
	q.at(resolveDue)
	q.name(next)
	q.moment(nextAt)
	q.small(w.level(o.began, claimDue) * isTrue(state == intake.Open))
	q.small(w.level(o.began, resolveDue) * isTrue(state.InHand()))
}

func isTrue(b bool) int {
	if b {
		return 1
	}
	return 0
}

// placed writes where a request is.
func (w *writer) placed(r *request) {
	q := w.requests
	q.name(r.spot.Code)
	if r.first == nil {
		q.null()
		q.null()
		q.text("")
		return
	}
	q.float(r.spot.at.Lat + 0.01*(w.Float64()-0.5))
	q.float(r.spot.at.Lon + 0.01*(w.Float64()-0.5))
	q.text("location")
}

func (w *writer) said(r *request) {
	m := w.messages
	m.row()
	m.big(r.id())
	m.big(bot)
	m.big(r.chat)
	m.big(r.id())
	m.big(r.id())
	m.big(r.id())
	m.text(intake.ByResident)
	m.text("text")
	m.text(r.text)
	m.at(r.rounds[0].began.Add(-2 * time.Minute))
}

// log writes an event; at no time there is none.
func (w *writer) log(r *request, at time.Time, kind, actor, who, data string) {
	if at.IsZero() {
		return
	}
	w.event++
	e := w.events
	e.row()
	e.big(w.event)
	e.big(r.id())
	e.at(at)
	e.text(kind)
	e.text(actor)
	e.text(who)
	e.document(data)
}

// logged writes a request's log.
func (w *writer) logged(r *request) {
	began := r.rounds[0].began
	w.log(r, began, "submitted", intake.ByResident, "", `{"category": `+quoted(r.category)+`, "urgency": "`+string(r.urgency)+`", "update": `+strconv.FormatInt(r.id(), 10)+`}`)
	if r.first != nil {
		w.log(r, began, "routed", intake.BySystem, "", `{"station": "`+r.first.Code+`", "distance_km": 3.2}`)
	}
	w.log(r, r.moved, "transferred", intake.BySupervisor, "root", `{"to": "`+r.station()+`"}`)
	for i, o := range r.rounds {
		answer := "answered"
		if i > 0 {
			answer = "said"
			w.log(r, o.began, "reopened", intake.ByResident, "", `{"from": "resolved"}`)
		}
		w.log(r, o.claimed, "claimed", intake.ByWorker, r.worker, `{"station": "`+r.station()+`"}`)
		w.log(r, o.answered, answer, intake.ByWorker, r.worker, `{}`)
		if i == 0 && r.referral != nil {
			w.refer(r, r.referral)
		}
		w.log(r, o.resolved, "resolved", intake.ByWorker, r.worker, `{"outcome": "`+o.outcome+`"}`)
		w.log(r, o.rated, "rated", intake.ByResident, "", `{"score": `+strconv.Itoa(o.score)+`}`)
	}
	w.log(r, r.taken, "cancelled", intake.ByResident, "", `{"from": "open"}`)
	w.log(r, r.closed, "closed", intake.BySystem, "", `{}`)
}

// quoted is a key in JSON, where there is one.
func quoted(key string) string {
	if key == "" {
		return "null"
	}
	return `"` + key + `"`
}

// refer writes a referral with its log.
func (w *writer) refer(r *request, f *referral) {
	w.referral++
	about := func(step string) string {
		return `{"step": "` + step + `", "referral": ` + strconv.FormatInt(w.referral, 10) + `, "kind": "organisation", "organisation": "` + f.organisation + `"}`
	}
	state, why, outcome := "offered", "", ""
	switch {
	case f.done:
		state, outcome = "done", "done"
		if f.notPossible {
			outcome = "not_possible"
		}
	case f.declined:
		state, why = "ended", "declined"
	case !f.ended.IsZero():
		state, why = "ended", "over"
	case !f.accepted.IsZero():
		state = "accepted"
	}
	w.log(r, f.offered, "referred", intake.ByWorker, r.worker, about("offered"))
	w.log(r, f.accepted, "referred", intake.ByWorker, r.worker, about("accepted"))
	w.log(r, f.ended, "referred", intake.ByWorker, r.worker, about(max(why, outcome)))
	q := w.referrals
	q.row()
	q.big(w.referral)
	q.big(r.id())
	q.text("organisation")
	q.text(f.organisation)
	q.text(r.worker)
	q.text(state)
	q.text(why)
	q.name(outcome)
	q.at(f.offered)
	q.moment(f.accepted)
	q.moment(f.ended)
	q.at(f.offered.Add(24 * time.Hour))
	if state == "offered" {
		q.at(later(w.Now, f.offered).Add(24 * time.Hour))
	} else {
		q.null()
	}
}

// cycle writes one round as intake folds it.
func (w *writer) cycle(r *request, i int) {
	o, c := r.rounds[i], w.cycles
	zone, station := intake.China, r.station()
	if r.site != nil {
		zone = r.site.Zone()
	}
	over, worked := later(o.resolved, r.taken), station
	if o.claimed.IsZero() {
		worked = ""
	}
	standard := w.taxonomy.Standard(r.category, r.urgency)
	c.row()
	c.big(r.id())
	c.small(i + 1)
	c.at(o.began)
	c.day(o.began.In(zone))
	c.text(station)
	c.text(worked)
	c.text(r.category)
	c.text(string(r.urgency))
	for _, within := range []time.Duration{standard.Claim, standard.Answer, standard.Resolve} {
		c.at(o.began.Add(within))
	}
	stops := []time.Time{o.claimed, o.answered, o.resolved}
	for _, t := range append(stops, over) {
		c.moment(t)
	}
	for _, t := range stops {
		w.open(r, o.began, t)
	}
	c.name(o.outcome)
	c.text(r.spot.setting)
	if o.rated.IsZero() {
		c.null()
	} else {
		c.small(o.score)
	}
	w.open(r, o.began, over)
	c.flag(!over.IsZero() && o.began.In(zone).Format(time.DateOnly) == o.began.In(intake.China).Format(time.DateOnly))
}

// open writes how many seconds of its opening hours a request's station had until a moment.
func (w *writer) open(r *request, began, until time.Time) {
	switch {
	case until.IsZero():
		w.cycles.null()
	case r.site == nil:
		w.cycles.float(until.Sub(began).Seconds())
	default:
		w.cycles.float(r.site.Hours.During(began.In(r.site.Zone()), until.In(r.site.Zone())).Seconds())
	}
}

func (w *writer) rating(r *request, o round) {
	if o.rated.IsZero() {
		return
	}
	t := w.ratings
	t.row()
	t.big(r.id())
	t.at(o.resolved)
	t.small(o.score)
	t.at(o.rated)
}
