package intake

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
)

// countedColumns are what a counted reads of cycles c.
const countedColumns = `c.station, c.worker_station, c.category, c.urgency, c.setting, CAST(c.day AS text),
	date_part('epoch', c.claimed_at - c.began_at), date_part('epoch', c.claim_due - c.began_at), c.claim_open,
	date_part('epoch', c.answered_at - c.began_at), date_part('epoch', c.answer_due - c.began_at), c.answer_open,
	date_part('epoch', c.resolved_at - c.began_at), date_part('epoch', c.resolve_due - c.began_at), c.resolve_open,
	date_part('epoch', c.over_at - c.began_at), coalesce(c.over_open, date_part('epoch', c.over_at - c.began_at)), c.outcome, c.score` // extract, which gives a numeric, takes twice as long

// eachCounted does something for each cycle that a query gives: its countedColumns.
func eachCounted(ctx context.Context, tx *sqlx.Tx, do func(*counted), query string, args ...any) error {
	rows, err := tx.QueryContext(ctx, query, args...)
	if err != nil {
		return fmt.Errorf("read cycles: %w", err)
	}
	defer rows.Close()
	for rows.Next() {
		c := new(counted)
		if err := rows.Scan(&c.Station, &c.WorkerStation, &c.Category, &c.Urgency, &c.Setting, &c.Day,
			&c.Claim.Took, &c.Claim.Within, &c.Claim.Open, &c.Answer.Took, &c.Answer.Within, &c.Answer.Open,
			&c.Resolve.Took, &c.Resolve.Within, &c.Resolve.Open, &c.Over, &c.OverOpen, &c.Outcome, &c.Score); err != nil {
			return fmt.Errorf("read a cycle: %w", err)
		}
		do(c)
	}
	if err := rows.Err(); err != nil {
		return fmt.Errorf("read cycles: %w", err)
	}
	return nil
}
