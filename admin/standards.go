package admin

import (
	"cmp"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/sheet"
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
	return p.Exactly(int(s.Claim.Minutes())) + " · " + p.Exactly(int(s.Answer.Minutes())) + " · " + p.Exactly(int(s.Resolve.Minutes()))
}

// Exactly is a number of minutes in the largest unit in which it is a whole number.
func (p page) Exactly(minutes int) string {
	n, unit := intake.InUnit(minutes)
	return p.texts.Count(p.Lang, unit, n)
}

// standardPage is the form of one category's standards.
type standardPage struct {
	page
	Service prompts.Category
	Urgency prompts.Urgency // of which something is wrong
	Faults  sheet.Problems  // what is
	Typed   url.Values      // as it was sent
}

// Times are a standard's times with their names and bounds, as they hold or were just typed.
func (p *standardPage) Times(s standardsOf) []timeField {
	var all []timeField
	for i, name := range intake.StandardTimes() {
		pick := func(of prompts.Standard) int {
			return int([3]time.Duration{of.Claim, of.Answer, of.Resolve}[i].Minutes())
		}
		n, unit := intake.InUnit(pick(s.Holds))
		f := timeField{Name: name, Number: strconv.Itoa(n), Unit: unit, Holds: p.Exactly(pick(s.Holds)), Default: p.Exactly(pick(s.Taxonomy)), AtMost: p.Exactly(s.Most[i])}
		if len(p.Faults) > 0 && p.Urgency == s.Urgency {
			f.Number, f.Unit = p.Typed.Get(name), p.Typed.Get(name+"_unit")
		}
		all = append(all, f)
	}
	return all
}

// Units are those in which times are said.
func (p *standardPage) Units() []string { return intake.TimeUnits() }

// timeField is one of a standard's times: a number and its unit, and in words with its bounds.
type timeField struct {
	Name, Number, Unit     string
	Holds, Default, AtMost string
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
	p.Urgency = prompts.Urgency(r.PostFormValue("urgency"))
	if !slices.Contains(intake.Urgencies(), p.Urgency) {
		return intake.ErrNotFound
	}
	var times []int
	if r.PostFormValue("reset") == "" {
		times, err = intake.ReadStandard(typedTimes(r), p.Urgency)
	}
	if errors.As(err, &p.Faults) {
		p.Typed = r.PostForm
		return a.render(w, "standard", http.StatusBadRequest, p)
	}
	if err == nil {
		err = a.Intake.SetStandard(r.Context(), p.Service.Key, p.Urgency, times, accountOf(r).Name)
	}
	if err != nil {
		return err
	}
	a.Log.Info("admin: a service standard is set", "category", p.Service.Key, "urgency", p.Urgency, "minutes", times, "account", accountOf(r).Name)
	http.Redirect(w, r, "/admin/standards/"+p.Service.Key, http.StatusSeeOther)
	return nil
}

// typedTimes are the times of a form as sheets have them. Without a unit they are minutes.
func typedTimes(r *http.Request) map[string]string {
	times := map[string]string{}
	for _, name := range intake.StandardTimes() {
		times[name] = strings.TrimSpace(storable(r.PostFormValue(name))) + " " + cmp.Or(storable(r.PostFormValue(name+"_unit")), "minutes")
	}
	return times
}

// timeWords says an argument of a fault in a reader's words, where it is the name of a standard's time, or a time.
func (p page) timeWords(arg string) string {
	if slices.Contains(intake.StandardTimes(), arg) {
		return p.T("time_to_" + arg)
	}
	if minutes, ok := intake.ReadTime(arg); ok {
		return p.Exactly(minutes)
	}
	return arg
}
