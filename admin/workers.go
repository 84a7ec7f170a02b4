package admin

import (
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"rsc.io/qr"

	"onedoor/intake"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// Bounds of the workers' pages: how many are listed at once, and the characters of a name.
const (
	maxMembers = 100
	maxName    = 60
)

// workersPage is the workers of the stations that the account sees.
type workersPage struct {
	page
	Query, At string // a station's code, or "" for all
	Members   []intake.Member
	More      bool // there are workers after these
}

// workers lists the workers of one station or all, found by name or code.
func (a *Admin) workers(w http.ResponseWriter, r *http.Request) error {
	p := &workersPage{page: a.page(r, "workers"), Query: strings.TrimSpace(r.FormValue("q")), At: r.FormValue("station")}
	var err error
	if p.Members, err = a.Intake.Members(r.Context(), accountOf(r).Sight, storable(p.At), storable(p.Query), storable(r.FormValue("after")), maxMembers+1); err != nil {
		return err
	}
	if p.More = len(p.Members) > maxMembers; p.More {
		p.Members = p.Members[:maxMembers]
	}
	return a.render(w, "workers", http.StatusOK, p)
}

// storable is text without what the database can't have.
func storable(text string) string {
	return strings.ReplaceAll(strings.ToValidUTF8(text, ""), "\x00", "")
}

// Next is where the next page is.
func (p *workersPage) Next() string {
	values := url.Values{"after": {p.Members[len(p.Members)-1].Code}}
	for name, value := range map[string]string{"q": p.Query, "station": p.At} {
		if value != "" {
			values.Set(name, value)
		}
	}
	return "/admin/workers?" + values.Encode()
}

// Stations are those at which the account may have workers, by code.
func (p *workersPage) Stations() []routing.Station {
	return slices.DeleteFunc(p.Intake.Router.Stations(), func(s routing.Station) bool { return !p.Account.Sight.SeesStation(s.Code) })
}

// addWorker makes a worker of a station that the account sees, and shows them. A repeat makes another.
func (a *Admin) addWorker(w http.ResponseWriter, r *http.Request) error {
	n := intake.NewWorker{Name: strings.TrimSpace(storable(r.PostFormValue("name"))), Station: r.PostFormValue("station"),
		Role: r.PostFormValue("role"), Phone: strings.TrimSpace(r.PostFormValue("phone"))}
	if _, ok := a.Intake.Router.Station(n.Station); !ok || !accountOf(r).Sight.SeesStation(n.Station) {
		return intake.ErrNotFound
	}
	switch {
	case n.Name == "" || utf8.RuneCountInString(n.Name) > maxName:
		return badRequest{"error_name"}
	case n.Role != "worker" && n.Role != "supervisor":
		return badRequest{"error_role"}
	case !sheet.IsPhone(n.Phone):
		return badRequest{"error_phone"}
	}
	for _, key := range r.PostForm["specialty"] {
		if _, ok := a.Intake.Taxonomy.Category(key); !ok {
			return intake.ErrNotFound
		}
		n.Specialties = append(n.Specialties, key)
	}
	code, err := a.Intake.AddWorker(r.Context(), n)
	if err != nil {
		return err
	}
	a.Log.Info("admin: a worker is added", "worker", code, "station", n.Station, "account", accountOf(r).Name)
	http.Redirect(w, r, workerPath(code), http.StatusSeeOther)
	return nil
}

// workerPage is one worker, and what can be done with them.
type workerPage struct {
	page
	intake.Member
	Absence    *intake.Absence // planned or under way
	Colleagues []intake.Worker // who can stand in
	Invitation *invitation     // just made
	MayInvite  bool
}

// invitation is a one-time link as it is handed over: once.
type invitation struct {
	Link string
	QR   drawing
}

func workerPath(code string) string { return "/admin/workers/" + url.PathEscape(code) }

// ownMember is the worker of the path, if the account sees their station.
func (a *Admin) ownMember(r *http.Request) (intake.Member, error) {
	m, err := a.Intake.Member(r.Context(), storable(r.PathValue("code")))
	if err == nil && !accountOf(r).Sight.SeesStation(m.Station) {
		return m, intake.ErrNotFound
	}
	return m, err
}

func (a *Admin) worker(w http.ResponseWriter, r *http.Request) error {
	m, err := a.ownMember(r)
	if err != nil {
		return err
	}
	return a.showWorker(w, r, m, nil)
}

func (a *Admin) showWorker(w http.ResponseWriter, r *http.Request, m intake.Member, made *invitation) error {
	p := &workerPage{page: a.page(r, "worker").about(m.Name), Member: m, Invitation: made}
	absence, err := a.Intake.AbsenceOf(r.Context(), m.Code)
	switch {
	case err == nil:
		p.Absence = &absence
	case !errors.Is(err, intake.ErrNotFound):
		return err
	}
	if p.Colleagues, err = a.Intake.CanStandIn(r.Context(), m.Code, maxMembers); err != nil {
		return err
	}
	switch err := a.mayInvite(r, m.Code); {
	case err == nil:
		p.MayInvite = accountOf(r).MayChange()
	case !errors.Is(err, errForbidden):
		return err
	}
	return a.render(w, "worker", http.StatusOK, p)
}

// inviteWorker makes a one-time link and shows it, as this answer only. A repeat makes another, and the one before stops
// working.
func (a *Admin) inviteWorker(w http.ResponseWriter, r *http.Request) error {
	m, err := a.ownMember(r)
	if err == nil {
		err = a.mayInvite(r, m.Code)
	}
	if err != nil {
		return err
	}
	bot, err := a.Bot(r.Context())
	if err != nil {
		return fmt.Errorf("%w: %w", errTelegram, err)
	}
	code, err := a.Intake.Invite(r.Context(), m.Code)
	if err != nil {
		return err
	}
	a.Log.Info("admin: a worker is invited", "worker", m.Code, "account", accountOf(r).Name)
	link := "https://t.me/" + bot + "?start=" + code
	drawn, err := qr.Encode(link, qr.M)
	if err != nil {
		return fmt.Errorf("draw the QR code of an invitation: %w", err)
	}
	return a.showWorker(w, r, m, &invitation{link, draw(drawn)})
}

// mayInvite is errForbidden where an invitation would be a way into an account with other rights: whoever uses it is the worker, and
// links from the bot let them in as what an administrator has made that worker's account.
func (a *Admin) mayInvite(r *http.Request, worker string) error {
	if accountOf(r).MayAdminister() {
		return nil
	}
	var given bool
	if err := a.DB.GetContext(r.Context(), &given, `SELECT EXISTS (SELECT FROM accounts WHERE worker = $1 AND NOT by_worker)`, worker); err != nil {
		return fmt.Errorf("look whose account it is: %w", err)
	}
	if given {
		return errForbidden
	}
	return nil
}

// dismissWorker puts a worker out at once, and takeBackWorker takes that back. A repeat of either is refused.
func (a *Admin) dismissWorker(w http.ResponseWriter, r *http.Request) error {
	return a.change(w, r, "dismissed", func(m intake.Member) error { return a.Intake.Dismiss(r.Context(), m.Code) })
}

func (a *Admin) takeBackWorker(w http.ResponseWriter, r *http.Request) error {
	return a.change(w, r, "taken back", func(m intake.Member) error { return a.Intake.TakeBack(r.Context(), m.Code) })
}

// setAway enters when a worker is away, and who stands in. A repeat changes it.
func (a *Admin) setAway(w http.ResponseWriter, r *http.Request) error {
	return a.change(w, r, "away", func(m intake.Member) error {
		from, to, err := a.awayDays(m.Station, r.PostFormValue("from"), r.PostFormValue("to"))
		if err != nil {
			return err
		}
		return a.Intake.SetAway(r.Context(), m.Code, from, to, storable(r.PostFormValue("stand_in")))
	})
}

// awayDays are the first and the last day of an absence in the station's time zone; without a last day it lasts until the
// worker is back.
func (a *Admin) awayDays(station, first, last string) (from time.Time, to *time.Time, err error) {
	zone := china
	if s, ok := a.Intake.Router.Station(station); ok {
		zone = s.Zone()
	}
	from, err = time.ParseInLocation(time.DateOnly, first, zone)
	if err != nil {
		return from, nil, badRequest{"error_absence"}
	}
	if last == "" {
		return from, nil, nil
	}
	end, err := time.ParseInLocation(time.DateOnly, last, zone)
	end = end.AddDate(0, 0, 1)
	if err != nil || !end.After(from) || !end.After(a.Intake.Now()) {
		return from, nil, badRequest{"error_absence"}
	}
	return from, &end, nil
}

// endAway ends a worker's absence. A repeat is refused.
func (a *Admin) endAway(w http.ResponseWriter, r *http.Request) error {
	return a.change(w, r, "back", func(m intake.Member) error { return a.Intake.EndAway(r.Context(), m.Code) })
}

// change does something to the worker of the path, keeps a trace of who did, and shows the worker.
func (a *Admin) change(w http.ResponseWriter, r *http.Request, what string, do func(intake.Member) error) error {
	m, err := a.ownMember(r)
	if err == nil {
		err = do(m)
	}
	if err != nil {
		return err
	}
	a.Log.Info("admin: a worker is "+what, "worker", m.Code, "account", accountOf(r).Name)
	http.Redirect(w, r, workerPath(m.Code), http.StatusSeeOther)
	return nil
}

// Standing is where a worker stands, in words: dismissed, not joined yet, out of reach, away, on duty or off.
func (p page) Standing(m intake.Member) string {
	switch {
	case !m.Active:
		return p.T("worker_dismissed")
	case m.JoinedAt == nil && m.Invited:
		return p.T("worker_invited")
	case m.JoinedAt == nil:
		return p.T("worker_new")
	case m.Unreachable:
		return p.T("worker_unreachable")
	case m.Away:
		return p.T("worker_away")
	case m.OnDuty:
		return p.T("on_duty")
	}
	return p.T("worker_off")
}

// LastDay is the day on which an absence ends, or "".
func (p *workerPage) LastDay() string {
	if p.Absence == nil || p.Absence.EndsAt == nil {
		return ""
	}
	return p.dayOf(p.Absence.EndsAt.Add(-time.Minute))
}

// FirstDay is the day on which an absence begins, or today.
func (p *workerPage) FirstDay() string {
	if p.Absence == nil {
		return p.dayOf(p.Intake.Now())
	}
	return p.dayOf(p.Absence.StartsAt)
}

// dayOf is a date at the worker's station, as a form has it.
func (p *workerPage) dayOf(t time.Time) string {
	zone := china
	if s, ok := p.Intake.Router.Station(p.Member.Station); ok {
		zone = s.Zone()
	}
	return t.In(zone).Format(time.DateOnly)
}

// StandsIn tells whether this colleague stands in for the worker.
func (p *workerPage) StandsIn(code string) bool {
	return p.Absence != nil && p.Absence.StandIn != nil && *p.Absence.StandIn == code
}
