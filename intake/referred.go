package intake

import (
	"context"
	"fmt"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// OrganisationFigures are what became of the parts of requests that an organisation was asked to do.
type OrganisationFigures struct {
	Organisation string   `db:"organisation"` // its code
	Name         string   `db:"name"`
	NameEN       string   `db:"name_en"`
	Asked        int      `db:"asked"`
	Accepted     int      `db:"accepted"`
	Declined     int      `db:"declined"`
	Done         int      `db:"done"` // all of it or a part
	Days         *float64 `db:"days"` // from being asked until it was done; half took longer
}

// ReferralReport counts referrals to organisations in a scope's time, by workers of its stations, those most asked first. Where the scope names a service, an
// urgency or a setting, they are of requests that were such at first, as far as the log is folded (see Fold).
func (s *Service) ReferralReport(ctx context.Context, scope Scope) ([]OrganisationFigures, error) {
	w := scope.referrals()
	done := referralParts()["done"]
	var all []OrganisationFigures
	err := s.look(ctx, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &all, `
		SELECT o.code AS organisation, o.name, o.name_en, c.asked, c.accepted, c.declined, c.done,
			(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d) FROM unnest(c.took) AS d) AS days FROM organisations o
		JOIN (SELECT organisation, count(*) AS asked, count(*) FILTER (WHERE `+referralParts()["accepted"]+`) AS accepted, count(*) FILTER (WHERE `+referralParts()["declined"]+`) AS declined,
				count(*) FILTER (WHERE `+done+`) AS done, array_agg(date_part('epoch', ended_at - offered_at) / 86400) FILTER (WHERE `+done+`) AS took
			FROM referrals f WHERE `+w.text()+` GROUP BY organisation) c ON c.organisation = o.code
		ORDER BY c.asked DESC, o.code`, w.args...)
	})
	return all, wrap(err, "count referrals")
}

// referrals is the condition that referrals f to organisations are in the scope.
func (s Scope) referrals() *where {
	w := new(where)
	w.and(`f.kind = 'organisation' AND f.offered_at >= ? AND f.offered_at < ?`, s.From, s.To)
	if s.Stations != nil {
		w.and(`f.worker IN (SELECT code FROM workers WHERE station = ANY (?))`, pq.Array(s.Stations))
	}
	if s.WorkerStation != "" {
		w.and(`f.worker IN (SELECT code FROM workers WHERE station = ?)`, s.WorkerStation)
	}
	if s.Category != "" || s.Urgency != "" || s.Setting != "" {
		of := &where{args: w.args}
		Scope{Category: s.Category}.narrow(of)
		s.part(of)
		w.args = of.args
		w.and(`f.request_id IN (SELECT c.request_id FROM referred_requests c WHERE ` + of.text() + `)`)
	}
	return w
}

// referralParts are the parts of an organisation's figures that can be looked behind.
func referralParts() map[string]string {
	return map[string]string{"asked": `TRUE`, "accepted": `f.accepted_at IS NOT NULL`, "declined": `coalesce(f.why = 'declined', false)`,
		"done": `coalesce(f.outcome IN ('done', 'partly'), false)`}
}

// ListReferred are the first cycles of the requests behind a part (asked, accepted, declined or done) of an organisation's figures, one for
// each referral, the oldest first, from the one at offset, at most limit; and how many referrals there are in all.
func (s *Service) ListReferred(ctx context.Context, scope Scope, organisation, part string, offset, limit int) (listed []CycleView, n int, err error) {
	condition, known := referralParts()[part]
	if !known {
		return nil, 0, fmt.Errorf("behind %q of referrals: %w", part, ErrNotFound)
	}
	w := scope.referrals()
	w.and(`f.organisation = ? AND `+condition, organisation)
	err = s.look(ctx, func(tx *sqlx.Tx) error {
		if err := tx.GetContext(ctx, &n, `SELECT count(*) FROM referrals f WHERE `+w.text(), w.args...); err != nil {
			return err
		}
		return tx.SelectContext(ctx, &listed, fmt.Sprintf(`SELECT r.id, r.ref, r.state, c.n, c.began_at, c.station, c.category, c.urgency,
				c.claim_due, c.answer_due, c.resolve_due, c.claimed_at, c.answered_at, c.resolved_at, c.over_at
			FROM referrals f JOIN requests r ON r.id = f.request_id JOIN cycles c ON c.request_id = r.id AND c.n = 1
			WHERE %s ORDER BY f.offered_at, f.id LIMIT %d OFFSET %d`, w.text(), limit, offset), w.args...)
	})
	return listed, n, wrap(err, "list what is behind an organisation's figures")
}

// writeReferred keeps what the requests are about, of some, of which organisations were asked to do a part.
func writeReferred(ctx context.Context, tx *sqlx.Tx, requests pq.Int64Array) error {
	_, err := tx.ExecContext(ctx, `
		INSERT INTO referred_requests AS r SELECT c.request_id, c.category, c.urgency, c.setting FROM cycles c
		WHERE c.request_id = ANY ($1) AND c.n = 1 AND EXISTS (SELECT FROM referrals f WHERE f.request_id = c.request_id AND f.kind = 'organisation')
		ON CONFLICT (request_id) DO UPDATE SET (category, urgency, setting) = (EXCLUDED.category, EXCLUDED.urgency, EXCLUDED.setting)
			WHERE (r.category, r.urgency, r.setting) IS DISTINCT FROM (EXCLUDED.category, EXCLUDED.urgency, EXCLUDED.setting)`, requests)
	return err
}
