package admin

import (
	"net/http"
	"strconv"
	"time"

	"onedoor/intake"
)

// behindLimit is how many requests a page of what is behind a figure lists.
const behindLimit = 50

// behindPage lists the requests behind a figure.
type behindPage struct {
	timesPage
	Clock, Part string
	Referred    string // the code of the organisation whose figure it is; empty: a clock's
	Count       int
	Offset      int
	Cycles      []intake.CycleView
}

func (a *Admin) behind(w http.ResponseWriter, r *http.Request) error {
	q, err := a.timesQuery(r)
	if err != nil {
		return err
	}
	p := &behindPage{timesPage: timesPage{page: a.page(r, "behind"), Asked: q}, Clock: r.FormValue("clock"), Part: r.FormValue("part"),
		Referred: storable(r.FormValue("organisation"))}
	p.Offset, _ = strconv.Atoi(r.FormValue("offset")) // else the first page
	p.Offset = max(p.Offset, 0)
	if err := a.Intake.Fold(r.Context()); err != nil {
		return err
	}
	if p.Referred != "" {
		p.Cycles, p.Count, err = a.Intake.ListReferred(r.Context(), q.referred(), p.Referred, p.Part, p.Offset, behindLimit)
	} else {
		behind := intake.Behind{Scope: q.scope, Clock: p.Clock, Part: p.Part}
		p.Cycles, p.Count, err = a.Intake.ListBehind(r.Context(), behind, p.Offset, behindLimit)
	}
	if err != nil {
		return err
	}
	return a.renderList(w, r, "behind", p)
}

// Page is where another page of the list is, so many pages on; empty where there is none.
func (p *behindPage) Page(on int) string {
	offset := p.Offset + on*behindLimit
	if offset < 0 && p.Offset > 0 {
		offset = 0
	}
	if offset < 0 || offset >= p.Count || offset == p.Offset {
		return ""
	}
	return "/admin/times/requests?" + p.Asked.With("clock", p.Clock, "organisation", p.Referred, "part", p.Part, "offset", strconv.Itoa(offset))
}

// First and Last are the numbers of the requests that the page lists.
func (p *behindPage) First() int { return min(p.Offset+1, p.Count) }

// Last is the number of the last one.
func (p *behindPage) Last() int { return min(p.Offset+len(p.Cycles), p.Count) }

// Took is how long a clock of a cycle ran until it stopped, or has run by now.
func (p *behindPage) Took(c intake.CycleView, stopped *time.Time) string {
	until := p.Intake.Now()
	switch {
	case stopped != nil:
		until = *stopped
	case c.Over != nil:
		return "–"
	}
	ran := until.Sub(c.Began).Seconds()
	return p.Length(&ran)
}

// Missed tells whether a clock of a cycle stopped after its moment, or runs past it.
func (p *behindPage) Missed(c intake.CycleView, stopped *time.Time, due time.Time) bool {
	until := p.Intake.Now()
	if c.Over != nil {
		until = *c.Over
	}
	if stopped != nil {
		until = *stopped
	}
	return until.After(due)
}

// Days are those that are asked for, in words.
func (q timesQuery) Days() string {
	if q.From == q.To {
		return q.From
	}
	return q.From + " – " + q.To
}
