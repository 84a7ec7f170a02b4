package intake

import "errors"

// ReplyTo is the message that another answers, and the reference on its buttons where they name one request. Both are
// zero where there is none.
type ReplyTo struct {
	Message int64
	Ref     string
}

// repliedTo is the request that the message is about which the update answers, whosever it is; ErrNotFound when it
// answers none, or one about no request.
func (s *step) repliedTo() (*Request, error) {
	to := s.update.ReplyTo
	if to.Message == 0 {
		return nil, ErrNotFound
	}
	return lockRequest(s.ctx, s.tx, `r.ref = $4 OR $4 = '' AND r.id = (SELECT n.request_id FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.message_id = $3 ORDER BY n.id LIMIT 1)`,
		s.chat.Bot, s.chat.ID, to.Message, to.Ref)
}

// repliedToOwn is repliedTo for a resident: their own request that is with a station.
func (s *step) repliedToOwn() (*Request, error) {
	r, err := s.repliedTo()
	if err == nil && (r.Bot != s.chat.Bot || r.Chat != s.chat.ID || !r.State.Active()) {
		return nil, ErrNotFound
	}
	return r, err
}

// replied passes on what answers a message about a request of the resident's. It is false where nothing is answered,
// or the question for the place is.
func (s *step) replied(what said) (bool, error) {
	r, err := s.repliedToOwn()
	switch {
	case errors.Is(err, ErrNotFound):
		return false, nil
	case err != nil:
		return true, err
	case s.chat.Mode == modePlace && equal(s.chat.Request, &r.ID):
		return false, nil
	case smallTalk(what) == talkCancel:
		s.tell(NoticeStatus, nil, nil) // with the buttons that cancel
	}
	return true, s.addToRequest(r, what)
}
