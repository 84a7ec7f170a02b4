package admin

import (
	"cmp"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
)

const (
	storyEntries = 200    // of a request's story on a page, the newest
	storyRows    = 400    // that are read for it, of each kind
	storyWeight  = 48_000 // bytes that they may weigh as HTML, about: a page with all it loads weighs 100 kB at most
	gathered     = 3000   // characters of the resident's words at the top of the page; the story has them all
)

// story is what happened to a request, by day.
type story struct {
	Days  []storyDay
	Older string // the moment before which there is more; empty where there isn't
	names map[string]intake.Called
	first map[int64]bool // see firstOffers
}

type storyDay struct {
	Date    time.Time
	Entries []entry
}

// entry is one line of a request's story: something that happened, or something that was said or told; with whom it was told.
type entry struct {
	intake.Event
	Words *intake.Message
	Told  []intake.Telling
}

// told is the kind of an entry that is nothing but told; said is that of words.
const (
	kindTold = "told"
	kindSaid = "said"
)

// tellStory loads the newest of the request's story, or what was before the moment that the address names.
func (p *requestPage) tellStory(r *http.Request) error {
	before := p.Intake.Now().AddDate(1, 0, 0) // clocks differ
	if at, err := time.Parse(time.RFC3339Nano, r.FormValue("before")); err == nil {
		before = at
	}
	past, err := p.Intake.Past(r.Context(), p.ID, before, storyRows)
	if err != nil {
		return err
	}
	past.Messages = withheld(p.View, past.Messages)
	if err := p.readMachine(r, past.Messages); err != nil {
		return err
	}
	entries := entriesOf(past)
	if from := p.newest(entries); from > 0 {
		entries = entries[wholeMoments(entries, from):]
		p.Story.Older = entries[0].At.UTC().Format(time.RFC3339Nano)
	}
	p.Story.Days, p.Story.first = byDay(entries), firstOffers(past)
	p.Story.names, err = p.Intake.Names(r.Context(), codesIn(past.Events))
	return err
}

// newest is the first of as many of the newest entries as a page holds.
func (p *requestPage) newest(entries []entry) int {
	weight := p.formWeight()
	for i := len(entries) - 1; i >= 0; i-- {
		weight += entries[i].weight() + p.machineWeight(entries[i].Words)
		if i < len(entries)-1 && (len(entries)-i > storyEntries || weight > storyWeight) {
			return i + 1
		}
	}
	return 0
}

// formWeight is about how many bytes of the story's the list of all stations takes as HTML, where the page has it.
func (p *requestPage) formWeight() int {
	if _, ok := p.Point(); ok || !p.Request.State.Active() {
		return 0
	}
	return 110 * len(p.Intake.Router.Stations())
}

// weight is about how many bytes an entry takes as HTML.
func (e entry) weight() int {
	w := 350 + 60*len(e.Told)
	if e.Words != nil {
		w += len(html.EscapeString(e.Words.Text)) + len(html.EscapeString(e.Words.Transcript))
	}
	return w
}

// Gathered are the resident's words, or the beginning of them.
func (p *requestPage) Gathered() string {
	if text := clip(p.Text, gathered); text != p.Text {
		return text + " …"
	}
	return p.Text
}

// wholeMoments is the first entry from one on that begins a moment; where none does, it is that one's beginning.
func wholeMoments(entries []entry, from int) int {
	for i := from; i < len(entries); i++ {
		if i == 0 || !entries[i].At.Equal(entries[i-1].At) {
			return i
		}
	}
	for from > 0 && entries[from].At.Equal(entries[from-1].At) {
		from--
	}
	return from
}

// entriesOf puts what was said and told to what happened, oldest first. Words that no event names belong to the first event of
// their moment: one step has one now. Those without any are lines of their own. What was told stands with the words that it
// brought, or with the last of what happened at its moment.
func entriesOf(past intake.Past) []entry {
	entries, said := make([]entry, len(past.Events)), map[int64]bool{}
	for i, e := range past.Events {
		entries[i] = entry{Event: e, Words: named(e, past.Messages)}
		if entries[i].Words != nil {
			said[entries[i].Words.ID] = true
		}
	}
	for i := range past.Messages {
		m := &past.Messages[i]
		if said[m.ID] {
			continue
		}
		at := slices.IndexFunc(entries, func(e entry) bool { return e.Words == nil && e.At.Equal(m.SaidAt) })
		if at < 0 {
			at, entries = len(entries), append(entries, entry{Event: intake.Event{At: m.SaidAt, Kind: kindSaid, Actor: m.Author, ActorName: m.WorkerName}})
		}
		entries[at].Words = m
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.At.Compare(b.At) })
	return withTold(entries, past.Tellings)
}

// withTold puts what was told to the entries.
func withTold(entries []entry, tellings []intake.Telling) []entry {
	words, last := map[int64]int{}, map[int64]int{}
	for i, e := range entries {
		if e.Words != nil {
			words[e.Words.ID] = i
		}
		last[e.At.UnixMicro()] = i
	}
	for _, t := range tellings {
		at, ok := words[t.Message]
		if !ok {
			at, ok = last[t.At.UnixMicro()]
		}
		if !ok {
			at, entries = len(entries), append(entries, entry{Event: intake.Event{At: t.At, Kind: kindTold, Actor: intake.BySystem}})
			last[t.At.UnixMicro()] = at
		}
		entries[at].Told = append(entries[at].Told, t)
	}
	slices.SortStableFunc(entries, func(a, b entry) int { return a.At.Compare(b.At) })
	return entries
}

// named is the message that an event names, or nil.
func named(e intake.Event, messages []intake.Message) *intake.Message {
	var about struct {
		Message int64 `json:"message"`
	}
	if json.Unmarshal(e.Data, &about) != nil || about.Message == 0 {
		return nil
	}
	for i := range messages {
		if messages[i].ID == about.Message {
			return &messages[i]
		}
	}
	return nil
}

func byDay(entries []entry) (days []storyDay) {
	for _, e := range entries {
		y, m, d := e.At.In(china).Date()
		date := time.Date(y, m, d, 0, 0, 0, 0, china)
		if len(days) == 0 || !days[len(days)-1].Date.Equal(date) {
			days = append(days, storyDay{Date: date})
		}
		days[len(days)-1].Entries = append(days[len(days)-1].Entries, e)
	}
	return days
}

// eventCodes are what an event's data names by code.
type eventCodes struct {
	Worker, Giver, Taker, Partner, Organisation string
}

func codesIn(events []intake.Event) (all []string) {
	for _, e := range events {
		var c eventCodes
		_ = json.Unmarshal(e.Data, &c) // what isn't there stays empty
		all = append(all, c.Worker, c.Giver, c.Taker, c.Partner, c.Organisation)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// Who is a name for who did something, beside what they are: a worker's, or an account's.
func (e entry) Who() string { return cmp.Or(e.ActorName, e.ActorID) }

// Alarming tells whether an event is that of an emergency: its coming, and each alarm.
func (e entry) Alarming() bool {
	var about struct {
		Urgency prompts.Urgency
		To      string
	}
	_ = json.Unmarshal(e.Data, &about) // what isn't there stays empty
	return e.Kind == "alarmed" || e.Kind == "submitted" && about.Urgency == prompts.Emergency ||
		e.Kind == "prioritised" && about.To == string(prompts.Emergency)
}

// toldLine is what was told at once to those who are the same to a request.
type toldLine struct {
	Who, What, Arrived string
	Missing            bool // it will never arrive with one of them
}

// ToldLines are to whom an entry was told, and whether it arrived.
func (p *requestPage) ToldLines(e entry) (lines []toldLine) {
	type group struct{ kind, to string }
	var order []group
	told := map[group][]intake.Telling{}
	for _, t := range e.Told {
		g := group{t.Kind, t.To}
		if told[g] == nil {
			order = append(order, g)
		}
		told[g] = append(told[g], t)
	}
	for _, g := range order {
		line := toldLine{Who: p.toldWho(g.to, told[g]), What: p.T("told_" + g.kind)}
		line.Arrived, line.Missing = p.arrived(told[g])
		lines = append(lines, line)
	}
	return lines
}

// toldNames is how many of those who were told are named.
const toldNames = 3

func (p *requestPage) toldWho(to string, all []intake.Telling) string {
	var names []string
	for _, t := range all {
		if t.Name != "" && !slices.Contains(names, t.Name) {
			names = append(names, t.Name)
		}
	}
	if len(names) == 0 || to == intake.ByResident || to == intake.ToGroup {
		return p.T("actor_" + to)
	}
	return p.firstOf(names)
}

// firstOf are the first of names, and how many more there are.
func (p *requestPage) firstOf(names []string) string {
	if more := len(names) - toldNames; more > 0 {
		names = append(names[:toldNames], p.T("and_more", "Count", more))
	}
	return strings.Join(names, p.T("comma"))
}

// arrived says with how many something has not arrived yet, or never will; whether that is so.
func (p *requestPage) arrived(all []intake.Telling) (text string, missing bool) {
	waiting, failed := 0, 0
	for _, t := range all {
		switch t.State {
		case "waiting":
			waiting++
		case "failed":
			failed++
		}
	}
	switch {
	case failed > 0:
		return p.T("arrives_never", "Count", failed, "All", len(all)), true
	case waiting > 0:
		return p.T("arrives_later", "Count", waiting, "All", len(all)), false
	}
	return p.T("arrived"), false
}

// Hour is a time of day.
func (p *requestPage) Hour(t time.Time) string { return t.In(china).Format("15:04") }

// Day is a day as readers write it.
func (p *requestPage) Day(t time.Time) string {
	return fmt.Sprintf("%s %s", t.Format(time.DateOnly), p.T("weekday_"+fmt.Sprint(int(t.Weekday()))))
}
