package admin

import (
	"bytes"
	"encoding/json"
	"net/http"
	"strconv"

	"onedoor/intake"
)

// troubleLimit is how many troubles the page shows.
const troubleLimit = 50

// troublesPage is what failed for good.
type troublesPage struct {
	page
	Troubles []intake.Trouble
}

// troubles shows what failed for good, residents' words and all, to those who see every station.
func (a *Admin) troubles(w http.ResponseWriter, r *http.Request) error {
	if !accountOf(r).SeesAll() {
		return intake.ErrNotFound
	}
	all, err := a.Intake.Troubles(r.Context(), troubleLimit)
	if err != nil {
		return err
	}
	return a.renderList(w, r, "troubles", &troublesPage{a.page(r, "troubles"), all})
}

// tryAgain has a trouble tried once more. A repeat while it is being tried is refused.
func (a *Admin) tryAgain(w http.ResponseWriter, r *http.Request) error {
	id, err := troubleID(r)
	if err != nil {
		return err
	}
	if err := a.Intake.TryAgain(r.Context(), id, accountOf(r).Name); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/troubles", http.StatusSeeOther)
	return nil
}

// closeTrouble ends a trouble for good. A repeat is refused.
func (a *Admin) closeTrouble(w http.ResponseWriter, r *http.Request) error {
	id, err := troubleID(r)
	if err != nil {
		return err
	}
	if err := a.Intake.CloseTrouble(r.Context(), id, accountOf(r).Name); err != nil {
		return err
	}
	http.Redirect(w, r, "/admin/troubles", http.StatusSeeOther)
	return nil
}

// troubleID is the trouble of the path. For those who don't see troubles there is none.
func troubleID(r *http.Request) (int64, error) {
	id, err := strconv.ParseInt(r.PathValue("id"), 10, 64)
	if err != nil || !accountOf(r).SeesAll() {
		return 0, intake.ErrNotFound
	}
	return id, nil
}

// countTroubles is how many there are, for whoever may see them. A page without the number is better than none.
func (a *Admin) countTroubles(r *http.Request) int {
	if account := accountOf(r); account == nil || account.OneTime || !account.SeesAll() {
		return 0
	}
	counts, err := a.Intake.TroubleCounts(r.Context())
	if err != nil && r.Context().Err() == nil { // else whoever asked has left
		a.Log.Warn("count the troubles for a page", "error", err)
	}
	all := 0
	for _, n := range counts {
		all += n
	}
	return all
}

// Cause is what went wrong, in plain words.
func (p *troublesPage) Cause(t intake.Trouble) string { return p.T("cause_" + t.Kind + "_" + t.Cause) }

// Whose is the bot and the chat of a trouble.
func (p *troublesPage) Whose(t intake.Trouble) string {
	if t.Chat == nil {
		return p.T("trouble_bot", "Bot", t.BotName)
	}
	return p.T("trouble_chat", "Bot", t.BotName, "Chat", *t.Chat)
}

// Tell is one event of a trouble, in words.
func (p *troublesPage) Tell(e intake.TroubleEvent) string {
	return p.T("did_"+e.Kind, "Account", e.Account)
}

// More tells whether there are troubles that the page doesn't show.
func (p *troublesPage) More() bool { return p.TroubleCount > len(p.Troubles) }

// Readable is a raw JSON as lines.
func (p *troublesPage) Readable(raw string) string {
	var out bytes.Buffer
	if json.Indent(&out, []byte(raw), "", "  ") == nil {
		raw = out.String()
	}
	return raw
}
