package intake

import (
	"context"
	"math"
	"time"

	"onedoor/prompts"
	"onedoor/routing"
)

// A Wait is a request whose resident waits for somebody, as a map may show it: without words, and where it is only to
// about a kilometre. Who needs to know better opens the request, which is put on record.
type Wait struct {
	Ref      string          `db:"ref"`
	Category *string         `db:"category"`
	Urgency  prompts.Urgency `db:"urgency"`
	Station  *string         `db:"station"`
	Due      time.Time       `db:"due"` // by the service standard: to be claimed, or answered for the first time

	Place string `db:"-"` // in which township, or something wider; of what has no point, nothing

	// At is where it is, roughly; nil where nobody knows, and of violence and abuse: a point on a map would lead whoever
	// looks over a shoulder to the one house in the village. Such a request counts at its station.
	At *routing.Point `db:"-"`
}

// coarse is how exact a map is, in degrees: a kilometre or less from east to west, 1.1 km from south to north.
const coarse = 0.01

// Waits are the requests in sight, or offered to a station that is, that nobody has claimed, or answered yet, the first to be due first.
func (s *Service) Waits(ctx context.Context, sight Sight) ([]Wait, error) {
	var rows []struct {
		Wait
		Lat    *float64       `db:"lat"`
		Lon    *float64       `db:"lon"`
		Code   *string        `db:"place_code"`
		Crisis prompts.Crisis `db:"crisis"`
		Told   prompts.Crisis `db:"told"`
	}
	err := s.DB.SelectContext(ctx, &rows, `SELECT r.ref, r.category, r.urgency, r.station, r.lat, r.lon, r.place_code, r.crisis, coalesce(r.understanding->>'crisis', '') AS told,
			CASE WHEN r.state = 'open' THEN r.claim_due ELSE r.answer_due END AS due
		FROM requests r WHERE r.state IN ('open', 'claimed', 'referred') AND (r.state = 'open' OR r.answered_at IS NULL) AND (`+inSight+` OR `+offeredTo("$2")+`)
		ORDER BY due, r.id`, sight.args()...)
	if err != nil {
		return nil, wrap(err, "load what waits")
	}
	all := make([]Wait, len(rows))
	for i, row := range rows {
		all[i] = row.Wait
		if row.Lat != nil && row.Lon != nil && !Discreet(row.Crisis) && !Discreet(row.Told) {
			all[i].At = &routing.Point{Lat: roughly(*row.Lat), Lon: roughly(*row.Lon)}
			if row.Code != nil {
				all[i].Place = s.Router.Gazetteer().Up(*row.Code, "township")
			}
		}
	}
	return all, nil
}

// roughly is the middle of the step of a coarse scale in which an angle lies.
func roughly(degrees float64) float64 { return (math.Floor(degrees/coarse) + 0.5) * coarse }
