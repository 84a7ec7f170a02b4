package admin

import (
	"errors"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/lib/pq"
)

// looked are the pages whose being looked at is itself on record: those of a resident's request, and files of many.
func looked() []string {
	return []string{"GET /admin/requests/export", "GET /admin/requests/{ref}", "GET /admin/requests/{ref}/files/{id}", "GET /admin/requests/{ref}/block"}
}

// unrecorded are fields of forms that nobody may read later; those of a saved view may name somebody.
func unrecorded() []string { return []string{"password", "again", "code", "link", "was", "filters"} }

// ofRequest are fields of the forms of a request's page that the record leaves out: what is written to or about a resident,
// and where they are, go when the request is erased, and the record stays; the rest says nothing. What a saved view is called may
// name somebody, too, and goes with it.
func ofRequest(pattern string) []string {
	if strings.HasPrefix(pattern, "POST /admin/views") {
		return []string{"name"}
	}
	if !strings.HasPrefix(pattern, "POST /admin/requests/{ref}/") {
		return nil
	}
	return []string{"text", "sentence", "place", "lat", "lon", "seen", "back"}
}

// audited puts on record what an account has done, once it is done, and what it has looked at. A form that has too many fields
// to be put on record is refused before anything is done.
func (a *Admin) audited(h handler) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		if err := r.ParseForm(); err != nil || len(r.PostForm) > maxFields {
			return badRequest{"error_form"}
		}
		if r.Method != http.MethodPost && (!slices.Contains(looked(), r.Pattern) || a.redrawn(r)) { // lists are put on record as they are drawn
			return h(w, r)
		}
		answer := &answered{ResponseWriter: w}
		switch err := h(answer, r); {
		case errors.Is(err, errShown):
			return nil
		case err != nil || answer.status >= http.StatusBadRequest: // a form that is shown again with what is wrong
			return err
		}
		a.record(r, accountOf(r).Name, objectOf(r), detailOf(r))
		return nil
	}
}

// answered is an answer whose status is remembered.
type answered struct {
	http.ResponseWriter
	status int
}

func (a *answered) WriteHeader(status int) {
	a.status = status
	a.ResponseWriter.WriteHeader(status)
}

// Unwrap is for http.ResponseController.
func (a *answered) Unwrap() http.ResponseWriter { return a.ResponseWriter }

// Bounds of what is put on record of a form: fields, values of one, and characters of each.
const (
	maxFields = 50
	maxValues = 50
	maxDetail = 200
)

// detailOf is what a form said, without secrets.
func detailOf(r *http.Request) map[string]string {
	detail := map[string]string{}
	for name, values := range r.PostForm {
		if len(detail) < maxFields && !slices.Contains(unrecorded(), name) && !slices.Contains(ofRequest(r.Pattern), name) {
			detail[clip(name, maxDetail)] = clip(strings.Join(values[:min(len(values), maxValues)], " "), maxDetail)
		}
	}
	return detail
}

// clip is a text of at most n characters that a database takes.
func clip(text string, n int) string {
	runes := []rune(strings.ReplaceAll(strings.ToValidUTF8(text, "�"), "\x00", "�"))
	return string(runes[:min(len(runes), n)])
}

// objectOf is what a request to the admin is about.
func objectOf(r *http.Request) string {
	for _, name := range []string{"ref", "code", "name", "id", "key"} {
		if value := r.PathValue(name); value != "" {
			return clip(value, maxDetail)
		}
	}
	if r.Pattern == "POST /admin/accounts" || r.Pattern == "POST /admin/keys" { // what is made has the name that its form gives it
		return clip(r.PostForm.Get("name"), maxDetail)
	}
	return ""
}

// auditRow is one line of the record.
type auditRow struct {
	ID      int64     `db:"id"`
	At      time.Time `db:"at"`
	Account string    `db:"account"`
	Action  string    `db:"action"`
	Object  string    `db:"object"`
	Detail  string    `db:"detail"`
	Address *string   `db:"address"` // of a login, as long as that is kept

	Refs pq.StringArray `db:"refs"` // that a list showed
}

// auditLimit is how many lines a page of the record shows, and auditSheet how many a sheet of it has.
const (
	auditLimit = 100
	auditSheet = 100_000
)

// auditPage is the record, the newest first.
type auditPage struct {
	page
	Who, Object, From, To string
	Rows                  []auditRow
	Before                int64 // the page goes on before this line; 0: from the newest
}

// MayAudit tells whether the account may read who did what.
func (a *Account) MayAudit() bool { return a.Role == "administrator" || a.Role == "auditor" }

func (a *Admin) audit(w http.ResponseWriter, r *http.Request) error {
	if !accountOf(r).MayAudit() {
		return accountOf(r).forbidden()
	}
	now := a.Intake.Now().In(china)
	from, errFrom := day(r.FormValue("from"), now.AddDate(0, 0, 1-defaultDays))
	to, errTo := day(r.FormValue("to"), now)
	if errFrom != nil || errTo != nil || to.Before(from) {
		return badRequest{"error_days"}
	}
	p := &auditPage{page: a.page(r, "audit"), Who: r.FormValue("who"), Object: strings.TrimSpace(r.FormValue("object")),
		From: from.Format(time.DateOnly), To: to.Format(time.DateOnly)}
	p.Before, _ = strconv.ParseInt(r.FormValue("before"), 10, 64) // else from the newest
	limit := auditLimit
	if r.FormValue("format") == "csv" {
		limit = auditSheet
	}
	if err := a.readRecord(r.Context(), p, from, to.AddDate(0, 0, 1), limit); err != nil {
		return err
	}
	if r.FormValue("format") == "csv" {
		return writeCSV(w, "audit.csv", p.sheet())
	}
	return a.render(w, "audit", http.StatusOK, p)
}

// Next is the line before which the next page begins; 0 where there is none.
func (p *auditPage) Next() int64 {
	if len(p.Rows) < auditLimit {
		return 0
	}
	return p.Rows[len(p.Rows)-1].ID
}

// Did is what was done, in words.
func (p page) Did(action string) string {
	return p.T("audit_" + actionKey(action))
}

// actionKey is the catalogue's name of a route: "POST /admin/requests/{ref}/station" is "post_requests_station".
func actionKey(action string) string {
	method, path, _ := strings.Cut(action, " ")
	words := []string{strings.ToLower(method)}
	for part := range strings.SplitSeq(strings.TrimPrefix(path, "/admin/"), "/") {
		if part != "" && !strings.HasPrefix(part, "{") {
			words = append(words, part)
		}
	}
	return strings.Join(words, "_")
}

func (p *auditPage) sheet() [][]string {
	rows := [][]string{{"at", "account", "action", "object", "detail", "address", "listed"}}
	for _, row := range p.Rows {
		rows = append(rows, []string{row.At.In(china).Format(time.RFC3339), row.Account, p.Did(row.Action), row.Object, row.Detail, text(row.Address), strings.Join(row.Refs, " ")})
	}
	return rows
}
