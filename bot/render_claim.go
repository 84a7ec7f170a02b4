package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
)

// claimedBy tells a resident who has their request: only whoever has it when that is told, which is a little later.
func (p *page) claimedBy() (message, error) {
	v := &p.view
	if !v.State.Active() || v.WorkerName == nil || *v.WorkerName != p.args.Worker {
		return message{}, intake.ErrNotFound
	}
	return discreetly("claimed_by")(p)
}

// unclaimRow is the button that takes a claim back, while that goes.
func (p *page) unclaimRow(v *intake.View) [][]button {
	if !p.Intake.Undoable(&v.Request) {
		return nil
	}
	if assigned, err := p.Intake.Assigned(p.ctx, &v.Request); err != nil || assigned { // that can be released, and no slip of the thumb
		return nil
	}
	return [][]button{{p.button(intake.ActUnclaim, "")}}
}

// claimFull says that the worker has as many requests as one may have.
func (p *page) claimFull() (message, error) {
	return message{text: p.say("claim_full", p.limits())}, nil
}

// limits are how much one worker may have.
func (p *page) limits() texts.Data { return texts.Data{"Limit": p.Intake.ClaimLimit} }
