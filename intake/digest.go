package intake

import (
	"context"
	"time"

	"onedoor/routing"
)

const (
	digestDays = 14 // that are shown
	usualWeeks = 4  // over which the same weekday is what is usual
)

// A Digest is how a station fared on a day, and what it has to do now. It is kept in the notice that tells it.
type Digest struct {
	Days        []DigestDay `json:"days"`         // the last of them is the one that it is about
	Usual       float64     `json:"usual"`        // requests on such a weekday, on average
	UsualWithin *float64    `json:"usual_within"` // share answered within the service standard on those; nil where there is none
	Median      *float64    `json:"median"`       // seconds until the first answer; so with the next
	UsualMedian *float64    `json:"usual_median"`
	Waiting     int         `json:"waiting"` // that nobody has claimed
	Overdue     int         `json:"overdue"` // past the moment by which they should have been claimed, answered or resolved
}

// A DigestDay is one day of a station's: the requests submitted then, and how they were answered.
type DigestDay struct {
	Day      time.Time `json:"day"` // its midnight
	Requests int       `json:"requests"`
	Due      int       `json:"due"`     // of them, those answered or overdue
	InTime   int       `json:"in_time"` // of those, the ones answered within the service standard
}

// Within is the share of those answered or overdue that was answered within the service standard; nil where there are none.
func (d DigestDay) Within() *float64 { return share(d.InTime, d.Due) }

// Last is the day that the digest is about.
func (d Digest) Last() DigestDay { return d.Days[len(d.Days)-1] }

// empty tells whether there is nothing to say.
func (d Digest) empty() bool { return d.Last().Requests == 0 && d.Waiting == 0 && d.Overdue == 0 }

// digestOf is the digest of a station for the day before the one that begins at midnight.
func (s *Service) digestOf(ctx context.Context, station *routing.Station, midnight time.Time) (*Digest, error) {
	first := midnight.AddDate(0, 0, -1-7*usualWeeks)
	tallies, err := s.tallies(ctx, Scope{From: first, To: midnight, Stations: []string{station.Code}}, "day")
	if err != nil {
		return nil, err
	}
	of := func(back int) (time.Time, *tally) {
		at := midnight.AddDate(0, 0, -back)
		if t := tallies[at.Format(time.DateOnly)]; t != nil {
			return at, t
		}
		return at, new(tally)
	}
	d, usual := &Digest{}, new(tally)
	for back := digestDays; back > 0; back-- {
		at, t := of(back)
		d.Days = append(d.Days, DigestDay{Day: at, Requests: t.requests, Due: t.answer.due, InTime: t.answer.within})
	}
	for weeks := range usualWeeks {
		_, t := of(1 + 7*(weeks+1))
		usual.merge(t)
	}
	_, yesterday := of(1)
	d.Usual = float64(usual.requests) / usualWeeks
	d.Median = yesterday.answer.clock().Median
	d.UsualWithin, d.UsualMedian = usual.answer.clock().Within, usual.answer.clock().Median
	err = s.DB.QueryRowContext(ctx, `SELECT count(*) FILTER (WHERE r.state = 'open'), count(*) FILTER (WHERE $2 > `+dueNextSQL+`)
		FROM requests r WHERE r.station = $1 AND r.state IN ('open', 'claimed', 'referred')`, station.Code, s.Now()).Scan(&d.Waiting, &d.Overdue)
	return d, wrap(err, "count what a station has to do")
}
