package intake

import (
	"context"
	"time"

	"onedoor/prompts"
)

const (
	// forgetWithin is how long the question whether to erase can be answered: nobody erases by pressing an old button.
	forgetWithin = time.Hour
	// alarmRests is how long an alarm that was taken back is kept whatever its resident says: who took it back, and erases
	// it, may be made to.
	alarmRests = 24 * time.Hour
)

// forget asks whether all that is kept of the person shall be erased, and says what that means.
func forget(s *step, _ string) error {
	requests, err := s.lockOwn()
	switch {
	case err != nil:
		return err
	case s.mustStay(requests):
		s.tell(NoticeForgetWait, nil, nil)
	default:
		s.tell(NoticeForget, nil, nil)
	}
	return nil
}

// answerForget is a press under that question. It counts once, and for the latest question only for a while.
func (s *step) answerForget(answer string) error {
	card, err := s.forgetCard()
	if noRows(err) || err == nil && answer != "yes" && answer != "no" {
		s.answer = Answer{Kind: NoticeStale}
		return s.dropChat(s.chat.Bot, s.chat.ID)
	}
	if err != nil {
		return wrap(err, "find the question")
	}
	if answer == "no" {
		s.rewrite(card, NoticeForget, menuArgs("closed"))
		return nil
	}
	requests, err := s.lockOwn()
	if err != nil {
		return err
	}
	if s.mustStay(requests) {
		s.rewrite(card, NoticeForget, menuArgs("closed"))
		s.tell(NoticeForgetWait, nil, nil)
		return nil
	}
	return s.forgetAll(requests, card)
}

// forgetCard is the question whose button is pressed, unless it is answered or old. A finger may be quicker than the
// record of what was sent.
func (s *step) forgetCard() (posted, error) {
	var p posted
	err := s.tx.GetContext(s.ctx, &p, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.kind = $3 AND n.edits IS NULL AND n.created_at > $4
		  AND (n.message_id = $5 OR n.message_id IS NULL AND n.state = 'waiting')
		  AND NOT EXISTS (SELECT FROM notices e WHERE e.edits = n.id)
		ORDER BY n.id DESC LIMIT 1`, s.chat.Bot, s.chat.ID, NoticeForget, s.now.Add(-forgetWithin), s.update.MessageID)
	return p, err
}

// rewrite puts a notice that is about no request in the place of another one.
func (s *step) rewrite(p posted, kind string, args Args) {
	s.tellChat(p.Bot, p.Chat, kind, nil, args)
	s.notices[len(s.notices)-1].Edits = &p.ID
}

// lockOwn are all requests of this chat, the oldest first.
func (s *step) lockOwn() ([]*Request, error) {
	var own []*Request
	err := s.tx.SelectContext(s.ctx, &own, `SELECT `+requestColumns+` FROM requests r
		WHERE r.bot_id = $1 AND r.chat_id = $2 ORDER BY r.id FOR UPDATE`, s.chat.Bot, s.chat.ID)
	return own, wrap(err, "load what the person has asked for")
}

// mustStay tells whether there is help on its way that must not be stopped by whoever holds the phone.
func (s *step) mustStay(requests []*Request) bool {
	for _, r := range requests {
		alarm := r.Urgency == prompts.Emergency && r.SubmittedAt != nil
		if alarm && (r.State.Active() || r.State == Cancelled && s.now.Sub(*r.ClosedAt) < alarmRests) {
			return true
		}
	}
	return false
}

// forgetAll withdraws what isn't finished, erases all requests, and then what is kept of the chat besides, but for the
// question: in its place the person reads that it is done.
func (s *step) forgetAll(requests []*Request, card posted) error {
	for _, r := range requests {
		if err := s.end(r); err != nil {
			return err
		}
	}
	if err := s.erase(ByResident, requests); err != nil {
		return err
	}
	if err := s.forgetChat(card); err != nil {
		return err
	}
	s.rewrite(card, NoticeForgotten, nil)
	return nil
}

// end finishes a request because its resident wants it erased.
func (s *step) end(r *Request) error {
	switch {
	case r.State.Finished():
		return nil
	case r.State == Resolved:
		r.finish(Closed, s.now)
		s.log(r, "closed", ByResident, "", nil)
		return r.save(s.ctx, s.tx)
	}
	return s.withdraw(r)
}

// forgetChat erases what was said in this chat outside of requests, what it was told, and what is known of it. Of a worker's
// chat only what they said and are as a resident. The chat itself goes when its person has been told: LetGo.
func (s *step) forgetChat(card posted) error {
	var worker bool
	err := s.tx.GetContext(s.ctx, &worker, `SELECT EXISTS (SELECT FROM workers WHERE bot_id = $1 AND chat_id = $2)
		OR EXISTS (SELECT FROM partners WHERE bot_id = $1 AND chat_id = $2)`, s.chat.Bot, s.chat.ID)
	if err != nil {
		return wrap(err, "look whose chat it is")
	}
	if err := s.nobodysChat(s.chat.Bot); err != nil {
		return err
	}
	s.setMode(modeNone, nil)
	s.chat.Place, s.chat.Lat, s.chat.Lon, s.chat.PlaceSource, s.chat.changed = nil, nil, nil, "", true
	s.chat.ToldAt, s.chat.ToldAs = nil, ""
	if _, err := s.tx.ExecContext(s.ctx, `DELETE FROM messages WHERE bot_id = $1 AND chat_id = $2 AND author = 'resident'`,
		s.chat.Bot, s.chat.ID); err != nil {
		return wrap(err, "erase what was said")
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET phone = '', quiet_at = NULL WHERE bot_id = $1 AND id = $2`,
		s.chat.Bot, s.chat.ID); err != nil {
		return wrap(err, "erase the number to call back, and the wish for quiet")
	}
	if worker {
		return s.dropNotices(`n.bot_id = $1 AND n.chat_id = $2 AND n.id <> $3 AND n.request_id IS NULL AND n.state <> 'waiting'`,
			s.chat.Bot, s.chat.ID, card.ID)
	}
	return s.forgetResident(card)
}

// forgetResident is forgetChat for what only a chat that is no worker's loses. What they said when they were one stays with
// the requests that it is about.
func (s *step) forgetResident(card posted) error {
	if err := s.closeTroubles(`t.bot_id = $2 AND (t.chat_id = $3 OR t.chat_id IS NULL AND t.raw ~ ('"id"\s*:\s*' || CAST($3 AS text) || '\M'))`,
		s.chat.Bot, s.chat.ID); err != nil {
		return err
	}
	if err := s.dropNotices(`n.bot_id = $1 AND n.chat_id = $2 AND n.id <> $3`, s.chat.Bot, s.chat.ID, card.ID); err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET chat_id = 0 WHERE bot_id = $1 AND chat_id = $2`,
		s.chat.Bot, s.chat.ID); err != nil {
		return wrap(err, "forget who said it")
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET language_set = false, created_at = $3 WHERE bot_id = $1 AND id = $2`,
		s.chat.Bot, s.chat.ID, s.now)
	return wrap(err, "forget the chat")
}

// LetGo deletes a chat whose person has been told that all is erased, unless they have said something since, or it is a
// worker's.
func (s *Service) LetGo(ctx context.Context, bot, chat int64) error {
	err := s.transact(ctx, func(st *step) error {
		if _, err := st.tx.ExecContext(ctx, `SELECT FROM chats WHERE bot_id = $1 AND id = $2 FOR UPDATE`, bot, chat); err != nil {
			return err
		}
		if err := st.dropNotices(`n.bot_id = $1 AND n.chat_id = $2 AND n.kind IN ($3, $4)`, bot, chat, NoticeForget, NoticeForgotten); err != nil {
			return err
		}
		return st.dropChat(bot, chat)
	})
	return wrap(err, "let a chat go")
}

// unused is the condition on a chat c of which nothing is kept. That it is blocked is.
const unused = `c.id <> 0 AND c.blocked_at IS NULL AND NOT EXISTS (SELECT FROM requests r WHERE r.bot_id = c.bot_id AND r.chat_id = c.id)
	AND NOT EXISTS (SELECT FROM messages m WHERE m.bot_id = c.bot_id AND m.chat_id = c.id)
	AND NOT EXISTS (SELECT FROM notices n WHERE n.bot_id = c.bot_id AND n.chat_id = c.id)
	AND NOT EXISTS (SELECT FROM workers w WHERE w.bot_id = c.bot_id AND w.chat_id = c.id)
	AND NOT EXISTS (SELECT FROM station_groups g WHERE g.bot_id = c.bot_id AND g.chat_id = c.id)
	AND NOT EXISTS (SELECT FROM topics t WHERE t.bot_id = c.bot_id AND t.chat_id = c.id)
	AND NOT EXISTS (SELECT FROM partners p WHERE p.bot_id = c.bot_id AND p.chat_id = c.id)`

// dropChat deletes a chat of which nothing is kept.
func (s *step) dropChat(bot, chat int64) error {
	_, err := s.tx.ExecContext(s.ctx, `DELETE FROM chats c WHERE c.bot_id = $1 AND c.id = $2 AND `+unused, bot, chat)
	return wrap(err, "drop a chat")
}
