package intake

import (
	"slices"
	"unicode/utf16"
)

// Outcomes are how a request can end, in the order in which they are offered.
func Outcomes() []string {
	return []string{"solved", "partly", "referred", "not_possible", "withdrawn", "duplicate", "false_alarm"}
}

// ToSupervisor passes a request on to the triage list.
const ToSupervisor = "supervisor"

// deskRequest loads the request that the condition on $1 names if the worker of this chat may work on it: it is their
// station's, or in their hands. Anything else is ErrNotFound, as if it did not exist; so is what was erased.
func (s *step) deskRequest(condition string, arg any) (*Request, error) {
	return lockRequest(s.ctx, s.tx, condition+` AND r.state <> 'draft' AND r.erased_at IS NULL AND (r.station = $2 OR r.worker = $3)`,
		arg, s.worker.Station, s.worker.Code)
}

// offeredRequest is a request that the station of this chat's worker is offered, or was while it waited; who claims it
// too late is told who has it.
func (s *step) offeredRequest(ref string) (*Request, error) {
	return lockRequest(s.ctx, s.tx, `r.ref = $1 AND r.state <> 'draft' AND r.erased_at IS NULL
		AND EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = $2)`, ref, s.worker.Station)
}

// showCard draws the request's cards anew, and posts one where the worker of this chat has none: who claims from a reminder
// works with it, too.
func (s *step) showCard(r *Request) error {
	if err := s.redrawCards(r); err != nil {
		return err
	}
	if !slices.ContainsFunc(s.notices, func(n notice) bool { return n.Kind == NoticeCard && n.Bot == s.chat.Bot && n.Chat == s.chat.ID }) {
		s.tell(NoticeCard, r, nil)
	}
	return nil
}

// CardWords is how much of the resident's words a card shows, in UTF-16 units. Who claims is given all of them.
const CardWords = 1500

// showAttachments gives the worker what the resident said otherwise than in words, positions too, and the words where the card
// doesn't show all of them: all that they were not given before.
func (s *step) showAttachments(r *Request) error {
	return s.giveSaid(r, `(kind <> 'text' OR $4) AND `+unseen, s.chat.ID, s.chat.Bot, len(utf16.Encode([]rune(r.Text))) > CardWords)
}

// mine runs an action only for the worker who has the request, or stands in for that one; or for a supervisor of its station
// (see decide) while somebody has it.
func (s *step) mine(r *Request) bool {
	if r.State.InHand() && (s.supervisor != "" || s.worker.Has(r)) {
		return true
	}
	s.answer = Answer{Kind: "not_yours", Args: Args{"request": r.ID}}
	return false
}

// release puts a claimed request back into its station's queue.
func release(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	if err := s.leave(r); err != nil {
		return err
	}
	r.State, r.Worker, r.ClaimedAt = Open, nil, nil
	s.awaitClaim(r)
	actor, id := s.actor()
	s.log(r, "released", actor, id, nil)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	return s.callStation(r)
}

func showOutcomes(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, "outcomes")
}

// MenuMore is the menu of a card with what its worker does more rarely.
const MenuMore = "more"

func showMore(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, MenuMore)
}

func closeMenu(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "")
}

// openCard posts the request's card anew, at the end of the worker's chat.
func openCard(s *step, r *Request, _ string) error {
	s.tell(NoticeCard, r, nil)
	return nil
}
