package intake

import (
	"github.com/lib/pq"
)

// nobody is the chat of what was erased. Telegram has none with this number.
const nobody = 0

// whenIdle is the priority of what may wait until all else is told.
const whenIdle = 2

// Conditions on a notice n: it stands in the chat of its request's resident; a worker's chat shows words of the request, or the
// resident's number, in it; the chat is a worker's or a partner's.
const (
	atHome = `(n.bot_id, n.chat_id) = (SELECT r.bot_id, r.chat_id FROM requests r WHERE r.id = n.request_id)`
	onDesk = `(n.kind IN ('card', 'group_card', 'resident_said', 'history', 'translation', 'task', 'partner_said', 'partner_told', 'handoff',
		'handed_over', 'work_rated', 'unreachable', 'undelivered') OR n.kind = 'supervised' AND n.args ? 'message')`
	atWorkers = `(EXISTS (SELECT FROM workers w WHERE w.bot_id = n.bot_id AND w.chat_id = n.chat_id)
		OR EXISTS (SELECT FROM partners p WHERE p.bot_id = n.bot_id AND p.chat_id = n.chat_id))`
)

// erase takes from requests, which are finished and locked by this step, all that says who asked for what and where. What
// stays is a count that is nobody's: service, urgency, kind of danger, times, township, station, worker, outcome, and the log
// without places. What workers' chats show of them is taken back. actor is whose wish it is: ByResident, or BySystem.
func (s *step) erase(actor string, requests []*Request) error {
	var ids pq.Int64Array
	for _, r := range requests {
		ids = append(ids, r.ID)
		s.log(r, "erased", actor, "", nil)
		if err := s.nobodysChat(r.Bot); err != nil {
			return err
		}
	}
	if err := s.takeBack(actor, ids); err != nil {
		return err
	}
	if err := s.closeTroubles(`t.request_id = ANY ($2) OR t.mode_request = ANY ($2)
		OR t.notice_id IN (SELECT n.id FROM notices n WHERE n.request_id = ANY ($2))`, ids); err != nil {
		return err
	}
	if err := s.dropNotices(`n.request_id = ANY ($1) AND `+atHome+` AND NOT (`+onDesk+` AND `+atWorkers+`)`, ids); err != nil {
		return err
	}
	if err := s.eraseWords(ids); err != nil {
		return err
	}
	return s.detach(ids)
}

// eraseWords deletes what was said about requests, by all sides. Versions of it that stand elsewhere stay there.
func (s *step) eraseWords(ids pq.Int64Array) error {
	for _, statement := range []string{
		`UPDATE ratings SET comment = NULL WHERE comment IN (SELECT id FROM messages WHERE request_id = ANY ($1))`,
		`UPDATE endings SET same_as = NULL WHERE request_id = ANY ($1) OR same_as = ANY ($1)`,
		`DELETE FROM links WHERE request_id = ANY ($1) OR first_id = ANY ($1)`, // they say where it was
		`DELETE FROM repeats WHERE request_id = ANY ($1) OR former_id = ANY ($1)`,
		`UPDATE messages SET edits = NULL
			WHERE request_id <> ALL ($1) AND edits IN (SELECT id FROM messages WHERE request_id = ANY ($1))`,
		`DELETE FROM messages WHERE request_id = ANY ($1)
			OR request_id IS NULL AND edits IN (SELECT id FROM messages WHERE request_id = ANY ($1))`,
		`UPDATE referrals SET words = '' WHERE request_id = ANY ($1) AND words <> ''`,
		`DELETE FROM request_words WHERE request_id = ANY ($1)`, // and none are written of it any more: WriteWords
		`DELETE FROM corrections WHERE request_id = ANY ($1)`,   // masked, but their words all the same
		`UPDATE notices SET args = '{}' WHERE request_id = ANY ($1) AND args <> '{}'`,
		`UPDATE filings SET account = '', device = '', repeat_key = '', digest = '' WHERE request_id = ANY ($1)`,
	} {
		if _, err := s.tx.ExecContext(s.ctx, statement, ids); err != nil {
			return wrap(err, "erase the words of requests")
		}
	}
	return nil
}

// detach makes requests nobody's, with no nearer place than the township.
func (s *step) detach(ids pq.Int64Array) error {
	if _, err := s.tx.ExecContext(s.ctx, `
		UPDATE requests SET chat_id = 0, text = '', summary = '', groups = '{}', understanding = '{}', routing = '{}',
			lat = NULL, lon = NULL, place_source = '', triage = '', unnamed = false, erased_at = $2, place_code = (
				WITH RECURSIVE within AS (
					SELECT code, parent, level, 0 AS up FROM places WHERE code = requests.place_code
					UNION ALL SELECT p.code, p.parent, p.level, w.up + 1 FROM places p JOIN within w ON p.code = w.parent WHERE w.up < 8)
				SELECT code FROM within WHERE level <> 'village' ORDER BY up LIMIT 1)
		WHERE id = ANY ($1)`, ids, s.now); err != nil {
		return wrap(err, "make requests nobody's")
	}
	if err := s.unlinkLogs(ids); err != nil {
		return err
	}
	_, err := s.tx.ExecContext(s.ctx, `
		UPDATE events SET data = data - ARRAY['place', 'distance_km']
		WHERE request_id = ANY ($1) AND data ?| ARRAY['place', 'distance_km']`, ids)
	return wrap(err, "take the places out of the log")
}

// unlinkLogs takes out of the logs, of erased requests and of those that supervisors have linked them to, which was the same: that
// says where it was. Of the former go last what names the latter.
func (s *step) unlinkLogs(ids pq.Int64Array) error {
	for _, statement := range []string{
		`UPDATE events e SET data = e.data - 'with' FROM events own, requests r, requests other
			WHERE own.request_id = ANY ($1) AND own.kind = 'linked' AND r.id = own.request_id AND other.ref = own.data ->> 'with'
			  AND e.request_id = other.id AND e.kind = 'linked' AND e.data ->> 'with' = r.ref`,
		`UPDATE events SET data = data - 'with' WHERE request_id = ANY ($1) AND kind = 'linked' AND data ? 'with'`,
	} {
		if _, err := s.tx.ExecContext(s.ctx, statement, ids); err != nil {
			return wrap(err, "take out of the logs what was the same")
		}
	}
	return nil
}

// takeBack has what shows words of the requests in workers' chats say that they are erased, or deleted.
func (s *step) takeBack(actor string, ids pq.Int64Array) error {
	var shown []struct {
		posted
		Request int64 `db:"request_id"`
	}
	err := s.tx.SelectContext(s.ctx, &shown, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, n.request_id FROM notices n
		WHERE n.request_id = ANY ($1) AND n.edits IS NULL AND n.state IN ('waiting', 'sent')
		  AND (`+onDesk+` AND (`+atWorkers+` OR NOT `+atHome+`) OR n.kind = 'album_part' AND NOT `+atHome+`) ORDER BY n.id`, ids)
	for _, p := range shown {
		s.notices = append(s.notices, notice{Bot: p.Bot, Chat: p.Chat, Priority: whenIdle, Kind: p.Kind, Args: Args{"why": actor},
			Request: &p.Request, Edits: &p.ID, At: s.now})
	}
	return wrap(err, "find what workers' chats show")
}

// nobodysChat makes sure that a bot has the chat of what was erased. Nothing is ever sent there.
func (s *step) nobodysChat(bot int64) error {
	_, err := s.tx.ExecContext(s.ctx, `
		INSERT INTO chats (bot_id, id, language, unreachable_at, created_at) VALUES ($1, $2, 'zh-CN', $3, $3)
		ON CONFLICT DO NOTHING`, bot, nobody, s.now)
	return wrap(err, "make nobody's chat")
}

// dropNotices deletes the notices n that the condition picks. One that was a trouble stays, without anything in it: its
// log does.
func (s *step) dropNotices(condition string, args ...any) error {
	const troubled = ` AND EXISTS (SELECT FROM troubles t WHERE t.notice_id = n.id)`
	for _, statement := range []string{
		`INSERT INTO chats (bot_id, id, language, unreachable_at, created_at)
			SELECT DISTINCT n.bot_id, 0, 'zh-CN', now(), now() FROM notices n WHERE ` + condition + troubled + ` ON CONFLICT DO NOTHING`,
		`UPDATE troubles t SET error = 'erased', chat_id = NULL FROM notices n WHERE t.notice_id = n.id AND ` + condition,
		`UPDATE notices n SET chat_id = 0, edits = NULL, args = '{}', message_id = NULL, error = 'erased',
			state = CASE WHEN state = 'sent' THEN state ELSE 'dropped' END WHERE ` + condition + troubled,
		`DELETE FROM notices n WHERE ` + condition,
	} {
		if _, err := s.tx.ExecContext(s.ctx, statement, args...); err != nil {
			return wrap(err, "drop notices")
		}
	}
	return nil
}

// closeTroubles empties the troubles t that the condition picks, with its arguments from $2 on, and closes them: nothing
// is left to be tried again.
func (s *step) closeTroubles(condition string, args ...any) error {
	_, err := s.tx.ExecContext(s.ctx, `
		WITH open AS (SELECT id FROM troubles t WHERE t.state <> 'closed' AND (`+condition+`)),
		emptied AS (UPDATE troubles t SET raw = '', error = 'erased', chat_id = NULL, mode = '', mode_request = NULL, mode_arg = '', state = 'closed',
			closed_at = coalesce(closed_at, $1) WHERE `+condition+`)
		INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, $1, 'solved' FROM open`, append([]any{s.now}, args...)...)
	return wrap(err, "close troubles")
}
