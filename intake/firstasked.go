package intake

import (
	"errors"
	"slices"

	"onedoor/prompts"
)

// fitShare is the part of the time to claim for which those who are at home in what a request calls for are asked alone.
const fitShare = 8

// callFitting shows a request that can wait to those of its station's workers who are at home in what it calls for, and has
// the clock call the others when they don't take it. It is false where that is nobody, or everybody: an emergency, of which
// everybody hears at once. In the queue all see it at any time.
func (s *step) callFitting(r *Request) (bool, error) {
	if r.Urgency == prompts.Emergency || r.State != Open || value(r.NextAction) != actClaim {
		return false, nil
	}
	rest := s.now.Add(s.standard(r).Claim / fitShare)
	if r.ClaimLevel > 0 || r.NextActionAt.Before(rest) { // what is late already, everybody hears of: its clock goes on
		return false, nil
	}
	workers, err := s.calledAt(r, *r.Station)
	if err != nil || len(workers) == 0 || !workers[0].OnDuty { // then all are called, and somebody on duty looked for
		return false, err
	}
	if _, err := groupWhere(s.ctx, s.tx, `g.station = $1 AND c.unreachable_at IS NULL`, *r.Station); !errors.Is(err, ErrNotFound) {
		return false, err // in a group everybody reads along
	}
	first := slices.DeleteFunc(slices.Clone(workers), func(w Worker) bool { return !s.fits(r, w) })
	if len(first) == 0 || len(first) == len(workers) {
		return false, nil
	}
	r.next(actCallRest, rest)
	for _, w := range first {
		s.tellChat(*w.Bot, *w.Chat, NoticeCard, r, nil)
	}
	return true, r.save(s.ctx, s.tx)
}

// fits tells whether a worker is at home in what a request calls for.
func (s *step) fits(r *Request, w Worker) bool {
	return s.Taxonomy.Fits(w.Qualification, w.Fields, value(r.Category), r.Crisis, r.Groups)
}

// callRest calls those who were not asked first.
func (s *step) callRest(r *Request) error {
	s.awaitClaim(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	workers, err := s.calledAt(r, *r.Station)
	if err != nil {
		return err
	}
	for _, w := range workers {
		shown := false
		if s.fits(r, w) {
			if err := s.tx.GetContext(s.ctx, &shown, `SELECT EXISTS (SELECT FROM notices WHERE request_id = $1 AND bot_id = $2
				AND chat_id = $3 AND kind = 'card' AND edits IS NULL)`, r.ID, w.Bot, w.Chat); err != nil {
				return wrap(err, "look who has the card")
			}
		}
		if !shown {
			s.tellChat(*w.Bot, *w.Chat, NoticeCard, r, nil)
		}
	}
	return nil
}
