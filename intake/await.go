package intake

import (
	"errors"
	"time"
)

// waitFor is how long a request waits for its resident until its worker is asked what to do.
const waitFor = 7 * 24 * time.Hour

// What the worker can do about a resident who is silent; see await.
const (
	ArgMore  = "more"  // wait as long again
	ArgNudge = "nudge" // remind the resident
)

// await has a request wait for its resident. It stops no clock. arg: nothing to begin, ArgOff to end it, ArgMore, ArgNudge.
func await(s *step, r *Request, arg string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	switch arg {
	case "":
		if err := s.follow(r, FollowWait, "", s.now, s.now.Add(waitFor)); err != nil {
			return err
		}
		return s.redrawCards(r)
	case ArgMore, ArgNudge:
		return s.waitOn(r, arg == ArgNudge)
	case ArgOff:
		return s.endWait(r)
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

// waitOn has a request that waits for its resident wait as long again, and reminds them or not.
func (s *step) waitOn(r *Request, nudge bool) error {
	f, err := s.toCome(r, FollowWait)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE follow_ups SET due_at = $2 WHERE id = $1`, f.ID, s.now.Add(waitFor)); err != nil {
		return wrap(err, "wait for the resident")
	}
	s.logFollowed(r, Args{"what": FollowWait, "how": "more"})
	if nudge {
		s.tellResident(r, NoticeWaitsForYou, Args{"worker": s.signature()})
	}
	s.tell(NoticeWaits, r, nil)
	return nil
}

// endWait ends a request's wait for its resident, who has said something, or at its worker's wish.
func (s *step) endWait(r *Request) error {
	ended, err := s.stopFollowing(r, FollowWait, "done_at")
	if err != nil || !ended {
		return err
	}
	return s.redrawCards(r)
}
