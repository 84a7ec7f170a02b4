package intake

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

// The menus of who could help with a request.
const (
	ReferMenu          = "menu" // as an argument: back to the first
	ReferOrganisations = "orgs"
	ReferTasks         = "tasks"
	MenuOrg            = "org:" // and an organisation's code
)

const (
	// volunteersAtOnce are asked first, and as many more every askMore while nobody has accepted.
	volunteersAtOnce = 5
	askMore          = 30 * time.Minute
	// acceptWithin is how long a referral may stay unaccepted, half of the time to resolve if that is sooner, and never less
	// than leastWait.
	acceptWithin = 24 * time.Hour
	leastWait    = time.Hour
)

// showRefer shows who could help with a worker's request, in a message of its own.
func showRefer(s *step, r *Request, what string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	switch what {
	case "":
		s.tell(NoticeRefer, r, nil)
		return nil
	case ReferMenu:
		return s.redrawPressed(r, "")
	case ReferOrganisations, ReferTasks:
		return s.redrawPressed(r, what)
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

// showOrganisation shows one of the directory, with its telephone number.
func showOrganisation(s *step, r *Request, code string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	return s.redrawPressed(r, MenuOrg+code)
}

// askWords asks a worker for what an organisation or volunteers need to know: their own words, for the resident's aren't shown.
func askWords(s *step, r *Request, to string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	kind, key, _ := strings.Cut(to, ":")
	refused, err := s.refuses(r, kind, key)
	if err != nil {
		return err
	}
	if refused != "" {
		s.answer = Answer{Kind: refused}
		return nil
	}
	s.tell(NoticeReferWords, r, Args{"to": to})
	s.putAside(r, kind, key)
	return nil
}

// refuses tells why a request can't be referred so now, by the answer that says it; empty where it can.
func (s *step) refuses(r *Request, kind, key string) (string, error) {
	switch {
	case kind == ToVolunteers && !slices.Contains(Tasks(), key):
		return NoticeStale, nil
	case kind == ToVolunteers && !r.ForVolunteers():
		return NoticeNotForVolunteers, nil
	case kind == ToVolunteers:
		return s.runs(`task = $2`, r, key)
	case kind != ToOrganisation:
		return NoticeStale, nil
	}
	o, err := s.lockOrganisation(key)
	switch {
	case errors.Is(err, ErrNotFound):
		return NoticeStale, nil
	case err != nil:
		return "", err
	case o.Full():
		return NoticeOrganisationFull, nil
	}
	return s.runs(`kind = 'organisation' AND $2 <> ''`, r, key)
}

// runs is the answer where somebody is already asked for the same, or does it.
func (s *step) runs(condition string, r *Request, key string) (string, error) {
	var yes bool
	err := s.tx.GetContext(s.ctx, &yes, `SELECT EXISTS (SELECT FROM referrals
		WHERE request_id = $1 AND state IN ('offered', 'accepted') AND `+condition+`)`, r.ID, key)
	if yes {
		return NoticeReferredAlready, nil
	}
	return "", wrap(err, "look what is referred")
}

// lockOrganisation locks an active organisation's row, so that no two accept its last place.
func (s *step) lockOrganisation(code string) (*Organisation, error) {
	var locked string
	err := s.tx.GetContext(s.ctx, &locked, `SELECT code FROM organisations WHERE code = $1 AND active FOR UPDATE`, code)
	if noRows(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, wrap(err, "lock an organisation")
	}
	var o Organisation
	err = s.tx.GetContext(s.ctx, &o, `SELECT `+organisationColumns+` FROM organisations o WHERE o.code = $1`, code)
	return &o, wrap(err, "load an organisation")
}

// refer offers a part of the worker's request to an organisation or to volunteers, with the worker's words.
func (s *step) refer(r *Request, kind, key string, what said) error {
	if !s.mine(r) {
		return s.keepUnsent(r, what)
	}
	author, _ := s.actor()
	id, err := s.keep(r, author, what.asNote())
	if err != nil {
		return err
	}
	if what.text == "" { // a picture alone tells them nothing, and may tell too much
		s.tell(NoticeReferWords, r, Args{"to": kind + ":" + key})
		s.putAside(r, kind, key)
		return nil
	}
	refused, err := s.refuses(r, kind, key)
	if err != nil {
		return err
	}
	if refused != "" {
		s.tell(refused, r, nil)
		return nil
	}
	f, err := s.newReferral(r, kind, key, what.text)
	if err != nil {
		return err
	}
	asked, err := s.ask(r, f)
	if err != nil {
		return err
	}
	if asked == 0 {
		return s.nobodyToAsk(r, f)
	}
	s.logReferral(r, f, "offered", Args{"message": id})
	if err := s.tellAsker(r, NoticeReferred, Args{"referral": f.ID}); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// answerable is the worker who answers for what others are asked to do: who asks them or, where a supervisor does, who has
// the request.
func (s *step) answerable(r *Request) string {
	if s.supervisor != "" {
		return value(r.Worker)
	}
	return s.worker.Code
}

// tellAsker writes a notice to who asks others to help or, where a supervisor does, to the worker who has the request.
func (s *step) tellAsker(r *Request, kind string, args Args) error {
	if s.supervisor != "" {
		return s.tellAnswerable(r, kind, args)
	}
	s.tell(kind, r, args)
	return nil
}

// logReferral notes a step of a referral in its request's log.
func (s *step) logReferral(r *Request, f *Referral, what string, more Args) {
	actor, id := s.actor()
	data := f.about(what)
	for key, value := range more {
		data[key] = value
	}
	s.log(r, "referred", actor, id, data)
}

// newReferral stores an offer that nobody has been told of yet.
func (s *step) newReferral(r *Request, kind, key, words string) (*Referral, error) {
	expires := s.now.Add(acceptWithin)
	if half := s.now.Add(r.ResolveDue.Sub(s.now) / 2); half.Before(expires) {
		expires = later(half, s.now.Add(leastWait))
	}
	var organisation, task *string
	if organisation = &key; kind == ToVolunteers {
		organisation, task = nil, &key
	}
	var id int64
	err := s.tx.GetContext(s.ctx, &id, `
		INSERT INTO referrals (request_id, kind, organisation, task, words, worker, offered_at, expires_at, next_at)
		VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8) RETURNING id`,
		r.ID, kind, organisation, task, words, s.answerable(r), s.now, expires)
	if err != nil {
		return nil, wrap(err, "store a referral")
	}
	return loadReferral(s.ctx, s.tx, id, "")
}

// ask offers a referral to those who are next, and returns how many. The clock asks more volunteers later.
func (s *step) ask(r *Request, f *Referral) (int, error) {
	var next []Partner
	if f.Kind == ToOrganisation {
		p, err := loadPartner(s.ctx, s.tx, *f.Organisation)
		if err == nil && p.Chat != nil {
			next = append(next, *p)
		} else if err != nil && !errors.Is(err, ErrNotFound) {
			return 0, err
		}
	} else {
		near, err := s.volunteersNear(r, f, volunteersAtOnce)
		if err != nil {
			return 0, err
		}
		for _, v := range near {
			next = append(next, v.Partner)
		}
	}
	for _, p := range next {
		if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO referral_offers (referral_id, partner, offered_at) VALUES ($1, $2, $3)`,
			f.ID, p.Code, s.now); err != nil {
			return 0, wrap(err, "offer a referral")
		}
		s.tellChat(*p.Bot, *p.Chat, NoticeTask, r, Args{"referral": f.ID})
	}
	at := f.ExpiresAt
	if more := s.now.Add(askMore); f.Kind == ToVolunteers && len(next) > 0 && more.Before(at) {
		at = more
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE referrals SET next_at = $2 WHERE id = $1`, f.ID, at)
	return len(next), wrap(err, "set when more are asked")
}

// nobodyToAsk says so to the worker, and leaves nothing behind; to a supervisor it is RefusedNobodyNear.
func (s *step) nobodyToAsk(r *Request, f *Referral) error {
	to := f.Kind + ":" + value(f.Organisation) + value(f.Task)
	if _, err := s.tx.ExecContext(s.ctx, `DELETE FROM referrals WHERE id = $1`, f.ID); err != nil {
		return wrap(err, "drop a referral")
	}
	s.tell(NoticeReferNobody, r, Args{"to": to})
	return refuseIf(s.supervisor != "", RefusedNobodyNear)
}

// theyTake keeps that an organisation takes a request on by its word on the phone. It has nobody who reports in chat: the
// worker says when it is done.
func theyTake(s *step, r *Request, code string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	refused, err := s.refuses(r, ToOrganisation, code)
	if err != nil {
		return err
	}
	if refused != "" {
		s.answer = Answer{Kind: refused}
		return nil
	}
	f, err := s.newReferral(r, ToOrganisation, code, "")
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE referrals SET state = 'accepted', accepted_at = $2, next_at = NULL WHERE id = $1`,
		f.ID, s.now); err != nil {
		return wrap(err, "keep that an organisation takes it on")
	}
	if err := s.tellAsker(r, NoticeReferred, Args{"referral": f.ID}); err != nil {
		return err
	}
	return s.taken(r, f)
}

// taken is what follows when somebody has accepted.
func (s *step) taken(r *Request, f *Referral) error {
	f, err := loadReferral(s.ctx, s.tx, f.ID, "")
	if err != nil {
		return err
	}
	s.logReferral(r, f, "accepted", nil)
	if f.Kind == ToOrganisation && r.State == Claimed {
		r.State = Referred
		if err := r.save(s.ctx, s.tx); err != nil {
			return err
		}
	}
	s.tellResident(r, NoticeHelped, Args{"referral": f.ID})
	if err := s.redrawReferral(r, f); err != nil {
		return err
	}
	if s.partner != nil { // an edit makes no sound
		if err := s.tellAnswerable(r, NoticeReferred, Args{"referral": f.ID}); err != nil {
			return err
		}
	}
	return s.redrawCards(r)
}

// recall takes back what the worker has asked others to do, at any time.
func recall(s *step, r *Request, arg string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	f, err := s.ownReferral(r, arg)
	if errors.Is(err, ErrNotFound) || err == nil && !f.Offered() && !f.Accepted() {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if err := s.endReferral(r, f, whyRecalled); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// ownReferral is the referral of a locked request with this number, or ErrNotFound.
func (s *step) ownReferral(r *Request, arg string) (*Referral, error) {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		return nil, ErrNotFound
	}
	f, err := loadReferral(s.ctx, s.tx, id, "FOR UPDATE OF f")
	if err == nil && f.Request != r.ID {
		return nil, ErrNotFound
	}
	return f, err
}

// askForPartner has the worker write to who helps.
func askForPartner(s *step, r *Request, arg string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	f, err := s.ownReferral(r, arg)
	if errors.Is(err, ErrNotFound) || err == nil && (!f.Accepted() || f.Partner == nil) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	s.tell(NoticeAskForPartner, r, Args{"referral": f.ID})
	s.putAside(r, asideToPartner, arg)
	return nil
}

// answerPartner takes a worker's words that answer a message about a referral: they go to who helps, and never to the
// resident.
func (s *step) answerPartner(id int64, what said) error {
	s.heedWorker(what)
	s.endWriting()
	r, err := s.deskRequest(`r.id = (SELECT f.request_id FROM referrals f WHERE f.id = $1)`, id)
	if errors.Is(err, ErrNotFound) {
		return s.keepUnsent(nil, what)
	}
	if err != nil {
		return err
	}
	return s.writeToPartner(r, id, what)
}

// writeToPartner passes a worker's words on to who helps with the request. They are kept as a note.
func (s *step) writeToPartner(r *Request, id int64, what said) error {
	f, err := s.ownReferral(r, strconv.FormatInt(id, 10))
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if err != nil || !s.mine(r) || !f.Accepted() || f.Partner == nil {
		return s.keepUnsent(r, what)
	}
	actor, who := s.actor()
	message, err := s.keep(r, actor, what.asNote())
	if err != nil {
		return err
	}
	s.log(r, "noted", actor, who, Args{"message": message, "referral": f.ID})
	s.tell(NoticeToWorkerSent, r, Args{"referral": f.ID})
	return s.tellPartner(r, f, NoticeToPartner, Args{"message": message, "referral": f.ID})
}
