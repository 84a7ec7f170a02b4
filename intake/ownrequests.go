package intake

import "time"

// What a resident can do with a request of theirs that is open, beside writing on.

// whileActive lets an action work only on what is with a station or on its way to one.
func whileActive(do action) action {
	return func(s *step, r *Request, arg string) error {
		if r.State.Active() {
			return do(s, r, arg)
		}
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
}

// addMore makes what the resident says next an addition to the request, whatever else is open.
func addMore(s *step, r *Request, _ string) error {
	s.tell(NoticeAskAdd, r, nil)
	s.setMode(modeNone, &r.ID)
	return nil
}

// chosen is the request that the resident has just chosen to say more about, for one message; what follows it within a
// short while goes there, too. ErrNotFound where none is chosen, or it is over.
func (s *step) chosen() (*Request, error) {
	if s.chat.Mode != modeNone || s.chat.Request == nil {
		return nil, ErrNotFound
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1 AND r.bot_id = $2 AND r.chat_id = $3`, *s.chat.Request, s.chat.Bot, s.chat.ID)
	s.setMode(modeNone, nil)
	if err == nil && !r.State.Active() {
		return nil, ErrNotFound
	}
	return r, err
}

// askWithdraw asks once more before a request is taken back: a thumb slips.
func askWithdraw(s *step, r *Request, _ string) error {
	s.tell(NoticeWithdraw, r, nil)
	return nil
}

// keepGoing closes the question.
func keepGoing(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "closed")
}

// showPhone gives the resident the telephone number of the station that has the request.
func showPhone(s *step, r *Request, _ string) error {
	if r.State == Draft {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	s.tell(NoticePhone, r, nil)
	return nil
}

// tellSeldom tells the chat what is true again and again, if it wasn't told lately.
func (s *step) tellSeldom(kind string) error {
	told, err := s.toldSince(kind, s.now.Add(-oneBreath))
	if err == nil && !told {
		s.tell(kind, nil, nil)
	}
	return err
}

// toldSince tells whether the chat was told something of this kind after a moment.
func (s *step) toldSince(kind string, since time.Time) (told bool, err error) {
	err = s.tx.GetContext(s.ctx, &told, `SELECT EXISTS (SELECT FROM notices
		WHERE bot_id = $1 AND chat_id = $2 AND kind = $3 AND created_at > $4)`, s.chat.Bot, s.chat.ID, kind, since)
	return told, wrap(err, "look what the chat was told")
}

// tellOnce tells the resident something about a request that is said but once.
func (s *step) tellOnce(r *Request, kind string) error {
	var told bool
	err := s.tx.GetContext(s.ctx, &told, `SELECT EXISTS (SELECT FROM notices WHERE request_id = $1 AND chat_id = $2 AND kind = $3)`,
		r.ID, r.Chat, kind)
	if err == nil && !told {
		s.tellResident(r, kind, nil)
	}
	return wrap(err, "look what the resident was told")
}
