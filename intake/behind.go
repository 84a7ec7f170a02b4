package intake

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/prompts"
)

// clocks are the names of the three clocks, and what stops each.
func clocks() map[string]string {
	return map[string]string{"claim": "claimed", "answer": "answered", "resolve": "resolved"}
}

// behindConditions are the parts of a figure that can be looked behind, for a clock; ? is now. Whoever is waited for isn't summed up yet.
func behindConditions(clock, stop string) map[string]string {
	at, due := `c.`+stop+`_at`, `c.`+clock+`_due`
	running := `NOT c.kept AND ` + at + ` IS NULL AND c.over_at IS NULL`
	return map[string]string{
		"all":       `TRUE`,
		"stopped":   at + ` IS NOT NULL`,
		"running":   running,
		"overdue":   running + ` AND ? > ` + due,
		"within":    `coalesce(` + at + ` <= ` + due + `, false)`,
		"late":      `(` + at + ` > ` + due + ` OR ` + at + ` IS NULL AND coalesce(c.over_at, ?) > ` + due + `)`,
		"due":       `(` + at + ` IS NOT NULL OR coalesce(c.over_at, ?) > ` + due + `)`,
		"solved":    `c.outcome IN ('solved', 'partly', 'referred')`,
		"rated":     `c.score IS NOT NULL`,
		"satisfied": `c.score >= 4`,
	}
}

// Behind are the cycles behind a figure: of a scope, those whose clock (claim, answer or resolve) is as Part says: all, stopped,
// running, overdue, within, late or due (those of which times and shares are); or, whatever the clock, those that are solved, rated or satisfied.
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
func (b Behind) where(now time.Time) (*where, error) {
	stop, known := clocks()[b.Clock]
	condition, ok := behindConditions(b.Clock, stop)[b.Part]
	if !known || !ok {
		return nil, fmt.Errorf("behind %q of %q: %w", b.Part, b.Clock, ErrNotFound)
	}
	w := b.Scope.where()
	if strings.Contains(condition, "?") {
		w.and(condition, now)
	} else {
		w.and(condition)
	}
	return w, nil
}

// count is how many cycles are behind a figure, by what the report says of them.
func (b Behind) count(f *Figures) int {
	c := map[string]Clock{"claim": f.Claim, "answer": f.Answer, "resolve": f.Resolve}[b.Clock]
	return map[string]int{"all": f.Requests, "stopped": c.Stopped, "running": c.Running, "overdue": c.Overdue, "within": c.InTime,
		"late": c.Due - c.InTime, "due": c.Due, "solved": f.SolvedCount, "rated": f.Rated, "satisfied": f.SatisfiedCount}[b.Part]
}

// ListBehind are the cycles behind a figure, those that wait longest first, from the one at offset, at most limit; and how many there are
// in all, which is what the report says.
func (s *Service) ListBehind(ctx context.Context, b Behind, offset, limit int) (listed []CycleView, n int, err error) {
	b.Scope = s.inMoments(b.Scope)
	w, err := b.where(s.Now())
	if err != nil {
		return nil, 0, err
	}
	days, offset, n, err := s.locate(ctx, b, offset, limit)
	if err != nil || len(days) == 0 {
		return nil, n, err
	}
	from := w.cyclesIn(days)
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &listed, fmt.Sprintf(`SELECT r.id, r.ref, r.state, c.n, c.began_at, c.station, c.category, c.urgency,
				c.claim_due, c.answer_due, c.resolve_due, c.claimed_at, c.answered_at, c.resolved_at, c.over_at
			FROM (SELECT c.* FROM %s ORDER BY c.day, c.began_at, c.request_id LIMIT %d OFFSET %d) c JOIN requests r ON r.id = c.request_id
			ORDER BY c.day, c.began_at, c.request_id`, from, limit, offset), w.args...)
	})
	return listed, n, wrap(err, "list what is behind a figure")
}

// fewMonths are so many that it is worth while to look in which of their days something is.
const fewMonths = 6

// locate finds the months, or days, that the cycles from offset on are in, at most limit of them, by the counts of the report; and how
// many of the first month or day are to be passed over. So a page far down costs no more than the first one.
func (s *Service) locate(ctx context.Context, b Behind, offset, limit int) (found []string, skip, n int, err error) {
	skip = offset
	for _, by := range []string{"month", "day"} {
		figures, all, err := s.ReportAll(ctx, b.Scope, by)
		if err != nil || all == nil {
			return nil, 0, n, err
		}
		if by == "month" {
			n = b.count(all)
		}
		months := found
		found = nil
		have := 0
		for i := range figures {
			if by == "day" && !slices.Contains(months, figures[i].Group[:len("2006-01")]) {
				continue
			}
			count := b.count(&figures[i])
			if len(found) == 0 && skip >= count {
				skip -= count
				continue
			}
			if count > 0 {
				found = append(found, figures[i].Group)
			}
			if have += count; have >= skip+limit {
				break
			}
		}
		if len(found) > fewMonths || len(found) == 0 {
			break
		}
		b.Scope = b.within(aroundAll(by, found))
	}
	return found, skip, n, nil
}

// spreadBounds are the upper bounds of a Spread's classes. Figures are kept by them: they are never changed.
func spreadBounds() []time.Duration {
	return []time.Duration{5 * time.Minute, 15 * time.Minute, 30 * time.Minute, time.Hour, 2 * time.Hour, 4 * time.Hour, 8 * time.Hour,
		24 * time.Hour, 48 * time.Hour, 7 * 24 * time.Hour}
}

// classBounds are the upper bounds of the classes of a clock's Spread. Resolving takes days: beyond a week its classes end within bucketError
// of what they are called.
func classBounds(clock string) []time.Duration {
	if clock != "resolve" {
		return spreadBounds()
	}
	const day = 24 * time.Hour
	return []time.Duration{time.Hour, 8 * time.Hour, day, 2 * day, 7 * day, 15 * day, 30 * day}
}

// A Class is one bar of how times spread: those up to a length, and longer than the class before.
type Class struct {
	UpTo  time.Duration // 0: longer than all others
	Count int
}

// Spread is how the times of a clock (claim, answer or resolve) that has stopped spread over a scope.
func (s *Service) Spread(ctx context.Context, scope Scope, clock string) ([]Class, error) {
	if _, ok := clocks()[clock]; !ok {
		return nil, fmt.Errorf("spread of %q: %w", clock, ErrNotFound)
	}
	tallies, err := s.tallies(ctx, scope, "all")
	if err != nil {
		return nil, err
	}
	all := tallies["all"]
	if all == nil {
		all = new(tally)
	}
	return map[string]*clockTally{"claim": &all.claim, "answer": &all.answer, "resolve": &all.resolve}[clock].spread(classBounds(clock)), nil
}
