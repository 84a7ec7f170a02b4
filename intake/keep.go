package intake

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// keepBatch is how many cycles one transaction sums up.
const keepBatch = 5000

// keepLock is the advisory lock of whoever sums up.
const keepLock = 0x6f6e6565

// ofChina is the condition that a cycle's day is one of China's calendar, by which figures are kept. What a station in another
// time zone has on the edge of a day is counted one by one.
const ofChina = `c.day = CAST(c.began_at AT TIME ZONE 'Asia/Shanghai' AS date)`

// KeepFigures sums up the cycles that are over, so that reports needn't count them one by one, and takes out what has changed since it
// was summed up. Figures are the same before and after. Any number of processes may do it at the same time.
func (s *Service) KeepFigures(ctx context.Context) error {
	if err := s.Fold(ctx); err != nil {
		return err
	}
	for {
		var n int
		err := s.DB.Transact(ctx, func(tx *sqlx.Tx) (err error) {
			n, err = keepSome(ctx, tx)
			return err
		})
		if err != nil || n < keepBatch {
			return wrap(err, "keep figures")
		}
	}
}

// keepSome sums up a batch, and returns how many cycles it had.
func keepSome(ctx context.Context, tx *sqlx.Tx) (n int, err error) {
	if _, err := tx.ExecContext(ctx, `SELECT pg_advisory_xact_lock($1)`, keepLock); err != nil {
		return 0, wrap(err, "be the one who keeps figures")
	}
	sums := cells{}
	var undone pq.Int64Array
	if err := tx.SelectContext(ctx, &undone, `SELECT id FROM figures_undone ORDER BY id LIMIT $1`, keepBatch); err != nil {
		return 0, wrap(err, "find what has changed")
	}
	if len(undone) > 0 {
		err := eachCounted(ctx, tx, func(c *counted) { n++; c.undone = true; sums.add(c) }, `SELECT `+countedColumns+`
			FROM figures_undone u, jsonb_populate_record(CAST(NULL AS cycles), u.cycle) c WHERE u.id = ANY ($1)`, undone)
		if err != nil {
			return 0, err
		}
		if _, err := tx.ExecContext(ctx, `DELETE FROM figures_undone WHERE id = ANY ($1)`, undone); err != nil {
			return 0, wrap(err, "take out what has changed")
		}
	}
	over := 0
	err = eachCounted(ctx, tx, func(c *counted) { over++; sums.add(c) }, `
		WITH batch AS (SELECT c.request_id, c.n FROM cycles c WHERE NOT c.kept AND c.over_at IS NOT NULL AND `+ofChina+`
			ORDER BY c.began_at LIMIT $1 FOR UPDATE SKIP LOCKED)
		UPDATE cycles c SET kept = true FROM batch WHERE c.request_id = batch.request_id AND c.n = batch.n RETURNING `+countedColumns, keepBatch)
	if err != nil {
		return 0, err
	}
	return max(n, over), sums.write(ctx, tx)
}

// KeepAllFigures sums up anew all cycles that are marked as kept, as after filling a database from elsewhere.
func (s *Service) KeepAllFigures(ctx context.Context) error {
	var first, last *time.Time
	err := s.DB.QueryRowContext(ctx, `SELECT min(began_at), max(began_at) FROM cycles`).Scan(&first, &last)
	if err == nil {
		_, err = s.DB.ExecContext(ctx, `TRUNCATE figures_kept, figures_undone`)
	}
	if err != nil || first == nil {
		return wrap(err, "keep all figures anew")
	}
	month := first.In(China)
	month = time.Date(month.Year(), month.Month(), 1, 0, 0, 0, 0, China)
	for ; !month.After(*last); month = month.AddDate(0, 1, 0) {
		err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
			sums := cells{}
			if err := eachCounted(ctx, tx, sums.add, `SELECT `+countedColumns+`
				FROM cycles c WHERE c.kept AND c.began_at >= $1 AND c.began_at < $2`, month, month.AddDate(0, 1, 0)); err != nil {
				return err
			}
			return sums.write(ctx, tx)
		})
		if err != nil {
			return wrap(err, "keep all figures anew")
		}
	}
	return nil
}
