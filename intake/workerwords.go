package intake

import "errors"

func askReply(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	s.tell(NoticeAskReply, r, nil)
	s.setMode(modeReply, &r.ID)
	return nil
}

func askNote(s *step, r *Request, _ string) error {
	s.tell(NoticeAskNote, r, nil)
	s.setMode(modeNote, &r.ID)
	return nil
}

// workerSaid sends a worker's words where they are meant to go: to the resident after Reply or in answer to
// one of the request's messages, into the file after Note. It is false where the worker speaks as a resident.
func (s *step) workerSaid(what said) (bool, error) {
	r, mode, err := s.wordsFor()
	switch {
	case errors.Is(err, ErrNotFound):
		return s.strayWords(what)
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

// wordsFor finds the request that a worker's words are for, and whether they are a reply or a note. Words that answer
// a message about one request while they are expected for another are for neither: ErrNotFound.
func (s *step) wordsFor() (*Request, string, error) {
	answered, err := s.repliedTo()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return nil, "", err
	}
	if s.chat.Mode == modeReply || s.chat.Mode == modeNote {
		if answered != nil && answered.ID != *s.chat.Request {
			return nil, "", ErrNotFound
		}
		r, err := s.deskRequest(`r.id = $1`, *s.chat.Request) // who was moved to another station may no more
		return r, s.chat.Mode, err
	}
	if answered == nil || answered.State != Claimed || !s.worker.Has(answered) {
		return nil, "", ErrNotFound
	}
	return answered, modeReply, nil
}

// strayWords are a worker's that nobody was named for: said as a resident where they are in danger or have asked for
// help themselves, and else kept and asked about.
func (s *step) strayWords(what said) (bool, error) {
	if s.chat.Mode == modePlace || s.chat.Mode == modeNeed || s.chat.Mode == modeComment {
		return false, nil
	}
	if crisis, err := s.danger(what); crisis != "" || err != nil {
		return false, err
	}
	for _, own := range []func() (*Request, error){s.draft, s.active} {
		if _, err := own(); !errors.Is(err, ErrNotFound) {
			return false, err
		}
	}
	if _, err := s.keep(nil, ByWorker, what); err != nil {
		return true, err
	}
	s.tell(NoticePressFirst, nil, nil)
	s.endWriting()
	return true, nil
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

// endWriting makes what the worker writes next go nowhere until Reply or Note is pressed again.
func (s *step) endWriting() {
	if s.chat.Mode == modeReply || s.chat.Mode == modeNote {
		s.setMode(modeNone, nil)
	}
}

// reply relays a worker's words to the resident. The first one stops the clock of the first answer.
func (s *step) reply(r *Request, what said) error {
	id, err := s.keep(r, ByWorker, what)
	if err != nil {
		return err
	}
	s.answered(r, Args{"message": id})
	s.tellResident(r, NoticeWorkerSaid, Args{"message": id, "worker": s.worker.Name})
	if err := s.confirmReply(r); err != nil {
		return err
	}
	s.endWriting()
	return r.save(s.ctx, s.tx)
}

// confirmReply tells the worker that the reply is on its way, or that the resident can't be reached just now.
func (s *step) confirmReply(r *Request) error {
	var resident struct{ Unreachable, Quiet bool }
	err := s.tx.GetContext(s.ctx, &resident, `
		SELECT unreachable_at IS NOT NULL AS unreachable, quiet_at IS NOT NULL AS quiet FROM chats WHERE bot_id = $1 AND id = $2`, r.Bot, r.Chat)
	if err != nil {
		return wrap(err, "look whether the resident can be reached")
	}
	switch {
	case resident.Unreachable:
		s.tell(NoticeUnreachable, r, nil)
	case resident.Quiet:
		s.tell(NoticeReplyWaits, r, nil)
	default:
		s.tell(NoticeReplySent, r, nil)
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
	if r.AnsweredAt != nil {
		s.log(r, "said", ByWorker, s.worker.Code, data)
		return
	}
	r.AnsweredAt = &s.now
	s.log(r, "answered", ByWorker, s.worker.Code, data)
}

// note keeps words for colleagues; they never reach the resident.
func (s *step) note(r *Request, what said) error {
	id, err := s.keep(r, ByWorker, what.asNote())
	if err != nil {
		return err
	}
	s.log(r, "noted", ByWorker, s.worker.Code, Args{"message": id})
	s.tell(NoticeNoteKept, r, nil)
	s.setMode(modeNone, nil)
	return nil
}
