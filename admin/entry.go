package admin

import (
	"cmp"
	"encoding/json"
	"errors"
	"net/http"
	"strings"

	"onedoor/intake"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// entryPage is one record of a register: its form, or what it says for who only looks.
type entryPage struct {
	page
	Register *intake.Register
	ID       string // empty: a new one
	Active   bool
	Cells    routing.Cells // as the form has them
	Was      routing.Cells // as they are on record
	Mine     bool          // the account keeps it
	Picker   picker
	Faults   []sheet.Fault // what is wrong with the cells
	Problem  string        // a key of the catalogue
	Affected intake.Affected
}

// newEntry shows an empty form. What the address says is filled in.
func (a *Admin) newEntry(w http.ResponseWriter, r *http.Request) error {
	reg, err := a.kept(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	p := &entryPage{page: a.page(r, "new_"+reg.Name), Register: reg, Active: true, Mine: true, Cells: routing.Cells{}}
	for _, column := range reg.All() {
		p.Cells[column] = storable(r.FormValue(column))
	}
	p.Picker = a.pickerFor(accountOf(r), p.Cells)
	return a.render(w, "entry", http.StatusOK, p)
}

// entry shows a record of a register.
func (a *Admin) entry(name string) handler {
	return func(w http.ResponseWriter, r *http.Request) error {
		reg, err := a.register(r, name)
		if err != nil {
			return err
		}
		p, err := a.entryPage(r, reg, storable(r.PathValue("code")))
		if err != nil {
			return err
		}
		return a.render(w, "entry", http.StatusOK, p)
	}
}

// entryPage is the page of a record as it is.
func (a *Admin) entryPage(r *http.Request, reg *intake.Register, id string) (*entryPage, error) {
	e, err := a.Intake.Entry(r.Context(), accountOf(r).Sight, reg, id)
	if err != nil {
		return nil, err
	}
	p := &entryPage{page: a.page(r, "entry"), Register: reg, ID: id, Active: e.Active, Cells: e.Cells, Was: e.Cells,
		Mine: accountOf(r).KeepsRegister(reg.Name) && reg.Keeps(accountOf(r).Sight, e.Cells), Picker: a.pickerFor(accountOf(r), e.Cells)}
	p.About, p.Path = p.Called(reg.Name, e.Cells), entryPath(reg.Name, id)
	if p.Mine && p.Active {
		p.Affected, err = a.Intake.Affected(r.Context(), reg, id)
	}
	return p, err
}

// makeEntry makes a record of what a form says, and shows it. A repeat is refused: there is one by then.
func (a *Admin) makeEntry(w http.ResponseWriter, r *http.Request) error {
	reg, err := a.kept(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	p := &entryPage{page: a.page(r, "new_"+reg.Name), Register: reg, Active: true, Mine: true}
	p.Path = "/admin/directory/" + reg.Name + "/new"
	return a.saveEntry(w, r, p)
}

// changeEntry changes a record to what a form says. A repeat has no effect.
func (a *Admin) changeEntry(w http.ResponseWriter, r *http.Request) error {
	reg, err := a.kept(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	p, err := a.entryPage(r, reg, storable(r.PathValue("code")))
	if err != nil {
		return err
	}
	return a.saveEntry(w, r, p)
}

// saveEntry writes what a form says; or shows it once more, with what is wrong, with what was picked on the map, or with how a resident reads it.
func (a *Admin) saveEntry(w http.ResponseWriter, r *http.Request, p *entryPage) error {
	onRecord := p.Was
	p.Cells = p.formCells(r)
	p.Was = seen(r)
	if picked, moved := pickerOf(r); moved {
		p.Picker = picked
		if picked.At != nil {
			p.Cells["lat"], p.Cells["lon"], p.Cells["datum"] = degrees(picked.At.Lat), degrees(picked.At.Lon), "wgs84"
		}
		return notDone(a.render(w, "entry", http.StatusOK, p))
	}
	if r.PostFormValue("look") != "" { // at how it is read
		p.Picker = a.pickerFor(accountOf(r), p.Cells)
		return notDone(a.render(w, "entry", http.StatusOK, p))
	}
	err := a.Intake.SaveEntry(r.Context(), accountOf(r).Sight, p.Register, p.ID, p.Was, p.Cells)
	var problems sheet.Problems
	status := http.StatusBadRequest
	switch {
	case err == nil:
		r.SetPathValue("code", cmp.Or(r.PathValue("code"), p.Cells["code"])) // what the record of who did what is to name
		a.Log.Info("admin: a record is written", "register", p.Register.Name, "record", p.Cells["code"], "account", accountOf(r).Name)
		http.Redirect(w, r, p.after(), http.StatusSeeOther)
		return nil
	case errors.As(err, &problems):
		for _, problem := range problems {
			p.Faults = append(p.Faults, problem.Fault)
		}
	case errors.Is(err, intake.ErrTaken):
		p.Problem, status = "entry_taken", http.StatusConflict
	case errors.Is(err, intake.ErrChanged):
		p.Problem, status, p.Cells, p.Was = "entry_changed", http.StatusConflict, onRecord, onRecord
	default:
		return err
	}
	p.Picker = a.pickerFor(accountOf(r), p.Cells)
	return a.render(w, "entry", status, p)
}

// after is where it goes on when a record is written: to it, where it has an address that is known.
func (p *entryPage) after() string {
	switch {
	case p.Register.Name == "workers":
		return workerPath(p.Cells["code"])
	case p.ID == "" && p.Cells["code"] == "":
		return "/admin/" + p.Register.Name
	case p.ID == "":
		return entryPath(p.Register.Name, p.Cells["code"])
	}
	return p.Path
}

// formCells are the record that a form says. What is known for good stays.
func (p *entryPage) formCells(r *http.Request) routing.Cells {
	cells := routing.Cells{}
	_ = r.PostFormValue("") // reads the form
	for _, column := range p.Register.All() {
		cells[column] = strings.TrimSpace(storable(strings.Join(r.PostForm[column], ";")))
	}
	if p.ID != "" && p.Was["code"] != "" {
		cells["code"] = p.Was["code"]
	}
	return cells
}

// seen are the cells that whoever filled in a form has seen.
func seen(r *http.Request) routing.Cells {
	var cells routing.Cells
	if json.Unmarshal([]byte(r.PostFormValue("was")), &cells) != nil {
		return nil
	}
	return cells
}

// Seen are the cells that the form shows as they are on record, for the form to say so.
func (p *entryPage) Seen() (string, error) {
	text, err := json.Marshal(p.Was)
	return string(text), err
}

// turnOff switches a record off, and turnOn on again. A repeat of either is refused.
func (a *Admin) turnOff(w http.ResponseWriter, r *http.Request) error { return a.turn(w, r, false) }

func (a *Admin) turnOn(w http.ResponseWriter, r *http.Request) error { return a.turn(w, r, true) }

func (a *Admin) turn(w http.ResponseWriter, r *http.Request, on bool) error {
	reg, err := a.kept(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	id := storable(r.PathValue("code"))
	if err := a.Intake.Switch(r.Context(), accountOf(r).Sight, reg, id, on, accountOf(r).Name); err != nil {
		return err
	}
	a.Log.Info("admin: a record is switched", "register", reg.Name, "record", id, "on", on, "account", accountOf(r).Name)
	http.Redirect(w, r, entryPath(reg.Name, id), http.StatusSeeOther)
	return nil
}

// Fault is what is wrong with a file or a line of it, in the reader's language.
func (p page) Fault(f sheet.Fault) string {
	pairs := make([]any, 0, 2*len(f.Args))
	for i, arg := range f.Args {
		pairs = append(pairs, string(rune('A'+i)), p.timeWords(arg))
	}
	return p.T("fault_"+f.Key, pairs...)
}
