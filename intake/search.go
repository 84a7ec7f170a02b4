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
	Count  int        // of all, or of those from here on; at most CountLimit, which means more than that
	Since  *time.Time // not nil: only what was submitted since then was looked at, and the next page goes on from there
	Behind bool       // much has been said just now that can't be found by words yet
}

// CountLimit is how far what is found is counted.
const CountLimit = 1001

// ErrTooWide is a search that would have to read too much.
var ErrTooWide = errors.New("too much to look through")

// searchLimit is how long a statement of a search may take.
const searchLimit = "2s"

// Find looks for requests in sight, at most limit of them, from where a page says that the next one begins. It is ErrNotFound
// for a station or county that isn't in sight, and ErrTooWide.
func (s *Service) Find(ctx context.Context, sight Sight, f Filter, after string, limit int) (Found, error) {
	sight, err := s.within(sight, f)
	if err != nil {
		return Found{}, err
	}
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
const (
	keptSQL   = `r.erased_at IS NULL AND r.submitted_at IS NOT NULL`
	goesBySQL = `r.submitted_at >= $4 AND r.submitted_at < $5 AND ($6 = '' OR r.station = $6) AND ($7 = '' OR r.worker = $7)
		AND (CAST($8 AS text[]) IS NULL OR r.worker = ANY ($8)) AND (NOT $9 OR r.state IN ('open', 'claimed', 'referred'))
		AND (NOT $10 OR r.unnamed) AND ` + inSight
	fitsSQL = `($11 = '' OR r.state = $11) AND ($12 = '' OR coalesce(r.category, '-') = $12) AND ($13 = '' OR r.urgency = $13)
		AND ($14 = '' OR r.triage = $14 AND r.state NOT IN ('closed', 'cancelled')) AND (NOT $15 OR ` + dueNextSQL + ` < $16)
		AND (NOT $17 OR (SELECT min(t.score) FROM ratings t WHERE t.request_id = r.id) <= 2) AND (NOT $18 OR r.station IS NULL)`
	saysSQL = `(CAST($19 AS tsquery) IS NULL OR (SELECT w.words FROM request_words w WHERE w.request_id = r.id) @@ CAST($19 AS tsquery))`

	// anySQL is true: it names the parameters that a statement has no other use for.
	anySQL = `(true OR ` + fitsSQL + ` AND ` + saysSQL + `)`

	// dueNextSQL is the next moment of the service standard of a request that runs.
	dueNextSQL = `CASE WHEN r.state = 'open' THEN r.claim_due WHEN r.answered_at IS NULL THEN r.answer_due ELSE r.resolve_due END`

	searchedColumns = `r.id, r.submitted_at, r.state, r.station, r.category, r.urgency, r.triage, r.claim_due, r.answered_at, r.answer_due, r.resolve_due`

	newestFirst = ` ORDER BY r.submitted_at DESC, r.id DESC`
	// belowSQL are the requests below a position, and nearSQL the first of them.
	belowSQL = ` FROM requests r WHERE ` + keptSQL + ` AND (r.submitted_at, r.id) < ($20, $21) AND ` + goesBySQL
	nearSQL  = `(SELECT ` + searchedColumns + belowSQL + newestFirst + ` LIMIT $22) r`
)

// run finds a page.
func (q query) run(ctx context.Context, tx *sqlx.Tx) (Found, error) {
	all, end, err := q.positions(ctx, tx)
	if err != nil {
		return Found{}, err
	}
	found := Found{Count: min(len(all), CountLimit)}
	if len(all) > q.limit {
		all = all[:q.limit]
		found.Next = all[len(all)-1].String()
	} else if end != nil {
		found.Next, found.Since = end.String(), &end.At
	}
	found.Views, err = q.load(ctx, tx, all)
	return found, err
}

// positions are those of what is found, as many as are counted or, on a later page, one more than it has; and how far was looked, if not to the end.
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
	if q.words != "" {
		common, err := q.areCommon(ctx, tx)
		if err != nil {
			return nil, nil, err
		}
		if !common {
			if all, whole, err := q.rare(ctx, tx); err != nil || whole {
				return all, nil, err
			}
		}
	}
	return q.newest(ctx, tx)
}

// byRef is the request of the reference, erased or not.
func (q query) byRef(ctx context.Context, tx *sqlx.Tx) (all []position, err error) {
	err = tx.SelectContext(ctx, &all, `SELECT 0 AS rank, r.submitted_at AS at, r.id FROM requests r
		WHERE r.ref = $20 AND r.submitted_at IS NOT NULL AND `+goesBySQL+` AND `+fitsSQL+` AND `+anySQL, q.args(q.ref)...)
	return all, err
}

// pressing is what has to be done, the most urgent first and then what is due first.
func (q query) pressing(ctx context.Context, tx *sqlx.Tx) (all []position, err error) {
	err = tx.SelectContext(ctx, &all, `SELECT rank, at, id FROM (
			SELECT `+urgencyOrder+` AS rank, `+dueNextSQL+` AS at, r.id FROM requests r
			WHERE `+keptSQL+` AND `+goesBySQL+` AND `+fitsSQL+` AND `+saysSQL+`) r
		WHERE (rank, at, id) > ($20, $21, $22) ORDER BY rank, at, id LIMIT $23`, q.args(q.from.Rank, q.from.At, q.from.ID, q.reach)...)
	return all, err
}

// common tells whether the words stand in many of the requests near by.
func (q query) areCommon(ctx context.Context, tx *sqlx.Tx) (bool, error) {
	var n int
	err := tx.GetContext(ctx, &n, `SELECT count(*) FROM `+nearSQL+` WHERE `+saysSQL+` AND `+anySQL, q.args(q.from.At, q.from.ID, q.near)...)
	return n >= q.common, err
}

// rare finds words by the index. It is not whole where they stand in too many requests to read them all.
func (q query) rare(ctx context.Context, tx *sqlx.Tx) (all []position, whole bool, err error) {
	const hits = -1 // the rank of a row that is none: its number counts what the index has found
	err = tx.SelectContext(ctx, &all, `WITH hits AS MATERIALIZED (SELECT w.request_id FROM request_words w WHERE w.words @@ CAST($19 AS tsquery) LIMIT $22)
		(SELECT 0 AS rank, r.submitted_at AS at, r.id FROM hits JOIN requests r ON r.id = hits.request_id
			WHERE `+keptSQL+` AND (r.submitted_at, r.id) < ($20, $21) AND `+goesBySQL+` AND `+fitsSQL+` AND `+anySQL+newestFirst+` LIMIT $23)
		UNION ALL SELECT $24, $16, count(*) FROM hits`, q.args(q.from.At, q.from.ID, q.hits+1, q.reach, hits)...)
	all = slices.DeleteFunc(all, func(p position) bool {
		whole = whole || p.Rank == hits && p.ID <= int64(q.hits)
		return p.Rank == hits
	})
	return all, whole, err
}

// newest goes from one request to the next, at most so far as one page looks; end is where it stopped, if not at the last one.
func (q query) newest(ctx context.Context, tx *sqlx.Tx) (all []position, end *position, err error) {
	err = tx.SelectContext(ctx, &all, `SELECT 0 AS rank, r.submitted_at AS at, r.id FROM `+nearSQL+` WHERE `+fitsSQL+` AND `+saysSQL+newestFirst+` LIMIT $23`,
		q.args(q.from.At, q.from.ID, q.far, q.reach)...)
	if err != nil || len(all) == q.reach {
		return all, nil, err
	}
	var last []position
	err = tx.SelectContext(ctx, &last, `SELECT 0 AS rank, r.submitted_at AS at, r.id`+belowSQL+` AND `+anySQL+newestFirst+` LIMIT 1 OFFSET $22`,
		q.args(q.from.At, q.from.ID, q.far-1)...)
	if err == nil && len(last) > 0 {
		end = &last[0]
	}
	return all, end, err
}

// load reads the requests at these positions, in this order; but for those that have gone out of sight meanwhile.
func (q query) load(ctx context.Context, tx *sqlx.Tx, at []position) ([]View, error) {
	ids, order := pq.Int64Array{}, map[int64]int{}
	for i, p := range at {
		ids, order[p.ID] = append(ids, p.ID), i
	}
	views := []View{}
	err := tx.SelectContext(ctx, &views, `SELECT `+requestColumns+`, w.name AS worker_name`+viewFrom+`WHERE `+inSight+` AND r.id = ANY ($4)`, q.sight.args(ids)...)
	slices.SortFunc(views, func(a, b View) int { return order[a.ID] - order[b.ID] })
	return views, err
}
