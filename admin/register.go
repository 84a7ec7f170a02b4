package admin

import (
	"bytes"
	"cmp"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// Bounds of the lists: records on a page, and in a file, which must not be more than an import takes.
const (
	pageOfRegister = 50
	maxExported    = maxImported
)

// registerPage is a list of a register's records.
type registerPage struct {
	page
	Register *intake.Register
	Query    string
	Off      bool // those that are switched off, too
	After    string
	Entries  []intake.Entry
	More     bool     // there are records after these
	answer   []string // the organisations that somebody answers for in chat
}

// list shows a register: what is in sight, found by words, a page at a time.
func (a *Admin) list(name string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		reg, err := a.register(r, name)
		if err != nil {
			return err
		}
		p := &registerPage{page: a.page(r, "register_"+name), Register: reg, Query: strings.TrimSpace(storable(r.FormValue("q"))),
			Off: r.FormValue("off") != "", After: storable(r.FormValue("after"))}
		p.Entries, err = a.Intake.Entries(r.Context(), accountOf(r).Sight, reg,
			intake.Search{Words: p.Query, Off: p.Off, After: p.After, Limit: pageOfRegister + 1})
		if err != nil {
			return err
		}
		if name == "organisations" {
			if p.answer, err = a.Intake.Answering(r.Context()); err != nil {
				return err
			}
		}
		if p.More = len(p.Entries) > pageOfRegister; p.More {
			p.Entries = p.Entries[:pageOfRegister]
		}
		return a.render(w, "register", http.StatusOK, p)
	}
}

// Shown are the columns of the list, the first of which names a record.
func (p *registerPage) Shown() []string {
	return map[string][]string{
		"stations":      {"name", "code", "county_code", "phone", "categories", "hours"},
		"organisations": {"name", "code", "place_code", "phone", "categories"},
		"volunteers":    {"name", "code", "place_code", "phone", "tasks", "reach_km"},
		"places":        {"name", "code", "level", "parent"},
		"replies":       {"title", "station", "category", "language", "text"},
	}[p.Register.Name]
}

// Reached is how an organisation of the list is reached.
func (p *registerPage) Reached(e intake.Entry) string {
	switch {
	case slices.Contains(p.answer, e.ID):
		return p.T("reached_chat")
	case e.Cells["phone"] == "":
		return p.T("organisation_no_number")
	}
	return p.T("reached_phone")
}

// Short tells whether a column's values are short, and are not broken.
func (p *registerPage) Short(column string) bool {
	return slices.Contains([]string{"code", "phone", "level", "reach_km", "language"}, column)
}

// Next is where the next page is.
func (p *registerPage) Next() string {
	values := p.query()
	values.Set("after", p.Entries[len(p.Entries)-1].Key)
	return "/admin/" + p.Register.Name + "?" + values.Encode()
}

// Exported is where the same records are as a file.
func (p *registerPage) Exported(format string) string {
	values := p.query()
	values.Set("format", format)
	return "/admin/directory/" + p.Register.Name + "/export?" + values.Encode()
}

// query is what is searched for, as the part of an address.
func (p *registerPage) query() url.Values {
	values := url.Values{}
	if p.Query != "" {
		values.Set("q", p.Query)
	}
	if p.Off {
		values.Set("off", "1")
	}
	return values
}

// Keeps tells whether the account may change records of a register.
func (p page) Keeps(register string) bool { return p.Account.KeepsRegister(register) }

// entryPath is where a record is looked at and changed.
func entryPath(register, id string) string {
	return "/admin/" + register + "/" + url.PathEscape(id) + "/edit"
}

// EntryPath is where a record is looked at and changed.
func (p page) EntryPath(register, id string) string { return entryPath(register, id) }

// export sends a register's records as a file that imports again without a change: all that are found, and of those whom an
// import would bring back only who is there.
func (a *Admin) export(w http.ResponseWriter, r *http.Request) error {
	reg, err := a.sheet(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	q := intake.Search{Words: strings.TrimSpace(storable(r.FormValue("q"))), Off: !reg.Revives, Limit: maxExported + 1}
	entries, err := a.Intake.Entries(r.Context(), accountOf(r).Sight, reg, q)
	if err != nil {
		return err
	}
	if len(entries) > maxExported {
		return badRequest{"error_export_big"}
	}
	rows := [][]string{reg.All()}
	for _, e := range entries {
		rows = append(rows, e.Cells.Row(reg.All()))
	}
	return sendSheet(w, reg.Name, r.FormValue("format"), rows)
}

// sendSheet writes a table as a file that imports again: XLSX, or else CSV.
func sendSheet(w http.ResponseWriter, name, format string, rows [][]string) error {
	if format == "xlsx" {
		return send(w, name+".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", rows, sheet.WriteXLSX)
	}
	return send(w, name+".csv", "text/csv; charset=utf-8", rows, sheet.WriteCSV)
}

// send writes a table as a file to be saved.
func send(w http.ResponseWriter, name, kind string, rows [][]string, write func(io.Writer, [][]string) error) error {
	var out bytes.Buffer
	if err := write(&out, rows); err != nil {
		return err
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = out.WriteTo(w) // who no longer listens has left
	return nil
}

// Value is a record's value in the reader's words.
func (p page) Value(column string, cells routing.Cells) string {
	value := cells[column]
	if value == "" {
		return p.nothing(column)
	}
	switch column {
	case "county_code", "place_code", "parent":
		return p.Described(value)
	case "station":
		return p.Station(&value)
	case "category":
		return p.Category(&value)
	case "categories", "specialties":
		return p.each(value, func(key string) string { return p.CategoryName(key) })
	case "tasks":
		return p.each(value, func(key string) string { return p.T("task_" + key) })
	case "fields":
		return p.each(value, func(key string) string { return p.T("field_" + key) })
	}
	return p.word(column, value)
}

// Called is what a record of a register is called, in the reader's language and characters: people and what they have written stay as typed.
func (p page) Called(register string, cells routing.Cells) string {
	name := cmp.Or(cells["name"], cells["title"], cells["code"])
	if slices.Contains([]string{"stations", "organisations", "places"}, register) {
		return p.Named(name, cells["name_en"])
	}
	return name
}

// Named is the name of a place, a station or an organisation in the reader's language and characters.
func (p page) Named(name, english string) string {
	if p.Lang == "en" && english != "" {
		return english
	}
	return p.texts.Name(p.Lang, name)
}

// word is a value of a closed list in words, or the value.
func (p page) word(column, value string) string {
	switch column {
	case "level":
		return p.T("level_" + value)
	case "role":
		return p.T("role_" + value)
	case "qualification":
		return p.T("qualification_" + value)
	case "language":
		return p.T("chat_language_" + value)
	case "active":
		return p.T("answer_" + value)
	case "datum":
		return p.T("datum_" + value)
	case "hours":
		return p.HoursWords(value)
	}
	return value
}

// nothing is what it means that a record doesn't say something.
func (p page) nothing(column string) string {
	switch column {
	case "categories", "specialties", "category", "station":
		return p.T("every")
	case "hours":
		return p.T("always_open")
	}
	return "–"
}

// each is a list of keys in words.
func (p page) each(keys string, say func(string) string) string {
	parts := strings.Split(keys, ";")
	for i, key := range parts {
		parts[i] = say(key)
	}
	return strings.Join(parts, " · ")
}
