package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"onedoor/intake"
)

// searchLimit is how many requests a page of what is found has.
const searchLimit = 50

// searchFields are those of the search's form, in the order in which they are shown.
func searchFields() []string {
	return []string{"q", "state", "category", "urgency", "station", "county", "worker", "triage", "from", "to", "overdue", "unhappy", "unnamed", "sort"}
}

// search is what requests are looked for by, as the URL says it.
type search struct{ url.Values }

// maxField is how many characters of a field count.
const maxField = 200

// searchOf takes what it knows of what a form says; all else, and what is empty, is left out.
func searchOf(form url.Values) search {
	s := search{url.Values{}}
	for _, name := range searchFields() {
		if value := clip(strings.TrimSpace(form.Get(name)), maxField); value != "" {
			s.Set(name, value)
		}
	}
	return s
}

// Without is the search but for a field, as a URL.
func (s search) Without(name string) string {
	less := searchOf(s.Values)
	less.Del(name)
	return less.address()
}

// names are the fields that are set, in the order in which they are shown.
func (s search) names() []string {
	return slices.DeleteFunc(searchFields(), func(name string) bool { return !s.Has(name) })
}

// address is where the search is; what is given as pairs is added.
func (s search) address(pairs ...string) string {
	more := searchOf(s.Values)
	for i := 0; i+1 < len(pairs); i += 2 {
		more.Set(pairs[i], pairs[i+1])
	}
	if len(more.Values) == 0 {
		return "/admin/requests"
	}
	return "/admin/requests?" + more.Encode()
}

// filter is the search as the domain knows it.
func (s search) filter() (intake.Filter, error) {
	f := intake.Filter{Words: s.Get("q"), State: s.Get("state"), Category: s.Get("category"), Urgency: s.Get("urgency"), Station: s.Get("station"),
		County: s.Get("county"), Worker: s.Get("worker"), Triage: s.Get("triage"), Overdue: s.Has("overdue"), Unhappy: s.Has("unhappy"),
		Unnamed: s.Has("unnamed"), Pressing: s.Get("sort") == "pressing"}
	var err error
	if from := s.Get("from"); from != "" {
		f.From, err = day(from, time.Time{})
	}
	if to := s.Get("to"); to != "" && err == nil {
		f.To, err = day(to, time.Time{})
		f.To = f.To.AddDate(0, 0, 1)
	}
	if err != nil || !f.To.IsZero() && !f.To.After(f.From) {
		return f, badRequest{"error_days"}
	}
	return f, nil
}

// known is the search without values that none of its fields can have, and whether there were any. Stations and counties are looked
// at with what is in sight.
func (p page) known(s search) (known search, some bool) {
	known = searchOf(s.Values)
	for _, name := range []string{"state", "urgency", "category", "triage", "sort"} {
		if known.Has(name) && !slices.Contains(p.choices(name), known.Get(name)) {
			known.Del(name)
			some = true
		}
	}
	return known, some
}

// choices are the values that a field of the search can have.
func (p page) choices(name string) []string {
	switch name {
	case "state":
		return []string{"open", "claimed", "referred", "resolved", "closed", "cancelled"}
	case "urgency":
		return []string{"emergency", "urgent", "normal"}
	case "category":
		keys := []string{intake.None}
		for _, category := range p.Categories() {
			keys = append(keys, category.Key)
		}
		return keys
	case "sort":
		return []string{"pressing"}
	}
	return intake.TriageReasons()
}

// searchPage is the search for requests.
type searchPage struct {
	page
	Unknown bool // the address asks for what there isn't, which is left out
	Asked   search
	After   string // where the page begins; "": at the first
	Found   intake.Found
	TooWide bool
	Views   []savedView
}

func (a *Admin) requests(w http.ResponseWriter, r *http.Request) error {
	p := &searchPage{page: a.page(r, "requests_page"), Asked: searchOf(r.URL.Query()), After: clip(r.FormValue("after"), maxField)}
	p.Asked, p.Unknown = p.known(p.Asked)
	filter, err := p.Asked.filter()
	if err != nil {
		return err
	}
	p.Found, err = a.Intake.Find(r.Context(), accountOf(r).Sight, filter, p.After, searchLimit)
	if p.TooWide = errors.Is(err, intake.ErrTooWide); err != nil && !p.TooWide {
		return err
	}
	if p.Views, err = a.savedViews(r.Context(), accountOf(r)); err != nil {
		return err
	}
	return a.renderList(w, r, "search", p, p.Asked.names()...)
}

// Rows makes what is found ready to be drawn.
func (p *searchPage) Rows() rows { return p.page.Rows(p.Found.Views, "") }

// Next is where the next page is; "" at the end.
func (p *searchPage) Next() string {
	if p.Found.Next == "" {
		return ""
	}
	return p.Asked.address("after", p.Found.Next)
}

// First is where the first page is.
func (p *searchPage) First() string { return p.Asked.address() }

// Filters is the search as a saved view keeps it.
func (p *searchPage) Filters() string { return p.Asked.Encode() }

// Day is a moment with its year: what is found may be old.
func (p *searchPage) Day(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return t.In(china).Format("2006-01-02 15:04")
}

// chip is a filter that is set, with where it is not.
type chip struct{ Name, Value, Without string }

// Chips are the filters that are set.
func (p *searchPage) Chips() (all []chip) {
	for _, name := range searchFields()[1:] {
		if value := p.Asked.Get(name); value != "" {
			all = append(all, chip{p.T("filter_" + name), p.says(name, value), p.Asked.Without(name)})
		}
	}
	return all
}

// says is what a filter's value means, in words; "" where its name says it all.
func (p *searchPage) says(name, value string) string {
	switch name {
	case "overdue", "unhappy", "unnamed":
		return ""
	case "sort":
		return p.T("sort_pressing")
	case "station":
		return p.StationName(strings.TrimPrefix(value, intake.None))
	case "category":
		return p.CategoryName(strings.TrimPrefix(value, intake.None))
	case "county":
		return p.Described(value)
	case "state", "urgency", "triage":
		return p.T(name + "_" + value)
	}
	return value
}

// choice is a filter with what to choose from.
type choice struct {
	Name, Label, Any, Now string
	Options               []option
}

// Choose makes a filter ready to be drawn.
func (p *searchPage) Choose(name string) choice {
	c := choice{Name: name, Label: p.T("filter_" + name), Any: p.T("any"), Now: p.Asked.Get(name)}
	switch name {
	case "station":
		c.Options = p.stationsSeen()
	case "county":
		c.Options = p.countiesSeen()
	case "category":
		for _, category := range p.Categories() {
			c.Options = append(c.Options, option{category.Key, category.Name[p.Lang]})
		}
		c.Options = append(c.Options, option{intake.None, p.T("unclear")})
	default:
		for _, value := range p.choices(name) {
			c.Options = append(c.Options, option{value, p.T(name + "_" + value)})
		}
	}
	return c
}

// Marks are the filters that are set or not.
func (p *searchPage) Marks() []string { return []string{"overdue", "unhappy", "unnamed"} }

// Told is how much was found, in words.
func (p *searchPage) Told() string {
	f := p.Found
	switch {
	case f.Since != nil:
		return p.T("found_since", "Count", f.Count, "Moment", p.Day(f.Since))
	case p.After != "":
		return p.T("found_further", "Count", f.Count)
	case f.Count == 0:
		return p.T("found_none")
	case f.More:
		return p.T("found_more", "Count", f.Count)
	}
	return p.T("found_count", "Count", f.Count)
}

// stationsSeen are the stations to choose from: none where the account sees but one.
func (p *searchPage) stationsSeen() []option {
	all := slices.DeleteFunc(p.stationOptions(), func(o option) bool { return !p.Account.Sight.SeesStation(o.Value) })
	if len(all) < 2 {
		return nil
	}
	if p.Account.Sight.All || len(p.Account.Sight.Places) > 0 {
		all = append(all, option{intake.None, p.T("none")})
	}
	return all
}

// countiesSeen are the counties to choose from: none where the account sees stations of but one.
func (p *searchPage) countiesSeen() (all []option) {
	for _, s := range p.Intake.Router.Stations() {
		known := func(o option) bool { return o.Value == s.County }
		if s.County != "" && p.Account.Sight.SeesStation(s.Code) && !slices.ContainsFunc(all, known) {
			all = append(all, option{s.County, p.says("county", s.County)})
		}
	}
	if len(all) < 2 {
		return nil
	}
	slices.SortFunc(all, func(a, b option) int { return strings.Compare(a.Name, b.Name) })
	return all
}

// maxExcerpt is how many characters of what a resident said a list shows.
const maxExcerpt = 160

// Excerpt is the beginning of what the resident of a request said.
func (p *searchPage) Excerpt(v *intake.View) string {
	if clipped := clip(v.Text, maxExcerpt); clipped != v.Text {
		return clipped + "…"
	}
	return v.Text
}
