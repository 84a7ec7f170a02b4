package intake

import (
	"encoding/json"
	"errors"
	"time"

	"github.com/lib/pq"
)

// Undo is how long a claim can be taken back as if it had not been made.
const Undo = 30 * time.Second

// What is claimed of what is open (q), by the worker me.
const (
	pickPressed = `q.id = $7`
	pickNext    = `q.id = ANY (ARRAY (` + waitingSQL + `))
		ORDER BY q.urgency <> 'emergency', NOT coalesce(cardinality(me.specialties) = 0 OR q.category = ANY (me.specialties), false),
			array_position(ARRAY['emergency', 'urgent', 'normal'], q.urgency), q.claim_due, q.id
		LIMIT 1 FOR UPDATE OF q SKIP LOCKED`
)

// What a worker who claims late has at least before being reminded; in an emergency, and else.
const (
	minGraceInDanger = 5 * time.Minute
	minGrace         = 15 * time.Minute
)

// claim gives an open request to the first who presses; the others are told who has it.
func claim(s *step, r *Request, _ string) error {
	err := s.winClaim(r, pickPressed, r.ID)
	switch {
	case err == nil:
		return s.claimed(r)
	case !errors.Is(err, ErrNotFound):
		return err
	case r.State == Open:
		s.answer = Answer{Kind: "claim_full"}
		return nil
	}
	s.answer = Answer{Kind: "claim_lost", Args: Args{"request": r.ID}}
	return s.redrawCards(r)
}

// next claims what is the most pressing for the worker: emergencies before all, then what is of their specialties, then the
// rest, each in the order of the queue. What somebody else is just claiming is passed over.
func next(s *step, _ string) error {
	var r Request
	err := s.winClaim(&r, pickNext)
	if errors.Is(err, ErrNotFound) {
		return s.noNext()
	}
	if err != nil {
		return err
	}
	s.tell(NoticeCard, &r, nil)
	return s.claimed(&r)
}

// noNext says why there is nothing to claim.
func (s *step) noNext() error {
	var full bool
	err := s.tx.GetContext(s.ctx, &full, `SELECT `+inHand("$1")+` >= $2`, s.worker.Code, s.ClaimLimit)
	if full {
		s.tell(NoticeClaimFull, nil, nil)
	} else {
		s.tell(NoticeNothing, nil, nil)
	}
	return wrap(err, "count what the worker has")
}

// inHand counts what counts for the limit of claims: what the worker works on, but for emergencies.
func inHand(worker string) string {
	return `(SELECT count(*) FROM requests h WHERE h.worker = ` + worker + ` AND h.state = 'claimed' AND h.urgency <> 'emergency')`
}

// winClaim is the one conditional UPDATE that decides who has a request: the one that is picked from those of q that are open.
// It is ErrNotFound where there is none, or the worker has as many as one may have and it is no emergency; or they were
// dismissed at this moment. Two claims of one worker never run at the same time, since the chat is locked: the count holds.
func (s *step) winClaim(r *Request, pick string, args ...any) error {
	var won struct {
		Request
		Was document `db:"was"`
	}
	err := s.tx.GetContext(s.ctx, &won, claimSQL(pick),
		append([]any{s.worker.Station, s.worker.Code, s.now, s.now.Add(minGraceInDanger), s.now.Add(minGrace), s.ClaimLimit}, args...)...)
	if noRows(err) {
		return ErrNotFound
	}
	if err != nil {
		return wrap(err, "claim a request")
	}
	*r = won.Request
	s.log(r, "claimed", ByWorker, s.worker.Code, Args{"station": s.worker.Station, "was": json.RawMessage(won.Was)})
	return nil
}

func claimSQL(pick string) string {
	return `
		WITH me AS (SELECT w.code, w.specialties FROM workers w WHERE w.code = $2 AND w.active FOR SHARE),
		was AS (
			SELECT q.id, q.station, q.triage, q.next_action, q.next_action_at FROM requests q, me
			WHERE q.state = 'open' AND (q.urgency = 'emergency' OR ` + inHand("$2") + ` < $6) AND ` + pick + `)
		UPDATE requests r SET state = 'claimed', worker = $2, station = $1, claimed_at = $3,
			next_action = CASE WHEN r.answered_at IS NULL THEN 'answer' ELSE 'resolve' END,
			next_action_at = greatest(CASE WHEN r.answered_at IS NULL THEN r.answer_due ELSE r.resolve_due END,
				CASE WHEN r.urgency = 'emergency' THEN CAST($4 AS timestamptz) ELSE $5 END),
			triage = CASE WHEN r.triage IN ('unstaffed', 'unclaimed', 'unanswered', 'unconfirmed', 'handed_up') THEN '' ELSE r.triage END
		FROM was WHERE r.id = was.id AND r.state = 'open'
		RETURNING ` + requestColumns + `, to_jsonb(was) - 'id' AS was`
}

// claimed is what follows from a claim. Who is not in danger hears of it only when it can't be undone any more.
func (s *step) claimed(r *Request) error {
	s.tellResident(r, NoticeClaimedBy, Args{"worker": s.worker.Name})
	if s.Undoable(r) && r.priority() > 0 {
		s.notices[len(s.notices)-1].NotBefore = after(s.now, s.UndoFor)
	}
	if err := s.showAttachments(r); err != nil {
		return err
	}
	if err := s.releaseHeld(r); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// Undoable tells whether the claim of a request can still be taken back: nothing has come of it yet.
func (s *Service) Undoable(r *Request) bool {
	return r.State == Claimed && s.Now().Before(r.ClaimedAt.Add(s.UndoFor)) && (r.AnsweredAt == nil || r.AnsweredAt.Before(*r.ClaimedAt))
}

// unclaim takes back a claim that was a slip of the thumb: the request waits where it waited, and its clock goes on as if
// nobody had touched it. In danger those who could claim it are told once more.
func unclaim(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	if !s.Undoable(r) {
		s.answer = Answer{Kind: "undo_late"}
		return s.redrawCards(r)
	}
	if err := s.unclaimed(r); err != nil {
		return err
	}
	s.answer = Answer{Kind: "undone"}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil || r.priority() > 0 {
		return err
	}
	return s.callStation(r)
}

// unclaimed makes a request what it was before it was claimed, and has its resident not hear of that.
func (s *step) unclaimed(r *Request) error {
	var text document
	if err := s.tx.GetContext(s.ctx, &text, `SELECT data -> 'was' FROM events WHERE request_id = $1 AND kind = 'claimed'
		ORDER BY id DESC LIMIT 1`, r.ID); err != nil {
		return wrap(err, "load what the request was before it was claimed")
	}
	var was struct {
		Station *string    `json:"station"`
		Triage  string     `json:"triage"`
		Action  *string    `json:"next_action"`
		At      *time.Time `json:"next_action_at"`
	}
	if err := json.Unmarshal(text, &was); err != nil {
		return wrap(err, "read what the request was before it was claimed")
	}
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
