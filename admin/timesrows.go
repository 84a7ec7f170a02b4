package admin

import (
	"net/http"
	"slices"
	"strconv"

	"onedoor/intake"
)

// timesRows is how many rows of response times a page has: so it weighs 100 kB at most. Files have them all.
const timesRows = 25

// turned is one page of the rows of a report.
type turned struct {
	Rows  []intake.Figures
	Page  int // from 1
	Pages int
}

// turnTo is the page of the rows that is asked for; days, weeks and months begin with the latest.
func turnTo(r *http.Request, by string, figures []intake.Figures) turned {
	if slices.Contains([]string{"day", "week", "month"}, by) {
		figures = slices.Clone(figures)
		slices.Reverse(figures)
	}
	pages := max(1, (len(figures)+timesRows-1)/timesRows)
	page, err := strconv.Atoi(r.FormValue("page"))
	if err != nil {
		page = 1
	}
	page = min(max(page, 1), pages)
	return turned{figures[(page-1)*timesRows : min(page*timesRows, len(figures))], page, pages}
}

// Turn is the address of the page that is so many further on, or "" where there is none.
func (p *timesPage) Turn(by int) string {
	page := p.Shown.Page + by
	if page < 1 || page > p.Shown.Pages {
		return ""
	}
	return p.Asked.At("/admin/times", "page", strconv.Itoa(page))
}
