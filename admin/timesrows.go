package admin

import (
	"net/http"
	"slices"
	"strconv"

	"onedoor/intake"
)

// timesRows is how many rows of response times a page has: so it weighs 100 kB at most. Files have them all.
const timesRows = 25

// referredRows is how many organisations it has, those asked most: so likewise. Who wants the others asks for a station.
const referredRows = 25

// MostReferred are the organisations that the page has.
func (p *timesPage) MostReferred() []intake.OrganisationFigures {
	return p.Referred[:min(len(p.Referred), referredRows)]
}

// ReferredCut is how many they are, where others are left out.
func (p *timesPage) ReferredCut() int {
	if len(p.Referred) <= referredRows {
		return 0
	}
	return referredRows
}

// turned is which page of the rows of a report is shown.
type turned struct {
	Page  int // from 1
	Pages int
}

// turnTo picks the groups of the page that is asked for; days, weeks and months begin with the latest.
func (p *timesPage) turnTo(r *http.Request) func(names []string) []string {
	return func(names []string) []string {
		names = slices.Clone(names)
		if p.latestFirst() {
			slices.Reverse(names)
		}
		p.Shown.Pages = max(1, (len(names)+timesRows-1)/timesRows)
		page, err := strconv.Atoi(r.FormValue("page"))
		if err != nil {
			page = 1
		}
		p.Shown.Page = min(max(page, 1), p.Shown.Pages)
		return names[(p.Shown.Page-1)*timesRows : min(p.Shown.Page*timesRows, len(names))]
	}
}

func (p *timesPage) latestFirst() bool {
	return slices.Contains([]string{"day", "week", "month"}, p.Asked.By)
}

// Rows are the figures in the order in which the page shows them.
func (p *timesPage) Rows() []intake.Figures {
	rows := slices.Clone(p.Figures)
	if p.latestFirst() {
		slices.Reverse(rows)
	}
	return rows
}

// Turn is the address of the page that is so many further on, or "" where there is none.
func (p *timesPage) Turn(by int) string {
	page := p.Shown.Page + by
	if page < 1 || page > p.Shown.Pages {
		return ""
	}
	return p.Asked.At("/admin/times", "page", strconv.Itoa(page))
}
