package intake

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/prompts"
)

// A Setting is a service standard that an administrator has set for a category and an urgency, from a moment on.
type Setting struct {
	Category string          `db:"category"`
	Urgency  prompts.Urgency `db:"urgency"`
	Since    time.Time       `db:"since"`
	Claim    *int            `db:"claim"` // minutes; nil all three: the taxonomy's again
	Answer   *int            `db:"answer"`
	Resolve  *int            `db:"resolve"`
	Account  string          `db:"account"`
}

// of is the standard that a setting makes.
func (g Setting) of() prompts.Standard {
	minutes := func(n *int) time.Duration { return time.Duration(*n) * time.Minute }
	return prompts.Standard{Claim: minutes(g.Claim), Answer: minutes(g.Answer), Resolve: minutes(g.Resolve)}
}

// Standard is the service standard that holds at a moment: an administrator's, or else the taxonomy's.
func (s *Service) Standard(category string, urgency prompts.Urgency, at time.Time) prompts.Standard {
	if g, ok := s.Setting(category, urgency, at); ok {
		return g.of()
	}
	return s.Taxonomy.Standard(category, urgency)
}

// Setting is what an administrator has set and holds at a moment; false where the taxonomy's standard does.
func (s *Service) Setting(category string, urgency prompts.Urgency, at time.Time) (Setting, bool) {
	settings := s.settings.Load()
	if settings == nil {
		return Setting{}, false
	}
	for _, g := range *settings { // the latest first
		if g.Category == category && g.Urgency == urgency && !g.Since.After(at) {
			return g, g.Claim != nil
		}
	}
	return Setting{}, false
}

// standard is the one by which a request is measured: of when its cycle began.
func (s *step) standard(r *Request) prompts.Standard {
	var began time.Time // of what was asked before any was set
	if r.CycleAt != nil {
		began = *r.CycleAt
	}
	return s.Standard(value(r.Category), r.Urgency, began)
}

// began is when a request's cycle of the service standard began.
func (s *step) began(r *Request) time.Time {
	if r.CycleAt != nil {
		return *r.CycleAt
	}
	return r.ClaimDue.Add(-s.standard(r).Claim)
}

// LoadStandards reads what administrators have set.
func (s *Service) LoadStandards(ctx context.Context) error {
	var settings []Setting
	err := s.DB.SelectContext(ctx, &settings, `SELECT category, urgency, since, claim, answer, resolve, account FROM standards ORDER BY since DESC, id DESC`)
	if err != nil {
		return wrap(err, "load the service standards")
	}
	s.settings.Store(&settings)
	return nil
}

// FollowStandards keeps them in step with what is set in this process or another, until ctx ends.
func (s *Service) FollowStandards(ctx context.Context, url string) error {
	load := func() {
		for ctx.Err() == nil {
			err := s.LoadStandards(ctx)
			if err == nil || ctx.Err() != nil {
				return
			}
			s.Log.Warn("the service standards can't be read; trying again", "error", err)
			pause(ctx, time.Second)
		}
	}
	return database.Listen(ctx, url, "standards", load, func(string) { load() })
}

// MostMinutes are the most that can be set to claim, to answer and to resolve.
func MostMinutes(urgency prompts.Urgency) [3]int {
	const hour, day = 60, 24 * 60
	switch urgency {
	case prompts.Emergency:
		return [3]int{30, hour, 7 * day}
	case prompts.Urgent:
		return [3]int{day, 2 * day, 30 * day}
	}
	return [3]int{7 * day, 14 * day, 180 * day}
}

// SetStandard sets the minutes to claim, to answer and to resolve of a category and urgency for what is asked from now on; none
// are the taxonomy's again. What is out of bounds is ErrRefused, an unknown category or urgency ErrNotFound. What is set
// already has no effect.
func (s *Service) SetStandard(ctx context.Context, category string, urgency prompts.Urgency, minutes []int, account string) error {
	if _, ok := s.Taxonomy.Category(category); !ok || !slices.Contains(Urgencies(), urgency) {
		return fmt.Errorf("set a standard of %q, %q: %w", category, urgency, ErrNotFound)
	}
	var all [3]*int
	if len(minutes) == len(all) {
		most := MostMinutes(urgency)
		for i := range minutes {
			if minutes[i] < 1 || minutes[i] > most[i] || i > 0 && minutes[i] < minutes[i-1] {
				return fmt.Errorf("set a standard of %v minutes: %w", minutes, ErrRefused)
			}
			all[i] = &minutes[i]
		}
	} else if len(minutes) > 0 {
		return fmt.Errorf("set a standard of %d times: %w", len(minutes), ErrRefused)
	}
	if err := insertStandard(ctx, s.DB, category, string(urgency), all, s.Now(), account); err != nil {
		return err
	}
	return s.LoadStandards(ctx)
}

// insertStandard has a standard hold since a moment, where another one held; no times are the taxonomy's again.
func insertStandard(ctx context.Context, db sqlx.ExecerContext, category, urgency string, times [3]*int, since time.Time, account string) error {
	_, err := db.ExecContext(ctx, `
		WITH latest AS (SELECT claim, answer, resolve FROM standards WHERE category = $1 AND urgency = $2 ORDER BY since DESC, id DESC LIMIT 1),
		asked AS (SELECT CAST($4 AS integer) AS claim, CAST($5 AS integer) AS answer, CAST($6 AS integer) AS resolve)
		INSERT INTO standards (category, urgency, since, claim, answer, resolve, account)
		SELECT $1, $2, $3, asked.claim, asked.answer, asked.resolve, $7 FROM asked LEFT JOIN latest ON true
		WHERE (asked.claim, asked.answer, asked.resolve) IS DISTINCT FROM (latest.claim, latest.answer, latest.resolve)`,
		category, urgency, since, times[0], times[1], times[2], account)
	return wrap(err, "set a standard")
}
