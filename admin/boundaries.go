package admin

import (
	"errors"
	"net/http"

	"onedoor/internal/sheet"
	"onedoor/routing"
)

// boundariesPage is where the boundaries of places are imported.
type boundariesPage struct {
	page
	Done    *routing.Counts
	Unknown sheet.Problems // areas that were passed over
	Unfit   sheet.Problems // those for which nothing was imported
	Unread  *sheet.Fault   // why the file can't be read
	Problem string         // likewise, as a key of the catalogue
}

// Levels are how many places of each level have a boundary, the widest first.
func (p *boundariesPage) Levels() (all []levelCount) {
	count := map[string]int{}
	for _, b := range p.Intake.Router.Boundaries() {
		place, _ := p.Intake.Router.Gazetteer().Lookup(b.Place)
		count[place.Level]++
	}
	for _, level := range levels() {
		if count[level] > 0 {
			all = append(all, levelCount{level, count[level]})
		}
	}
	return all
}

type levelCount struct {
	Level string
	Count int
}

// areas are problems of a file, ready to be drawn.
type areas struct {
	P        page
	Problems sheet.Problems
}

// Areas makes as many problems as the page lists ready to be drawn.
func (p *boundariesPage) Areas(all sheet.Problems) areas {
	return areas{p.page, all[:min(len(all), maxListed)]}
}

func (a *Admin) boundaries(w http.ResponseWriter, r *http.Request) error {
	p, err := a.boundariesPage(r)
	if err != nil {
		return err
	}
	return a.render(w, "boundaries", http.StatusOK, p)
}

func (a *Admin) boundariesPage(r *http.Request) (*boundariesPage, error) {
	if _, err := a.kept(r, "places"); err != nil {
		return nil, err
	}
	p := &boundariesPage{page: a.page(r, "boundaries")}
	p.Path = "/admin/places/boundaries"
	return p, nil
}

// importBoundaries reads a file of boundaries and writes them: all that are of known places, or none. A repeat changes nothing.
func (a *Admin) importBoundaries(w http.ResponseWriter, r *http.Request) error {
	p, err := a.boundariesPage(r)
	if err != nil {
		return err
	}
	if _, file, err := uploaded(w, r); err != nil {
		p.Problem = noFile(err)
	} else if err := a.takeBoundaries(r, p, file); err != nil {
		return err
	}
	status := http.StatusOK
	if p.Done == nil {
		status = http.StatusBadRequest
	}
	return a.render(w, "boundaries", status, p)
}

// takeBoundaries imports a file, or has the page say why not.
func (a *Admin) takeBoundaries(r *http.Request, p *boundariesPage, file []byte) error {
	free, err := a.readSlot(r)
	if err != nil {
		return err
	}
	defer free()
	known := func(code string) bool { _, ok := a.Intake.Router.Gazetteer().Lookup(code); return ok }
	found, unknown, err := routing.ReadBoundaries(file, r.FormValue("datum") == "gcj02", known)
	var unfit routing.BoundaryProblems
	var fault sheet.Fault
	p.Unknown = unknown
	switch {
	case errors.As(err, &unfit):
		p.Unfit = unfit.Problems
		return nil
	case errors.As(err, &fault):
		p.Unread = &fault
		return nil
	case err != nil:
		return err
	}
	counts, err := routing.ImportBoundaries(r.Context(), a.DB, found)
	if err != nil {
		return err
	}
	p.Done = &counts
	a.Log.Info("admin: boundaries are imported", "added", counts.Added, "changed", counts.Changed, "account", accountOf(r).Name)
	return a.Intake.Router.ReloadBoundaries(r.Context())
}
