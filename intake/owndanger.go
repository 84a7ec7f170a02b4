package intake

import "strconv"

// heedWorker tells a worker whose words speak of danger whom to call. The words go where they were meant to all the same,
// and raise no alarm: replies and notes speak of residents' dangers. A button says that it is the worker's own.
func (s *step) heedWorker(what said) {
	if crisis := s.Offline.Crisis(what.text); crisis != "" {
		s.tell(NoticeOwnDanger, nil, Args{"crisis": crisis, "message": s.update.MessageID})
	}
}

// ownDanger makes what the worker of this chat said in a message, as it reads now, their own cry for help.
func (s *step) ownDanger(message string) error {
	s.answer = Answer{Kind: NoticeStale}
	number, err := strconv.ParseInt(message, 10, 64)
	if err != nil {
		return nil
	}
	what := said{kind: KindText}
	err = s.tx.GetContext(s.ctx, &what.text, `SELECT text FROM messages
		WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3 AND author = 'worker' ORDER BY id DESC LIMIT 1`,
		s.chat.Bot, s.chat.ID, number)
	switch {
	case noRows(err):
		return nil
	case err != nil:
		return wrap(err, "load the cry for help")
	}
	s.answer = Answer{}
	s.endWriting()
	return s.residentSaid(what)
}
