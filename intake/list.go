package intake

import (
	"cmp"
	"context"
	"slices"

	"github.com/lib/pq"
)

// A List is a page of a worker's list of requests.
type List struct {
	Views    []View
	Count    int  // of requests in the list, as it is narrowed
	All      int  // of those in the whole list
	Before   bool // there are some before this page
	After    bool // there are some behind it
	Services []Choice
	Places   []Choice
}

// A Choice is what a list can be narrowed to, and how many requests it then has.
type Choice struct {
	Key   string
	Count int
}

// PageSize is how many requests of a list are shown at a time.
const PageSize = 10

// entry is a request of a list, as much of it as its place there needs. The one from which a page counts stands in the list
// even when it is no longer a part of it.
type entry struct {
	ID       int64   `db:"id"`
	Ref      string  `db:"ref"`
	Category *string `db:"category"`
	Place    *string `db:"place_code"`
	Listed   bool    `db:"listed"`
}

const entryColumns = `r.id, r.ref, r.category, r.place_code`

// Queued are what waits at the worker's station or is offered to it, the most pressing first. What somebody has is not in it.
func (s *Service) Queued(ctx context.Context, w *Worker, t Turn) (List, error) {
	return s.list(ctx, t, queuedSQL, w.Station, t.From)
}

const queuedSQL = `SELECT ` + entryColumns + `, r.state = 'open' AND (r.station = $1
		OR EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = $1)) AS listed
	FROM requests r WHERE r.id = ANY (ARRAY (` + waitingSQL + ` UNION SELECT c.id FROM requests c WHERE c.ref = $2))` + queueOrder

// waitingSQL are the numbers of what waits at the station $1 or is offered to it. Who joins them must look at the state.
const waitingSQL = `SELECT q.id FROM requests q WHERE q.state = 'open' AND q.station = $1
	UNION SELECT o.request_id FROM offers o WHERE o.active AND o.station = $1`

// inHands are the worker $1 and the colleagues for whom they stand in.
const inHands = `ARRAY (SELECT $1 UNION ALL SELECT a.worker FROM absences a
	JOIN workers h ON h.code = a.worker JOIN workers i ON i.code = a.stand_in AND i.station = h.station
	WHERE a.stand_in = $1 AND ` + isAway + `)`

// Held are what a worker has, or stands in for: first the residents in danger who wait for an answer, then by deadline, so that what is overdue
// comes before all else.
func (s *Service) Held(ctx context.Context, w *Worker, t Turn) (List, error) {
	return s.list(ctx, t, heldSQL, w.Code, t.From)
}

const heldSQL = `SELECT ` + entryColumns + `, coalesce(r.worker = ANY (` + inHands + `) AND r.state IN ('claimed', 'referred'), false) AS listed
	FROM requests r WHERE r.id = ANY (ARRAY (
		SELECT h.id FROM requests h WHERE h.worker = ANY (` + inHands + `) AND h.state IN ('claimed', 'referred')
		UNION SELECT c.id FROM requests c WHERE c.ref = $2))
	ORDER BY NOT (r.urgency = 'emergency' AND r.answered_at IS NULL),
		CASE WHEN r.answered_at IS NULL THEN r.answer_due ELSE r.resolve_due END, r.id`

// Found are those of the requests that a worker may read, the latest first.
func (s *Service) Found(ctx context.Context, w *Worker, ids []int64, t Turn) (List, error) {
	return s.list(ctx, t, foundSQL, pq.Array(ids), w.Station, w.Code)
}

const foundSQL = `SELECT ` + entryColumns + `, r.erased_at IS NULL AND (coalesce(r.station = $2, false) OR coalesce(r.worker = $3, false)
		OR (r.state = 'open' OR r.urgency = 'emergency' AND r.state IN ('claimed', 'referred'))
			AND EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = $2)) AS listed
	FROM requests r WHERE r.id = ANY ($1) ORDER BY r.id DESC`

func (s *Service) list(ctx context.Context, t Turn, query string, args ...any) (List, error) {
	var all []entry
	if err := s.DB.SelectContext(ctx, &all, query, args...); err != nil {
		return List{}, wrap(err, "load a list")
	}
	l, page := s.narrow(all, t).cut(t)
	l.All, l.Services, l.Places = len(listed(all)), s.services(all, t), s.places(all, t)
	var ids []int64
	for _, e := range page {
		ids = append(ids, e.ID)
	}
	if len(ids) == 0 {
		return l, nil
	}
	var err error
	l.Views, err = s.views(ctx, listedViews, pq.Array(ids))
	return l, err
}

const listedViews = `r.id = ANY ($1) ORDER BY array_position($1, r.id)`

type entries []entry

func listed(all entries) entries {
	return slices.DeleteFunc(slices.Clone(all), func(e entry) bool { return !e.Listed })
}

// narrow lists no more than what is of the turn's service and place.
func (s *Service) narrow(all entries, t Turn) entries {
	narrowed := slices.Clone(all)
	for i, e := range narrowed {
		narrowed[i].Listed = e.Listed && e.of(t.Service) && s.in(e, t.Place)
	}
	return narrowed
}

// of tells whether an entry is of a service; everything is of none in particular.
func (e entry) of(service string) bool { return service == "" || value(e.Category) == service }

// in tells whether an entry lies in a place; everything lies anywhere.
func (s *Service) in(e entry, place string) bool {
	return place == "" || e.Place != nil && (*e.Place == place || s.Router.Gazetteer().Lies(*e.Place, place))
}

// cut takes the turn's page out of a narrowed list. Behind the last page is the last one, and before the first is the first.
func (all entries) cut(t Turn) (List, entries) {
	at := slices.IndexFunc(all, func(e entry) bool { return e.Ref == t.From })
	first := len(listed(all[:at+1])) // the number of the page's first one
	if t.Back && at >= 0 {
		first = len(listed(all[:at])) - PageSize
	}
	if t.Menu != "" {
		first = 0
	}
	shown := listed(all)
	n := len(shown)
	if first >= n {
		first = n - PageSize
	}
	first = max(first, 0)
	last := min(first+PageSize, n)
	return List{Count: n, Before: first > 0, After: last < n}, shown[first:last]
}

// services are those that occur in the turn's place, the most frequent first.
func (s *Service) services(all entries, t Turn) []Choice {
	return choices(all, func(e entry) string {
		if !s.in(e, t.Place) {
			return ""
		}
		return value(e.Category)
	})
}

// places are the townships, and what is wider, that occur of the turn's service, the most frequent first.
func (s *Service) places(all entries, t Turn) []Choice {
	return choices(all, func(e entry) string {
		if !e.of(t.Service) || e.Place == nil {
			return ""
		}
		return s.Router.Gazetteer().Up(*e.Place, "township")
	})
}

func choices(all entries, key func(entry) string) []Choice {
	counts := map[string]int{}
	for _, e := range listed(all) {
		if k := key(e); k != "" {
			counts[k]++
		}
	}
	var found []Choice
	for k, n := range counts {
		found = append(found, Choice{k, n})
	}
	slices.SortFunc(found, func(a, b Choice) int { return cmp.Or(b.Count-a.Count, cmp.Compare(a.Key, b.Key)) })
	return found
}
