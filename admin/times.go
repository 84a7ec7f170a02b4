package admin

import (
	"cmp"
	"context"
	"fmt"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"time"

	"golang.org/x/sync/errgroup"

	"onedoor/intake"
)

// defaultDays is how far back the page looks when not told.
const defaultDays = 30

// timesQuery is what the pages of response times are asked for; it lives in the URL.
type timesQuery struct {
	From, To string // days, the last one included
	By       string
	Station  string // intake.None: what none has; so with the next two
	Worker   string // the station of whoever claimed it
	Category string
	County   string
	Urgency  string
	Setting  string // urban, rural
	Hours    string // open: opening hours; else those of the clock on the wall
	Drawn    string // the clock of the charts, one of drawnClocks
	Zone     string // of the days, as it is called; empty: that of each station
	zone     *time.Location
	scope    intake.Scope
}

// timesBy are the groupings that a page can be asked for, the first when it isn't told.
func timesBy() []string {
	return []string{"station", "category", "urgency", "county", "setting", "worker_station", "day", "week", "month"}
}

// timesQuery reads what is asked for, within what the account may see.
func (a *Admin) timesQuery(r *http.Request) (timesQuery, error) {
	asked := func(name string) string { return storable(r.FormValue(name)) }
	q := timesQuery{By: asked("by"), Station: asked("station"),
		Worker: asked("worker_station"), Category: asked("category"), County: asked("county"), Urgency: asked("urgency"), Setting: asked("setting"),
		Hours: asked("hours")}
	if !slices.Contains(timesBy(), q.By) {
		q.By = timesBy()[0]
	}
	if q.Drawn = asked("chart"); !slices.Contains(drawnClocks(), q.Drawn) {
		q.Drawn = defaultDrawn
	}
	q.scope = intake.Scope{Category: q.Category, Urgency: q.Urgency, Setting: q.Setting, WorkerStation: q.Worker,
		Stations: a.stationsOf(q.County, q.Station)}
	asks := q.scope.Stations != nil
	q.scope.Stations = accountOf(r).Sight.Of(q.scope.Stations)
	if asks && len(q.scope.Stations) == 0 && !accountOf(r).SeesAll() {
		return timesQuery{}, intake.ErrNotFound
	}
	return q, q.readDays(r, a)
}

// readDays reads the days that are asked for, which are those of the stations' time zones.
func (q *timesQuery) readDays(r *http.Request, a *Admin) error {
	zones, now := a.zonesOf(q.scope.Stations), a.Intake.Now()
	today := latest(zones, now)
	from, errFrom := day(r.FormValue("from"), today.AddDate(0, 0, 1-defaultDays))
	to, errTo := day(r.FormValue("to"), today)
	if errFrom != nil || errTo != nil || to.Before(from) {
		return badRequest{"error_days"}
	}
	q.From, q.To = from.Format(time.DateOnly), to.Format(time.DateOnly)
	q.scope.From, q.scope.To, q.scope.Days = from, to.AddDate(0, 0, 1), true
	q.zone, q.Zone = oneZone(zones, from, to, now)
	return nil
}

// stationsOf are the stations of a county, or the one that is named; nil: all.
func (a *Admin) stationsOf(county, station string) []string {
	if county == "" && station == "" {
		return nil
	}
	if county == "" {
		return []string{station}
	}
	codes := []string{}
	if county == intake.None && station == "" {
		codes = append(codes, intake.None)
	}
	for _, s := range a.Intake.Router.Stations() {
		if cmp.Or(s.County, intake.None) == county && (station == "" || station == s.Code) {
			codes = append(codes, s.Code)
		}
	}
	return codes
}

// With is the query's part of a URL with some values changed, given as pairs.
func (q timesQuery) With(pairs ...string) string {
	values := url.Values{}
	for name, value := range map[string]string{"from": q.From, "to": q.To, "by": q.By, "station": q.Station,
		"worker_station": q.Worker, "category": q.Category, "county": q.County, "urgency": q.Urgency, "setting": q.Setting, "hours": q.Hours} {
		if value != "" {
			values.Set(name, value)
		}
	}
	if q.Drawn != defaultDrawn {
		values.Set("chart", q.Drawn)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	return values.Encode()
}

// At is the address of a page for the query, with some values changed.
func (q timesQuery) At(path string, pairs ...string) string { return path + "?" + q.With(pairs...) }

// Open tells whether times are in the stations' opening hours.
func (q timesQuery) Open() bool { return q.Hours == "open" }

// timesPage are the response times of the requests submitted on some days.
type timesPage struct {
	page
	Asked    timesQuery
	All      *intake.Figures
	Figures  []intake.Figures // the rows that the page has
	Shown    turned
	Referred []intake.OrganisationFigures // to whom referrals were made
	Today    int                          // requests so far
	Usual    *float64                     // how many requests there are on such a day by this time
}

func (a *Admin) times(w http.ResponseWriter, r *http.Request) error {
	q, err := a.timesQuery(r)
	if err != nil {
		return err
	}
	p := &timesPage{page: a.page(r, "times"), Asked: q}
	switch r.FormValue("format") {
	case "csv", "xlsx":
		figures, err := a.Intake.Report(r.Context(), q.scope, q.By)
		if err != nil {
			return err
		}
		_, err = writeSheet(w, r, q.named("response-times"), func() [][]string { return p.rows(figures) })
		return err
	}
	if err := a.Intake.Fold(r.Context()); err != nil { // before any of what follows, of which one would else read what another still folds
		return err
	}
	group, ctx := errgroup.WithContext(r.Context())
	group.Go(func() (err error) {
		p.Figures, p.All, err = a.Intake.ReportPage(ctx, q.scope, q.By, p.turnTo(r))
		return err
	})
	group.Go(func() (err error) {
		p.Referred, err = a.Intake.ReferralReport(ctx, q.referred())
		return err
	})
	group.Go(func() error { return p.addToday(ctx) })
	if err := group.Wait(); err != nil {
		return err
	}
	return a.render(w, "times", http.StatusOK, p)
}

// usualWeeks is over how many weeks back the same weekday is what is usual.
const usualWeeks = 4

// addToday sets today so far beside the same weekday of the weeks before, up to the same time.
func (p *timesPage) addToday(ctx context.Context) error {
	now, scope, usual := p.Intake.Now().In(p.Asked.zone), p.Asked.scope, 0
	for weeks := range usualWeeks + 1 {
		then := now.AddDate(0, 0, -7*weeks)
		scope.From = dateOf(then)
		scope.To = scope.From.AddDate(0, 0, 1)
		n, err := p.Intake.Count(ctx, scope, then)
		switch {
		case err != nil:
			return err
		case weeks == 0:
			p.Today = n
		default:
			usual += n
		}
	}
	mean := float64(usual) / usualWeeks
	p.Usual = &mean
	return nil
}

// SaysToday tells whether today so far is worth a sentence: that nobody has asked anything is, where somebody usually has by now.
func (p *timesPage) SaysToday() bool { return p.Today > 0 || *p.Usual >= 0.5 }

// BehindToday is where today's requests so far are listed.
func (p *timesPage) BehindToday() string {
	today := p.Intake.Now().In(p.Asked.zone).Format(time.DateOnly)
	return p.Asked.At("/admin/times/requests", "from", today, "to", today, "clock", "claim", "part", "all")
}

// OverdueNow is where all that is overdue now is listed, whenever it was submitted, as far as a search can ask for what the page is of.
func (p *timesPage) OverdueNow() string {
	q, s := p.Asked, url.Values{"overdue": {"1"}, "sort": {"pressing"}}
	for name, value := range map[string]string{"station": q.Station, "category": q.Category, "urgency": q.Urgency, "county": q.County} {
		if value != "" && (name != "county" || value != intake.None) { // no search is for what lies in no county
			s.Set(name, value)
		}
	}
	return "/admin/requests?" + s.Encode()
}

// Groupings are those to choose from.
func (p *timesPage) Groupings() []string { return timesBy() }

// StationsSeen are the stations to choose from: none where the account sees but one.
func (p *timesPage) StationsSeen() []option {
	all := slices.DeleteFunc(p.stationOptions(), func(o option) bool { return !p.Account.Sight.SeesStation(o.Value) })
	if len(all) < 2 {
		return nil
	}
	return all
}

// stationOptions are all stations, by name.
func (p page) stationOptions() []option {
	var all []option
	for _, s := range p.Intake.Router.Stations() {
		all = append(all, option{s.Code, p.Station(&s.Code)})
	}
	slices.SortFunc(all, func(a, b option) int { return cmp.Compare(a.Name, b.Name) })
	return all
}

// option is one of a list to choose from.
type option struct{ Value, Name string }

// Clocks are the three response times of a row, ready to be drawn.
func (p *timesPage) Clocks(f intake.Figures) []clock {
	var all []clock
	for _, c := range []struct {
		name string
		of   intake.Clock
	}{{"claim", f.Claim}, {"answer", f.Answer}, {"resolve", f.Resolve}} {
		if p.Asked.Open() {
			c.of.Median, c.of.P90 = c.of.OpenMedian, c.of.OpenP90
		}
		all = append(all, clock{P: p, C: c.of, Name: c.name, Group: f.Group})
	}
	return all
}

// clock is one response time in a table.
type clock struct {
	P     *timesPage
	C     intake.Clock
	Name  string // claim, answer or resolve
	Group string
}

// row is one row of the report, ready to be drawn.
type row struct {
	P *timesPage
	intake.Figures
}

// Row makes a row ready to be drawn.
func (p *timesPage) Row(f intake.Figures) row { return row{p, f} }

// Clocks are the response times of the row.
func (r row) Clocks() []clock { return r.P.Clocks(r.Figures) }

// Behind is where all requests of the row are listed.
func (r row) Behind() string { return r.Clocks()[0].Behind("all") }

// BehindRate is where the requests are listed that one of the three rates counts.
func (r row) BehindRate(part string) string { return r.Clocks()[1].Behind(part) }

// Thrice repeats a table's heading for the three clocks.
func (p *timesPage) Thrice() [3]struct{} { return [3]struct{}{} }

// Urgencies are those to choose from.
func (p *timesPage) Urgencies() []string { return []string{"emergency", "urgent", "normal"} }

// Organisation is what an organisation is called, in the reader's language and characters.
func (p *timesPage) Organisation(o intake.OrganisationFigures) string {
	return p.Named(o.Name, o.NameEN)
}

// BehindReferred is where the requests are listed that a part of an organisation's figures counts.
func (p *timesPage) BehindReferred(o intake.OrganisationFigures, part string) string {
	return p.Asked.At("/admin/times/requests", "organisation", o.Organisation, "part", part)
}

// Took is a length of time that is known in days, or a dash.
func (p *timesPage) Took(days *float64) string {
	if days == nil {
		return "–"
	}
	return p.Time(*days * 24 * 60 * 60)
}

// Settings are those to choose from.
func (p *timesPage) Settings() []string { return []string{"urban", "rural", intake.None} }

// Mean is a mean of counts.
func (p *timesPage) Mean(of *float64) string { return strconv.FormatFloat(*of, 'f', 0, 64) }

// Behind is where the requests behind a part of the figure are listed.
func (c clock) Behind(part string) string {
	return "/admin/times/requests?" + c.P.narrowed(c.Group).With("clock", c.Name, "part", part)
}

// BehindShare is where those are listed that the share within the service standard lacks; where it lacks none, those that it has.
func (c clock) BehindShare() string {
	if c.C.InTime == c.C.Due {
		return c.Behind("within")
	}
	return c.Behind("late")
}

// narrowed is the query of what one row of the report is about.
func (p *timesPage) narrowed(group string) timesQuery {
	q, key := p.Asked, cmp.Or(group, intake.None)
	q.Drawn = defaultDrawn // a list has no charts
	if group == "all" {
		return q
	}
	switch p.Asked.By {
	case "station":
		q.Station = key
	case "worker_station":
		q.Worker = key
	case "category":
		q.Category = key
	case "county":
		q.County = key
	case "urgency":
		q.Urgency = key
	case "setting":
		q.Setting = key
	default:
		from, to := intake.DaysOf(p.Asked.By, group)
		q.From, q.To = max(q.From, from), min(q.To, to)
	}
	return q
}

// day reads a date; empty is otherwise's day.
func day(text string, otherwise time.Time) (time.Time, error) {
	if text == "" {
		text = otherwise.Format(time.DateOnly)
	}
	return time.ParseInLocation(time.DateOnly, text, china)
}

// rows are the figures as a table with a header, with what each group is called beside its key.
func (p *timesPage) rows(figures []intake.Figures) [][]string {
	rows := intake.ReportRows(p.Asked.By, figures)
	rows[0] = slices.Insert(rows[0], 1, "name")
	for i, f := range figures {
		rows[i+1] = slices.Insert(rows[i+1], 1, p.Group(f.Group))
	}
	return rows
}

// Group is what a row of the report is about.
func (p *timesPage) Group(key string) string {
	switch p.Asked.By {
	case "category":
		return p.Category(&key)
	case "station", "worker_station":
		return p.Station(&key)
	case "urgency":
		return p.T("urgency_" + key)
	case "setting":
		return p.T("setting_" + cmp.Or(key, intake.None))
	case "county":
		if key == "" {
			return p.T("none")
		}
		return p.Described(key)
	}
	return key
}

// Share is a share in per cent, or a dash. It says 100 only where all are meant, and 0 where none is.
func (p page) Share(s *float64) string {
	if s == nil {
		return "–"
	}
	percent := math.Round(*s * 100)
	if *s > 0 && *s < 1 {
		percent = min(max(percent, 1), 99)
	}
	return fmt.Sprintf("%.0f %%", percent)
}
