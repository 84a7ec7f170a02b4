package intake

import (
	"math"
	"time"

	"github.com/lib/pq"

	"onedoor/prompts"
	"onedoor/routing"
)

const (
	nearKM     = 2.0           // how far apart the same fire or burst pipe may be seen from
	nearWithin = 6 * time.Hour // and how long after each other
	nearFew    = 5             // requests looked at in each square, the latest,
	nearAll    = 10            // and in all of them
	nearTold   = 10            // reports from which on the first one's card isn't drawn anew with each
)

// linkNear links a request to what others have reported near by that is the same: those who work on one are shown the
// others. Each is handled and answered all the same, and none waits for that.
func (s *step) linkNear(r *Request) error {
	at, placed := r.Point()
	if !placed || r.Category == nil {
		return nil
	}
	same, err := s.sameNear(r, at)
	if err != nil || same == 0 {
		return err
	}
	var link struct {
		First int64 `db:"first_id"`
		Count int   `db:"count"`
	}
	err = s.tx.GetContext(s.ctx, &link, `
		WITH first AS (SELECT coalesce((SELECT l.first_id FROM links l WHERE l.request_id = $2), $2) AS id),
		linked AS (INSERT INTO links (request_id, first_id, at) SELECT $1, id, $3 FROM first
			WHERE id <> $1 AND NOT EXISTS (SELECT FROM links l WHERE l.first_id = $1)
			  AND NOT EXISTS (SELECT FROM events e WHERE e.request_id = $1 AND e.kind = 'linked') ON CONFLICT DO NOTHING RETURNING first_id)
		SELECT first_id, (SELECT count(*) FROM (SELECT FROM links l WHERE l.first_id = linked.first_id LIMIT $4) l) AS count FROM linked`,
		r.ID, same, s.now, nearTold)
	switch {
	case noRows(err): // it is linked already, or the first of others, or a person has decided on that
		return nil
	case err != nil:
		return wrap(err, "link what is reported near by")
	case link.Count >= nearTold:
		return nil
	}
	return s.redrawCards(&Request{ID: link.First, Urgency: r.Urgency})
}

// near is a request to be compared with another.
type near struct {
	ID     int64          `db:"id"`
	Text   string         `db:"text"`
	Crisis prompts.Crisis `db:"crisis"`
	Lat    float64        `db:"lat"`
	Lon    float64        `db:"lon"`
}

// nearQuery looks into a square of a fiftieth of a degree and those around it; the index requests_near has them.
const nearQuery = `
	SELECT q.id, q.text, q.crisis, q.lat, q.lon FROM unnest($1::integer[]) AS y CROSS JOIN unnest($2::integer[]) AS x CROSS JOIN LATERAL (
		SELECT q.id, q.bot_id, q.chat_id, q.text, q.crisis, q.lat, q.lon, q.submitted_at FROM requests q
		WHERE q.category = $3 AND CAST(floor(q.lat * 50) AS integer) = y AND CAST(floor(q.lon * 50) AS integer) = x
		  AND q.state IN ('open', 'claimed', 'referred') AND q.lat IS NOT NULL AND q.id <> $4
		ORDER BY q.id DESC LIMIT $5) q
	WHERE (q.bot_id, q.chat_id) <> ($6, $7) AND q.submitted_at > $8
	ORDER BY q.id DESC LIMIT $9`

// sameNear is the latest request of another resident's that reports the same as r near by, or 0. In danger that is any of
// the same kind; else the words must be alike.
func (s *step) sameNear(r *Request, at routing.Point) (int64, error) {
	var all []near
	err := s.tx.SelectContext(s.ctx, &all, nearQuery, pq.Array(squares(at.Lat, 1)), pq.Array(squares(at.Lon, 1/math.Cos(at.Lat*math.Pi/180))),
		r.Category, r.ID, nearFew, r.Bot, r.Chat, s.now.Add(-nearWithin), nearAll)
	if err != nil {
		return 0, wrap(err, "look for the same near by")
	}
	alike := prompts.AlikeTo(r.Text)
	for _, n := range all {
		if at.DistanceKM(routing.Point{Lat: n.Lat, Lon: n.Lon}) > nearKM {
			continue
		}
		if r.Crisis != "" && r.Crisis == n.Crisis || alike(n.Text) >= sameNeed {
			return n.ID, nil
		}
	}
	return 0, nil
}

// squares are those that lie within nearKM of a coordinate in degrees, which shrink by a factor towards the poles.
func squares(degrees, shrink float64) (all []int32) {
	reach := min(nearKM/kmPerDegree*shrink, maxReach)
	for n := math.Floor((degrees - reach) * perDegree); n <= math.Floor((degrees+reach)*perDegree); n++ {
		all = append(all, int32(n))
	}
	return all
}

const (
	kmPerDegree = 111.2 // of latitude
	perDegree   = 50    // squares
	maxReach    = 0.1   // degrees; nobody lives further north than that reaches
)
