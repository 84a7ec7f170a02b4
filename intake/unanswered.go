package intake

import "onedoor/prompts"

// askHolder asks the worker who claimed a request and has given no answer for half of the time whether they are on it.
// Of an emergency colleagues and a supervisor hear as well. Who can't be asked has it no longer.
func (s *step) askHolder(r *Request) error {
	s.log(r, "reminded", BySystem, "", Args{"who": ByWorker, "of": lateAsk})
	if told, err := s.tellWorker(r, NoticeLate, Args{"what": lateAsk}); err != nil {
		return err
	} else if !told {
		return s.handBack(r)
	}
	until := answerTime(r, s.standard(r), *r.ClaimedAt)
	if !until.After(s.now) { // the question comes late, and nobody is to lose a request unasked
		until = answerTime(r, s.standard(r), s.now)
	}
	r.next(actAnswer, until)
	if r.Urgency != prompts.Emergency {
		return r.save(s.ctx, s.tx)
	}
	r.Triage = TriageUnanswered
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.sound(r)
}

// notAnswered puts a request that was claimed and had no answer in time back into its station's queue. Its worker is
// told, without blame, and so is the resident.
func (s *step) notAnswered(r *Request) error {
	if _, err := s.tellWorker(r, NoticeReturned, nil); err != nil {
		return err
	}
	if err := s.tellOnce(r, NoticeAnswerLate); err != nil {
		return err
	}
	return s.handBack(r)
}
