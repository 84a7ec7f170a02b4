package admin

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"onedoor/intake"
)

const (
	boardLimit = 100 // how many requests a station's page lists
	boardItems = 10  // how many items a page of the board shows: it weighs 100 kB at most
	boardLoads = 12  // how many stations stand beside them
	loadLimit  = 300 // how many stations the page of all of them lists
)

// shows is which part of the board a page shows.
type shows struct {
	Reason string // one of intake.BoardReasons; empty: all
	Page   int    // from 1
}

// showsOf is what an address asks for; what it can't ask for is left out.
func showsOf(r *http.Request) shows {
	s := shows{Reason: r.FormValue("reason")}
	if !slices.Contains(intake.BoardReasons(), s.Reason) {
		s.Reason = ""
	}
	s.Page, _ = strconv.Atoi(r.FormValue("page")) // else the first
	s.Page = min(max(s.Page, 1), 10_000)
	return s
}

// path is where that part is.
func (s shows) path() string {
	q := url.Values{}
	if s.Reason != "" {
		q.Set("reason", s.Reason)
	}
	if s.Page > 1 {
		q.Set("page", strconv.Itoa(s.Page))
	}
	return strings.TrimSuffix("/admin/?"+q.Encode(), "?")
}

// boardPage is what needs a person, the most pressing first, and how much each station has to do.
type boardPage struct {
	page
	shows
	Reasons []reasonCount
	All     int        // items in sight
	Total   int        // of the reason
	Items   []fragment // of this page
	Last    bool       // no page comes after this one
	InHand  []*intake.Item
	Loads   []intake.Load
	More    int    // stations beside those
	Version string // differs where anything of the above does
}

// reasonCount is how many items there are for a reason.
type reasonCount struct {
	Reason string
	Count  int
}

// board shows what needs a person and is in sight of the account.
func (a *Admin) board(w http.ResponseWriter, r *http.Request) error {
	now, err := a.live.look(r.Context())
	if err != nil {
		return err
	}
	p, err := a.drawBoard(now, a.page(r, "board"), showsOf(r))
	if err != nil {
		return err
	}
	return a.renderList(w, r, "board", p)
}

// drawBoard is the board for one reader.
func (a *Admin) drawBoard(now *scene, p page, s shows) (*boardPage, error) {
	sight := p.Account.Sight
	b := &boardPage{page: p, shows: s, InHand: now.picture.InHand(sight)}
	b.InHand = b.InHand[:min(len(b.InHand), boardLoads)]
	b.TroubleCount = 0
	if p.Account.SeesAll() {
		b.TroubleCount = now.troubles
	}
	all := now.picture.Items(sight)
	b.All = len(all)
	b.Reasons = countReasons(all)
	if s.Reason != "" {
		all = slices.DeleteFunc(slices.Clone(all), func(i *intake.Item) bool { return i.Reason != s.Reason })
	}
	b.Total = len(all)
	b.Page = min(b.Page, max(1, (len(all)+boardItems-1)/boardItems))
	from := (b.Page - 1) * boardItems
	to := min(from+boardItems, len(all))
	b.Last = to == len(all)
	b.Loads = now.picture.Loads(sight)
	b.More = max(0, len(b.Loads)-boardLoads)
	b.Loads = b.Loads[:min(len(b.Loads), boardLoads)]
	for _, item := range all[from:to] {
		drawn, err := a.fragments.of(p, now.picture, item, now.present.others(item.ID, p.Account.Name))
		if err != nil {
			return nil, err
		}
		b.Items = append(b.Items, drawn)
	}
	b.Version = b.version()
	return b, nil
}

// countReasons counts items by reason, in the order of the reasons.
func countReasons(items []*intake.Item) []reasonCount {
	counts := map[string]int{}
	for _, i := range items {
		counts[i.Reason]++
	}
	var all []reasonCount
	for _, reason := range intake.BoardReasons() {
		if counts[reason] > 0 {
			all = append(all, reasonCount{reason, counts[reason]})
		}
	}
	return all
}

// ReasonPath is where the items of a reason are; of an empty one, all.
func (p *boardPage) ReasonPath(reason string) string { return shows{Reason: reason}.path() }

// Turn is where another page of the same items is.
func (p *boardPage) Turn(by int) string { return shows{p.Reason, p.Page + by}.path() }

// From is the number of the page's first item.
func (p *boardPage) From() int { return (p.Page-1)*boardItems + 1 }

// To is the number of its last one.
func (p *boardPage) To() int { return p.From() + len(p.Items) - 1 }

// loadsPage is how much each station has to do.
type loadsPage struct {
	page
	Loads []intake.Load
	Full  bool
}

// loads shows all stations in sight that have something to do.
func (a *Admin) loads(w http.ResponseWriter, r *http.Request) error {
	now, err := a.live.look(r.Context())
	if err != nil {
		return err
	}
	all := now.picture.Loads(accountOf(r).Sight)
	return a.render(w, "loads", http.StatusOK, &loadsPage{a.page(r, "stations"), all[:min(len(all), loadLimit)], len(all) > loadLimit})
}

// OnDuty is how many workers are on duty at a station.
func (p page) OnDuty(code string) int {
	station, _ := p.Intake.Router.Station(code) // none: nobody
	return station.OnDuty
}

// stationPage is one station's queue, and what its workers have in hand.
type stationPage struct {
	page
	Code    string
	Waiting []intake.View
	InHand  []intake.View
}

func (a *Admin) station(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	if _, ok := a.Intake.Router.Station(code); !ok || !accountOf(r).Sight.SeesStation(code) {
		return intake.ErrNotFound
	}
	waiting, err := a.Intake.Queue(r.Context(), code, boardLimit)
	if err != nil {
		return err
	}
	inHand, err := a.Intake.InHand(r.Context(), code, boardLimit)
	if err != nil {
		return err
	}
	p := a.page(r, "station")
	return a.renderList(w, r, "station", &stationPage{p.about(p.StationName(code)), code, waiting, inHand})
}
