package intake

import (
	"context"
	"slices"
	"time"

	"github.com/lib/pq"
)

// A Past is what happened to a request, what was said, and what was told of it, each the oldest first.
type Past struct {
	Events   []Event
	Messages []Message
	Tellings []Telling
	Station  string // that had the request before the first of the events; empty: none
}

// A Telling is that somebody was told something about a request; what, its Kind says.
type Telling struct {
	Kind    string     `db:"kind"`
	At      time.Time  `db:"at"` // when it was to be told
	SentAt  *time.Time `db:"sent_at"`
	State   string     `db:"state"`   // waiting, sent, failed
	To      string     `db:"told"`    // one of ByResident, ByWorker and ByPartner, or ToGroup
	Name    string     `db:"name"`    // of the worker or partner
	Message int64      `db:"message"` // that it brings, or 0
}

// ToGroup is whom a notice in a station's group is for.
const ToGroup = "group"

// ToldKinds are the notices of which a Past tells: those that tell somebody something new. Menus, questions for what to press
// next and confirmations of what was pressed aren't.
func ToldKinds() []string {
	return []string{
		NoticeSubmitted, NoticeCrisis, NoticeAskPlace, NoticeWaiting, NoticeAnswerLate, NoticeClaimedBy, NoticeTakenUp, NoticeWorkerSaid, NoticeTranslated,
		NoticeResolved, NoticeReopened, NoticeCancelled, NoticeOfferedOn, NoticeMoved, NoticeAppointment, NoticeAppointmentOff,
		NoticeAppointmentSoon, NoticeWaitsForYou, NoticeHelped,
		NoticeCard, NoticeAlarm, NoticeElsewhere, NoticeResidentSaid, NoticeUnclaimed, NoticeEscalated, NoticeLate, NoticeReturned, NoticeTaken, NoticeSupervised,
		NoticeHandedOver, NoticeHandoff, NoticeHandoffAsked, NoticeUndelivered, NoticeUnreachable, NoticeWithdrawn, NoticeWorkRated,
		NoticeFollowDue, NoticeAppointmentAnswer, NoticeReferred, NoticePartnerSaid, NoticeTask, NoticeToPartner, NoticeGroupCard, NoticeGroupAlarm,
	}
}

// Past is the newest of a request's past before a moment: at most so many of each. Dropped notices told nobody anything.
func (s *Service) Past(ctx context.Context, request int64, before time.Time, most int) (p Past, err error) {
	if err = s.DB.SelectContext(ctx, &p.Events, `
		SELECT e.id, e.at, e.kind, e.actor, e.actor_id, e.data, coalesce(w.name, p.name, '') AS actor_name
		FROM events e LEFT JOIN workers w ON e.actor = 'worker' AND w.code = e.actor_id
			LEFT JOIN partners p ON e.actor = 'partner' AND p.code = e.actor_id
		WHERE e.request_id = $1 AND e.at < $2 ORDER BY e.id DESC LIMIT $3`, request, before, most); err != nil {
		return p, wrap(err, "load what happened to a request")
	}
	if err = s.DB.SelectContext(ctx, &p.Messages, `SELECT `+messageColumns+` FROM messages m
		WHERE m.request_id = $1 AND m.said_at < $2 ORDER BY m.id DESC LIMIT $3`, request, before, most); err != nil {
		return p, wrap(err, "load what was said of a request")
	}
	if err = s.DB.SelectContext(ctx, &p.Tellings, `
		SELECT n.kind, n.created_at AS at, n.sent_at, n.state, coalesce(CAST(n.args ->> 'message' AS bigint), 0) AS message,
			CASE WHEN n.bot_id = r.bot_id AND n.chat_id = r.chat_id THEN 'resident' WHEN n.chat_id < 0 THEN 'group'
				WHEN p.code IS NOT NULL THEN 'partner' ELSE 'worker' END AS told, coalesce(w.name, p.name, '') AS name
		FROM notices n JOIN requests r ON r.id = n.request_id LEFT JOIN workers w ON w.bot_id = n.bot_id AND w.chat_id = n.chat_id
			LEFT JOIN partners p ON p.bot_id = n.bot_id AND p.chat_id = n.chat_id
		WHERE n.request_id = $1 AND n.created_at < $2 AND n.edits IS NULL AND n.state <> 'dropped' AND n.kind = ANY ($4)
		ORDER BY n.id DESC LIMIT $3`, request, before, most, pq.Array(ToldKinds())); err != nil {
		return p, wrap(err, "load what was told of a request")
	}
	if len(p.Events) == most {
		if err := s.DB.GetContext(ctx, &p.Station, `SELECT coalesce((SELECT coalesce(CASE WHEN e.kind = 'transferred' THEN e.data ->> 'to' ELSE e.data ->> 'station' END, '')
			FROM events e WHERE e.request_id = $1 AND e.id < $2 AND (e.kind IN ('routed', 'claimed') OR e.kind = 'transferred' AND e.data ->> 'to' <> $3)
			ORDER BY e.id DESC LIMIT 1), '')`, request, p.Events[most-1].ID, ToSupervisor); err != nil {
			return p, wrap(err, "look which station had a request")
		}
	}
	slices.Reverse(p.Events)
	slices.Reverse(p.Messages)
	slices.Reverse(p.Tellings)
	return p, nil
}

// ResidentLanguage is the language that the resident of a request reads.
func (s *Service) ResidentLanguage(ctx context.Context, r *Request) (language string, err error) {
	err = s.DB.GetContext(ctx, &language, `SELECT language FROM chats WHERE bot_id = $1 AND id = $2`, r.Bot, r.Chat)
	return language, wrap(err, "load the resident's language")
}

// ResidentGone tells whether the resident of a request has shut the bot out: what is said to them waits.
func (s *Service) ResidentGone(ctx context.Context, r *Request) (gone bool, err error) {
	err = s.DB.GetContext(ctx, &gone, `SELECT EXISTS (SELECT FROM chats WHERE bot_id = $1 AND id = $2 AND unreachable_at IS NOT NULL)`, r.Bot, r.Chat)
	return gone, wrap(err, "look whether the resident can be reached")
}
