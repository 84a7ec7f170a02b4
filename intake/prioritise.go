package intake

import (
	"context"
	"fmt"
	"slices"

	"onedoor/prompts"
)

// Urgencies are those of requests, the most pressing first.
func Urgencies() []prompts.Urgency {
	return []prompts.Urgency{prompts.Emergency, prompts.Urgent, prompts.Normal}
}

// Prioritise is a supervisor's decision on how urgent a request is. Its deadlines follow the service standard: counted from
// when it was asked for, and of an emergency, which is alarmed as one, from now on. The same urgency again changes nothing.
func (s *Service) Prioritise(ctx context.Context, by Supervisor, ref string, urgency prompts.Urgency) error {
	if !slices.Contains(Urgencies(), urgency) {
		return fmt.Errorf("prioritise request %s: urgency %q: %w", ref, urgency, ErrNotFound)
	}
	return s.decide(ctx, by, ref, decided, residentChat, func(st *step, r *Request) error {
		switch {
		case !r.State.Active():
			return ErrRefused
		case r.Urgency == urgency:
			return nil
		}
		st.log(r, "prioritised", BySupervisor, by.Name, Args{"from": r.Urgency, "to": urgency})
		if urgency == prompts.Emergency {
			r.Urgency = urgency
			return st.raised(r)
		}
		return st.lowered(r, urgency)
	})
}

// lowered gives a request an urgency that is no emergency's. Of one that was, the clocks' steps were those of another standard:
// they are taken anew, as far as their time has come. Its resident reads what holds now.
func (s *step) lowered(r *Request, urgency prompts.Urgency) error {
	alarm := r.Urgency == prompts.Emergency
	asked := r.ClaimDue.Add(-s.standard(r).Claim) // when this cycle of the service standard began
	r.Urgency = urgency
	s.setDeadlines(r, asked)
	if alarm {
		r.ClaimLevel, r.ResolveLevel = 0, 0
	}
	s.setClock(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if alarm && r.State == Open {
		s.tellResident(r, NoticeSubmitted, nil)
	}
	return s.redrawCards(r)
}

// setClock has the clock that runs for a request go by its present deadlines.
func (s *step) setClock(r *Request) {
	switch value(r.NextAction) {
	case actClaim:
		s.awaitClaim(r)
	case actAsk:
		r.next(actAsk, r.ClaimedAt.Add(answerTime(r, s.standard(r), *r.ClaimedAt).Sub(*r.ClaimedAt)/2))
	case actAnswer:
		r.next(actAnswer, answerTime(r, s.standard(r), *r.ClaimedAt))
	case actResolve:
		s.awaitResolution(r)
	}
}
