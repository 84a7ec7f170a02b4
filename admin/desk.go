package admin

import (
	"net/http"
	"strings"

	"onedoor/intake"
	"onedoor/prompts"
)

// desk is what an account can do to a request on its page, as the request is now.
type desk struct {
	Seen, SeenAnswer int64 // what a decision rests on, and what an answer or a plan does
	Hands            []handsOf
	Quick            []intake.Canned
	Organisations    []intake.Organisation
	Gone             bool // the resident can't be reached
	Pick             pick
	Coming           []intake.FollowUp
	Helpers          []intake.Referral // whom others are asked to be, or are, or were
}

// openDesk loads what can be done.
func (p *requestPage) openDesk(r *http.Request) (err error) {
	d := &p.Desk
	if d.Seen, d.SeenAnswer, err = p.Intake.Seen(r.Context(), p.ID); err != nil || !p.Request.State.Active() {
		return err
	}
	if d.Gone, err = p.Intake.ResidentGone(r.Context(), &p.Request); err != nil {
		return err
	}
	nearest := p.nearest()
	p.Stations = p.near(nearest)
	if err = p.loadHands(r, nearest); err != nil {
		return err
	}
	if d.Quick, err = p.Intake.QuickReplies(r.Context(), &p.Request, &intake.Worker{}); err != nil {
		return err
	}
	if d.Organisations, err = p.Intake.Organisations(r.Context(), &p.Request); err != nil {
		return err
	}
	if d.Coming, err = p.Intake.FollowUps(r.Context(), p.ID); err != nil {
		return err
	}
	if d.Helpers, err = p.Intake.Referrals(r.Context(), p.ID); err != nil {
		return err
	}
	d.Pick = p.picking(r)
	return nil
}

// Urgencies are those to choose from.
func (p *requestPage) Urgencies() []prompts.Urgency { return intake.Urgencies() }

// HandLine is a worker to choose, with whether they are there and how much they have.
func (p *requestPage) HandLine(h intake.Hand) string {
	where := p.T("on_duty")
	switch {
	case h.Away:
		where = p.T("worker_away")
	case !h.OnDuty:
		where = p.T("worker_off")
	}
	return strings.Join([]string{h.Name, where, p.T("has_now", "Count", h.Has, "Limit", p.Intake.ClaimLimit)}, " · ")
}

// ending is an outcome to choose, with the reasons that it may need.
type ending struct {
	Outcome string
	Reasons []string
}

// Endings are those to choose from.
func (p *requestPage) Endings() (all []ending) {
	for _, outcome := range intake.Outcomes() {
		all = append(all, ending{outcome, intake.Reasons(outcome)})
	}
	return all
}

// Cautions are what whoever writes to the resident must heed.
func (p *requestPage) Cautions() (lines []string) {
	if p.Discreet() {
		lines = append(lines, p.T("caution_discreet"))
	}
	if p.Unnamed {
		lines = append(lines, p.T("caution_unnamed"))
	}
	if p.Quiet {
		lines = append(lines, p.T("caution_quiet"))
	}
	switch {
	case p.System != "":
		lines = append(lines, p.T("caution_system", "System", p.System))
	case p.Desk.Gone:
		lines = append(lines, p.T("caution_gone"))
	}
	return lines
}

// Reopens tells whether a request can be opened again, as far as a page knows.
func (p *requestPage) Reopens() bool {
	return p.Request.State == intake.Resolved || p.Request.State == intake.Closed && p.ErasedAt == nil
}
