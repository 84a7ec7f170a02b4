package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/routing"
)

// askPlace asks with the location key first, and a key for who would rather choose from lists; where that did not help, a
// person can take it from there.
func (p *page) askPlace() (message, error) {
	key := "ask_place"
	if p.args.Why != "" {
		key += "_" + p.args.Why
	}
	m := message{text: p.say(key, nil)}
	switch {
	case p.notice.Request == nil:
		m.askLocation = p.say("button_location", nil)
	case p.args.Why == "" || p.args.Why == "change":
		m.askLocation, m.keys = p.say("button_location", nil), []string{p.say("button_walk", nil)}
	case p.view.State == intake.Draft:
		m.buttons = [][]button{{p.button(intake.ActWalk, "")}, {p.button(intake.ActSkipPlace, "")}}
	case p.view.State.Active():
		m.buttons = [][]button{{p.button(intake.ActWalk, "")}}
	}
	return m, nil
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
	m := message{text: p.say("walk", texts.Data{"Place": p.placeIn(level)})}
	whole := p.whole(level, &m)
	if p.view.State != intake.Draft && !p.view.State.Active() {
		return m, nil
	}
	size := pageSize(len(level.Places))
	last := max(0, len(level.Places)-1) / size
	page := min(p.args.Page, last)
	m.buttons = pairs(p.placeButtons(level.Places[page*size : min((page+1)*size, len(level.Places))]))
	m.buttons = appendRow(m.buttons, p.pageButtons(level.In, page, last))
	m.buttons = appendRow(m.buttons, whole)
	var out []button
	if level.Lower {
		out = append(out, p.walkButton(p.say("button_up", nil), level.Up, 0))
	}
	if p.view.State == intake.Draft {
		out = append(out, p.button(intake.ActSkipPlace, ""))
	}
	m.buttons = appendRow(m.buttons, out)
	return m, nil
}

// whole is the button by which it is enough that somebody is somewhere in the place that is listed. Where nothing but the
// place is missing it confirms as well, and the text says what.
func (p *page) whole(level routing.Level, m *message) []button {
	if !level.Whole {
		return nil
	}
	name := texts.Data{"Place": p.placeIn(level)}
	there, ok := p.Intake.At(p.view.Request, level.In)
	if !ok || !there.Ready() {
		return []button{p.placeButton(p.say("button_whole", name), level.In)}
	}
	m.text += "\n" + p.say("walk_here", texts.Data{"Service": p.service(there.Category), "Station": p.expected(&there), "Answer": p.answer(&there)})
	return []button{{p.say("button_here", name), intake.Press{Action: intake.ActHere, Ref: p.view.Ref, Arg: level.In}}}
}

// placeIn names what a level lists; the top has no name.
func (p *page) placeIn(level routing.Level) string {
	if level.In == "" {
		return ""
	}
	return p.Intake.Router.Gazetteer().Name(level.In, p.lang)
}

// placeButtons go on to each place.
func (p *page) placeButtons(codes []string) (all []button) {
	for _, code := range codes {
		all = append(all, p.walkButton(p.Intake.Router.Gazetteer().Name(code, p.lang), code, 0))
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
