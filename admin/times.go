package admin

import (
	"fmt"
	"net/http"
	"slices"
	"time"

	"onedoor/intake"
)

// timesPage are the response times of the requests submitted on some days.
type timesPage struct {
	page
	From, To string // days, the last one included
	By       string
	All      []intake.Figures // one row: everything that the account sees
	Figures  []intake.Figures
}

// defaultDays is how far back the page looks when not told.
const defaultDays = 30

func (a *Admin) times(w http.ResponseWriter, r *http.Request) error {
	now := a.Intake.Now().In(china)
	from, errFrom := day(r.FormValue("from"), now.AddDate(0, 0, -defaultDays))
	to, errTo := day(r.FormValue("to"), now)
	by := r.FormValue("by")
	if by != "category" {
		by = "station"
	}
	if errFrom != nil || errTo != nil || to.Before(from) {
		return badRequest{"error_days"}
	}
	p := &timesPage{page: a.page(r, "times"), From: from.Format(time.DateOnly), To: to.Format(time.DateOnly), By: by}
	limit, end := limitOf(accountOf(r)), to.AddDate(0, 0, 1)
	var err error
	if p.All, err = a.Intake.Report(r.Context(), from, end, "all", limit); err != nil {
		return err
	}
	if p.Figures, err = a.Intake.Report(r.Context(), from, end, by, limit); err != nil {
		return err
	}
	if r.FormValue("format") == "csv" {
		return writeCSV(w, "response-times.csv", p.rows())
	}
	return a.render(w, "times", http.StatusOK, p)
}

// day reads a date; empty is otherwise's day.
func day(text string, otherwise time.Time) (time.Time, error) {
	if text == "" {
		text = otherwise.Format(time.DateOnly)
	}
	return time.ParseInLocation(time.DateOnly, text, china)
}

// rows are the figures as a table with a header, with what each group is called beside its key.
func (p *timesPage) rows() [][]string {
	rows := intake.ReportRows(p.By, p.Figures)
	rows[0] = slices.Insert(rows[0], 1, "name")
	for i, f := range p.Figures {
		rows[i+1] = slices.Insert(rows[i+1], 1, p.Group(f.Group))
	}
	return rows
}

// Group is what a row of the report is about.
func (p *timesPage) Group(key string) string {
	if p.By == "category" {
		return p.Category(&key)
	}
	return p.Station(&key)
}

// Share is a share in per cent, or a dash.
func (p page) Share(s *float64) string {
	if s == nil {
		return "–"
	}
	return fmt.Sprintf("%.0f %%", *s*100)
}
