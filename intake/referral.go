package intake

import (
	"context"
	"encoding/json"
	"time"

	"github.com/jmoiron/sqlx"
)

// Whom a part of a request is referred to: the kinds of Referral and Partner.
const (
	ToOrganisation = "organisation"
	ToVolunteers   = "volunteer"
)

// The states of a Referral.
const (
	referralOffered  = "offered"
	referralAccepted = "accepted"
	referralDone     = "done"
	referralEnded    = "ended"
)

// Why a Referral has ended without being done.
const (
	whyDeclined   = "declined"
	whyUnanswered = "unanswered"
	whyRecalled   = "recalled" // the worker has taken it back
	whyOver       = "over"     // its request is
	whyGone       = "gone"     // who had accepted can't be told any more
)

// Tasks are the small ones that can be offered to volunteers, as they are shown.
func Tasks() []string { return []string{"shopping", "visit", "lift", "repairs", "doctor"} }

// ReportOutcomes are how a partner's part can end.
func ReportOutcomes() []string { return []string{"done", "partly", "not_possible"} }

// A Referral is a part of a request that others are asked to do. The worker who has the request stays answerable. Whoever
// changes one has locked its request.
type Referral struct {
	ID           int64      `db:"id"`
	Request      int64      `db:"request_id"`
	Kind         string     `db:"kind"`
	Organisation *string    `db:"organisation"`
	Task         *string    `db:"task"`
	Words        string     `db:"words"` // all that they are told
	Worker       string     `db:"worker"`
	State        string     `db:"state"`
	Partner      *string    `db:"partner"`
	Why          string     `db:"why"`
	Outcome      *string    `db:"outcome"`
	Report       *int64     `db:"report"`
	OfferedAt    time.Time  `db:"offered_at"`
	AcceptedAt   *time.Time `db:"accepted_at"`
	EndedAt      *time.Time `db:"ended_at"`
	ExpiresAt    time.Time  `db:"expires_at"`
	NextAt       *time.Time `db:"next_at"`

	WorkerName         string  `db:"worker_name"`
	PartnerName        *string `db:"partner_name"`
	OrganisationName   *string `db:"organisation_name"`
	OrganisationNameEN *string `db:"organisation_name_en"`
}

const referralColumns = `f.id, f.request_id, f.kind, f.organisation, f.task, f.words, f.worker, f.state, f.partner, f.why, f.outcome,
	f.report, f.offered_at, f.accepted_at, f.ended_at, f.expires_at, f.next_at,
	(SELECT w.name FROM workers w WHERE w.code = f.worker) AS worker_name,
	(SELECT p.name FROM partners p WHERE p.code = f.partner) AS partner_name,
	(SELECT o.name FROM organisations o WHERE o.code = f.organisation) AS organisation_name,
	(SELECT o.name_en FROM organisations o WHERE o.code = f.organisation) AS organisation_name_en`

// Offered tells whether it waits for somebody to accept it.
func (f *Referral) Offered() bool { return f.State == referralOffered }

// Accepted tells whether somebody has it and isn't done yet.
func (f *Referral) Accepted() bool { return f.State == referralAccepted }

// Done tells whether it was done, well or not: see Outcome.
func (f *Referral) Done() bool { return f.State == referralDone }

// With tells whether this partner has it, or had it until it was done.
func (f *Referral) With(partner string) bool { return value(f.Partner) == partner }

// about are the particulars of an event or a notice on it.
func (f *Referral) about(step string) Args {
	return Args{"step": step, "referral": f.ID, "kind": f.Kind, "organisation": f.Organisation, "task": f.Task, "partner": f.Partner}
}

// Referral loads one; ErrNotFound when there is none.
func (s *Service) Referral(ctx context.Context, id int64) (*Referral, error) {
	return loadReferral(ctx, s.DB, id, "")
}

// Referrals are those of a request, the latest last.
func (s *Service) Referrals(ctx context.Context, request int64) ([]Referral, error) {
	var all []Referral
	err := s.DB.SelectContext(ctx, &all, `SELECT `+referralColumns+` FROM referrals f WHERE f.request_id = $1 ORDER BY f.id`, request)
	return all, wrap(err, "load the referrals")
}

// OfferedTo tells whether a referral was offered to a partner, and they have not declined.
func (s *Service) OfferedTo(ctx context.Context, id int64, partner string) (yes bool, err error) {
	err = s.DB.GetContext(ctx, &yes, `SELECT EXISTS (SELECT FROM referral_offers
		WHERE referral_id = $1 AND partner = $2 AND declined_at IS NULL)`, id, partner)
	return yes, wrap(err, "look whom it was offered to")
}

func loadReferral(ctx context.Context, db sqlx.QueryerContext, id int64, lock string) (*Referral, error) {
	var f Referral
	err := sqlx.GetContext(ctx, db, &f, `SELECT `+referralColumns+` FROM referrals f WHERE f.id = $1 `+lock, id)
	if noRows(err) {
		return nil, ErrNotFound
	}
	return &f, wrap(err, "load a referral")
}

// lockReferral locks a referral's request, as all do who change either, and then the referral.
func (s *step) lockReferral(id int64) (*Request, *Referral, error) {
	r, err := lockRequest(s.ctx, s.tx, `r.id = (SELECT f.request_id FROM referrals f WHERE f.id = $1)`, id)
	if err != nil {
		return nil, nil, err
	}
	f, err := loadReferral(s.ctx, s.tx, id, "FOR UPDATE OF f")
	return r, f, err
}

// running are the request's referrals that are offered or accepted, oldest first. The request is locked.
func (s *step) runningReferrals(r *Request) (all []*Referral, err error) {
	err = s.tx.SelectContext(s.ctx, &all, `SELECT `+referralColumns+` FROM referrals f
		WHERE f.request_id = $1 AND f.state IN ('offered', 'accepted') ORDER BY f.id`, r.ID)
	return all, wrap(err, "load what others do")
}

// leave is what follows for colleagues who are asked to take a request on when its worker has it no longer. Who helps goes
// on helping: whoever has it next is answerable.
func (s *step) leave(r *Request) error { return s.endHandoff(r) }

// endHelp ends all that others are asked to do for a request that is over.
func (s *step) endHelp(r *Request) error {
	if err := s.leave(r); err != nil {
		return err
	}
	all, err := s.runningReferrals(r)
	if err != nil {
		return err
	}
	for _, f := range all {
		if err := s.endReferral(r, f, whyOver); err != nil {
			return err
		}
	}
	return nil
}

// resumeReferral has a request that was claimed be with the organisation that has it.
func (s *step) resumeReferral(r *Request) error {
	var with bool
	err := s.tx.GetContext(s.ctx, &with, `SELECT EXISTS (SELECT FROM referrals
		WHERE request_id = $1 AND kind = 'organisation' AND state = 'accepted')`, r.ID)
	if err != nil || !with {
		return wrap(err, "look whether an organisation has it")
	}
	r.State = Referred
	return r.save(s.ctx, s.tx)
}

// endReferral ends a referral that isn't done. Whoever has it, or is asked, reads so; so does the worker where it is
// news to them.
func (s *step) endReferral(r *Request, f *Referral, why string) error {
	had := f.State
	f.State, f.Why, f.EndedAt, f.NextAt = referralEnded, why, &s.now, nil
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE referrals SET state = 'ended', why = $2, ended_at = $3, next_at = NULL WHERE id = $1`,
		f.ID, why, s.now); err != nil {
		return wrap(err, "end a referral")
	}
	actor, id := s.actor()
	s.log(r, "referred", actor, id, f.about(why))
	if had == referralAccepted {
		if err := s.backFromOrganisation(r, f); err != nil {
			return err
		}
	}
	return s.tellEnded(r, f, had == referralAccepted)
}

// tellEnded tells those whom the end of a referral concerns.
func (s *step) tellEnded(r *Request, f *Referral, accepted bool) error {
	if err := s.redrawReferral(r, f); err != nil {
		return err
	}
	if accepted && f.Why != whyGone {
		if err := s.tellPartner(r, f, NoticeTask, Args{"referral": f.ID}); err != nil {
			return err
		}
	}
	if f.Why == whyOver || f.Why == whyRecalled && s.supervisor == "" {
		return nil
	}
	return s.tellAnswerable(r, NoticeReferred, Args{"referral": f.ID})
}

// actor is who does what this step does.
func (s *step) actor() (kind, id string) {
	switch {
	case s.supervisor != "":
		return BySupervisor, s.supervisor
	case s.worker != nil:
		return ByWorker, s.worker.Code
	case s.partner != nil:
		return ByPartner, s.partner.Code
	}
	return BySystem, ""
}

// backFromOrganisation makes a request the worker's alone again when its organisation has it no longer.
func (s *step) backFromOrganisation(r *Request, f *Referral) error {
	if f.Kind != ToOrganisation || r.State != Referred {
		return nil
	}
	r.State = Claimed
	return r.save(s.ctx, s.tx)
}

// tellAnswerable tells the worker who has the request or, where nobody has it, those at its station.
func (s *step) tellAnswerable(r *Request, kind string, args Args) error {
	told, err := s.tellWorker(r, kind, args)
	if told || err != nil || r.Station == nil || !r.State.Active() {
		return err
	}
	workers, err := s.calledAt(r, *r.Station)
	for _, w := range workers {
		s.tellChat(*w.Bot, *w.Chat, kind, r, args)
	}
	return err
}

// tellPartner tells the partner who has a referral, where they can be told.
func (s *step) tellPartner(r *Request, f *Referral, kind string, args Args) error {
	if f.Partner == nil {
		return nil
	}
	p, err := loadPartner(s.ctx, s.tx, *f.Partner)
	if err != nil {
		return err
	}
	if p.Chat != nil {
		s.tellChat(*p.Bot, *p.Chat, kind, r, args)
	}
	return nil
}

// redrawReferral shows a referral as it now is wherever it stands.
func (s *step) redrawReferral(r *Request, f *Referral) error {
	if err := s.redrawAbout(r, NoticeTask, "referral", f.ID); err != nil {
		return err
	}
	return s.redrawAbout(r, NoticeReferred, "referral", f.ID)
}

// ToldSince tells whether a notice later than the one given says in that chat how the referral stands.
func (s *Service) ToldSince(ctx context.Context, f *Referral, bot, chat, notice int64) (since bool, err error) {
	err = s.DB.GetContext(ctx, &since, `SELECT EXISTS (SELECT FROM notices n
		WHERE n.request_id = $1 AND n.kind = $2 AND n.bot_id = $3 AND n.chat_id = $4 AND n.id > $5 AND n.edits IS NULL
		  AND CAST(n.args ->> 'referral' AS bigint) = $6)`, f.Request, NoticeReferred, bot, chat, notice, f.ID)
	return since, wrap(err, "look what was told of a referral since")
}

// redrawAbout edits the messages of a kind whose argument name is the number id.
func (s *step) redrawAbout(r *Request, kind, name string, id int64) error {
	var all []posted
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.request_id = $1 AND n.kind = $2 AND n.edits IS NULL AND n.state IN ('waiting', 'sent')
		  AND CAST(n.args ->> $3 AS bigint) = $4 ORDER BY n.id`, r.ID, kind, name, id)
	for _, p := range all {
		s.redraw(p, r, Args{name: id})
	}
	return wrap(err, "find where it stands")
}

// helpColumns are a View's part on who helps and why it was passed on.
const helpColumns = `coalesce((SELECT jsonb_agg(jsonb_build_object('id', f.id, 'name', coalesce(o.name, p.name), 'name_en',
	    coalesce(nullif(o.name_en, ''), o.name, p.name), 'person', CASE WHEN o.name <> p.name THEN p.name END, 'task', f.task) ORDER BY f.id)
	  FROM referrals f LEFT JOIN organisations o ON o.code = f.organisation LEFT JOIN partners p ON p.code = f.partner
	  WHERE f.request_id = r.id AND f.state = 'accepted'), '[]') AS help,
	` + movedColumn

// A Helper is who has accepted to help with a request: an organisation, or a volunteer with a task.
type Helper struct {
	ID     int64
	Name   string
	NameEN string `json:"name_en"`
	Person string // who answers for the organisation
	Task   string // of a volunteer
}

// Helpers are those who help with the request now.
func (v *View) Helpers() (all []Helper) {
	if json.Unmarshal(v.Help, &all) != nil {
		return nil
	}
	return all
}
