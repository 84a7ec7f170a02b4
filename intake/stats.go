package intake

import (
	"context"
	"time"
)

// Stats are a worker's own numbers over some time past. Nobody is shown anybody else's.
type Stats struct {
	Claimed  int      `db:"claimed"` // requests
	Answered int      `db:"answered"`
	Resolved int      `db:"resolved"`
	Answer   *float64 `db:"answer"` // seconds from claim to first answer, the median; nil where none was answered
	Ratings  int      `db:"ratings"`
	Score    float64  `db:"score"` // the mean of the ratings; 0 without any
}

// Stats counts what a worker has done in the time past, by the log. A rating is whose who resolved the request that time.
func (s *Service) Stats(ctx context.Context, worker string, past time.Duration) (Stats, error) {
	var own Stats
	err := s.DB.GetContext(ctx, &own, `
		WITH own AS (SELECT * FROM events e WHERE actor = 'worker' AND actor_id = $1 AND at >= $2
			AND kind IN ('claimed', 'answered', 'resolved') AND `+notUndone+`)
		SELECT count(DISTINCT request_id) FILTER (WHERE kind = 'claimed') AS claimed,
			count(DISTINCT request_id) FILTER (WHERE kind = 'answered') AS answered,
			count(DISTINCT request_id) FILTER (WHERE kind = 'resolved') AS resolved,
			(SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM a.at - c.at)) FROM own a CROSS JOIN LATERAL (
				SELECT max(at) AS at FROM events e WHERE e.request_id = a.request_id AND e.kind = 'claimed' AND e.actor_id = $1 AND e.at <= a.at) c
				WHERE a.kind = 'answered' AND c.at IS NOT NULL) AS answer,
			(SELECT count(*) FROM own o JOIN ratings g ON g.request_id = o.request_id AND g.resolved_at = o.at WHERE o.kind = 'resolved') AS ratings,
			(SELECT coalesce(avg(g.score), 0) FROM own o JOIN ratings g ON g.request_id = o.request_id AND g.resolved_at = o.at
				WHERE o.kind = 'resolved') AS score
		FROM own`, worker, s.Now().Add(-past))
	return own, wrap(err, "count what a worker has done")
}
