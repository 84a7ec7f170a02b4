package intake

import (
	"context"

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
// urgency or a setting, they are of such requests.
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
		cycle := new(where)
		cycle.args = w.args
		Scope{Category: scope.Category}.narrow(cycle)
		cycle.and(`? IN ('', c.urgency) AND ? IN ('', coalesce(nullif(c.setting, ''), '-'))`, scope.Urgency, scope.Setting)
		w.args = cycle.args
		w.and(`EXISTS (SELECT FROM cycles c WHERE c.request_id = f.request_id AND c.n = 1 AND ` + cycle.text() + `)`)
	}
	var all []OrganisationFigures
	err := s.DB.SelectContext(ctx, &all, `
		SELECT o.code AS organisation, o.name, o.name_en, f.asked, f.accepted, f.declined, f.done, f.days FROM organisations o JOIN (
			SELECT f.organisation, count(*) AS asked, count(f.accepted_at) AS accepted, count(*) FILTER (WHERE f.why = 'declined') AS declined,
				count(*) FILTER (WHERE f.outcome IN ('done', 'partly')) AS done,
				percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM f.ended_at - f.offered_at)::float8 / 86400) FILTER (WHERE f.outcome IN ('done', 'partly')) AS days
			FROM referrals f WHERE `+w.text()+` GROUP BY f.organisation) f ON f.organisation = o.code
		ORDER BY f.asked DESC, o.code`, w.args...)
	return all, wrap(err, "count referrals")
}
