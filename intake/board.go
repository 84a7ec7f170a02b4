package intake

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
)

const (
	newestEvents = 1000             // events among which the board looks for new ones
	boardAnew    = 5 * time.Minute  // after which it is read anew: for what no event tells of
	boardAges    = 20 * time.Second // how old a Picture's notion of what is overdue may be
)

// A Board is all that is open, in memory, kept in step with the event log: however many look at it, what has changed is
// read once. It is safe for concurrent use.
type Board struct {
	s *Service

	mu       sync.Mutex
	began    time.Time // of the last look
	loaded   time.Time // when all of it was read
	seen     []int64   // the newest events by number that were looked at
	requests map[int64]kept
	picture  *Picture
	versions int64           // given to items
	changed  map[string]bool // see Changed
}

// kept is what the board remembers of a request that is open.
type kept struct {
	state    State
	danger   bool
	due      *time.Time
	stations []string // its own, and those that it is offered to
	item     *Item    // or nil: it needs nobody
	asked    *Asked
	worker   string // for whose limit of claims it counts, or empty
}

// NewBoard makes a Board, which reads nothing before it is looked at.
func (s *Service) NewBoard() *Board { return &Board{s: s, changed: map[string]bool{}} }

// Look is the board as it is now. Who waits for another's look shares it, if that began later than theirs.
func (b *Board) Look(ctx context.Context) (*Picture, error) {
	asked := time.Now()
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.picture != nil && b.began.After(asked) {
		return b.picture, nil
	}
	began := time.Now()
	changed, err := b.readChanges(ctx)
	if err != nil {
		return nil, wrap(err, "look at the board")
	}
	b.began = began
	if now := b.s.Now(); changed || now.Sub(b.picture.At) >= boardAges {
		b.picture = b.draw(now)
	}
	return b.picture, nil
}

// Changed are the references of the requests that have changed since the last call; all tells that any may have.
func (b *Board) Changed() (refs map[string]bool, all bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	refs, b.changed = b.changed, map[string]bool{}
	return refs, refs[""]
}

// note keeps the reference of what has changed for who asks; empty: anything may have.
func (b *Board) note(ref string) {
	if len(b.changed) >= newestEvents { // nobody asks
		ref = ""
		clear(b.changed)
	}
	b.changed[ref] = true
}

// readChanges reads the requests of which there are new events. Events are numbered before they can be seen, so that one with
// a lower number may come later: each of the newest is known by its number. Where more are new than that, all is read anew.
func (b *Board) readChanges(ctx context.Context) (changed bool, err error) {
	if time.Since(b.loaded) >= boardAnew {
		return true, b.load(ctx)
	}
	var rows []boardRow
	if err := b.s.DB.SelectContext(ctx, &rows, changedSQL, pq.Array(b.seen), newestEvents); err != nil {
		return false, err
	}
	seen := len(b.seen)
	for i := range rows {
		b.keep(&rows[i], b.requests)
		b.note(rows[i].Ref)
		b.seen = append(b.seen, rows[i].Seen...)
	}
	if len(b.seen)-seen >= newestEvents {
		b.note("")
		return true, b.load(ctx)
	}
	slices.Sort(b.seen)
	b.seen = b.seen[max(0, len(b.seen)-newestEvents):]
	return len(rows) > 0, nil
}

var (
	changedSQL = `
		WITH fresh AS MATERIALIZED (
			SELECT id, request_id FROM (SELECT id, request_id FROM events ORDER BY id DESC LIMIT $2) newest WHERE id <> ALL ($1)),
			changed AS (SELECT request_id, array_agg(id) AS seen FROM fresh GROUP BY request_id)
		SELECT c.seen, ` + boardColumns + ` FROM changed c JOIN requests r ON r.id = c.request_id` + boardFrom
	openSQL = `SELECT ` + boardColumns + ` FROM requests r` + boardFrom + `WHERE r.state IN ('open', 'claimed', 'referred')
		UNION ALL SELECT ` + boardColumns + ` FROM requests r` + boardFrom + `WHERE r.triage <> '' AND r.triage = 'undeliverable' AND r.state = 'resolved'`
	newestSQL = `SELECT id FROM events ORDER BY id DESC LIMIT $1`
)

// load reads all that is open.
func (b *Board) load(ctx context.Context) error {
	began := time.Now()
	seen := []int64{} // nil would be null, among which nothing is new
	if err := b.s.DB.SelectContext(ctx, &seen, newestSQL, newestEvents); err != nil {
		return err
	}
	var rows []boardRow
	if err := b.s.DB.SelectContext(ctx, &rows, openSQL); err != nil {
		return err
	}
	was := b.requests
	b.requests = make(map[int64]kept, len(rows))
	for i := range rows {
		b.keep(&rows[i], was)
	}
	slices.Sort(seen)
	b.seen, b.loaded = seen, began
	return nil
}

// keep remembers a request as it is now. An item in which nothing is new stays the one that it was.
func (b *Board) keep(row *boardRow, was map[int64]kept) {
	if !row.State.Active() && !row.Needs {
		delete(b.requests, row.ID)
		return
	}
	k := kept{state: row.State, danger: row.Urgency == prompts.Emergency, due: row.Due(), stations: row.OfferedTo, asked: row.asked()}
	if row.State == Claimed && !k.danger {
		k.worker = value(row.Worker)
	}
	if row.Station != nil && !slices.Contains(k.stations, *row.Station) {
		k.stations = append([]string{*row.Station}, k.stations...)
	}
	if row.Needs {
		k.item = row.item()
		k.item.asked, k.asked.listed = k.asked, k.item.Reason != ""
		if last := was[row.ID].item; last != nil && last.same(k.item) {
			k.item = last
		} else {
			b.versions++
			k.item.Version = b.versions
		}
	}
	b.requests[row.ID] = k
}

// draw makes the picture of what is remembered.
func (b *Board) draw(now time.Time) *Picture {
	p := &Picture{At: now, has: map[string]int{}, asked: make([]*Asked, 0, len(b.requests))}
	loads := map[string]*Load{}
	for _, k := range b.requests {
		p.asked = append(p.asked, k.asked)
		if k.worker != "" {
			p.has[k.worker]++
		}
		switch {
		case k.item == nil:
		case k.item.Reason == "":
			p.inHand = append(p.inHand, k.item)
		default:
			p.items = append(p.items, k.item)
		}
		for _, code := range k.stations {
			if loads[code] == nil {
				loads[code] = &Load{Station: code}
			}
			loads[code].count(k, now)
		}
	}
	for _, load := range loads {
		p.loads = append(p.loads, *load)
	}
	slices.SortFunc(p.items, morePressing)
	slices.SortFunc(p.inHand, morePressing)
	slices.SortFunc(p.loads, busier)
	return p
}

// count adds a request to a station's load.
func (l *Load) count(k kept, now time.Time) {
	switch {
	case !k.state.Active():
		return
	case k.state.InHand():
		l.InHand++
	default:
		l.Waiting++
		if k.danger {
			l.Emergencies++
		}
	}
	if k.due != nil && k.due.Before(now) {
		l.Overdue++
	}
}

// A Load is how much a station has to do.
type Load struct {
	Station     string
	Emergencies int // of those waiting
	Waiting     int // open, there or offered
	InHand      int // claimed or referred
	Overdue     int // past the moment by which they should have been claimed, answered or resolved
}

// busier orders those with emergencies first, and then the busiest.
func busier(a, b Load) int {
	return cmp.Or(cmp.Compare(b.Emergencies, a.Emergencies), cmp.Compare(b.Overdue, a.Overdue), cmp.Compare(b.Waiting, a.Waiting),
		cmp.Compare(b.InHand, a.InHand), cmp.Compare(a.Station, b.Station))
}

// A Picture is the board at one moment. It is never changed.
type Picture struct {
	At     time.Time
	items  []*Item
	inHand []*Item
	loads  []Load
	has    map[string]int // how many requests count for the limit of a worker's claims
	asked  []*Asked       // all that is open

	relations relations
}

// Items are what needs a person and is in sight, or waits and is offered to a station that is, the most pressing first.
func (p *Picture) Items(sight Sight) []*Item { return seen(p.items, sight) }

// InHand are the emergencies in sight that somebody has.
func (p *Picture) InHand(sight Sight) []*Item { return seen(p.inHand, sight) }

func seen(items []*Item, sight Sight) []*Item {
	if sight.All {
		return items
	}
	stations, places := set(sight.Stations), set(sight.Places)
	var found []*Item
	for _, i := range items {
		switch {
		case i.Station != nil && stations[*i.Station],
			i.Station == nil && places[value(i.Place)],
			slices.ContainsFunc(i.OfferedTo, func(s string) bool { return stations[s] }):
			found = append(found, i)
		}
	}
	return found
}

func set(codes []string) map[string]bool {
	all := make(map[string]bool, len(codes))
	for _, code := range codes {
		all[code] = true
	}
	return all
}

// Loads are the stations in sight that have something to do, those with emergencies and then the busiest first.
func (p *Picture) Loads(sight Sight) []Load {
	if sight.All {
		return p.loads
	}
	stations := set(sight.Stations)
	return slices.DeleteFunc(slices.Clone(p.loads), func(l Load) bool { return !stations[l.Station] })
}
