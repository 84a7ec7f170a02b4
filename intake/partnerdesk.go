package intake

import (
	"errors"
	"slices"
	"strconv"
	"strings"

	"onedoor/prompts"
)

// partnerAction is what a partner's button does to a referral that they were offered. Its request is locked.
type partnerAction func(s *step, r *Request, f *Referral, arg string) error

func partnerActions() map[string]partnerAction {
	return map[string]partnerAction{ActAccept: accept, ActCantDo: cantDo, ActToWorker: askForWorker, ActReported: showReport, ActReport: report}
}

// partnerCommands are what a partner can do beside what everybody can.
func partnerCommands() map[string]command {
	return map[string]command{"mine": partnerMine}
}

// ReportAs is the argument of ActReport.
func ReportAs(referral int64, outcome string) string {
	return strconv.FormatInt(referral, 10) + ":" + outcome
}

// partnerPress does what a button says to a referral that was offered to this partner; anything else is as if it didn't
// exist.
func (s *step) partnerPress(do partnerAction, arg string) error {
	number, rest, _ := strings.Cut(arg, ":")
	r, f, err := s.offeredReferral(number)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	return do(s, r, f, rest)
}

// offeredReferral locks a referral that was offered to this chat's partner, or is ErrNotFound.
func (s *step) offeredReferral(number string) (*Request, *Referral, error) {
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return nil, nil, ErrNotFound
	}
	var offered bool
	if err := s.tx.GetContext(s.ctx, &offered, `SELECT EXISTS (SELECT FROM referral_offers WHERE referral_id = $1 AND partner = $2)`,
		id, s.partner.Code); err != nil {
		return nil, nil, wrap(err, "look whom it was offered to")
	}
	if !offered {
		return nil, nil, ErrNotFound
	}
	return s.lockReferral(id)
}

// has tells whether the partner has what the button is about, and says how it stands where not.
func (s *step) has(r *Request, f *Referral) (bool, error) {
	if f.Accepted() && f.With(s.partner.Code) {
		return true, nil
	}
	s.answer = Answer{Kind: "task_over"}
	return false, s.redrawReferral(r, f)
}

// accept gives a referral to the first who presses; the others read that it is taken.
func accept(s *step, r *Request, f *Referral, _ string) error {
	if !f.Offered() {
		if has, err := s.has(r, f); !has || err != nil {
			return err
		}
		return s.redrawReferral(r, f) // pressed twice
	}
	if !r.State.Active() || f.Kind == ToVolunteers && !r.ForVolunteers() {
		s.answer = Answer{Kind: "task_over"}
		return s.endReferral(r, f, whyOver)
	}
	if f.Kind == ToOrganisation {
		o, err := s.lockOrganisation(*f.Organisation)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err != nil || o.Full() {
			s.answer = Answer{Kind: NoticeOrganisationFull}
			return nil
		}
	}
	won, err := s.winReferral(f)
	if err != nil {
		return err
	}
	if !won {
		s.answer = Answer{Kind: "task_over"}
		return s.redrawReferral(r, f)
	}
	return s.taken(r, f)
}

// winReferral is the one conditional UPDATE that decides who has a referral.
func (s *step) winReferral(f *Referral) (bool, error) {
	var id int64
	err := s.tx.GetContext(s.ctx, &id, `
		UPDATE referrals SET state = 'accepted', partner = $2, accepted_at = $3, next_at = NULL
		WHERE id = $1 AND state = 'offered' RETURNING id`, f.ID, s.partner.Code, s.now)
	if noRows(err) {
		return false, nil
	}
	return err == nil, wrap(err, "accept a referral")
}

// cantDo leaves a referral to others, whom the clock asks at once where all who were asked have declined. Who has accepted it
// meanwhile says how it went.
func cantDo(s *step, r *Request, f *Referral, _ string) error {
	if !f.Offered() {
		return showReport(s, r, f, "")
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE referral_offers SET declined_at = coalesce(declined_at, $3) WHERE referral_id = $1 AND partner = $2`,
		f.ID, s.partner.Code, s.now); err != nil {
		return wrap(err, "decline a referral")
	}
	s.logReferral(r, f, "declined", Args{"partner": s.partner.Code})
	if f.Kind == ToOrganisation {
		return s.endReferral(r, f, whyDeclined)
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE referrals SET next_at = $2 WHERE id = $1 AND NOT EXISTS (
		SELECT FROM referral_offers o WHERE o.referral_id = $1 AND o.declined_at IS NULL)`, f.ID, s.now); err != nil {
		return wrap(err, "ask others")
	}
	return s.redrawReferral(r, f)
}

// askForWorker has the partner write to whoever has the request.
func askForWorker(s *step, r *Request, f *Referral, _ string) error {
	if has, err := s.has(r, f); !has || err != nil {
		return err
	}
	s.tell(NoticeAskForWorker, r, Args{"referral": f.ID})
	s.putAside(r, asideToWorker, strconv.FormatInt(f.ID, 10))
	return nil
}

// showReport asks how it went.
func showReport(s *step, r *Request, f *Referral, back string) error {
	if has, err := s.has(r, f); !has || err != nil {
		return err
	}
	var p posted
	err := s.tx.GetContext(s.ctx, &p, `SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.request_id = $3 AND n.kind = 'task' AND n.edits IS NULL
		  AND CAST(n.args ->> 'referral' AS bigint) = $4 AND (n.message_id = $5 OR n.state = 'waiting')
		ORDER BY n.message_id NULLS LAST, n.id DESC LIMIT 1`, s.chat.Bot, s.chat.ID, r.ID, f.ID, s.update.MessageID)
	if noRows(err) {
		s.tell(NoticeTask, r, Args{"referral": f.ID, "menu": "report"})
		return nil
	}
	menu := "report"
	if back != "" {
		menu = ""
	}
	s.redraw(p, r, Args{"referral": f.ID, "menu": menu})
	return wrap(err, "find the pressed message")
}

// report ends a partner's part with an outcome. Where it wasn't possible, the worker must know why: the words come first.
func report(s *step, r *Request, f *Referral, outcome string) error {
	if has, err := s.has(r, f); !has || err != nil {
		return err
	}
	if !slices.Contains(ReportOutcomes(), outcome) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	number := strconv.FormatInt(f.ID, 10)
	if outcome == "not_possible" {
		s.tell(NoticeAskReport, r, Args{"referral": f.ID, "must": true})
		s.putAside(r, asideReport, number)
		return nil
	}
	if err := s.done(r, f, outcome, nil); err != nil {
		return err
	}
	s.tell(NoticeAskReport, r, Args{"referral": f.ID})
	s.putAside(r, asideToWorker, number)
	return nil
}

// done ends a referral with its outcome. The worker, who stays answerable, hears of it and resolves the request.
func (s *step) done(r *Request, f *Referral, outcome string, words *int64) error {
	f.State, f.Outcome, f.EndedAt, f.Report = referralDone, &outcome, &s.now, words
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE referrals SET state = 'done', outcome = $2, ended_at = $3, report = $4 WHERE id = $1`,
		f.ID, outcome, s.now, words); err != nil {
		return wrap(err, "end a referral")
	}
	s.logReferral(r, f, "done", Args{"outcome": outcome, "message": words})
	if err := s.backFromOrganisation(r, f); err != nil {
		return err
	}
	if err := s.redrawReferral(r, f); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	return s.tellAnswerable(r, NoticeReferred, Args{"referral": f.ID})
}

// partnerMine shows a partner all that they have accepted.
func partnerMine(s *step, _ string) error {
	any := false
	err := s.eachAccepted(s.partner.Code, func(r *Request, f *Referral) error {
		any = true
		s.tell(NoticeTask, r, Args{"referral": f.ID})
		return nil
	})
	if err == nil && !any {
		s.tell(NoticeTaskNone, nil, nil)
	}
	return err
}

// partnerSaid passes a partner's words on to the worker where they answer a message about a task, or Message was pressed.
// It is false for all others: a partner is a resident, too. Danger that they speak of is an emergency like any other.
func (s *step) partnerSaid(what said) (bool, error) {
	if s.partner == nil {
		return false, nil
	}
	r, f, err := s.wordsAbout()
	if errors.Is(err, ErrNotFound) {
		return s.aboutOthersTask(what)
	}
	if err != nil {
		return true, err
	}
	kind, _ := s.aside()
	s.endWriting()
	crisis, err := s.danger(what)
	if err != nil {
		return true, err
	}
	if crisis != "" {
		return true, s.partnerInDanger(r, f, what, crisis)
	}
	id, err := s.keep(r, ByPartner, what)
	if err != nil {
		return true, err
	}
	if kind == asideReport && f.Accepted() {
		if err := s.done(r, f, "not_possible", &id); err != nil {
			return true, err
		}
	} else if f.Done() && f.Report == nil {
		if _, err := s.tx.ExecContext(s.ctx, `UPDATE referrals SET report = $2 WHERE id = $1`, f.ID, id); err != nil {
			return true, wrap(err, "keep the report")
		}
	}
	s.log(r, "said", ByPartner, s.partner.Code, Args{"message": id, "referral": f.ID})
	s.tell(NoticeToWorkerSent, r, Args{"referral": f.ID})
	return true, s.tellAnswerable(r, NoticePartnerSaid, Args{"message": id, "referral": f.ID})
}

// wordsAbout is what a partner's words are about: a referral that they have, or had until it was done. ErrNotFound where
// they are about none.
func (s *step) wordsAbout() (*Request, *Referral, error) {
	id, err := s.repliedToReferral()
	if errors.Is(err, ErrNotFound) {
		kind, about := s.aside()
		if talk, err := s.inTalk(); err != nil || talk || kind != asideToWorker && kind != asideReport {
			return nil, nil, errorOr(err, ErrNotFound)
		}
		id, err = strconv.ParseInt(about, 10, 64)
	}
	if err != nil {
		return nil, nil, err
	}
	r, f, err := s.lockReferral(id)
	if err == nil && (!f.With(s.partner.Code) || !f.Accepted() && !f.Done() || !r.State.Active()) {
		return nil, nil, ErrNotFound
	}
	return r, f, err
}

// partnerInDanger makes an emergency of what a partner says, and has the worker of what they help with hear it, too.
func (s *step) partnerInDanger(r *Request, f *Referral, what said, crisis prompts.Crisis) error {
	if err := s.emergency(what, crisis); err != nil {
		return err
	}
	var id int64
	err := s.tx.GetContext(s.ctx, &id, `SELECT id FROM messages WHERE bot_id = $1 AND chat_id = $2 AND update_id = $3`,
		s.update.Bot, s.update.Chat, s.update.ID)
	if err != nil {
		return wrap(err, "find what was said")
	}
	return s.tellAnswerable(r, NoticePartnerSaid, Args{"message": id, "referral": f.ID})
}

// helpsWith tells whether the partner has something to do for a request, or has done it.
func (s *step) helpsWith(r *Request) (yes bool, err error) {
	err = s.tx.GetContext(s.ctx, &yes, `SELECT EXISTS (SELECT FROM referrals WHERE request_id = $1 AND partner = $2 AND state IN ('accepted', 'done'))`,
		r.ID, s.partner.Code)
	return yes, wrap(err, "look whether the partner helps")
}

// partnerEdited passes on the new version of what a partner wrote to a worker, for as long as wordsAbout would pass on new words. It is
// false for all other messages, and for what speaks of danger now.
func (s *step) partnerEdited(what said, crisis prompts.Crisis) (bool, error) {
	if s.partner == nil || crisis != "" {
		return false, nil
	}
	var first Message
	err := s.tx.GetContext(s.ctx, &first, `SELECT `+messageColumns+` FROM messages m WHERE m.bot_id = $1 AND m.chat_id = $2
		AND m.message_id = $3 AND m.author = 'partner' ORDER BY m.id LIMIT 1`, s.chat.Bot, s.chat.ID, s.update.MessageID)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return true, wrap(err, "find the edited message")
	}
	last, err := s.lastOf(first)
	if err != nil || last.says(what) {
		return true, err
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, *first.Request)
	if err != nil {
		return true, err
	}
	what.edits = &first.ID
	id, err := s.keep(r, ByPartner, what)
	if err != nil || !r.State.Active() {
		return true, err
	}
	if heard, err := s.helpsWith(r); !heard || err != nil {
		return true, err
	}
	s.log(r, "said", ByPartner, s.partner.Code, Args{"message": id, "edits": first.ID})
	return true, s.tellAnswerable(r, NoticePartnerSaid, Args{"message": id, "edited": true})
}
