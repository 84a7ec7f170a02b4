package intake

import (
	"context"

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
	w := new(where)
	w.and(`f.kind = 'organisation' AND f.offered_at >= ? AND f.offered_at < ?`, scope.From, scope.To)
	if scope.Stations != nil {
		w.and(`f.worker IN (SELECT code FROM workers WHERE station = ANY (?))`, pq.Array(scope.Stations))
	}
	if scope.WorkerStation != "" {
		w.and(`f.worker IN (SELECT code FROM workers WHERE station = ?)`, scope.WorkerStation)
	}
	if scope.Category != "" || scope.Urgency != "" || scope.Setting != "" {
		of := &where{args: w.args}
		Scope{Category: scope.Category}.narrow(of)
		scope.part(of)
		w.args = of.args
		w.and(`f.request_id IN (SELECT c.request_id FROM referred_requests c WHERE ` + of.text() + `)`)
	}
	const done = `outcome IN ('done', 'partly')`
	var all []OrganisationFigures
	err := s.look(ctx, func(tx *sqlx.Tx) error {
		return tx.SelectContext(ctx, &all, `
		SELECT o.code AS organisation, o.name, o.name_en, c.asked, c.accepted, c.declined, c.done,
			(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY d) FROM unnest(c.took) AS d) AS days FROM organisations o
		JOIN (SELECT organisation, count(*) AS asked, count(accepted_at) AS accepted, count(*) FILTER (WHERE why = 'declined') AS declined,
				count(*) FILTER (WHERE `+done+`) AS done, array_agg(date_part('epoch', ended_at - offered_at) / 86400) FILTER (WHERE `+done+`) AS took
			FROM referrals f WHERE `+w.text()+` GROUP BY organisation) c ON c.organisation = o.code
		ORDER BY c.asked DESC, o.code`, w.args...)
	})
	return all, wrap(err, "count referrals")
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
