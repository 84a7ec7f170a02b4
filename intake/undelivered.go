package intake

import (
	"context"
	"errors"
)

// toldBy are the notices that bring a worker's words to a resident.
const toldBy = `n.kind IN ('worker_said', 'album_part') AND n.edits IS NULL AND n.bot_id = r.bot_id AND n.chat_id = r.chat_id`

// tellUnreachable tells the worker who has a request that its resident can't be reached, and which of the worker's words
// have not arrived: the first of them that waits.
func (s *step) tellUnreachable(r *Request) error {
	var message int64
	err := s.tx.GetContext(s.ctx, &message, `SELECT coalesce(min(CAST(n.args ->> 'message' AS bigint)), 0)
		FROM notices n JOIN requests r ON r.id = n.request_id WHERE r.id = $1 AND n.state = 'waiting' AND `+toldBy, r.ID)
	if err != nil {
		return wrap(err, "find what has not arrived")
	}
	args := Args{}
	if message != 0 {
		args["message"] = message
	}
	_, err = s.tellWorker(r, NoticeUnreachable, args)
	return err
}

// Undelivered tells the worker who has a request that Telegram will never bring a message of theirs to its resident, once;
// of a request that nobody has, and of words of their own, a supervisor hears. Other notices are nothing to a worker.
func (s *Service) Undelivered(ctx context.Context, notice int64) error {
	err := s.transact(ctx, func(st *step) error {
		message, r, err := st.lockUndelivered(notice)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		st.log(r, "undeliverable", BySystem, "", Args{"said": message})
		bySupervisor, err := st.isSupervisors(message)
		if err != nil {
			return err
		}
		if r.Worker != nil && !bySupervisor {
			_, err := st.tellWorker(r, NoticeUndelivered, Args{"message": message, "item": notice})
			return err
		}
		if r.Triage == "" && r.State.Active() {
			r.Triage = TriageUndeliverable
		}
		return r.save(ctx, st.tx)
	})
	return wrap(err, "tell of what can't be delivered")
}

// isSupervisors tells whether a message is what a supervisor has said.
func (s *step) isSupervisors(message int64) (yes bool, err error) {
	err = s.tx.GetContext(s.ctx, &yes, `SELECT EXISTS (SELECT FROM messages WHERE id = $1 AND author = 'supervisor')`, message)
	return yes, wrap(err, "look whose words they are")
}

// lockUndelivered is the message that a notice brings, and its request; ErrNotFound for another notice, and one of which
// the worker knows.
func (s *step) lockUndelivered(notice int64) (message int64, r *Request, err error) {
	var found struct {
		Request int64 `db:"request_id"`
		Message int64 `db:"message"`
	}
	err = s.tx.GetContext(s.ctx, &found, `
		SELECT n.request_id, CAST(n.args ->> 'message' AS bigint) AS message FROM notices n JOIN requests r ON r.id = n.request_id
		WHERE n.id = $1 AND r.erased_at IS NULL AND `+toldBy+` AND NOT EXISTS (SELECT FROM notices t
			WHERE t.request_id = r.id AND t.kind = $2 AND t.args ->> 'item' = CAST($1 AS text))`, notice, NoticeUndelivered)
	if noRows(err) {
		return 0, nil, ErrNotFound
	}
	if err != nil {
		return 0, nil, wrap(err, "find what can't be delivered")
	}
	if err := s.lockChatOf(found.Request); err != nil {
		return 0, nil, err
	}
	r, err = lockRequest(s.ctx, s.tx, `r.id = $1`, found.Request)
	return found.Message, r, err
}
