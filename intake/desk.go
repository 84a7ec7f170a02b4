package intake

import (
	"errors"
	"slices"
	"time"
	"unicode/utf16"

	"onedoor/prompts"
	"onedoor/routing"
)

// Outcomes are how a request can end, in the order in which they are offered.
func Outcomes() []string {
	return []string{"solved", "partly", "referred", "not_possible", "withdrawn", "duplicate", "false_alarm"}
}

// ToSupervisor passes a request on to the triage list.
const ToSupervisor = "supervisor"

// deskRequest loads the request that the condition on $1 names if the worker of this chat may work on it: it is their
// station's, or in their hands. Anything else is ErrNotFound, as if it did not exist.
func (s *step) deskRequest(condition string, arg any) (*Request, error) {
	return lockRequest(s.ctx, s.tx, condition+` AND r.state <> 'draft' AND (r.station = $2 OR r.worker = $3)`,
		arg, s.worker.Station, s.worker.Code)
}

// offeredRequest is a request that the station of this chat's worker is offered, or was while it waited; who claims it
// too late is told who has it.
func (s *step) offeredRequest(ref string) (*Request, error) {
	return lockRequest(s.ctx, s.tx, `r.ref = $1 AND r.state <> 'draft'
		AND EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = $2)`, ref, s.worker.Station)
}

// claim gives an open request to the first who presses; the others are told who has it.
func claim(s *step, r *Request, _ string) error {
	won, err := s.winClaim(r)
	if err != nil {
		return err
	}
	if !won {
		s.answer = Answer{Kind: "claim_lost", Args: Args{"request": r.ID}}
		return s.redrawCards(r)
	}
	s.log(r, "claimed", ByWorker, s.worker.Code, Args{"station": s.worker.Station})
	s.tellResident(r, NoticeClaimedBy, Args{"worker": s.worker.Name})
	if err := s.showAttachments(r); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// What a worker who claims late has at least before being reminded; in an emergency, and else.
const (
	minGraceInDanger = 5 * time.Minute
	minGrace         = 15 * time.Minute
)

// winClaim is the one conditional UPDATE that decides who has a request.
func (s *step) winClaim(r *Request) (bool, error) {
	action, at := actAnswer, r.AnswerDue
	if r.AnsweredAt != nil {
		action, at = actResolve, r.ResolveDue
	}
	grace := minGrace
	if r.Urgency == prompts.Emergency {
		grace = minGraceInDanger
	}
	err := s.tx.GetContext(s.ctx, r, `
		UPDATE requests r SET state = 'claimed', worker = $2, station = $3, claimed_at = $4, next_action = $5,
			next_action_at = $6,
			triage = CASE WHEN triage IN ('unstaffed', 'unclaimed', 'unanswered', 'unconfirmed', 'handed_up') THEN '' ELSE triage END
		WHERE r.id = $1 AND r.state = 'open' RETURNING `+requestColumns,
		r.ID, s.worker.Code, s.worker.Station, s.now, action, later(*at, s.now.Add(grace)))
	if noRows(err) {
		return false, nil
	}
	return err == nil, wrap(err, "claim request "+r.Ref)
}

// CardWords is how much of the resident's words a card shows, in UTF-16 units. Who claims is given all of them.
const CardWords = 1500

// showAttachments gives the worker what the resident said otherwise than in words, positions too, and the words where the card
// doesn't show all of them. Of several versions it is the last, and the last with a file where one has.
func (s *step) showAttachments(r *Request) error {
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `
		SELECT id FROM (SELECT DISTINCT ON (coalesce(edits, id)) id, kind, coalesce(edits, id) AS first FROM messages
			WHERE request_id = $1 AND author = 'resident'
			ORDER BY coalesce(edits, id), kind = 'text', id DESC) m
		WHERE kind <> 'text' OR $2 ORDER BY first`, r.ID, len(utf16.Encode([]rune(r.Text))) > CardWords)
	for _, id := range ids {
		s.tell(NoticeResidentSaid, r, Args{"message": id})
	}
	return wrap(err, "find the attachments")
}

// mine runs an action only for the worker who has the request.
func (s *step) mine(r *Request) bool {
	if r.State == Claimed && value(r.Worker) == s.worker.Code {
		return true
	}
	s.answer = Answer{Kind: "not_yours", Args: Args{"request": r.ID}}
	return false
}

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
	if answered == nil || answered.State != Claimed || value(answered.Worker) != s.worker.Code {
		return nil, "", ErrNotFound
	}
	return answered, modeReply, nil
}

// strayWords are a worker's that nobody was named for: said as a resident where they are in danger or have asked for
// help themselves, and else kept and asked about.
func (s *step) strayWords(what said) (bool, error) {
	if s.chat.Mode == modePlace || s.chat.Mode == modeNeed {
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
	var unreachable bool
	err := s.tx.GetContext(s.ctx, &unreachable, `
		SELECT unreachable_at IS NOT NULL FROM chats WHERE bot_id = $1 AND id = $2`, r.Bot, r.Chat)
	if err != nil {
		return wrap(err, "look whether the resident can be reached")
	}
	if unreachable {
		s.tell(NoticeUnreachable, r, nil)
		return nil
	}
	s.tell(NoticeReplySent, r, nil)
	return nil
}

// answered logs a human answer; the first is the one that counts.
func (s *step) answered(r *Request, data Args) {
	if r.AnsweredAt != nil {
		s.log(r, "said", ByWorker, s.worker.Code, data)
		return
	}
	r.AnsweredAt = &s.now
	if r.Triage == TriageUnanswered {
		r.Triage = ""
	}
	if r.State == Claimed {
		r.next(actResolve, later(*r.ResolveDue, s.now.Add(alarmEvery)))
	}
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

// release puts a claimed request back into its station's queue.
func release(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	r.State, r.Worker, r.ClaimedAt = Open, nil, nil
	s.awaitClaim(r)
	s.log(r, "released", ByWorker, s.worker.Code, nil)
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

func closeMenu(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "")
}

// openCard posts the request's card anew, at the end of the worker's chat.
func openCard(s *step, r *Request, _ string) error {
	s.tell(NoticeCard, r, nil)
	return nil
}

// resolve ends the work with an outcome. The resident may reopen it within a week.
func resolve(s *step, r *Request, outcome string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	if !slices.Contains(Outcomes(), outcome) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if r.AnsweredAt == nil { // the outcome is the first that the resident hears from a person
		s.answered(r, Args{"outcome": outcome})
	}
	r.State, r.Outcome, r.ResolvedAt, r.Triage = Resolved, &outcome, &s.now, ""
	r.next(actClose, s.now.Add(closeAfter))
	s.log(r, "resolved", ByWorker, s.worker.Code, Args{"outcome": outcome})
	s.tellResident(r, NoticeResolved, nil)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// showStations offers where the request can be passed on to.
func showStations(s *step, r *Request, _ string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, "pass")
}

// maxPassOn is how many stations a card offers to pass a request on to.
const maxPassOn = 4

// Elsewhere are the nearest stations to which a request can be passed on from its own.
func (s *Service) Elsewhere(r *Request) []string {
	p, ok := r.Point()
	if !ok {
		return nil
	}
	exclude := []string{value(r.Station)}
	var found []string
	for len(found) < maxPassOn {
		d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Exclude: exclude})
		if d.Station == "" || slices.Contains(exclude, d.Station) {
			break
		}
		found, exclude = append(found, d.Station), append(exclude, d.Station)
	}
	return found
}

// passTo hands an open or claimed request to another station, or up to a supervisor. The clock goes on.
func passTo(s *step, r *Request, to string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	if to == ToSupervisor {
		r.Triage = TriageHandedUp
		s.log(r, "transferred", ByWorker, s.worker.Code, Args{"to": ToSupervisor})
		return s.backInQueue(r)
	}
	if station, ok := s.Router.Station(to); !ok || !station.Active {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.transfer(r, to, ByWorker, s.worker.Code)
}

// showOthers offers which other service an open request, or the worker's own, may be about.
func showOthers(s *step, r *Request, _ string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, "services")
}

// setMeant is a worker's decision on which service is meant.
func setMeant(s *step, r *Request, category string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	if _, ok := s.Taxonomy.Category(category); !ok {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.reclassify(r, category, ByWorker, s.worker.Code)
}

// transfer moves a request into another station's queue. Whoever had it, and has not moved it themself, is told.
func (s *step) transfer(r *Request, station, actor, actorID string) error {
	s.log(r, "transferred", actor, actorID, Args{"from": r.Station, "to": station})
	if r.Worker != nil && *r.Worker != actorID {
		if _, err := s.tellWorker(r, NoticeTaken, Args{"station": station}); err != nil {
			return err
		}
	}
	r.Station = &station
	if err := s.takeBackOffer(r); err != nil {
		return err
	}
	if err := s.backInQueue(r); err != nil {
		return err
	}
	s.tellResident(r, NoticeMoved, Args{"station": station})
	return s.callStation(r)
}

// backInQueue opens the request again for whoever is the first to claim it.
func (s *step) backInQueue(r *Request) error {
	r.State, r.Worker, r.ClaimedAt = Open, nil, nil
	s.awaitClaim(r)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}
