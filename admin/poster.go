package admin

import (
	"cmp"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"rsc.io/qr"

	"onedoor/intake"
	"onedoor/routing"
)

// Bounds of the pages: places found at once, and posters in one document.
const (
	maxFound   = 50
	maxPosters = 200
)

// postersPage is where a place is chosen whose posters are to be printed.
type postersPage struct {
	page
	Query, County string
	Counties      []routing.Place
	Found         []foundPlace
	Asked         bool
}

// foundPlace is a place, and how many posters there are for it.
type foundPlace struct {
	routing.Place
	Villages int
}

// posters finds places by name or code, in one county or all. Everybody who is logged in may: it shows nothing that
// doesn't hang on a wall.
func (a *Admin) posters(w http.ResponseWriter, r *http.Request) error {
	g := a.Intake.Router.Gazetteer()
	p := &postersPage{page: a.page(r, "posters"), Query: strings.TrimSpace(r.FormValue("q")), County: r.FormValue("county"), Counties: g.OfLevel("county")}
	if p.Query == "" && p.County == "" && !r.Form.Has("q") {
		p.County = a.homeCounty(accountOf(r))
	}
	p.Asked = p.Query != "" || p.County != ""
	for _, place := range findPlaces(g, p.Query, p.County) {
		p.Found = append(p.Found, foundPlace{place, len(g.Inside(place.Code, "village"))})
	}
	return a.render(w, "posters", http.StatusOK, p)
}

// homeCounty is the county that an account sees, or that of its one station, or "".
func (a *Admin) homeCounty(account *Account) string {
	s, _ := a.Intake.Router.Station(text(account.Station))
	return cmp.Or(text(account.County), s.County)
}

// findPlaces are the places that a query names by name or code, within a county where one is given; without a query, the
// county and its townships.
func findPlaces(g *routing.Gazetteer, query, county string) []routing.Place {
	if query == "" {
		return append(g.Inside(county, "county"), g.Inside(county, "township")...)
	}
	if p, ok := g.Lookup(query); ok {
		return []routing.Place{p}
	}
	var found []routing.Place
	for _, p := range g.Find(query, nil, maxFound) {
		if county == "" || g.Lies(p.Code, county) {
			found = append(found, p)
		}
	}
	return found
}

// posterPage is posters to print, one a sheet.
type posterPage struct {
	page
	Place         string
	Posters       []poster
	From, To      int // of all posters of the place, counted from 1
	Total         int
	Part          int
	Previous      int
	Next          int
	Telephoneless int // posters without a telephone number
}

// poster is one village's.
type poster struct {
	Code    string
	Link    string
	QR      drawing
	Station *routing.Station // that serves the village; nil: none
}

// print shows the posters of a village, or of all villages in a place, as sheets of A4.
func (a *Admin) print(w http.ResponseWriter, r *http.Request) error {
	place := r.FormValue("place")
	bot, err := a.Bot(r.Context())
	if err != nil {
		return fmt.Errorf("%w: %w", errTelegram, err)
	}
	villages := a.Intake.Router.Gazetteer().Inside(place, "village")
	if len(villages) == 0 {
		return intake.ErrNotFound
	}
	p := &posterPage{page: a.page(r, "posters"), Place: place, Total: len(villages)}
	p.turnTo(r.FormValue("part"))
	for _, village := range villages[p.From-1 : p.To] {
		sheet, err := a.poster(bot, village.Code)
		if err != nil {
			return err
		}
		if sheet.Phone() == "" {
			p.Telephoneless++
		}
		p.Posters = append(p.Posters, sheet)
	}
	return a.render(w, "poster", http.StatusOK, p)
}

// turnTo chooses the part of the posters to show, the first where it is none.
func (p *posterPage) turnTo(part string) {
	parts := (p.Total + maxPosters - 1) / maxPosters
	p.Part = 1
	if n, err := strconv.Atoi(part); err == nil && n >= 1 && n <= parts {
		p.Part = n
	}
	p.From, p.To = (p.Part-1)*maxPosters+1, min(p.Part*maxPosters, p.Total)
	p.Previous = p.Part - 1
	if p.Part < parts {
		p.Next = p.Part + 1
	}
}

// poster is the one of a village, with the link of a bot.
func (a *Admin) poster(bot, village string) (poster, error) {
	link := "https://t.me/" + bot + "?start=" + village
	code, err := qr.Encode(link, qr.M)
	if err != nil {
		return poster{}, fmt.Errorf("draw the QR code of %s: %w", village, err)
	}
	sheet := poster{Code: village, Link: link, QR: draw(code)}
	if at, _, ok := a.Intake.Router.Gazetteer().Position(village); ok {
		decision := a.Intake.Router.Route(routing.Query{At: at})
		if s, ok := a.Intake.Router.Station(decision.Station); ok {
			sheet.Station = &s
		}
	}
	return sheet, nil
}

// Address is the link as people type it.
func (s poster) Address() string { return strings.TrimPrefix(s.Link, "https://") }

// Steps are the keys of what to do, in order.
func (p *posterPage) Steps() []string {
	return []string{"poster_step1", "poster_step2", "poster_step3"}
}

// Emergencies are the numbers to call in danger.
func (p *posterPage) Emergencies() []string { return []string{"110", "119", "120"} }

// Phone is the telephone number of the village's station, or "".
func (s poster) Phone() string {
	if s.Station == nil {
		return ""
	}
	return s.Station.Phone
}

// quietZone is the white border that a QR code needs, in modules: ISO/IEC 18004 asks for four.
const quietZone = 4

// drawing is a QR code as SVG: the side of its square with the quiet zone, and the path of what is black, in modules.
type drawing struct {
	Side int
	Path string
}

func draw(code *qr.Code) drawing {
	var path strings.Builder
	for y := range code.Size {
		for x := 0; x < code.Size; x++ {
			from := x
			for x < code.Size && code.Black(x, y) {
				x++
			}
			if x > from {
				fmt.Fprintf(&path, "M%d %dh%dv1h-%dz", from+quietZone, y+quietZone, x-from, x-from)
			}
		}
	}
	return drawing{code.Size + 2*quietZone, path.String()}
}

// Village is a village's own name in a language.
func (p page) Village(code, lang string) string {
	return p.Intake.Router.Gazetteer().Called(code, lang)
}

// Above names what a place lies in, in a language.
func (p page) Above(code, lang string) string {
	return p.Intake.Router.Gazetteer().DescribeAbove(code, lang)
}

// Long tells whether a village's Chinese name, with what it lies in, is too long for large letters.
func (p page) Long(code string) bool {
	return utf8.RuneCountInString(p.Village(code, "zh-CN")+p.Above(code, "zh-CN")) > 22
}

// In is a text of the catalogue in a language that isn't the reader's: a poster speaks two.
func (p page) In(lang, key string) string { return p.texts.Say(lang, key, nil) }
