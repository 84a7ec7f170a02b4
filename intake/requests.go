package intake

import (
	"context"
	"time"
)

// A Record is what `onedoor requests` prints of a request. Times are RFC 3339 in UTC, or null.
type Record struct {
	Ref             string     `json:"ref" db:"ref"`
	Text            string     `json:"text" db:"text"`
	Category        *string    `json:"category" db:"category"`
	Urgency         string     `json:"urgency" db:"urgency"`
	State           string     `json:"state" db:"state"`
	Station         *string    `json:"station" db:"station"`
	Worker          *string    `json:"worker" db:"worker"`
	SubmittedAt     *time.Time `json:"submitted_at" db:"submitted_at"`
	ClaimedAt       *time.Time `json:"claimed_at" db:"claimed_at"`
	FirstResponseAt *time.Time `json:"first_response_at" db:"answered_at"`
	ResolvedAt      *time.Time `json:"resolved_at" db:"resolved_at"`
	UpdateID        *int64     `json:"update_id" db:"update_id"`
}

// Records calls each with every request that was made since a moment, the oldest first; with a state, only
// those in it. Drafts count from the first word.
func (s *Service) Records(ctx context.Context, since time.Time, state string, each func(Record) error) error {
	rows, err := s.DB.QueryxContext(ctx, `
		SELECT ref, text, category, urgency, state, station, worker, submitted_at, claimed_at, answered_at, resolved_at, update_id
		FROM requests WHERE coalesce(submitted_at, created_at) >= $1 AND ($2 = '' OR state = $2) ORDER BY id`, since, state)
	if err != nil {
		return wrap(err, "load requests")
	}
	defer rows.Close()
	for rows.Next() {
		var r Record
		if err := rows.StructScan(&r); err != nil {
			return wrap(err, "read a request")
		}
		r.inUTC()
		if err := each(r); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "read requests")
}

func (r *Record) inUTC() {
	for _, t := range []*time.Time{r.SubmittedAt, r.ClaimedAt, r.FirstResponseAt, r.ResolvedAt} {
		if t != nil {
			*t = t.UTC()
		}
	}
}
