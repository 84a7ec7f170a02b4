package intake

import (
	"context"
	"fmt"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
)

// clocks are the names of the three clocks, and what stops each.
func clocks() map[string]string {
	return map[string]string{"claim": "claimed", "answer": "answered", "resolve": "resolved"}
}

// behindConditions are the parts of a figure that can be looked behind, for a clock.
func behindConditions(clock, stop string) map[string]string {
	at, due := `c.`+stop+`_at`, `c.`+clock+`_due`
	return map[string]string{
		"all":     `TRUE`,
		"stopped": at + ` IS NOT NULL`,
		"running": at + ` IS NULL AND c.over_at IS NULL`,
		"overdue": at + ` IS NULL AND c.over_at IS NULL AND $7 > ` + due,
		"within":  `coalesce(` + at + ` <= ` + due + `, false)`,
		"late":    `(` + at + ` > ` + due + ` OR ` + at + ` IS NULL AND coalesce(c.over_at, $7) > ` + due + `)`,
	}
}

// Behind are the cycles behind a figure: of a scope, those whose clock (claim, answer or resolve) is as Part says: all, stopped,
// running, overdue, within or late.
type Behind struct {
	Scope
	Clock, Part string
}

// A CycleView is one row of what is behind a figure.
type CycleView struct {
	ID         int64           `db:"id"`
	Ref        string          `db:"ref"`
	State      State           `db:"state"`
	N          int             `db:"n"`
	Began      time.Time       `db:"began_at"`
	Station    string          `db:"station"`
	Category   string          `db:"category"`
	Urgency    prompts.Urgency `db:"urgency"`
	ClaimDue   time.Time       `db:"claim_due"`
	AnswerDue  time.Time       `db:"answer_due"`
	ResolveDue time.Time       `db:"resolve_due"`
	Claimed    *time.Time      `db:"claimed_at"`
	Answered   *time.Time      `db:"answered_at"`
	Resolved   *time.Time      `db:"resolved_at"`
	Over       *time.Time      `db:"over_at"`
}

// where is the condition of what is behind a figure; ErrNotFound for a clock or a part that there isn't.
func (b Behind) where() (string, error) {
	stop, known := clocks()[b.Clock]
	condition, ok := behindConditions(b.Clock, stop)[b.Part]
	if !known || !ok {
		return "", fmt.Errorf("behind %q of %q: %w", b.Part, b.Clock, ErrNotFound)
	}
	return withinScope + ` AND ` + condition + ` AND CAST($7 AS timestamptz) IS NOT NULL`, nil
}

// CountBehind is how many cycles are behind a figure.
func (s *Service) CountBehind(ctx context.Context, b Behind) (int, error) {
	where, err := b.where()
	if err != nil {
		return 0, err
	}
	var n int
	err = s.DB.GetContext(ctx, &n, `SELECT count(*) FROM cycles c WHERE `+where, b.args(s.Now())...)
	return n, wrap(err, "count what is behind a figure")
}

// ListBehind are the cycles behind a figure, those that wait longest first, from the one at offset, at most limit.
func (s *Service) ListBehind(ctx context.Context, b Behind, offset, limit int) ([]CycleView, error) {
	where, err := b.where()
	if err != nil {
		return nil, err
	}
	var all []CycleView
	err = s.DB.SelectContext(ctx, &all, `SELECT r.id, r.ref, r.state, c.n, c.began_at, c.station, c.category, c.urgency, c.claim_due, c.answer_due,
			c.resolve_due, c.claimed_at, c.answered_at, c.resolved_at, c.over_at
		FROM cycles c JOIN requests r ON r.id = c.request_id WHERE `+where+`
		ORDER BY c.began_at, c.request_id LIMIT $8 OFFSET $9`, b.args(s.Now(), limit, offset)...)
	return all, wrap(err, "list what is behind a figure")
}

// spreadBounds are the upper bounds of a Spread's classes.
func spreadBounds() []time.Duration {
	return []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
		24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour}
}

// A Class is one bar of how times spread: those up to a length, and longer than the class before.
type Class struct {
	UpTo  time.Duration // 0: longer than all others
	Count int
}

// Spread is how the times of a clock (claim, answer or resolve) that has stopped spread over a scope.
func (s *Service) Spread(ctx context.Context, scope Scope, clock string) ([]Class, error) {
	stop, ok := clocks()[clock]
	if !ok {
		return nil, fmt.Errorf("spread of %q: %w", clock, ErrNotFound)
	}
	bounds := spreadBounds()
	seconds := make([]float64, len(bounds))
	classes := make([]Class, len(bounds)+1)
	for i, bound := range bounds {
		seconds[i], classes[i].UpTo = bound.Seconds(), bound
	}
	var rows []struct{ Class, Count int }
	err := s.DB.SelectContext(ctx, &rows, `
		SELECT width_bucket(-extract(epoch FROM c.`+stop+`_at - c.began_at)::float8, ARRAY (SELECT -b FROM unnest($7::float8[]) AS b ORDER BY b DESC)) AS class, count(*) AS count
		FROM cycles c WHERE c.`+stop+`_at IS NOT NULL AND `+withinScope+` GROUP BY 1`, scope.args(pq.Array(seconds))...)
	for _, row := range rows {
		classes[len(bounds)-row.Class].Count = row.Count // counted from the longest, so that a class has its upper bound
	}
	return classes, wrap(err, "compute how times spread")
}
