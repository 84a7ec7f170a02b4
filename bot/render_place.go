package bot

import (
	"slices"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
	"onedoor/routing"
)

// askPlace asks with the location key first, and keys for who would rather choose from lists: those of the first list where
// they are few, for each begins a walk as its name does when it is written. Where that did not help, a person can take it
// from there.
func (p *page) askPlace() (message, error) {
	key := "ask_place"
	if p.args.Why != "" {
		key += "_" + p.args.Why
	}
	about := texts.Data{"Place": p.placeBrief(), "Name": p.unknownName()}
	m := message{text: p.say(key, about)}
	switch {
	case p.args.Why == "supposed":
		m.askLocation, m.keys = p.say("button_location", nil), [][]string{{p.say("button_still", nil)}, {p.say("button_walk", nil)}}
	case p.notice.Request == nil:
		m.askLocation = p.say("button_location", nil)
	case p.args.Why == "" && p.view.State == intake.Draft:
		m.askLocation, m.keys = p.say("button_location", nil), p.firstKeys()
	case p.args.Why == "" || p.args.Why == "change" || p.args.Why == "unknown" && p.view.Urgency == prompts.Emergency:
		m.askLocation, m.keys = p.say("button_location", nil), [][]string{{p.say("button_walk", nil)}}
	case p.args.Why == "far" && p.args.Message != 0:
		m.buttons = [][]button{{p.button(intake.ActThere, itoa(p.args.Message))}}
		if p.view.State == intake.Draft {
			m.buttons = append(m.buttons, []button{p.button(intake.ActWalk, "")}, []button{p.wayOut()})
		}
	case p.view.State == intake.Draft:
		m.buttons = [][]button{{p.button(intake.ActWalk, "")}, {p.wayOut()}}
	case p.view.State.Active():
		m.buttons = [][]button{{p.button(intake.ActWalk, "")}}
	}
	return m, nil
}

// unknownName is what the resident called a place that isn't known, as far as their words show it.
func (p *page) unknownName() string {
	if p.args.Why != "unknown" {
		return ""
	}
	return cutCells(p.Intake.Router.Gazetteer().Unknown(p.view.Text), shortSummary)
}

// maxFirstKeys is how many places stand in the place of the letters at most, three in a row.
const maxFirstKeys = 24

// firstKeys are the names of the first list's places or, where they are many, the key that shows lists.
func (p *page) firstKeys() (rows [][]string) {
	top, _ := p.Intake.Router.Level("")
	if len(top.Places) > maxFirstKeys {
		return [][]string{{p.say("button_walk", nil)}}
	}
	for codes := range slices.Chunk(top.Places, 3) {
		var row []string
		for _, code := range codes {
			row = append(row, p.inScript(p.Intake.Router.Gazetteer().Name(code, p.lang)))
		}
		rows = append(rows, row)
	}
	return rows
}

// candidates are the places of one name, with what they lie in.
func (p *page) candidates() (message, error) {
	m := message{text: p.say("place_candidates", nil)}
	for _, code := range p.args.Places {
		m.buttons = append(m.buttons, []button{p.placeButton(p.placeName(code), code)})
	}
	m.buttons = append(m.buttons, []button{p.button(intake.ActWalk, "")})
	return m, nil
}

// placeButton chooses a place.
func (p *page) placeButton(label, code string) button {
	return button{label, intake.Press{Action: intake.ActAt, Ref: p.view.Ref, Arg: code}}
}

// walkButton shows a page of what lies in a place.
func (p *page) walkButton(label, code string, page int) button {
	return button{label, intake.Press{Action: intake.ActWalk, Ref: p.view.Ref, Arg: intake.WalkTo(code, page)}}
}

// placesShown is how many places one page of a list has, two in a row. For one or two more nobody has to turn it.
const placesShown = 10

func pageSize(places int) int {
	if places <= placesShown+2 {
		return placesShown + 2
	}
	return placesShown
}

// walk lists what lies in a place, to go on to or, where nothing lies in it, to choose.
func (p *page) walk() (message, error) {
	if p.args.Menu == "closed" {
		return message{text: p.say("walked", texts.Data{"Place": p.placeName(p.args.Place)})}, nil
	}
	level, _ := p.Intake.Router.Level(p.args.Place)
	m := message{text: p.where(level)}
	whole := p.whole(level)
	if p.view.State != intake.Draft && !p.view.State.Active() {
		return m, nil
	}
	size := pageSize(len(level.Places))
	last := max(0, len(level.Places)-1) / size
	page := min(p.args.Page, last)
	m.buttons = pairs(p.placeButtons(level, level.Places[page*size:min((page+1)*size, len(level.Places))]))
	m.buttons = appendRow(m.buttons, p.pageButtons(level.In, page, last))
	m.buttons = appendRow(m.buttons, whole)
	var out []button
	if level.Lower {
		out = append(out, p.walkButton(p.say("button_up", nil), level.Up, 0))
	}
	if p.view.State == intake.Draft {
		out = append(out, p.wayOut())
	}
	m.buttons = appendRow(m.buttons, out)
	return m, nil
}

// where asks where in a place a request is, and says what a tap confirms, if it does.
func (p *page) where(level routing.Level) string {
	about := texts.Data{"Place": p.placeIn(level)}
	if !p.sends(level) {
		return p.say("walk", about)
	}
	there, _ := p.Intake.At(p.view.Request, level.In)
	about["Service"], about["Answer"] = p.service(there.Category), p.answer(&there)
	if slices.ContainsFunc(level.Places, p.leaf) {
		return p.say("walk_sends", about)
	}
	return p.say("walk_here", about)
}

// leaf tells whether nothing lies in a place.
func (p *page) leaf(code string) bool {
	level, _ := p.Intake.Router.Level(code)
	return len(level.Places) == 0
}

// wayOut is the button of who can't say where a draft is, or would rather leave it where it was.
func (p *page) wayOut() button {
	if _, placed := p.view.Point(); placed {
		return p.button(intake.ActStay, "")
	}
	return p.button(intake.ActSkipPlace, "")
}

// sends tells whether choosing a place confirms as well, for nothing but the place is missing; the text says what. Where
// another place was there before, the card shows the new one first.
func (p *page) sends(level routing.Level) bool {
	there, ok := p.Intake.At(p.view.Request, level.In)
	_, placed := p.view.Point()
	return ok && !placed && there.Ready()
}

// whole is the button by which it is enough that somebody is somewhere in the place that is listed.
func (p *page) whole(level routing.Level) []button {
	name := texts.Data{"Place": p.placeIn(level)}
	switch {
	case !level.Whole:
		return nil
	case p.sends(level):
		return []button{p.hereButton(p.say("button_here", name), level.In)}
	}
	return []button{p.placeButton(p.say("button_whole", name), level.In)}
}

// hereButton chooses a place, and confirms.
func (p *page) hereButton(label, code string) button {
	return button{label, intake.Press{Action: intake.ActHere, Ref: p.view.Ref, Arg: code}}
}

// placeIn names what a level lists; the top has no name.
func (p *page) placeIn(level routing.Level) string {
	if level.In == "" {
		return ""
	}
	return p.inScript(p.Intake.Router.Gazetteer().Name(level.In, p.lang))
}

// placeButtons go on to each place of a level. The last tap on the way down confirms, where that is all that is missing.
func (p *page) placeButtons(level routing.Level, codes []string) (all []button) {
	sends := p.sends(level)
	for _, code := range codes {
		name := p.inScript(p.Intake.Router.Gazetteer().Name(code, p.lang))
		if sends && p.leaf(code) {
			all = append(all, p.hereButton(name, code))
			continue
		}
		all = append(all, p.walkButton(name, code, 0))
	}
	return all
}

// pageButtons turn the page of what lies in a place.
func (p *page) pageButtons(in string, page, last int) (row []button) {
	if page > 0 {
		row = append(row, p.walkButton(p.say("button_previous", nil), in, page-1))
	}
	if page < last {
		row = append(row, p.walkButton(p.say("button_next", nil), in, page+1))
	}
	return row
}

// pairs are buttons two in a row.
func pairs(all []button) (rows [][]button) {
	for i := 0; i < len(all); i += 2 {
		rows = append(rows, all[i:min(i+2, len(all))])
	}
	return rows
}

// appendRow adds a row unless it is empty.
func appendRow(rows [][]button, row []button) [][]button {
	if len(row) == 0 {
		return rows
	}
	return append(rows, row)
}
