package intake

import "errors"

// workerSaid sends a worker's words where they are meant to go: to the resident after Reply or in answer to
// one of the request's messages, into the file after Note. It is false where the worker speaks as a resident.
func (s *step) workerSaid(what said) (bool, error) {
	if err := s.answersTalk(); err != nil {
		return true, err
	}
	if done, err := s.asideSaid(what); done || err != nil {
		return done, err
	}
	if done, err := s.deskWords(what); done || err != nil {
		return true, err
	}
	r, mode, err := s.wordsFor()
	switch {
	case errors.Is(err, ErrNotFound):
		return s.strayWords(what)
	case errors.Is(err, errUnclear):
		return s.unclearWords(what)
	case err != nil:
		return true, err
	}
	s.heedWorker(what)
	switch {
	case mode == modeNote:
		return true, s.note(r, what)
	case !s.mine(r):
		return true, s.keepUnsent(r, what)
	}
	return true, s.reply(r, what)
}

// strayWords are a worker's that nobody was named for: said as a resident where they have asked for help themselves, and
// else kept and asked about.
func (s *step) strayWords(what said) (bool, error) {
	if s.chat.Mode == modePlace || s.chat.Mode == modeNeed || s.chat.Mode == modeComment {
		return false, nil
	}
	for _, own := range []func() (*Request, error){s.draft, s.active} {
		if _, err := own(); !errors.Is(err, ErrNotFound) {
			return false, err
		}
	}
	return s.unclearWords(what)
}

// unclearWords are kept, and the worker is asked where they go; but in danger they are said as a resident.
func (s *step) unclearWords(what said) (bool, error) {
	if crisis, err := s.danger(what); crisis != "" || err != nil {
		return false, err
	}
	return true, s.askWhere(what)
}

// keepUnsent keeps words meant for the resident of a request that the worker no longer has, and says so. r is nil where
// the worker may not even see it any more.
func (s *step) keepUnsent(r *Request, what said) error {
	if _, err := s.keep(r, ByWorker, what.asNote()); err != nil {
		return err
	}
	s.tell(NoticePressFirst, nil, nil)
	s.endWriting()
	return nil
}

// reply relays a worker's words to the resident. Where Reply was pressed, it goes on.
func (s *step) reply(r *Request, what said) error {
	id, err := s.keep(r, ByWorker, what)
	if err != nil {
		return err
	}
	if s.chat.Mode == modeReply {
		s.setMode(modeReply, &r.ID)
	} else {
		s.endWriting()
	}
	return s.relay(r, id, id, what.text)
}

// relay tells the resident a version of a worker's message. The first message stops the clock of the first answer.
func (s *step) relay(r *Request, first, version int64, text string) error {
	s.answered(r, Args{"message": version})
	s.tellResident(r, NoticeWorkerSaid, Args{"message": version, "worker": s.signature()})
	if err := s.confirmReply(r, first, text); err != nil {
		return err
	}
	return r.save(s.ctx, s.tx)
}

// signature is the name under which a resident reads what is said: a worker's; of a supervisor none, their station stands for
// them.
func (s *step) signature() string {
	if s.supervisor != "" {
		return ""
	}
	return s.worker.Name
}

// confirmReply tells the worker that the reply is on its way, or that the resident can't be reached just now.
func (s *step) confirmReply(r *Request, message int64, text string) error {
	var resident struct {
		Unreachable, Quiet bool
		Language           string
	}
	err := s.tx.GetContext(s.ctx, &resident, `SELECT unreachable_at IS NOT NULL AS unreachable, quiet_at IS NOT NULL AS quiet, language
		FROM chats WHERE bot_id = $1 AND id = $2`, r.Bot, r.Chat)
	if err != nil {
		return wrap(err, "look whether the resident can be reached")
	}
	args := Args{"message": message}
	if s.Translates(text, resident.Language) {
		args["on"] = true
	}
	switch {
	case resident.Unreachable:
		s.tell(NoticeUnreachable, r, args)
	case resident.Quiet:
		s.tell(NoticeReplyWaits, r, args)
	default:
		s.tell(NoticeReplySent, r, args)
	}
	return nil
}

// answered logs a human answer; the first is the one that counts.
func (s *step) answered(r *Request, data Args) {
	if r.Triage == TriageUnanswered {
		r.Triage = ""
	}
	if next := value(r.NextAction); next == actAsk || next == actAnswer {
		s.awaitResolution(r)
	}
	actor, id := s.actor()
	if r.AnsweredAt != nil {
		s.log(r, "said", actor, id, data)
		return
	}
	r.AnsweredAt = &s.now
	s.log(r, "answered", actor, id, data)
}

// note keeps words for colleagues; they never reach the resident.
func (s *step) note(r *Request, what said) error {
	id, err := s.keep(r, ByWorker, what.asNote())
	if err != nil {
		return err
	}
	s.endWriting()
	return s.noted(r, id)
}

// noted logs a note, and shows it on the cards.
func (s *step) noted(r *Request, message int64) error {
	actor, id := s.actor()
	s.log(r, "noted", actor, id, Args{"message": message})
	s.tell(NoticeNoteKept, r, nil)
	return s.redrawCards(r)
}
