package intake

import (
	"slices"
	"time"

	"onedoor/prompts"
)

const (
	// reopenWithin is how long after it was resolved a request can be opened again, closed or not.
	reopenWithin = 30 * 24 * time.Hour
	// firstShare is the part of the time to claim for which whoever had a request is asked alone.
	firstShare = 4
)

// reopen puts a resolved request back into its station's queue under the same number, with a new cycle of the
// service standard. Whoever had it is asked first.
func reopen(s *step, r *Request, _ string) error {
	if !s.canReopen(r) {
		return nil
	}
	return s.reopened(r, ByResident, "")
}

// reopened is reopen at the wish of the resident, whose chat this is, or at a supervisor's. What no station had looks for one
// as when it was filed.
func (s *step) reopened(r *Request, actor, actorID string) error {
	had := value(r.Worker)
	s.openAgain(r, actor, actorID)
	s.endComment()
	s.tell(NoticeReopened, r, nil)
	if r.Station == nil {
		return s.dispatch(r)
	}
	first, err := s.wouldTakeOn(r, had)
	if err != nil {
		return err
	}
	if first != nil {
		r.next(actCall, s.now.Add(s.standard(r).Claim/firstShare))
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	if first == nil {
		return s.callStation(r)
	}
	s.tellChat(*first.Bot, *first.Chat, NoticeCard, r, Args{"first": true})
	return nil
}

// canReopen tells whether a request can be opened again. The presser is told why it can't.
func (s *step) canReopen(r *Request) bool {
	switch {
	case r.State != Resolved && r.State != Closed:
		s.answer = Answer{Kind: NoticeStale}
		return false
	case s.now.After(r.ResolvedAt.Add(reopenWithin)):
		s.answer = Answer{Kind: "reopen_late"}
		return false
	}
	return true
}

// openAgain makes a resolved request open, and no more of it is as it was but its number.
func (s *step) openAgain(r *Request, actor, actorID string) {
	from := r.State
	r.State, r.Worker, r.Outcome, r.ClaimedAt, r.ResolvedAt, r.ClosedAt = Open, nil, nil, nil, nil, nil
	s.beginAnew(r)
	s.awaitClaim(r)
	s.log(r, "reopened", actor, actorID, Args{"from": from})
}

// wouldTakeOn is the worker who had a request, to be asked alone at first whether they take it on again: where they are
// among those who are called. It is nil where all are, at once: in an emergency, too.
func (s *step) wouldTakeOn(r *Request, had string) (*Worker, error) {
	if station, ok := s.Router.Station(value(r.Station)); r.Urgency == prompts.Emergency || ok && !station.Active {
		return nil, nil
	}
	workers, err := s.calledAt(r, *r.Station)
	if at := slices.IndexFunc(workers, func(w Worker) bool { return w.Code == had }); at >= 0 {
		return &workers[at], err
	}
	return nil, err
}

// callAll calls everybody at its station to a request that whoever had it hasn't taken on again.
func (s *step) callAll(r *Request) error {
	s.awaitClaim(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.callEverybody(r)
}
