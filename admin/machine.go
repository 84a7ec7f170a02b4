package admin

import (
	"html"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
)

// machineWords are what a machine has made of a message for who reads it, and whether it can be asked to.
type machineWords struct {
	Message       int64
	Text          string
	Awaited       bool
	Failed        bool
	Asks, Sends   bool // what the resident said, for the reader; what the reader said, for the resident
	TakesBack     bool // what the reader said
	ByTheResident bool
}

// takesBackFor is how long words may be taken back, about: Telegram decides, and the desk refuses what is too old for it.
const takesBackFor = 48 * time.Hour

// readMachine loads the translations of what is shown.
func (p *requestPage) readMachine(r *http.Request, messages []intake.Message) (err error) {
	var ids []int64
	last := map[int64]int64{} // the version of each that counts
	for _, m := range messages {
		ids = append(ids, m.ID)
		if m.Edits != nil {
			last[*m.Edits] = m.ID
		}
	}
	p.machine, err = p.Intake.Translations(r.Context(), ids, p.Lang)
	p.superseded = last
	return err
}

// Machine says how it stands with the translation of a message.
func (p *requestPage) Machine(m *intake.Message) machineWords {
	t, known := p.machine[m.ID]
	w := machineWords{Message: m.ID, Text: t.Text, ByTheResident: m.Author == intake.ByResident}
	w.Awaited, w.Failed = known && t.Awaited(p.Intake.Now()), t.FailedAt != nil
	if m.TakenBackAt != nil || m.Kind == intake.KindNote || !p.Decides(p.View) || p.ErasedAt != nil || p.edited(m) {
		return w
	}
	mine := m.Author == intake.BySupervisor && m.WorkerName == p.Account.Name
	can := w.Text == "" && !w.Awaited && m.Kind != intake.KindContact
	w.Asks = can && w.ByTheResident && p.Intake.Translates(m.Text, p.Lang)
	w.Sends = can && mine && p.Request.State.Active() && p.System == "" && p.Intake.Translates(m.Text, p.resident)
	w.TakesBack = mine && p.Intake.Now().Sub(m.SaidAt) < takesBackFor
	return w
}

// edited tells whether a later version of a message counts.
func (p *requestPage) edited(m *intake.Message) bool {
	first := m.ID
	if m.Edits != nil {
		first = *m.Edits
	}
	last, ok := p.superseded[first]
	return ok && last != m.ID
}

// machineWeight is about how many bytes what a machine made of a message takes as HTML, with its buttons.
func (p *requestPage) machineWeight(m *intake.Message) int {
	if m == nil {
		return 0
	}
	return 300 + len(html.EscapeString(p.machine[m.ID].Text))
}

// Translated is what a machine has made of the resident's words on this page, and whether it can be asked for more of them.
func (p *requestPage) Translated() (all machineWords) {
	var texts []string
	for _, day := range p.Story.Days {
		for _, e := range day.Entries {
			if e.Words == nil || e.Words.Author != intake.ByResident {
				continue
			}
			w := p.Machine(e.Words)
			if w.Text != "" && !p.edited(e.Words) {
				texts = append(texts, w.Text)
			}
			all.Asks, all.Awaited, all.Failed = all.Asks || w.Asks, all.Awaited || w.Awaited, all.Failed || w.Failed
		}
	}
	all.Text = clip(strings.Join(texts, "\n"), gathered)
	return all
}

// Translates tells whether a machine can translate at all for a resident in a chat.
func (p *requestPage) Translates() bool { return p.Intake.Model != nil && p.System == "" }

// ResidentReads is the language of the resident, in words.
func (p *requestPage) ResidentReads() string { return p.T("chat_language_" + p.resident) }

// translate has the words of a message, or the resident's last ones, translated; takeBack takes an account's own back.
func (a *Admin) translate(r *http.Request, by intake.Supervisor, ref string) error {
	id, err := numberIn(r, "message", true)
	if err != nil {
		return err
	}
	return a.Intake.Translate(r.Context(), by, ref, id, a.language(r))
}

func (a *Admin) takeBack(r *http.Request, by intake.Supervisor, ref string) error {
	id, err := numberIn(r, "message", false)
	if err != nil {
		return err
	}
	return a.Intake.TakeBackWords(r.Context(), by, ref, id)
}

// numberIn is the number in a field, which may be none where that is allowed.
func numberIn(r *http.Request, field string, none bool) (int64, error) {
	value := r.PostFormValue(field)
	if value == "" && none {
		return 0, nil
	}
	id, err := strconv.ParseInt(value, 10, 64)
	if err != nil || id <= 0 {
		return 0, intake.ErrNotFound
	}
	return id, nil
}

// machined is what a machine has made of a message, ready to be drawn.
type machined struct {
	Page    *requestPage
	Machine machineWords
}

// Machined makes what a machine has made of a message ready to be drawn.
func (p *requestPage) Machined(m *intake.Message) machined { return machined{p, p.Machine(m)} }
