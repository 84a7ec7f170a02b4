package admin

import (
	"errors"
	"net/http"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
)

// standardsPage is the service standards of all categories.
type standardsPage struct {
	page
}

// standardsOf is one standard, and what it would be without an administrator's word.
type standardsOf struct {
	Urgency  prompts.Urgency
	Holds    prompts.Standard
	Taxonomy prompts.Standard
	Set      *intake.Setting // by whom and when; nil: it is the taxonomy's
	Most     [3]int          // minutes
}

func (a *Admin) standards(w http.ResponseWriter, r *http.Request) error {
	return a.render(w, "standards", http.StatusOK, &standardsPage{a.page(r, "standards")})
}

// Standards are those of a category that hold now, the most pressing urgency first.
func (p page) Standards(category string) []standardsOf {
	var all []standardsOf
	now := p.Intake.Now()
	for _, urgency := range intake.Urgencies() {
		s := standardsOf{Urgency: urgency, Holds: p.Intake.Standard(category, urgency, now), Taxonomy: p.Intake.Taxonomy.Standard(category, urgency),
			Most: intake.MostMinutes(urgency)}
		if set, ok := p.Intake.Setting(category, urgency, now); ok {
			s.Set = &set
		}
		all = append(all, s)
	}
	return all
}

// ThreeTimes is a standard's three times in words.
func (p page) ThreeTimes(s prompts.Standard) string {
	return p.Span(s.Claim) + " · " + p.Span(s.Answer) + " · " + p.Span(s.Resolve)
}

// Span is a length of time.
func (p page) Span(d time.Duration) string { return p.texts.Span(p.Lang, d) }

// standardPage is the form of one category's standards.
type standardPage struct {
	page
	Service prompts.Category
	Problem string
	Urgency prompts.Urgency // of which something is wrong
}

// Minutes are a standard's times with their names and bounds.
func (p *standardPage) Minutes(s standardsOf) []timeField {
	var all []timeField
	for i, name := range []string{"claim", "answer", "resolve"} {
		pick := func(of prompts.Standard) int {
			return int([3]time.Duration{of.Claim, of.Answer, of.Resolve}[i].Minutes())
		}
		in := func(n int) string { return p.Span(time.Duration(n) * time.Minute) }
		all = append(all, timeField{name, pick(s.Holds), s.Most[i], in(pick(s.Holds)), in(pick(s.Taxonomy)), in(s.Most[i])})
	}
	return all
}

// timeField is one of a standard's times: in minutes, with the most, and in words.
type timeField struct {
	Name           string
	Minutes, Most  int
	Holds, Default string
	AtMost         string
}

func (a *Admin) standard(w http.ResponseWriter, r *http.Request) error {
	p, err := a.standardPage(r)
	if err != nil {
		return err
	}
	return a.render(w, "standard", http.StatusOK, p)
}

func (a *Admin) standardPage(r *http.Request) (*standardPage, error) {
	service, ok := a.Intake.Taxonomy.Category(r.PathValue("code"))
	if !ok {
		return nil, intake.ErrNotFound
	}
	p := a.page(r, "standards")
	return &standardPage{page: p.about(p.CategoryName(service.Key)), Service: service}, nil
}

// setStandard sets what holds for requests from now on, or has the taxonomy's hold again. A repeat has no effect.
func (a *Admin) setStandard(w http.ResponseWriter, r *http.Request) error {
	p, err := a.standardPage(r)
	if err != nil {
		return err
	}
	var times []int
	p.Urgency = prompts.Urgency(r.PostFormValue("urgency"))
	if r.PostFormValue("reset") == "" {
		for _, name := range []string{"claim", "answer", "resolve"} {
			n, _ := strconv.Atoi(strings.TrimSpace(r.PostFormValue(name))) // 0 is refused
			times = append(times, n)
		}
	}
	err = a.Intake.SetStandard(r.Context(), p.Service.Key, p.Urgency, times, accountOf(r).Name)
	if errors.Is(err, intake.ErrRefused) {
		p.Problem = "standard_bounds"
		return a.render(w, "standard", http.StatusBadRequest, p)
	}
	if err != nil {
		return err
	}
	a.Log.Info("admin: a service standard is set", "category", p.Service.Key, "urgency", p.Urgency, "minutes", times, "account", accountOf(r).Name)
	http.Redirect(w, r, "/admin/standards/"+p.Service.Key, http.StatusSeeOther)
	return nil
}
