package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
)

// A Filter is what requests are looked for by; each field that isn't empty narrows it. What was never submitted is found by
// nothing, and what is erased by its reference alone.
type Filter struct {
	Words    string // a reference; or words, a telephone number's end and workers' names, all of which must fit
	State    string
	Category string // None: those that aren't clear
	Urgency  string
	Station  string // None: those that no station has
	County   string // or a wider place, with what no station has there
	Worker   string // a code or a name
	Triage   string // the reason
	From, To time.Time
	Overdue  bool // by now
	Unhappy  bool // rated with 2 or less
	Unnamed  bool
	Pressing bool // sorted so, of what somebody has to do with; else the newest first
}

// within is a sight limited to the station and the county that are asked for, and the stations of which it counts what they are
// offered: that is another station's, or no one's, and nobody knows of which county.
func (s *Service) within(sight Sight, f Filter) (in Sight, offered []string, err error) {
	offered = sight.Stations
	if f.County != "" {
		county := s.SightOf("", f.County)
		if _, known := s.Router.Gazetteer().Lookup(f.County); !known && len(county.Stations) == 0 {
			return sight, nil, ErrNotFound
		}
		sight, offered = sight.with(county), nil
	}
	_, known := s.Router.Station(f.Station)
	switch {
	case f.Station == None && sight.All, f.Station == None && len(sight.Places) > 0:
		sight.Stations = nil
	case known && sight.SeesStation(f.Station):
		sight, offered = Sight{Stations: []string{f.Station}}, nil
	case f.Station != "":
		sight, offered = Sight{}, nil
	}
	if !sight.All && len(sight.Stations) == 0 && len(sight.Places) == 0 {
		return sight, nil, ErrNotFound
	}
	return sight, offered, nil
}

// with is what is both in this sight and in another one, which isn't that of everything.
func (s Sight) with(other Sight) Sight {
	if s.All {
		return other
	}
	both := func(these, those []string) []string { // of places there are thousands
		known := map[string]bool{}
		for _, code := range those {
			known[code] = true
		}
		return slices.DeleteFunc(slices.Clone(these), func(code string) bool { return !known[code] })
	}
	return Sight{Stations: both(s.Stations, other.Stations), Places: both(s.Places, other.Places)}
}

// looking is how much one page of what is found may cost to find.
type looking struct {
	sample  int // requests, the newest, that tell how common words are
	common  int // of them: words that stand in so many are looked for from request to request
	commons int // so where the index knows which requests are in sight; words of so many are of no use to it
	hits    int // requests that the index may find
	far     int // requests that are looked at from one to the next
}

// query is a Filter with all that its statements need.
type query struct {
	looking
	f        Filter
	sight    Sight
	offered  []string // stations: what waits and they are offered is found, too
	now      time.Time
	terms    []string // tsqueries that all must fit
	ref      string   // what the words are, if they are a reference
	workers  []string // nil: any
	from     position
	limit    int
	counts   bool // what is found, on the first page
	hopeless bool // nothing can be found
}

// forever is later than anything.
var forever = time.Date(9999, 1, 1, 0, 0, 0, 0, time.UTC)

func (s *Service) newQuery(ctx context.Context, sight Sight, f Filter, after string, limit int) (query, error) {
	sight, offered, err := s.within(sight, f)
	if err != nil {
		return query{}, err
	}
	q := query{looking: s.looking, f: f, sight: sight, offered: offered, now: s.Now(), limit: limit, from: position{At: forever}}
	q.counts = after == ""
	if f.pressing() {
		q.from = position{}
	}
	if from, ok := positionOf(after); ok {
		q.from = from
	}
	if f.Words == "" && f.Worker == "" {
		return q, nil
	}
	workers, err := s.workersNamed(ctx)
	if err != nil {
		return q, err
	}
	if f.Worker != "" {
		q.workers = codesOf(f.Worker, workers)
		q.hopeless = len(q.workers) == 0
	}
	if f.Words == "" {
		return q, nil
	}
	q.terms = wanted(f.Words, workers)
	q.hopeless = q.hopeless || len(q.terms) == 0
	if ref := NormalRef(prompts.Fold(f.Words)); isRef(ref) {
		q.ref = ref
	}
	return q, nil
}

// codesOf are the workers of this code or name.
func codesOf(text string, workers []named) (codes []string) {
	text = strings.TrimSpace(text)
	for _, w := range workers {
		if strings.EqualFold(w.code, text) {
			return []string{w.code}
		}
		words := wordSet{}
		words.say(text)
		if len(words) > 0 && words.sorted() == w.words.sorted() {
			codes = append(codes, w.code)
		}
	}
	return codes
}

// isRef tells whether a text is a reference.
func isRef(text string) bool {
	return len(text) == 6 && strings.Trim(text, refLetters) == ""
}

// pressing tells whether the list is of what somebody has to do with: what is finished isn't pressing.
func (f Filter) pressing() bool {
	return f.Pressing && (f.State == "" || State(f.State).Active())
}

// running tells whether all that is looked for is open, claimed or referred.
func (q query) running() bool { return q.f.pressing() || q.f.Overdue || State(q.f.State).Active() }

// plain tells whether all that is looked for is what indexes go by.
func (q query) plain() bool {
	f := q.f
	return len(q.terms) == 0 && f.State == "" && f.Category == "" && f.Urgency == "" && !f.Overdue && !f.Unhappy
}

// args are the parameters that the statements have in common.
func (q query) args(more ...any) []any {
	from, to := q.f.From, q.f.To
	if to.IsZero() {
		to = forever
	}
	var words, workers any
	if len(q.terms) > 0 {
		words = joined(q.terms, " & ")
	}
	if q.workers != nil {
		workers = pq.Array(q.workers)
	}
	worker := ""
	if len(q.workers) == 1 {
		worker, workers = q.workers[0], nil
	}
	return q.sight.args(append([]any{from, to, worker, workers, q.running(), q.f.Unnamed, q.f.State, q.f.Category, q.f.Urgency,
		q.f.Triage, q.f.Overdue, q.now, q.f.Unhappy, q.f.Station == None, words, pq.Array(q.offered)}, more...)...)
}
