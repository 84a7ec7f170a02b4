package intake

import (
	"context"
	"errors"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/internal/database"
)

// Found is a page of what is found.
type Found struct {
	Views  []View
	Next   string     // where the next page begins; "" at the end
	Count  int        // how many there are; on a later page how many it has
	More   bool       // there are more than Count
	Since  *time.Time // not nil: only what was submitted since then was looked at, and the next page goes on from there
	Behind bool       // much has been said just now that can't be found by words yet
}

// countLimit is how far what is found is counted, where that costs little.
const countLimit = 1000

// ErrTooWide is a search that would have to read too much.
var ErrTooWide = errors.New("too much to look through")

// searchLimit is how long a statement of a search may take.
const searchLimit = "2s"

// Find looks for requests in sight, or that wait and are offered to a station that is, at most limit of them, from where a page
// says that the next one begins. It is ErrNotFound for a station or county that isn't in sight, and ErrTooWide.
func (s *Service) Find(ctx context.Context, sight Sight, f Filter, after string, limit int) (Found, error) {
	if f.Words != "" {
		if _, err := s.WriteWords(ctx, wordBatch); err != nil {
			return Found{}, err
		}
	}
	q, err := s.newQuery(ctx, sight, f, after, limit)
	if err != nil || q.hopeless {
		return Found{}, err
	}
	var found Found
	err = s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		// The plan is made for what is asked: a filter that isn't used costs nothing.
		if _, err := tx.ExecContext(ctx, `SET LOCAL statement_timeout = '`+searchLimit+`'; SET LOCAL plan_cache_mode = force_custom_plan;
			SET LOCAL jit = off; SET LOCAL enable_seqscan = off`); err != nil {
			return err
		}
		found, err = q.run(ctx, tx)
		return err
	})
	if database.CodeOf(err) == "57014" && ctx.Err() == nil { // query_canceled
		return Found{}, ErrTooWide
	}
	if err == nil && f.Words != "" {
		found.Behind, err = s.wordless(ctx)
	}
	return found, wrap(err, "look for requests")
}

// The conditions of a Filter on a request r: what indexes go by, and what is looked at one by one.
var (
	keptSQL   = `r.erased_at IS NULL AND r.submitted_at IS NOT NULL`
	goesBySQL = `r.submitted_at >= $4 AND r.submitted_at < $5 AND ($6 = '' OR r.worker = $6)
		AND (CAST($7 AS text[]) IS NULL OR r.worker = ANY ($7)) AND (NOT $8 OR r.state IN ('open', 'claimed', 'referred'))
		AND (NOT $9 OR r.unnamed) AND ($13 = '' OR r.triage = $13 AND r.state NOT IN ('closed', 'cancelled')) AND ` + readSQL
	readSQL = `(` + inSight + ` OR CAST($19 AS text[]) IS NOT NULL AND ` + offeredTo("$19") + `)`
	fitsSQL = `($10 = '' OR r.state = $10) AND ($11 = '' OR coalesce(r.category, '-') = $11) AND ($12 = '' OR r.urgency = $12)
		AND (NOT $14 OR ` + dueNextSQL + ` < $15) AND (NOT $17 OR r.station IS NULL)
		AND (NOT $16 OR (SELECT min(t.score) FROM ratings t WHERE t.request_id = r.id) <= 2)`
	saysSQL = `(CAST($18 AS tsquery) IS NULL OR (SELECT w.words FROM request_words w WHERE w.request_id = r.id) @@ CAST($18 AS tsquery))`

	// anySQL is true: it names the parameters that a statement has no other use for.
	anySQL = `(true OR ` + fitsSQL + ` AND ` + saysSQL + `)`

	// dueNextSQL is the next moment of the service standard of a request that runs.
	dueNextSQL = `CASE WHEN r.state = 'open' THEN r.claim_due WHEN r.answered_at IS NULL THEN r.answer_due ELSE r.resolve_due END`

	searchedColumns = `r.id, r.submitted_at, r.state, r.station, r.category, r.urgency, r.claim_due, r.answered_at, r.answer_due, r.resolve_due`

	newestFirst = ` ORDER BY r.submitted_at DESC, r.id DESC`
	belowSQL    = ` FROM requests r WHERE ` + keptSQL + ` AND (r.submitted_at, r.id) < ($20, $21) AND ` + goesBySQL
	positionSQL = `SELECT 0 AS rank, r.submitted_at AS at, r.id`
)

// run finds a page.
func (q query) run(ctx context.Context, tx *sqlx.Tx) (Found, error) {
	all, end, err := q.positions(ctx, tx)
	if err != nil {
		return Found{}, err
	}
	most := q.reach(len(all) > q.limit+1) - 1
	found := Found{Count: min(len(all), most), More: len(all) > most || end != nil}
	if len(all) > q.limit {
		all = all[:q.limit]
		found.Next = all[len(all)-1].String()
	} else if end != nil {
		found.Next, found.Since = end.String(), &end.At
	}
	found.Views, err = q.load(ctx, tx, all)
	return found, err
}

// reach is how many positions are read: one more than a page has or, where that costs little, one more than are counted.
func (q query) reach(cheap bool) int {
	if q.counts && cheap {
		return max(q.limit, countLimit) + 1
	}
	return q.limit + 1
}

// positions are those of what is found, and how far was looked, if not to the end.
//
// A page is never found by reading all that there is. Common words stand in requests near by: they are looked for from one to the
// next. What is rare the index knows; the planner can't be trusted to tell the two apart.
func (q query) positions(ctx context.Context, tx *sqlx.Tx) ([]position, *position, error) {
	if q.ref != "" {
		if all, err := q.byRef(ctx, tx); err != nil || len(all) > 0 {
			return all, nil, err
		}
	}
	if q.f.pressing() {
		all, err := q.pressing(ctx, tx)
		return all, nil, err
	}
	if len(q.terms) > 0 {
		indexed, err := q.indexed(ctx, tx)
		if err != nil {
			return nil, nil, err
		}
		if indexed != "" {
			if all, whole, err := q.rare(ctx, tx, indexed); err != nil || whole {
				return all, nil, err
			}
		}
	}
	return q.newest(ctx, tx)
}

// byRef is the request of the reference, erased or not.
func (q query) byRef(ctx context.Context, tx *sqlx.Tx) (all []position, err error) {
	err = tx.SelectContext(ctx, &all, positionSQL+` FROM requests r
		WHERE r.ref = $20 AND r.submitted_at IS NOT NULL AND `+goesBySQL+` AND `+fitsSQL+` AND `+anySQL, q.args(q.ref)...)
	return all, err
}

// pressing is what has to be done, the most urgent first and then what is due first.
func (q query) pressing(ctx context.Context, tx *sqlx.Tx) (all []position, err error) {
	err = tx.SelectContext(ctx, &all, `SELECT rank, at, id FROM (
			SELECT `+urgencyOrder+` AS rank, `+dueNextSQL+` AS at, r.id FROM requests r
			WHERE `+keptSQL+` AND `+goesBySQL+` AND `+fitsSQL+` AND `+saysSQL+`) r
		WHERE (rank, at, id) > ($20, $21, $22) ORDER BY rank, at, id LIMIT $23`, q.args(q.from.Rank, q.from.At, q.from.ID, q.reach(true))...)
	return all, err
}

// indexed is what the index is asked for, as a tsquery; "" where the words are too common for it.
func (q query) indexed(ctx context.Context, tx *sqlx.Tx) (string, error) {
	var counts []struct{ N, Count int }
	err := tx.SelectContext(ctx, &counts, `SELECT t.n - 1 AS n, count(*) FROM (SELECT words FROM request_words ORDER BY request_id DESC LIMIT $1) w
		JOIN unnest(CAST($2 AS tsquery[])) WITH ORDINALITY t (words, n) ON w.words @@ t.words GROUP BY t.n`, q.sample,
		pq.Array(append([]string{joined(q.terms, " & ")}, q.terms...)))
	share := make([]int, len(q.terms)+1) // first of all terms together
	for _, c := range counts {
		share[c.N] = c.Count
	}
	scope, common := "", q.common
	if !q.sight.All && len(q.sight.Stations) <= mostNamed {
		scope, common = atStations(q.sight.Stations, len(q.sight.Places) > 0), q.commons
	}
	if err != nil || share[0] >= common {
		return "", err
	}
	of := []string{scope}
	for i, term := range q.terms {
		if !isBroad(term) || share[i+1] < q.commons { // the others would make it gather half of all requests
			of = append(of, term)
		}
	}
	return joined(of, " & "), nil
}

// rare finds words by the index, which doesn't know what is offered: those few are looked at besides. It is not whole where what the
// index is asked for stands in too many requests to read them all.
func (q query) rare(ctx context.Context, tx *sqlx.Tx, indexed string) (all []position, whole bool, err error) {
	const hits = -1 // the rank of a row that is none: its number counts what the index has found
	err = tx.SelectContext(ctx, &all, `WITH hits AS MATERIALIZED (SELECT w.request_id, w.words FROM request_words w WHERE w.words @@ CAST($22 AS tsquery) LIMIT $23),
			besides AS (SELECT * FROM hits UNION ALL SELECT w.request_id, w.words FROM requests r JOIN request_words w ON w.request_id = r.id
				WHERE CAST($19 AS text[]) IS NOT NULL AND `+offeredTo("$19")+` AND r.id NOT IN (SELECT request_id FROM hits))
		(`+positionSQL+` FROM besides h JOIN requests r ON r.id = h.request_id WHERE h.words @@ CAST($18 AS tsquery) AND `+keptSQL+`
			AND (r.submitted_at, r.id) < ($20, $21) AND `+goesBySQL+` AND `+fitsSQL+` AND `+anySQL+newestFirst+` LIMIT $24)
		UNION ALL SELECT $25, $15, count(*) FROM hits`, q.args(q.from.At, q.from.ID, indexed, q.hits+1, q.reach(true), hits)...)
	all = slices.DeleteFunc(all, func(p position) bool {
		whole = whole || p.Rank == hits && p.ID <= int64(q.hits)
		return p.Rank == hits
	})
	return all, whole, err
}

// newest goes from one request to the next, at each station, until it has enough or has looked at as many as one page may; end is
// where it stopped, if not at the last one.
func (q query) newest(ctx context.Context, tx *sqlx.Tx) (all []position, end *position, err error) {
	reach, far, parts := q.reach(q.plain()), q.far, 1
	if !q.together() {
		parts = len(q.sight.Stations) + 2
		far = max(far/parts, 1)
	}
	// Else the condition of what is in sight has the planner gather all of a station and sort it.
	if _, err := tx.ExecContext(ctx, `SET LOCAL enable_bitmapscan = off`); err != nil {
		return nil, nil, err
	}
	err = tx.SelectContext(ctx, &all, q.everywhere(func(where string) string {
		return positionSQL + ` FROM (SELECT ` + searchedColumns + belowSQL + where + newestFirst + ` LIMIT $22) r WHERE ` + fitsSQL + ` AND ` + saysSQL +
			newestFirst + ` LIMIT $23`
	})+` LIMIT $23`, q.args(q.from.At, q.from.ID, far, reach)...)
	if err != nil || len(all) == reach && (parts == 1 || q.plain() && far >= reach) {
		return all, nil, err
	}
	var ends []position // the part that was looked at least far says how far all were
	err = tx.SelectContext(ctx, &ends, q.everywhere(func(where string) string {
		return positionSQL + belowSQL + where + ` AND ` + anySQL + newestFirst + ` LIMIT 1 OFFSET $22`
	})+` LIMIT 1`, q.args(q.from.At, q.from.ID, far-1)...)
	if err != nil || len(ends) == 0 {
		return all, nil, err
	}
	return slices.DeleteFunc(all, func(p position) bool { return p.At.Before(ends[0].At) || p.At.Equal(ends[0].At) && p.ID < ends[0].ID }), &ends[0], nil
}

// together tells whether an index has all that is looked for in one order: of everywhere, or of one worker.
func (q query) together() bool { return q.sight.All || len(q.workers) == 1 }

// everywhere is a statement that gives positions at each station in sight, of what none has, and of what others have and these are
// offered, the newest first: each part goes by an index in this order, but the last, which is small.
func (q query) everywhere(part func(where string) string) string {
	const order = ` ORDER BY at DESC, id DESC`
	switch {
	case q.sight.All && q.f.Station == None:
		return `SELECT * FROM (` + part(` AND r.station IS NULL`) + `) p` + order
	case q.together():
		return `SELECT * FROM (` + part(``) + `) p` + order
	}
	return `SELECT p.* FROM unnest(CAST($2 AS text[])) AS s (code) CROSS JOIN LATERAL (` + part(` AND r.station = s.code`) + `) p
		UNION ALL (` + part(` AND r.station IS NULL`) + `)
		UNION ALL (` + part(` AND r.station <> ALL (CAST($2 AS text[])) AND `+offeredTo("$19")) + `)` + order
}

// load reads the requests at these positions, in this order; but for those that have gone out of sight meanwhile.
func (q query) load(ctx context.Context, tx *sqlx.Tx, at []position) ([]View, error) {
	ids, order := pq.Int64Array{}, map[int64]int{}
	for i, p := range at {
		ids, order[p.ID] = append(ids, p.ID), i
	}
	views := []View{}
	err := tx.SelectContext(ctx, &views, `SELECT `+requestColumns+`, w.name AS worker_name`+viewFrom+`WHERE (`+inSight+` OR `+offeredTo("$5")+`) AND r.id = ANY ($4)`,
		q.sight.args(ids, pq.Array(q.offered))...)
	slices.SortFunc(views, func(a, b View) int { return order[a.ID] - order[b.ID] })
	return views, err
}
