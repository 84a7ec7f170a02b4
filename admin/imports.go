package admin

import (
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/sheet"
)

// What a file may have that somebody sends: for more there is `onedoor import`.
const (
	maxUpload   = 10 << 20 // bytes
	maxImported = 50_000   // lines
	maxUnpacked = 64 << 20 // bytes that an XLSX unpacks to
	maxAtOnce   = 2        // files that are read at the same time: each takes memory
	maxListed   = 200      // lines of a kind on the page of a preview
)

// importPage asks for a file.
type importPage struct {
	page
	Register *intake.Register
	Unread   *sheet.Fault // why the one that was sent can't be read
	Problem  string       // likewise, as a key of the catalogue
}

// Hint is how a column is to be filled in, where that isn't plain; else empty.
func (p *importPage) Hint(column string) string {
	switch {
	case p.Register.Name == "texts" && column == "text":
		return p.T("hint_wording")
	case p.Register.Name == "texts" && column == "original":
		return p.T("hint_original")
	case p.Register.Name == "standards" && slices.Contains(intake.StandardTimes(), column):
		return p.T("hint_time")
	}
	return p.page.Hint(column)
}

func (a *Admin) importPage(w http.ResponseWriter, r *http.Request) error {
	reg, err := a.keptSheet(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	return a.render(w, "import", http.StatusOK, &importPage{page: a.pageOf(r, "import", reg), Register: reg})
}

// pageOf is the page of something that is done with a register.
func (a *Admin) pageOf(r *http.Request, title string, reg *intake.Register) page {
	p := a.page(r, title)
	p.Path = "/admin/" + reg.Name + "/import"
	return p.about(p.T("register_" + reg.Name))
}

// upload reads a file and shows what it would change. Nothing is written. A repeat shows it anew.
func (a *Admin) upload(w http.ResponseWriter, r *http.Request) error {
	reg, err := a.keptSheet(r, r.PathValue("name"))
	if err != nil {
		return err
	}
	again := &importPage{page: a.pageOf(r, "import", reg), Register: reg}
	name, file, err := uploaded(w, r)
	if err != nil {
		again.Problem = noFile(err)
		return a.render(w, "import", http.StatusBadRequest, again)
	}
	content, err := a.readSheet(r, reg, file)
	var fault sheet.Fault
	var problems sheet.Problems
	switch {
	case errors.As(err, &fault):
		again.Unread = &fault
		return a.render(w, "import", http.StatusBadRequest, again)
	case errors.As(err, &problems): // of the file itself: no row can be read while there are some
	case err != nil:
		return err
	}
	id, err := a.Intake.MakePreview(r.Context(), accountOf(r).Sight, reg, name, content, problems, accountOf(r).Name)
	if err != nil {
		return err
	}
	http.Redirect(w, r, previewPath(reg, id), http.StatusSeeOther)
	return nil
}

// noFile says, as a key of the catalogue, why uploaded has none.
func noFile(err error) string {
	var tooBig *http.MaxBytesError
	if errors.As(err, &tooBig) {
		return "import_too_big"
	}
	return "import_no_file"
}

// uploaded is the file of a form, and what it is called.
func uploaded(w http.ResponseWriter, r *http.Request) (name string, file []byte, err error) {
	whole := r.Body
	r.Body = http.MaxBytesReader(w, whole, maxUpload+1<<16)
	if err := r.ParseMultipartForm(1 << 20); err != nil {
		_, _ = io.CopyN(io.Discard, whole, 4*maxUpload) // so that a browser that is still sending reads the answer
		return "", nil, err
	}
	defer func() { _ = r.MultipartForm.RemoveAll() }()
	f, header, err := r.FormFile("file")
	if err != nil {
		return "", nil, err
	}
	defer f.Close()
	file, err = io.ReadAll(f)
	return clip(header.Filename, maxDetail), file, err
}

// readSlot waits until a file may be read into memory, few at a time, and returns what is to be done after it.
func (a *Admin) readSlot(r *http.Request) (free func(), err error) {
	select {
	case a.reading <- struct{}{}:
		return func() { <-a.reading }, nil
	case <-r.Context().Done():
		return nil, r.Context().Err()
	}
}

// readSheet reads a file, few at a time.
func (a *Admin) readSheet(r *http.Request, reg *intake.Register, file []byte) (*sheet.Sheet, error) {
	free, err := a.readSlot(r)
	if err != nil {
		return nil, err
	}
	defer free()
	return sheet.Read(file, sheet.Limits{Size: maxUnpacked, Rows: maxImported, Lines: reg.Lines}, reg.Columns, reg.More)
}

func previewPath(reg *intake.Register, id string) string {
	return "/admin/directory/" + reg.Name + "/import/" + url.PathEscape(id)
}

// previewPage is what a file would change, or has changed.
type previewPage struct {
	page
	*intake.Preview
	Register *intake.Register
	Anew     bool // it would change something else by now than was shown before
}

func (a *Admin) preview(w http.ResponseWriter, r *http.Request) error {
	reg, p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	if r.FormValue("format") == "csv" {
		return send(w, "import.csv", "text/csv; charset=utf-8", p.rows(), sheet.WriteCSV)
	}
	p.Register = reg
	return a.render(w, "preview", http.StatusOK, p)
}

// ownPreview is the preview of the path, if this account has made it of that register.
func (a *Admin) ownPreview(r *http.Request) (*intake.Register, *previewPage, error) {
	reg, err := a.keptSheet(r, r.PathValue("name"))
	if err != nil {
		return nil, nil, err
	}
	made, err := a.Intake.Preview(r.Context(), storable(r.PathValue("id")), accountOf(r).Name)
	if err == nil && made.Register != reg.Name {
		err = intake.ErrNotFound
	}
	if err != nil {
		return nil, nil, err
	}
	return reg, &previewPage{page: a.pageOf(r, "preview", reg), Preview: made, Anew: r.FormValue("anew") != ""}, nil
}

// confirm does what a preview says. A repeat is refused.
func (a *Admin) confirm(w http.ResponseWriter, r *http.Request) error {
	reg, p, err := a.ownPreview(r)
	if err != nil {
		return err
	}
	err = a.Intake.ApplyPreview(r.Context(), accountOf(r).Sight, reg, p.ID, accountOf(r).Name)
	if errors.Is(err, intake.ErrChanged) {
		http.Redirect(w, r, previewPath(reg, p.ID)+"?anew=1", http.StatusSeeOther)
		return nil
	}
	if err != nil {
		return err
	}
	a.Log.Info("admin: a file is imported", "register", reg.Name, "added", p.Plan.Added(), "changed", p.Plan.Changed(), "account", accountOf(r).Name)
	http.Redirect(w, r, previewPath(reg, p.ID), http.StatusSeeOther)
	return nil
}

// News are the records that are new, and Changes those that change: as many as the page lists.
func (p *previewPage) News() []intake.Change { return p.listed(true) }

// Changes are the records that change, as many as the page lists.
func (p *previewPage) Changes() []intake.Change { return p.listed(false) }

func (p *previewPage) listed(isNew bool) []intake.Change {
	var all []intake.Change
	for _, c := range p.Plan.Changes {
		if c.New == isNew && len(all) < maxListed {
			all = append(all, c)
		}
	}
	return all
}

// Problems are what is wrong, as much as the page lists.
func (p *previewPage) Problems() sheet.Problems {
	return p.Plan.Problems[:min(len(p.Plan.Problems), maxListed)]
}

// Warnings are what may be wrong, as much as the page lists.
func (p *previewPage) Warnings() sheet.Problems {
	return p.Plan.Warnings[:min(len(p.Plan.Warnings), maxListed)]
}

// Whole tells whether the page lists everything.
func (p *previewPage) Whole() bool {
	return len(p.Plan.Problems) <= maxListed && len(p.Plan.Warnings) <= maxListed && p.Plan.Added() <= maxListed && p.Plan.Changed() <= maxListed
}

// Until is when the file can be confirmed last.
func (p *previewPage) Until() time.Time { return p.MadeAt.Add(intake.PreviewValid) }

// told are the fields of a change, ready to be drawn.
type told struct {
	P      page
	Fields []intake.Field
}

// Told makes the fields of a change ready to be drawn.
func (p page) Told(fields []intake.Field) told { return told{p, fields} }

// Column is what a column is called.
func (p page) Column(column string) string { return p.T("column_" + column) }

// rows are everything that the preview says, as a table.
func (p *previewPage) rows() [][]string {
	rows := [][]string{{p.T("line"), p.T("preview_what"), p.T("preview_key"), p.T("preview_column"), p.T("preview_before"), p.T("preview_after")}}
	for _, problem := range p.Plan.Problems {
		rows = append(rows, []string{strconv.Itoa(problem.Line), p.T("preview_bad"), "", "", "", p.Fault(problem.Fault)})
	}
	for _, warning := range p.Plan.Warnings {
		rows = append(rows, []string{strconv.Itoa(warning.Line), p.T("preview_odd"), "", "", "", p.Fault(warning.Fault)})
	}
	for _, c := range p.Plan.Changes {
		what := p.T("preview_changed")
		if c.New {
			what = p.T("preview_added")
		}
		for _, f := range c.Fields {
			rows = append(rows, []string{strconv.Itoa(c.Line), what, strings.Trim(c.Key, "|"), f.Column, f.Before, f.After})
		}
	}
	return rows
}
