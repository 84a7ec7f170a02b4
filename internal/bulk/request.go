package bulk

import (
	"math"
	"math/rand/v2"
	"time"

	"onedoor/prompts"
)

// request is one request with all that became of it until now. Times that are zero haven't come.
type request struct {
	n        int
	site     *site // whose it is; nil: no station's
	first    *site // to which it was routed first; nil: a supervisor had to find one
	spot     spot
	worker   string
	category string
	urgency  prompts.Urgency
	crisis   prompts.Crisis
	group    string
	chat     int64
	rounds   []round // through the service standard
	closed   time.Time
	taken    time.Time // taken back by the resident
	moved    time.Time // to its station
	referral *referral
	text     string
}

// round is a way through the service standard.
type round struct {
	began, claimed, answered, resolved, rated time.Time
	outcome                                   string
	score                                     int
}

// referral is a part of it that an organisation was asked to do.
type referral struct {
	organisation                string
	offered, accepted, ended    time.Time
	declined, done, notPossible bool
}

func (r *request) last() *round { return &r.rounds[len(r.rounds)-1] }

// maker makes requests, each by its number alone.
type maker struct {
	*world
	*rand.Rand
	source *rand.PCG
}

func (w *world) maker() *maker {
	source := rand.NewPCG(0, 0)
	return &maker{w, rand.New(source), source}
}

// percent tells whether something happens that does in so many per cent of cases.
func (m *maker) percent(p float64) bool { return m.Float64()*100 < p }

// after is a moment some time after another, if that has come and it has: half of the times are longer than typical. Where all is to
// be over, what hasn't come yet came sooner.
func (m *maker) after(t time.Time, typical time.Duration, spread float64) time.Time {
	at := t.Add(time.Duration(float64(typical) * math.Exp(m.NormFloat64()*spread))).Truncate(time.Microsecond)
	if m.Settled && at.After(m.Now) {
		at = t.Add(time.Duration(m.Float64() * float64(m.Now.Sub(t)))).Truncate(time.Microsecond)
	}
	if t.IsZero() || at.After(m.Now) {
		return time.Time{}
	}
	return at
}

// never tells whether what should follow never does, which is rare.
func (m *maker) never() bool { return m.percent(0.01) && !m.Settled }

// request makes the nth request.
func (m *maker) request(n int) *request {
	m.source.Seed(m.Seed, uint64(n)+1)
	r := &request{n: n, chat: 1_000_000_000 + int64(m.IntN(m.Requests/perResident+1))}
	r.site = &m.stations[m.IntN(len(m.stations))]
	r.first, r.spot = r.site, r.site.places[m.IntN(len(r.site.places))]
	r.worker = r.site.workers[m.IntN(len(r.site.workers))]
	m.about(r)
	r.text = m.words(r)
	r.rounds = []round{{began: m.came(n)}}
	m.wait(r)
	if !r.taken.IsZero() || r.site == nil {
		return r
	}
	m.work(r)
	if again := r.last().resolved; m.percent(3) && !again.IsZero() && r.last().outcome == "solved" {
		if began := m.after(again, 40*time.Hour, 0.6); !began.IsZero() && began.Sub(again) < 6*24*time.Hour {
			if r.last().rated.After(began) {
				r.last().rated = time.Time{}
			}
			r.rounds = append(r.rounds, round{began: began})
			m.work(r)
		}
	}
	if end := r.last().resolved; !end.IsZero() && m.Now.Sub(end) >= 7*24*time.Hour {
		r.closed = end.Add(7 * 24 * time.Hour)
	}
	return r
}

// about decides what it is about.
func (m *maker) about(r *request) {
	switch {
	case m.percent(0.5):
		crises := prompts.Crises()
		r.urgency, r.crisis = prompts.Emergency, crises[m.IntN(len(crises))]
		r.category = m.taxonomy.CrisisCategory(r.crisis)
		return
	case m.percent(5):
		r.urgency = prompts.Urgent
	default:
		r.urgency = prompts.Normal
	}
	if m.percent(12) {
		r.group = []string{"elderly", "woman", "minor", "disabled", "low_income"}[m.IntN(5)]
	}
	if m.percent(1) {
		return // unclear
	}
	for range 20 { // of what the station serves, some much more often than others
		c := int(math.Abs(m.NormFloat64()) * 7)
		r.category = m.categories[c%len(m.categories)].Key
		if r.site.Serves(r.category) {
			return
		}
	}
}

// wait decides what becomes of it before it is claimed: it may have to be found a station, be sent on, or be taken back.
func (m *maker) wait(r *request) {
	first := r.last()
	switch {
	case m.percent(0.4):
		r.first, r.spot = nil, spot{pace: 1}
		if r.moved = m.after(first.began, 2*time.Hour, 0.8); r.moved.IsZero() {
			r.site = nil
		}
	case m.percent(2):
		from := &m.stations[m.IntN(len(m.stations))]
		if at := m.after(first.began, time.Hour, 0.5); !at.IsZero() && from != r.site {
			r.first, r.moved = from, at
		}
	}
	if m.percent(3) && r.urgency != prompts.Emergency {
		r.taken = m.after(later(first.began, r.moved), 3*time.Hour, 1)
	}
}

// work decides how the last round goes on. A few are never claimed or resolved.
func (m *maker) work(r *request) {
	o := r.last()
	pace := r.site.pace * r.spot.pace
	claim, answer, resolve := 90*time.Minute, 20*time.Minute, 20*time.Hour
	switch r.urgency {
	case prompts.Emergency:
		claim, answer, resolve = 2*time.Minute, time.Minute, 2*time.Hour
	case prompts.Urgent:
		claim, answer, resolve = 20*time.Minute, 8*time.Minute, 8*time.Hour
	}
	if m.never() {
		return
	}
	o.claimed = m.after(later(o.began, r.moved), scaled(claim, pace), 1.3)
	o.answered = m.after(o.claimed, scaled(answer, pace), 1.2)
	if m.never() {
		return
	}
	o.resolved = m.after(o.answered, scaled(resolve, pace), 1.1)
	if len(r.rounds) == 1 && m.percent(2) && len(r.site.organisations) > 0 {
		r.referral = m.refer(r, o)
	}
	if o.resolved.IsZero() {
		return
	}
	o.outcome = m.outcome()
	if o.outcome == "solved" && m.percent(25) {
		if at := m.after(o.resolved, 4*time.Hour, 1); at.Sub(o.resolved) < 6*24*time.Hour {
			o.rated, o.score = at, 5-int(math.Abs(m.NormFloat64())*1.1)%5
		}
	}
}

func (m *maker) outcome() string {
	switch p := m.IntN(100); {
	case p < 72:
		return "solved"
	case p < 84:
		return "partly"
	case p < 89:
		return "referred"
	case p < 95:
		return "not_possible"
	case p < 98:
		return "withdrawn"
	}
	return "duplicate"
}

// refer has an organisation asked between the first answer and the end of a round.
func (m *maker) refer(r *request, o *round) *referral {
	f := &referral{organisation: r.site.organisations[m.IntN(len(r.site.organisations))], offered: m.after(o.answered, 30*time.Minute, 0.5)}
	if f.offered.IsZero() || !o.resolved.IsZero() && !f.offered.Before(o.resolved) {
		return nil
	}
	if m.percent(15) {
		f.ended, f.declined = m.after(f.offered, 5*time.Hour, 0.7), true
	} else {
		f.accepted = m.after(f.offered, 3*time.Hour, 0.7)
		f.ended, f.done = m.after(f.accepted, 60*time.Hour, 0.7), true
		f.notPossible = m.percent(5)
	}
	f.over(o.resolved)
	return f
}

// over ends what is still to do with the request.
func (f *referral) over(at time.Time) {
	if at.IsZero() {
		if f.ended.IsZero() {
			f.declined, f.done = false, false
		}
		return
	}
	if f.accepted.After(at) {
		f.accepted = time.Time{}
	}
	if f.ended.IsZero() || f.ended.After(at) {
		f.ended, f.declined, f.done = at, false, false
	}
}

func scaled(d time.Duration, by float64) time.Duration { return time.Duration(float64(d) * by) }

func later(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}
