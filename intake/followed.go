package intake

import (
	"context"
	"time"

	"github.com/lib/pq"
)

// followLimit is how many requests a system is given at once, the latest; GeoReport v2 says so.
const followLimit = 1000

// A Following is what a system asks for. Refs go before all else.
type Following struct {
	Refs     []string
	From, To time.Time // of their submission
	Services []string  // keys of categories, or Unclear; none: all
	Open     bool      // those that aren't finished
	Done     bool      // those that are resolved, closed or taken back
}

// A Followed is a request as the system that follows it may read it. What the system hasn't filed itself comes without
// anybody's words, and without a place nearer than the township.
type Followed struct {
	Ref         string    `db:"ref"`
	Own         bool      `db:"own"` // filed by the system that reads it
	State       State     `db:"state"`
	Category    *string   `db:"category"`
	Station     *string   `db:"station"`
	Outcome     *string   `db:"outcome"`
	Reason      string    `db:"reason"` // of the outcome
	RequestedAt time.Time `db:"requested_at"`
	UpdatedAt   time.Time `db:"updated_at"`
	ResolveDue  time.Time `db:"resolve_due"`
	Place       *string   `db:"place_code"`
	Lat         *float64  `db:"lat"` // nil, too, where only the area is known
	Lon         *float64  `db:"lon"`
	Words       string    `db:"words"`   // as they were filed
	Address     string    `db:"address"` // as it was filed
	Said        string    `db:"said"`    // what a worker or a supervisor wrote last to who asks
}

// Done tells whether nobody works on it any more.
func (f *Followed) Done() bool { return !f.State.Active() }

// tellable is the condition that a request r is no danger of which nobody else may hear.
const tellable = `r.crisis NOT IN ('violence', 'child_abuse') AND coalesce(r.understanding ->> 'crisis', '') NOT IN ('violence', 'child_abuse')`

// Conditions on a request r that is asked for, from the parameter $9 on: by reference, or by when it was submitted, its service
// and its state. A filing f was then, too.
const (
	followRefs = `r.ref = ANY ($9)`
	followSpan = `r.submitted_at >= $9 AND r.submitted_at <= $10 AND (cardinality(CAST($11 AS text[])) = 0 OR coalesce(r.category, 'unclear') = ANY ($11))
		AND r.state = ANY ($12)`
	filedSpan = `f.filed_at >= $9 AND f.filed_at <= $10 AND ` + followSpan
)

// filedText begins to read one of the messages of a request that the reader has filed, by its number.
const filedText = `coalesce((SELECT m.text FROM messages m WHERE seen.own AND m.request_id = r.id AND m.author = 'resident' AND m.message_id = `

// followSQL reads what a system, $4, may: what it filed, and if so ($5) what others have asked for in its sight, $1 to $3, as far
// as the conditions pick it; at most $6. The words and the place of the others are left out here already. $7 and $8 are the
// numbers of the messages with what is needed and where.
func followSQL(filed, others string) string {
	return `
	WITH seen AS (
		(SELECT r.id, true AS own FROM filings f JOIN requests r ON r.id = f.request_id
			WHERE f.system_id = $4 AND r.submitted_at IS NOT NULL AND ` + filed + ` ORDER BY f.filed_at DESC LIMIT $6)
		UNION ALL
		(SELECT r.id, false AS own FROM requests r
			WHERE $5 AND ` + inSight + ` AND ` + tellable + ` AND r.submitted_at IS NOT NULL AND ` + others + `
			  AND NOT EXISTS (SELECT FROM filings f WHERE f.request_id = r.id AND f.system_id = $4)
			ORDER BY r.submitted_at DESC LIMIT $6))
	SELECT r.ref, seen.own, r.state, r.category, r.station, r.outcome, coalesce(e.reason, '') AS reason, r.submitted_at AS requested_at,
		coalesce(CASE WHEN r.state IN ('resolved', 'closed') THEN r.resolved_at WHEN r.state = 'cancelled' THEN r.closed_at
			ELSE (SELECT max(e.at) FROM events e WHERE e.request_id = r.id) END, r.submitted_at) AS updated_at,
		r.resolve_due, r.place_code, CASE WHEN placed.exact THEN r.lat END AS lat, CASE WHEN placed.exact THEN r.lon END AS lon,
		` + filedText + `$7), '') AS words, ` + filedText + `$8), '') AS address,
		CASE WHEN seen.own THEN coalesce((SELECT m.text FROM messages m WHERE m.request_id = r.id AND m.author IN ('worker', 'supervisor') AND m.kind = 'text'
			AND m.taken_back_at IS NULL AND NOT EXISTS (SELECT FROM messages f WHERE f.id = m.edits AND f.taken_back_at IS NOT NULL)
			ORDER BY m.id DESC LIMIT 1), '') ELSE '' END AS said
	FROM seen JOIN requests r USING (id) CROSS JOIN LATERAL (SELECT seen.own AND r.place_source <> '` + sourceArea + `' AS exact) placed
		LEFT JOIN endings e ON e.request_id = r.id AND e.resolved_at = r.resolved_at
	ORDER BY r.submitted_at DESC, r.id DESC LIMIT $6`
}

// states are those that are asked for.
func (q *Following) states() []State {
	switch {
	case q.Open && !q.Done:
		return []State{Open, Claimed, Referred}
	case q.Done && !q.Open:
		return []State{Resolved, Closed, Cancelled}
	}
	return []State{Open, Claimed, Referred, Resolved, Closed, Cancelled}
}

// Follow is what a system asks for of what it may see, the latest first, at most 1,000.
func (s *Service) Follow(ctx context.Context, system *System, q Following) ([]Followed, error) {
	query := followSQL(filedSpan, followSpan)
	args := s.sight(system).args(system.ID, system.SeesMore, followLimit, filedWords, filedAddress)
	if len(q.Refs) > 0 {
		refs := make([]string, len(q.Refs))
		for i := range refs {
			refs[i] = NormalRef(clean(q.Refs[i]))
		}
		query, args = followSQL(followRefs, followRefs), append(args, pq.Array(refs))
	} else {
		args = append(args, q.From, q.To, pq.Array(append([]string{}, q.Services...)), pq.Array(q.states()))
	}
	var all []Followed
	err := s.DB.SelectContext(ctx, &all, query, args...)
	for i := range all {
		if f := &all[i]; !f.Own && f.Place != nil {
			township := s.Router.Gazetteer().Up(*f.Place, "township")
			f.Place = &township
		}
	}
	return all, wrap(err, "load what a system follows")
}
