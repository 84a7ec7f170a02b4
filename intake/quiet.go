package intake

import (
	"errors"
	"time"
)

// quiet is for whoever fears that somebody else reads the phone. What stands behind the command is said before: it
// must not break the quiet that it asks for.
func (a Command) quiet(s *step) error {
	if a.isWords() {
		if err := (Said{Text: a.Arg}).apply(s); err != nil {
			return err
		}
	}
	return s.beQuiet(s.afterThis())
}

// afterThis is a moment by which all that this step tells is told before.
func (s *step) afterThis() time.Time { return s.now.Add(time.Millisecond) }

// pressedQuiet is quiet by a button. The presser is told so where nothing of it stays in the chat.
func pressedQuiet(s *step, _ *Request, _ string) error {
	if s.worker != nil {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	s.answer = Answer{Kind: "quiet_now"}
	return s.beQuiet(s.afterThis())
}

// beQuiet keeps all that is to be told in this chat, in order, until something is said here. Whoever has a request of
// its resident hears of it. A worker's chat is never quiet: others in danger call there. What is told at the very moment
// since when it is quiet still comes.
func (s *step) beQuiet(since time.Time) error {
	if s.chat.Quiet != nil || s.worker != nil {
		return nil
	}
	if err := s.setQuiet(&since); err != nil {
		return err
	}
	return s.eachActive(func(r *Request) error {
		s.log(r, "quieted", ByResident, "", Args{"on": true})
		if _, err := s.tellWorker(r, NoticeQuiet, nil); err != nil {
			return err
		}
		return s.redrawCards(r)
	})
}

// endQuiet lets what has waited for the resident come: they say something again.
func (s *step) endQuiet() error {
	if s.chat.Quiet == nil {
		return nil
	}
	if err := s.setQuiet(nil); err != nil {
		return err
	}
	return s.eachActive(func(r *Request) error {
		s.log(r, "quieted", ByResident, "", Args{"on": false})
		return s.redrawCards(r)
	})
}

func (s *step) setQuiet(since *time.Time) error {
	s.chat.Quiet = since
	_, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET quiet_at = $3 WHERE bot_id = $1 AND id = $2`, s.chat.Bot, s.chat.ID, s.chat.Quiet)
	return wrap(err, "keep whether the chat is quiet")
}

// eachActive does something to each request of this chat that is with a station.
func (s *step) eachActive(do func(*Request) error) error {
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `SELECT id FROM requests WHERE bot_id = $1 AND chat_id = $2
		AND state IN ('open', 'claimed', 'referred') ORDER BY id`, s.chat.Bot, s.chat.ID)
	if err != nil {
		return wrap(err, "load the chat's requests")
	}
	for _, id := range ids {
		r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, id)
		if errors.Is(err, ErrNotFound) {
			continue
		}
		if err != nil {
			return err
		}
		if err := do(r); err != nil {
			return err
		}
	}
	return nil
}
