package intake

import (
	"context"
	"slices"
	"time"

	"github.com/lib/pq"
)

// HistoryLength is how much of a request's story a worker is shown.
const HistoryLength = 10

// showHistory shows the worker the last of what was said and done, notes included.
func showHistory(s *step, r *Request, _ string) error {
	s.tell(NoticeHistory, r, nil)
	return nil
}

// A Deed is one line of a request's story: who did what, and the words said in it.
type Deed struct {
	At    time.Time `db:"at"`
	Kind  string    `db:"kind"` // of the event
	Actor string    `db:"actor"`
	Name  string    `db:"name"`  // a worker's or an account's
	Said  string    `db:"said"`  // the kind of the message, or empty
	Words string    `db:"words"` // as they read now
	Back  bool      `db:"back"`  // the words were taken back
	Own   bool      `db:"own"`   // a contact of the resident's own
}

// ToldDeeds are the events that a worker is shown.
func ToldDeeds() []string {
	return []string{"submitted", "claimed", "released", "answered", "said", "noted", "reclassified", "transferred", "referred", "undeliverable",
		"resolved", "reopened", "cancelled", "rated", "taken_back"}
}

// Story is the last of what happened to a request, the oldest first. Words that the view hides are left out.
func (s *Service) Story(ctx context.Context, v *View, most int) ([]Deed, error) {
	var all []Deed
	err := s.DB.SelectContext(ctx, &all, `
		SELECT e.at, e.kind, e.actor, coalesce(w.name, e.actor_id) AS name, coalesce(m.kind, '') AS said, coalesce(m.own, false) AS own,
			coalesce(m.taken_back_at IS NOT NULL, false) AS back,
			coalesce((SELECT coalesce(nullif(l.text, ''), l.transcript) FROM messages l WHERE l.id = m.id OR l.edits = m.id ORDER BY l.id DESC LIMIT 1), '') AS words
		FROM events e LEFT JOIN workers w ON e.actor = 'worker' AND w.code = e.actor_id
			LEFT JOIN messages m ON m.id = CAST(e.data ->> 'message' AS bigint) AND m.request_id = e.request_id
		WHERE e.request_id = $1 AND e.kind = ANY ($2) AND NOT e.data ? 'edits' ORDER BY e.id DESC LIMIT $3`, v.ID, pq.Array(ToldDeeds()), most)
	if err != nil {
		return nil, wrap(err, "load a request's story")
	}
	slices.Reverse(all)
	for i := range all {
		if d := &all[i]; d.Back || v.Hides(Message{Author: d.Actor, Kind: d.Said, Own: d.Own, Text: d.Words}) {
			d.Words = ""
		}
	}
	return all, nil
}

// LastNote is the latest note on a request as it reads now, with its author's name and how many there are; ErrNotFound
// without any.
func (s *Service) LastNote(ctx context.Context, request int64) (words, author string, count int, err error) {
	var n struct {
		Text  string `db:"text"`
		Name  string `db:"name"`
		Count int    `db:"count"`
	}
	err = s.DB.GetContext(ctx, &n, `
		SELECT coalesce((SELECT l.text FROM messages l WHERE l.edits = m.id ORDER BY l.id DESC LIMIT 1), m.text) AS text, coalesce(w.name, m.account) AS name,
			count(*) OVER () AS count
		FROM messages m LEFT JOIN workers w ON w.code = m.worker
		WHERE m.request_id = $1 AND m.kind = 'note' AND m.edits IS NULL ORDER BY m.id DESC LIMIT 1`, request)
	if noRows(err) {
		return "", "", 0, ErrNotFound
	}
	return n.Text, n.Name, n.Count, wrap(err, "load the last note")
}
