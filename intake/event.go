package intake

import (
	"context"
	"encoding/json"
	"time"
)

// Who acts on a request.
const (
	ByResident   = "resident"
	ByWorker     = "worker"
	BySupervisor = "supervisor"
	ByPartner    = "partner"
	BySystem     = "system"
)

// event is one row to be of a request's log.
type event struct {
	Request int64     `json:"request_id"`
	At      time.Time `json:"at"`
	Kind    string    `json:"kind"`
	Actor   string    `json:"actor"`
	ActorID string    `json:"actor_id"`
	Data    Args      `json:"data"`
}

// An Event is one row of a request's log.
type Event struct {
	ID      int64           `db:"id"`
	At      time.Time       `db:"at"`
	Kind    string          `db:"kind"`
	Actor   string          `db:"actor"`
	ActorID string          `db:"actor_id"`
	Data    json.RawMessage `db:"data"`

	ActorName string `db:"actor_name"` // a worker's or partner's name; empty for all others
}

// log appends to the request's log that actor did kind. ActorID is a worker's code or an account's name.
func (s *step) log(r *Request, kind, actor, actorID string, data Args) {
	if data == nil {
		data = Args{}
	}
	s.events = append(s.events, event{r.ID, s.now, kind, actor, actorID, data})
}

// Events is the log of a request, oldest first.
func (s *Service) Events(ctx context.Context, request int64) ([]Event, error) {
	var all []Event
	err := s.DB.SelectContext(ctx, &all, `
		SELECT e.id, e.at, e.kind, e.actor, e.actor_id, e.data, coalesce(w.name, p.name, '') AS actor_name
		FROM events e LEFT JOIN workers w ON e.actor = 'worker' AND w.code = e.actor_id
			LEFT JOIN partners p ON e.actor = 'partner' AND p.code = e.actor_id
		WHERE e.request_id = $1 ORDER BY e.id`, request)
	return all, wrap(err, "load the request's log")
}
