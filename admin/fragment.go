package admin

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"html/template"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

// A fragment is one item of the board, drawn for a kind of reader.
type fragment struct {
	ID      string // in the page
	Ref     string
	HTML    template.HTML
	Version string // differs where a reader would see a difference, but for how long ago things were
}

// fragments keeps items as they were drawn: boards that show the same item in the same way share it.
type fragments struct {
	draw     func(itemView) (template.HTML, error)
	mu       sync.Mutex
	ages     int64 // the minute in which what is kept was drawn
	stations any   // and the stations as they were
	kept     map[fragmentKey]drawn
	hints    map[*intake.Item]*hints
}

// drawn is an item as it was drawn.
type drawn struct {
	html   template.HTML
	offers string // codes of the stations and places that it offers
}

// fragmentKey is what the drawing of an item depends on.
type fragmentKey struct {
	item *intake.Item
	lang string
	acts bool
	own  bool
	late bool
	here string
	does string // see suggested
}

// itemView is an item for a kind of reader.
type itemView struct {
	page
	*intake.Item
	Acts      bool              // the reader may decide on it
	Own       bool              // it isn't only offered to a station of theirs
	Here      []string          // who else looks at it
	Nearest   []routing.Station // to which it can be sent, the nearest first; none where nobody knows where it is
	Suggested suggested
}

// of is an item as a reader sees it.
func (f *fragments) of(p page, picture *intake.Picture, item *intake.Item, here []string) (fragment, error) {
	v := itemView{page: p, Item: item, Acts: p.Decides(&item.View), Own: p.Own(&item.View), Here: here}
	f.mu.Lock()
	defer f.mu.Unlock()
	if minute, stations := p.Intake.Now().Unix()/60, p.Intake.Router.Mark(); minute != f.ages || stations != f.stations {
		f.ages, f.stations, f.kept, f.hints = minute, stations, map[fragmentKey]drawn{}, map[*intake.Item]*hints{}
	}
	h := &hints{}
	if v.Acts {
		h = f.hintsOf(p, item)
		v.suggest(picture, h)
	}
	key := fragmentKey{item, p.Lang, v.Acts, v.Own, v.Late(), strings.Join(here, " "), v.Suggested.key()}
	kept, ok := f.kept[key]
	if !ok {
		v.Account = nil // what is kept is for others, too
		v.Nearest = v.stations(h.nearest)
		var err error
		if kept, err = f.drawNew(v); err != nil {
			return fragment{}, err
		}
		f.kept[key] = kept
	}
	return fragment{ID: "item-" + item.Ref, Ref: item.Ref, HTML: kept.html,
		Version: fmt.Sprint(item.Version, key.lang, key.acts, key.own, key.late, key.here, key.does, kept.offers)}, nil
}

// hintsOf are an item's hints.
func (f *fragments) hintsOf(p page, item *intake.Item) *hints {
	h := f.hints[item]
	if h == nil {
		h = &hints{nearest: p.Intake.Elsewhere(&item.Request), places: p.Intake.LikelyPlaces(item, likelyPlaces)}
		f.hints[item] = h
	}
	return h
}

// drawNew draws an item that isn't kept.
func (f *fragments) drawNew(v itemView) (d drawn, err error) {
	for _, s := range v.Nearest {
		d.offers += " " + s.Code
	}
	for _, p := range v.Suggested.Places {
		d.offers += " " + p.Code
	}
	d.html, err = f.draw(v)
	return d, err
}

// drawItem draws an item of the board.
func (a *Admin) drawItem(v itemView) (template.HTML, error) {
	var out bytes.Buffer
	if err := a.pages["board"].ExecuteTemplate(&out, "item", v); err != nil {
		return "", fmt.Errorf("draw request %s: %w", v.Ref, err)
	}
	return template.HTML(out.String()), nil //nolint:gosec // html/template has escaped it
}

// version names all that a board shows.
func (p *boardPage) version() string {
	sum := fnv.New64a()
	fmt.Fprint(sum, p.shows, p.Reasons, p.Total, p.Loads, p.More, p.TroubleCount)
	for _, i := range p.Items {
		fmt.Fprint(sum, i.ID, i.Version)
	}
	for _, i := range p.InHand {
		fmt.Fprint(sum, i.Ref, i.Version)
	}
	for _, l := range p.Loads {
		fmt.Fprint(sum, " ", p.OnDuty(l.Station))
	}
	return strconv.FormatUint(sum.Sum64(), 36)
}

// Whose is the station that has it.
func (v itemView) Whose() string {
	switch {
	case v.Own && v.Request.Station == nil:
		return v.T("triage_no_station")
	case v.Own:
		return v.Station(v.Request.Station)
	}
	return v.offeredBy(&v.View)
}

// Late tells whether the next moment of the service standard has passed.
func (v itemView) Late() bool {
	due := v.Due()
	return due != nil && v.View.State.Active() && due.Before(v.Intake.Now())
}

// DueAt is that moment, in words: today's without the day.
func (v itemView) DueAt() string {
	due := v.Due()
	if due == nil {
		return ""
	}
	at, today := due.In(china), v.Intake.Now().In(china)
	moment := v.Moment(due)
	if at.Format(time.DateOnly) == today.Format(time.DateOnly) {
		moment = at.Format("15:04")
	}
	if v.Late() {
		return v.T("late_since", "Moment", moment)
	}
	return v.T("due_at", "Moment", moment)
}

// Stamp is a moment for programs.
func (v itemView) Stamp(t *time.Time) string {
	if t == nil {
		return ""
	}
	return t.UTC().Format(time.RFC3339)
}

// likely is a service that may be meant.
type likely struct {
	prompts.Guess
	Nth int
}

// likeliest is how many services an item offers with a button each.
const likeliest = 4

// Likely are the services that are most probably meant, the best first.
func (v itemView) Likely() []likely {
	var all []likely
	for i, guess := range v.Guesses(likeliest) {
		all = append(all, likely{guess, i + 1})
	}
	return all
}

// Urgencies are those that it could have as well.
func (v itemView) Urgencies() []prompts.Urgency {
	return slices.DeleteFunc([]prompts.Urgency{prompts.Emergency, prompts.Urgent, prompts.Normal}, func(u prompts.Urgency) bool { return u == v.Urgency })
}

// stations are those with these codes to which it can be sent.
func (v itemView) stations(codes []string) (all []routing.Station) {
	if !v.Own {
		return nil
	}
	for _, code := range codes {
		if station, ok := v.Intake.Router.Station(code); ok {
			all = append(all, station)
		}
	}
	return all
}

// Further are those after the nearest.
func (v itemView) Further() []routing.Station {
	return v.Nearest[min(len(v.Nearest), 1):]
}

// GuessedBy is what guessed the services, in words.
func (v itemView) GuessedBy() string {
	switch asked := v.Guess.Asked; {
	case v.Guess.Source == prompts.SourceModel && asked != nil:
		return v.T("guessed_by", "Model", asked.Model)
	case v.Guess.Source == prompts.SourceModel:
		return v.T("guessed_by", "Model", "")
	case asked != nil:
		return v.T("guessed_instead", "Model", asked.Model)
	case v.Guess.Source != "":
		return v.T("guessed_offline")
	}
	return ""
}

// Far is how far a station is.
func (v itemView) Far(s routing.Station) string {
	at, ok := v.Point()
	if !ok || v.Somewhere() {
		return ""
	}
	return v.Km(s.Point.DistanceKM(at))
}

// Where is where it is, beside which station has it.
func (v itemView) Where() string {
	if v.View.Place == nil {
		return v.T("no_place_known")
	}
	switch place := v.Place(&v.View); {
	case v.Supposed():
		return place + " · " + v.T("place_supposed")
	case v.Somewhere():
		return place + " · " + v.T("place_somewhere")
	default:
		return place
	}
}
