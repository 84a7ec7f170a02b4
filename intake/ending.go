package intake

import (
	"context"
	"slices"
	"strings"
	"time"

	"onedoor/prompts"
)

const (
	// sentenceWithin is how long after a worker has resolved a request their next words are for its resident.
	sentenceWithin = 15 * time.Minute
	// sameNamed is how many requests are offered as the one that a duplicate repeats.
	sameNamed = 4
)

// The outcomes that say nothing without more.
const (
	outcomeNotPossible = "not_possible"
	outcomeReferred    = "referred"
	outcomeDuplicate   = "duplicate"
)

// Reasons are why an outcome is so, or who has taken over; none where it needs none.
func Reasons(outcome string) []string {
	switch outcome {
	case outcomeNotPossible:
		return []string{"rules", "means", "unreached", "declined"}
	case outcomeReferred:
		return []string{"office", "clinic", "police", "organisation", "family"}
	}
	return nil
}

// An Ending is what there is to say of how a request ended, beside its outcome.
type Ending struct {
	Reason string  `db:"reason"`
	Words  string  `db:"words"`   // the worker's, as they read now, for the resident
	SameAs *string `db:"same_as"` // the reference of the request that asks for the same
}

// Ending is that of a request's last resolution; ErrNotFound where there is nothing to say.
func (s *Service) Ending(ctx context.Context, request int64) (Ending, error) {
	var e Ending
	err := s.DB.GetContext(ctx, &e, `
		SELECT e.reason, (SELECT q.ref FROM requests q WHERE q.id = e.same_as) AS same_as,
			coalesce((SELECT m.text FROM messages m WHERE (m.id = e.words OR m.edits = e.words) AND m.request_id = e.request_id
				AND m.taken_back_at IS NULL ORDER BY m.id DESC LIMIT 1), '') AS words
		FROM endings e JOIN requests r ON r.id = e.request_id AND r.resolved_at = e.resolved_at WHERE r.id = $1`, request)
	if noRows(err) {
		return Ending{}, ErrNotFound
	}
	return e, wrap(err, "load how a request ended")
}

// Twins are requests that a worker may say a request repeats: other reports of the same, and what its resident has asked for
// besides; those that the worker may see.
func (s *Service) Twins(ctx context.Context, v *View, w *Worker) ([]View, error) {
	return s.views(ctx, `r.id <> $1 AND (r.ref = ANY ($2) OR r.bot_id = $3 AND r.chat_id = $4 AND r.erased_at IS NULL) AND `+seenBy("$5", "$6")+`
		ORDER BY r.id DESC LIMIT $7`, v.ID, v.Same, v.Bot, v.Chat, w.Station, w.Code, sameNamed)
}

// seenBy is the condition that a request r may be read at a station by a worker; see View.ShownTo.
func seenBy(station, worker string) string {
	return `(r.state <> 'draft' AND r.erased_at IS NULL AND (r.station = ` + station + ` OR r.worker = ` + worker + `
		OR (r.state = 'open' OR r.urgency = 'emergency' AND r.state IN ('claimed', 'referred'))
			AND EXISTS (SELECT FROM offers o WHERE o.request_id = r.id AND o.station = ` + station + `)))`
}

// resolve ends the work with an outcome, behind a dot with its reason or, of a duplicate, with the other request's reference.
// An outcome that says nothing without it asks for it at first.
func resolve(s *step, r *Request, arg string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	outcome, reason, given := strings.Cut(arg, ".")
	switch {
	case !slices.Contains(Outcomes(), outcome):
		s.answer = Answer{Kind: NoticeStale}
		return nil
	case outcome == outcomeDuplicate && given:
		return s.duplicate(r, reason)
	case given && !slices.Contains(Reasons(outcome), reason):
		s.answer = Answer{Kind: NoticeStale}
		return nil
	case !given && (outcome == outcomeDuplicate || len(Reasons(outcome)) > 0):
		s.setMode(outcome, &r.ID)
		s.tell(NoticeAskReason, r, Args{"what": outcome})
		return nil
	}
	return s.resolveAs(r, outcome, reason, nil, nil)
}

// resolveAs ends the work. The resident may say how well, and reopen it (see reopen). Whoever has said nothing to them yet
// may do so in a sentence.
func (s *step) resolveAs(r *Request, outcome, reason string, words, sameAs *int64) error {
	if r.AnsweredAt == nil { // the outcome is the first that the resident hears from a person
		s.answered(r, Args{"outcome": outcome})
	}
	if err := s.endHelp(r); err != nil {
		return err
	}
	r.State, r.Outcome, r.ResolvedAt, r.Triage = Resolved, &outcome, &s.now, ""
	r.next(actClose, s.now.Add(closeAfter))
	data := Args{"outcome": outcome}
	if reason != "" {
		data["reason"] = reason
	}
	actor, id := s.actor()
	s.log(r, "resolved", actor, id, data)
	s.tellResident(r, NoticeResolved, nil)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.keepEnding(r, reason, words, sameAs); err != nil {
		return err
	}
	s.endWriting()
	if err := s.redrawPosted(r, NoticeAskReason, "closed", `TRUE`); err != nil {
		return err
	}
	if words == nil {
		s.setMode(modeSentence, &r.ID)
		s.tell(NoticeAskSentence, r, nil)
	}
	if heavy(r, outcome) {
		s.tell(NoticeCare, nil, nil)
	}
	return s.redrawCards(r)
}

// keepEnding keeps what there is to say of how a request has just ended, if anything.
func (s *step) keepEnding(r *Request, reason string, words, sameAs *int64) error {
	if reason == "" && words == nil && sameAs == nil {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `
		INSERT INTO endings (request_id, resolved_at, reason, words, same_as) VALUES ($1, $2, $3, $4, $5)
		ON CONFLICT (request_id, resolved_at) DO UPDATE SET words = EXCLUDED.words`, r.ID, r.ResolvedAt, reason, words, sameAs)
	return wrap(err, "keep how a request ended")
}

// heavy tells whether a request was one that stays with whoever worked on it.
func heavy(r *Request, outcome string) bool {
	dark := r.Crisis == prompts.Suicide || r.Crisis == prompts.Violence || r.Crisis == prompts.ChildAbuse
	return dark && outcome != outcomeDuplicate && outcome != "false_alarm"
}

// reasonWritten takes a worker's words for why an outcome is so; of a duplicate they are the other's reference.
func (s *step) reasonWritten(r *Request, outcome string, what said) error {
	if !s.mine(r) {
		return s.keepUnsent(r, what)
	}
	if outcome == outcomeDuplicate {
		return s.duplicate(r, what.text)
	}
	if what.kind != KindText {
		s.tell(NoticeAskReason, r, Args{"what": outcome})
		return nil
	}
	s.heedWorker(what)
	id, err := s.keep(r, ByWorker, what)
	if err != nil {
		return err
	}
	if err := s.resolveAs(r, outcome, "", &id, nil); err != nil {
		return err
	}
	return s.confirmReply(r, id, what.text)
}

// duplicate ends a request that asks for the same as another, which must be one that the worker may see.
func (s *step) duplicate(r *Request, ref string) error {
	var other int64
	err := s.tx.GetContext(s.ctx, &other, `SELECT r.id FROM requests r WHERE r.ref = $1 AND r.id <> $2 AND `+seenBy("$3", "$4"),
		NormalRef(ref), r.ID, s.worker.Station, s.worker.Code)
	if noRows(err) {
		s.setMode(outcomeDuplicate, &r.ID)
		s.tell(NoticeNoSuchRef, nil, nil)
		return nil
	}
	if err != nil {
		return wrap(err, "find the request that another repeats")
	}
	return s.resolveAs(r, outcomeDuplicate, "", nil, &other)
}

// sentence passes on a worker's words on how a request has ended. The resident reads them with the outcome where they have
// not rated it yet, and else by themselves.
func (s *step) sentence(r *Request, what said) error {
	late := r.ResolvedAt == nil || s.now.After(r.ResolvedAt.Add(sentenceWithin))
	if r.State != Resolved || !s.worker.Has(r) || late {
		return s.keepUnsent(r, what)
	}
	s.heedWorker(what)
	id, err := s.keep(r, ByWorker, what)
	if err != nil {
		return err
	}
	s.log(r, "said", ByWorker, s.worker.Code, Args{"message": id})
	s.endWriting()
	score, err := s.rated(r)
	if err != nil {
		return err
	}
	if score > 0 || what.kind != KindText {
		s.tellResident(r, NoticeWorkerSaid, Args{"message": id, "worker": s.worker.Name})
		return s.confirmReply(r, id, what.text)
	}
	if err := s.keepEnding(r, "", &id, nil); err != nil {
		return err
	}
	before, err := s.shown(r, NoticeResolved)
	if err != nil {
		return err
	}
	s.tellResident(r, NoticeResolved, nil)
	if err := s.takeAway(r, before); err != nil {
		return err
	}
	return s.confirmReply(r, id, what.text)
}

// noSentence lets the outcome stand alone.
func noSentence(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "closed")
}

// takeUp opens a resolved request again at a worker's wish, under the same number and with a new cycle of the service
// standard, in the hands of whoever does so.
func takeUp(s *step, r *Request, _ string) error {
	if !s.canReopen(r) {
		return s.redrawCards(r)
	}
	s.openAgain(r, ByWorker, s.worker.Code)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	won, err := s.winClaim(r)
	if err != nil {
		return err
	}
	if !won { // who may take on no more leaves it to the others
		return s.callStation(r)
	}
	s.tellResident(r, NoticeTakenUp, Args{"worker": s.worker.Name})
	if err := s.redrawPosted(r, NoticeResolved, "", `TRUE`); err != nil {
		return err
	}
	if err := s.redrawPosted(r, NoticeAskSentence, "closed", `TRUE`); err != nil {
		return err
	}
	s.tell(NoticeCard, r, nil)
	return s.redrawCards(r)
}
