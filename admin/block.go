package admin

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"onedoor/intake"
)

// blockPage is what was decided on the account that has made a request, and where that is decided.
type blockPage struct {
	page
	*intake.View
	Blocks []intake.Block
}

// maxReason is how long the reason for blocking an account may be, in characters.
const maxReason = 500

// block asks whether the account of a request shall be blocked, or no longer; whoever may only look sees what was decided.
func (a *Admin) block(w http.ResponseWriter, r *http.Request) error {
	v, err := a.visible(r)
	if err != nil {
		return err
	}
	blocks, err := a.Intake.Blocks(r.Context(), v.ID)
	if err != nil {
		return err
	}
	return a.render(w, "block", http.StatusOK, &blockPage{a.page(r, "block").about(v.Ref), v, blocks})
}

// setBlocked blocks the account of a request. A repeat is refused.
func (a *Admin) setBlocked(w http.ResponseWriter, r *http.Request) error {
	v, err := a.changeable(r)
	if err != nil {
		return err
	}
	reason := strings.TrimSpace(r.PostFormValue("reason"))
	if reason == "" || utf8.RuneCountInString(reason) > maxReason {
		return badRequest{"error_reason"}
	}
	if err := a.Intake.Block(r.Context(), v.Ref, accountOf(r).Name, reason); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/requests/"+v.Ref, http.StatusSeeOther)
	return nil
}

// unblock lets the account of a request file others again. A repeat is refused.
func (a *Admin) unblock(w http.ResponseWriter, r *http.Request) error {
	v, err := a.changeable(r)
	if err != nil {
		return err
	}
	if err := a.Intake.Unblock(r.Context(), v.Ref, accountOf(r).Name); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/requests/"+v.Ref, http.StatusSeeOther)
	return nil
}
