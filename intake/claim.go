package intake

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/lib/pq"
)

// Undo is how long a claim can be taken back as if it had not been made.
const Undo = 30 * time.Second

// claim gives an open request to the first who presses; the others are told who has it.
func claim(s *step, r *Request, _ string) error {
	won, err := s.winClaim(r)
	switch {
	case err != nil:
		return err
	case won:
		return s.claimed(r)
	case r.State == Open:
		s.answer = Answer{Kind: "claim_full"}
		return nil
	}
	s.answer = Answer{Kind: "claim_lost", Args: Args{"request": r.ID}}
	return s.redrawCards(r)
}

// next claims what is the most pressing for the worker.
func next(s *step, _ string) error {
	var r Request
	err := s.tx.GetContext(s.ctx, &r, nextSQL+` SKIP LOCKED`, s.worker.Station, s.worker.Code, s.ClaimLimit)
	if noRows(err) { // but for what is being claimed, or is only being worked on: that is waited for
		err = s.tx.GetContext(s.ctx, &r, nextSQL, s.worker.Station, s.worker.Code, s.ClaimLimit)
	}
	if noRows(err) {
		return s.noNext()
	}
	if err != nil {
		return wrap(err, "find the next request")
	}
	won, err := s.winClaim(&r)
	if err != nil || !won {
		return err
	}
	s.tell(NoticeCard, &r, nil)
	return s.claimed(&r)
}

// nextSQL picks and locks what the worker $2 of the station $1 is to claim: emergencies before all, then what is of their
// specialties, then the rest, each in the order of the queue. With SKIP LOCKED what somebody else is just claiming is passed over. What only refers to a
// request, as the indexing of its words does, doesn't stand in the way of the lock.
const nextSQL = `SELECT ` + requestColumns + ` FROM requests r
	WHERE r.state = 'open' AND r.id = ANY (ARRAY (` + waitingSQL + `)) AND (r.urgency = 'emergency' OR ` + inHand + ` < $3)
	ORDER BY r.urgency <> 'emergency', NOT EXISTS (SELECT FROM workers w
			WHERE w.code = $2 AND (w.specialties = '{}' OR r.category = ANY (w.specialties))),
		` + urgencyOrder + `, r.claim_due, r.id
	LIMIT 1 FOR NO KEY UPDATE OF r`

// noNext says why there is nothing to claim.
func (s *step) noNext() error {
	var full bool
	err := s.tx.GetContext(s.ctx, &full, `SELECT `+inHand+` >= $1`, s.ClaimLimit, s.worker.Code)
	if full {
		s.tell(NoticeClaimFull, nil, nil)
	} else {
		s.tell(NoticeNothing, nil, nil)
	}
	return wrap(err, "count what the worker has")
}

// inHand counts what counts for the limit of claims: what the worker $2 works on, but for emergencies.
const inHand = `(SELECT count(*) FROM requests h WHERE h.worker = $2 AND h.state = 'claimed' AND h.urgency <> 'emergency')`

// winClaim is the one conditional UPDATE that decides who has a request, which is locked. It is false where somebody has it,
// where the worker has as many as one may have and it is no emergency, and where they were dismissed at this moment. Two claims
// of one worker never run at the same time, since their chat is locked: the count holds.
func (s *step) winClaim(r *Request) (bool, error) {
	was := Args{"station": r.Station, "triage": r.Triage, "action": r.NextAction, "at": r.NextActionAt}
	won := *r
	s.awaitWork(&won)
	err := s.tx.GetContext(s.ctx, r, claimSQL,
		r.ID, s.worker.Code, s.worker.Station, s.now, won.NextAction, won.NextActionAt, s.ClaimLimit)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "claim request "+r.Ref)
	}
	data := Args{"station": s.worker.Station, "was": was}
	actor, id := s.actor()
	if actor == BySupervisor {
		data["worker"] = s.worker.Code
	}
	s.log(r, "claimed", actor, id, data)
	return true, nil
}

const claimSQL = `
	UPDATE requests r SET state = 'claimed', worker = $2, station = $3, claimed_at = $4, next_action = $5, next_action_at = $6,
		triage = CASE WHEN triage IN ('unstaffed', 'unclaimed', 'unanswered', 'unconfirmed', 'handed_up') THEN '' ELSE triage END
	WHERE r.id = $1 AND r.state = 'open' AND (r.urgency = 'emergency' OR ` + inHand + ` < $7)
		AND EXISTS (SELECT FROM workers w WHERE w.code = $2 AND w.active FOR SHARE)
	RETURNING ` + requestColumns

// claimed is what follows from a claim. Who is not in danger hears of it only when it can't be undone any more.
func (s *step) claimed(r *Request) error {
	if err := s.resumeReferral(r); err != nil {
		return err
	}
	s.tellResident(r, NoticeClaimedBy, Args{"worker": s.worker.Name})
	if s.Undoable(r) && s.supervisor == "" && r.priority() > 0 {
		s.notices[len(s.notices)-1].NotBefore = after(s.now, s.UndoFor)
	}
	s.bringCard(r)
	if err := s.showAttachments(r); err != nil {
		return err
	}
	if err := s.releaseHeld(r); err != nil {
		return err
	}
	return s.showCard(r)
}

// Undoable tells whether the claim of a request can still be taken back: nothing has come of it yet.
func (s *Service) Undoable(r *Request) bool {
	return r.State == Claimed && s.Now().Before(r.ClaimedAt.Add(s.UndoFor)) && (r.AnsweredAt == nil || r.AnsweredAt.Before(*r.ClaimedAt))
}

// unclaim takes back a claim that was a slip of the thumb: the request waits where it waited, and its clock goes on as if
// nobody had touched it. In danger those who could claim it are told once more; of what was taken up again they hear now.
// Only who has claimed it can: a request that a colleague has passed on isn't undone.
func unclaim(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	before, err := s.beforeClaim(r)
	if errors.Is(err, ErrNotFound) || !s.Undoable(r) {
		s.answer = Answer{Kind: "undo_late"}
		return s.redrawCards(r)
	}
	if err != nil {
		return err
	}
	if err := s.leave(r); err != nil {
		return err
	}
	if err := s.unclaimed(r, before); err != nil {
		return err
	}
	s.answer = Answer{Kind: "undone"}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	switch {
	case before.Anew:
		return s.callStation(r)
	case r.priority() == 0:
		return s.sound(r)
	}
	return nil
}

// unclaimedAs is how a request was before it was claimed.
type unclaimedAs struct {
	Station *string    `json:"station"`
	Triage  string     `json:"triage"`
	Action  *string    `json:"action"`
	At      *time.Time `json:"at"`

	Anew bool `json:"-"` // it was opened again for that, and nobody was called
}

// beforeClaim is how a request was before the claim by which its worker has it; ErrNotFound where they have it in another way.
func (s *step) beforeClaim(r *Request) (before unclaimedAs, err error) {
	var found struct {
		Was  document `db:"was"`
		Anew bool     `db:"anew"`
	}
	err = s.tx.GetContext(s.ctx, &found, `SELECT e.data -> 'was' AS was, EXISTS (SELECT FROM events o
			WHERE o.request_id = e.request_id AND o.kind = 'reopened' AND o.actor = 'worker' AND o.at = e.at) AS anew
		FROM events e WHERE e.request_id = $1 AND e.kind = 'claimed' AND e.at = $2 AND e.actor_id = $3
		ORDER BY e.id DESC LIMIT 1`, r.ID, r.ClaimedAt, r.Worker)
	if noRows(err) {
		return before, ErrNotFound
	}
	if err != nil {
		return before, wrap(err, "load what the request was before it was claimed")
	}
	before.Anew = found.Anew
	return before, wrap(json.Unmarshal(found.Was, &before), "read what the request was before it was claimed")
}

// unclaimed makes a request what it was before it was claimed, and has its resident not hear of that.
func (s *step) unclaimed(r *Request, was unclaimedAs) error {
	s.log(r, "released", ByWorker, s.worker.Code, Args{"undo": r.ClaimedAt})
	r.State, r.Worker, r.ClaimedAt = Open, nil, nil
	r.Station, r.Triage, r.NextAction, r.NextActionAt = was.Station, was.Triage, was.Action, was.At
	_, err := s.tx.ExecContext(s.ctx, `UPDATE notices SET state = 'dropped', error = 'the claim was undone'
		WHERE request_id = $1 AND kind = $2 AND state = 'waiting'`, r.ID, NoticeClaimedBy)
	return wrap(err, "take back the notice of the claim")
}

// notUndone is the condition that an event e is no claim that was undone.
const notUndone = `NOT (e.kind = 'claimed' AND EXISTS (SELECT FROM events u WHERE u.request_id = e.request_id AND u.kind = 'released'
	AND CAST(u.data ->> 'undo' AS timestamptz) = e.at))`

// tellsOfClaim has a resident hear at once who has their request, where something else is told of it now: that comes from
// somebody whom they know then.
func (s *step) tellsOfClaim(r *Request, kind string) {
	if kind != NoticeClaimedBy && r.priority() > 0 && r.State == Claimed && s.now.Before(r.ClaimedAt.Add(s.UndoFor)) {
		s.told = append(s.told, r.ID)
	}
}

// tellOfClaims lets go of the notices that wait for a claim to be undone.
func (s *step) tellOfClaims() error {
	if len(s.told) == 0 {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE notices SET next_try_at = created_at
		WHERE request_id = ANY ($1) AND kind = $2 AND state = 'waiting' AND attempts = 0`, pq.Array(s.told), NoticeClaimedBy)
	return wrap(err, "tell of a claim")
}
