package intake

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"slices"

	"github.com/lib/pq"

	"onedoor/prompts"
	"onedoor/routing"
)

// A View is a request with the names that people know its parts by.
type View struct {
	Request
	WorkerName  *string `db:"worker_name"`
	Attachments int     `db:"attachments"`
	Words       int     `db:"words"` // messages of the resident
	Reopened    bool    `db:"reopened"`
	Quiet       bool    `db:"quiet"`   // the resident reads nothing until they write
	Phone       string  `db:"phone"`   // the resident's, to be called back; empty where they have not shared it, or stay unnamed
	Held        int     `db:"held"`    // messages that came too fast to be passed on by themselves
	Blocked     bool    `db:"blocked"` // its account, by a supervisor

	System    string         `db:"system"`     // which filed it for somebody who has no chat; empty for a resident's own
	OfferedTo pq.StringArray `db:"offered_to"` // stations beside its own
	Help      document       `db:"help"`       // see Helpers
	Moved     document       `db:"moved"`      // see MovedHere
	Same      pq.StringArray `db:"same"`       // references of other reports of the same near by, the latest first, at most 20
}

const viewColumns = requestColumns + `, w.name AS worker_name,
	(SELECT count(DISTINCT coalesce(m.edits, m.id)) FROM messages m WHERE m.request_id = r.id AND m.author = 'resident'
	   AND m.kind NOT IN ('text', 'location') AND NOT m.own) AS attachments,
	(SELECT count(*) FROM messages m WHERE m.request_id = r.id AND m.author = 'resident') AS words,
	EXISTS (SELECT FROM events e WHERE e.request_id = r.id AND e.kind = 'reopened' AND e.actor = 'resident') AS reopened,
	EXISTS (SELECT FROM chats c WHERE c.bot_id = r.bot_id AND c.id = r.chat_id AND c.quiet_at IS NOT NULL) AS quiet,
	(SELECT CASE WHEN r.unnamed THEN '' ELSE c.phone END FROM chats c WHERE c.bot_id = r.bot_id AND c.id = r.chat_id) AS phone,
	` + sameRefs + ` AS same,
	` + helpColumns + `,
	coalesce((SELECT o.name FROM filings f JOIN systems o ON o.id = f.system_id WHERE f.request_id = r.id), '') AS system,
	(SELECT count(*) FROM messages m WHERE m.request_id = r.id AND m.held) AS held,
	(SELECT c.blocked_at IS NOT NULL FROM chats c WHERE c.bot_id = r.bot_id AND c.id = r.chat_id) AS blocked,
	ARRAY (SELECT o.station FROM offers o WHERE o.request_id = r.id ORDER BY o.offered_at, o.station) AS offered_to`

// sameRefs are the references of other reports of the same as r.
const sameRefs = `ARRAY (SELECT q.ref FROM (SELECT coalesce((SELECT l.first_id FROM links l WHERE l.request_id = r.id), r.id) AS id) first
		CROSS JOIN LATERAL ((SELECT l.request_id AS id FROM links l WHERE l.first_id = first.id ORDER BY l.request_id DESC LIMIT 20)
			UNION SELECT first.id) l JOIN requests q ON q.id = l.id
		WHERE q.id <> r.id AND q.state <> 'cancelled' ORDER BY q.id DESC)`

const viewFrom = ` FROM requests r LEFT JOIN workers w ON w.code = r.worker `

// View loads one request; ErrNotFound when there is none.
func (s *Service) View(ctx context.Context, id int64) (View, error) {
	return s.view(ctx, `r.id = $1`, id)
}

// ViewByRef is View by the request's reference.
func (s *Service) ViewByRef(ctx context.Context, ref string) (View, error) {
	return s.view(ctx, `r.ref = $1`, NormalRef(ref))
}

func (s *Service) view(ctx context.Context, condition string, arg any) (View, error) {
	var v View
	err := s.DB.GetContext(ctx, &v, `SELECT `+viewColumns+viewFrom+`WHERE `+condition, arg)
	if errors.Is(err, sql.ErrNoRows) {
		return View{}, ErrNotFound
	}
	return v, wrap(err, "load a request")
}

// ShownTo tells whether a worker may read the request: it is in their hands or their station's, or offered to their
// station for as long as nobody has it. An emergency is for all who were alarmed until it is over.
func (v *View) ShownTo(w *Worker) bool {
	return w.Has(&v.Request) || v.ShownAt(w.Station)
}

// ShownAt tells whether all workers of a station may read the request.
func (v *View) ShownAt(station string) bool {
	offered := v.State == Open || v.Urgency == prompts.Emergency && v.State.Active()
	return value(v.Station) == station || offered && slices.Contains(v.OfferedTo, station)
}

// unlikely is the confidence below which a category isn't worth reading.
const unlikely = 0.01

// Likeliest are the categories that a request most probably belongs to besides its own, the best first.
func (v *View) Likeliest(n int) []string {
	var u prompts.Understanding
	if err := json.Unmarshal(v.Understanding, &u); err != nil {
		return nil
	}
	var keys []string
	for _, guess := range u.Categories {
		if len(keys) < n && guess.Confidence >= unlikely && guess.Key != value(v.Category) {
			keys = append(keys, guess.Key)
		}
	}
	return keys
}

// Expected is the station that a draft would go to, or the one that has the request; false when there is none.
func (s *Service) Expected(r *Request) (routing.Station, bool) {
	if r.Station != nil {
		return s.Router.Station(*r.Station)
	}
	p, ok := r.Point()
	if !ok || r.State != Draft {
		return routing.Station{}, false
	}
	d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: r.Urgency == prompts.Emergency})
	return s.Router.Station(d.Station)
}

// urgencyOrder sorts emergencies before what is urgent, and that before the rest.
const urgencyOrder = `array_position(ARRAY['emergency', 'urgent', 'normal'], r.urgency)`

// queueOrder is the order of a queue: urgency, then the moment the service standard runs out, then age.
const queueOrder = ` ORDER BY ` + urgencyOrder + `, r.claim_due, r.id `

// Queue is what waits at a station or is offered to it, the most pressing first, at most limit of them.
func (s *Service) Queue(ctx context.Context, station string, limit int) ([]View, error) {
	return s.views(ctx, `r.state = 'open' AND r.id = ANY (ARRAY (`+waitingSQL+`))`+queueOrder+`LIMIT $2`, station, limit)
}

// Mine is what a worker has, or stands in for, the first to be due first.
func (s *Service) Mine(ctx context.Context, worker string, limit int) ([]View, error) {
	return s.views(ctx, `r.worker = ANY (`+inHands+`) AND r.state IN ('claimed', 'referred')
		ORDER BY `+urgencyOrder+`, r.next_action_at, r.id LIMIT $2`, worker, limit)
}

// ToHandOver is all that a worker has, the oldest first.
func (s *Service) ToHandOver(ctx context.Context, worker string) ([]View, error) {
	return s.views(ctx, `r.worker = $1 AND r.state IN ('claimed', 'referred') ORDER BY r.id`, worker)
}

// OfChat is what a resident has asked for, or begun to, and is not finished, the newest first.
func (s *Service) OfChat(ctx context.Context, bot, chat int64, limit int) ([]View, error) {
	return s.views(ctx, `r.bot_id = $1 AND r.chat_id = $2 AND r.state NOT IN ('closed', 'cancelled')
		ORDER BY r.id DESC LIMIT $3`, bot, chat, limit)
}

func (s *Service) views(ctx context.Context, rest string, args ...any) ([]View, error) {
	var all []View
	err := s.DB.SelectContext(ctx, &all, `SELECT `+viewColumns+viewFrom+`WHERE `+rest, args...)
	return all, wrap(err, "load requests")
}

// InHand is what the workers of a station have, the first to be due first.
func (s *Service) InHand(ctx context.Context, station string, limit int) ([]View, error) {
	return s.views(ctx, `r.station = $1 AND r.state IN ('claimed', 'referred')
		ORDER BY `+urgencyOrder+`, r.next_action_at, r.id LIMIT $2`, station, limit)
}

// Alarmed are the stations whose workers have been or will be told of a request, the first told first.
func (s *Service) Alarmed(ctx context.Context, request int64) ([]string, error) {
	var stations []string
	err := s.DB.SelectContext(ctx, &stations, `
		SELECT w.station FROM notices n JOIN workers w ON w.bot_id = n.bot_id AND w.chat_id = n.chat_id
			JOIN chats c ON c.bot_id = n.bot_id AND c.id = n.chat_id
		WHERE n.request_id = $1 AND n.kind IN ('card', 'alarm') AND n.edits IS NULL AND n.state IN ('waiting', 'sent')
		  AND w.active AND c.unreachable_at IS NULL
		GROUP BY w.station ORDER BY min(n.id)`, request)
	return stations, wrap(err, "load who is alarmed")
}
