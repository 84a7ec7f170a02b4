package bot

import (
	"strconv"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// list is a worker's list of requests being drawn.
type list struct {
	intake.List
	action  string // of its buttons
	turn    intake.Turn
	narrows bool // it can be narrowed to a service and a place
	head    string
	line    func(*page) string // of the request in view
}

// turn is the part of the list that is shown.
func (p *page) turn() intake.Turn { return intake.TurnOf(p.args.Ref, p.args.Turn) }

func (p *page) queue() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	l, err := p.Intake.Queued(p.ctx, w, p.turn())
	if err != nil {
		return message{}, err
	}
	station := p.stationName(w.Station)
	if l.All == 0 {
		return message{text: p.say("queue_none", texts.Data{"Station": station})}, nil
	}
	return p.list(list{List: l, action: intake.ActQueue, narrows: true, head: p.say("queue", texts.Data{"Station": station, "Count": l.Count}),
		line: func(p *page) string { return p.dueLine(*p.view.ClaimDue, p.moment(*p.view.ClaimDue)) }}), nil
}

func (p *page) mine() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	l, err := p.Intake.Held(p.ctx, w, p.turn())
	if err != nil || l.All == 0 {
		return message{text: p.say("mine_none", nil)}, err
	}
	return p.list(list{List: l, action: intake.ActMine, head: p.say("mine", texts.Data{"Count": l.Count}), line: (*page).mineLine}), nil
}

// found is what a search has found, as far as the worker may read it now.
func (p *page) found() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	l, err := p.Intake.Found(p.ctx, w, p.args.Found, p.turn())
	if err != nil || l.All == 0 {
		return message{text: p.say("found_none", nil)}, err
	}
	return p.list(list{List: l, action: intake.ActFound, head: p.say("found", texts.Data{"Count": l.Count}), line: (*page).foundLine}), nil
}

// list is requests a line each, and a button each to see the whole; below them those that turn the list over.
func (p *page) list(l list) message {
	l.turn = p.turn()
	m := message{text: l.head}
	if only := p.only(l.turn); only != "" {
		m.text += "\n" + p.say("only", texts.Data{"Only": only})
	}
	if l.turn.Menu != "" {
		m.buttons = p.choices(l)
		return m
	}
	for _, v := range l.Views {
		p.view = v
		m.text += "\n" + l.line(p)
		m.buttons = append(m.buttons, []button{p.open(&v)})
	}
	m.buttons = append(m.buttons, p.pageRow(l)...)
	m.buttons = append(m.buttons, p.narrowRow(l)...)
	return m
}

// only says what a list is narrowed to.
func (p *page) only(t intake.Turn) string {
	switch {
	case t.Service != "" && t.Place != "":
		return p.categoryName(t.Service) + " · " + p.shortPlace(t.Place)
	case t.Service != "":
		return p.categoryName(t.Service)
	case t.Place != "":
		return p.shortPlace(t.Place)
	}
	return ""
}

// shortPlace is what a place alone is called: the station knows where that is.
func (p *page) shortPlace(code string) string { return p.Intake.Router.Gazetteer().Name(code, p.lang) }

// pageRow turns to the pages before and behind.
func (p *page) pageRow(l list) [][]button {
	var row []button
	if l.Before && len(l.Views) > 0 {
		to := l.turn
		to.From, to.Back = l.Views[0].Ref, true
		row = append(row, button{p.say("button_previous", nil), to.Press(l.action)})
	}
	if l.After && len(l.Views) > 0 {
		to := l.turn
		to.From, to.Back = l.Views[len(l.Views)-1].Ref, false
		row = append(row, button{p.say("button_next", nil), to.Press(l.action)})
	}
	if len(row) == 0 {
		return nil
	}
	return [][]button{row}
}

// narrowRow opens what the list can be narrowed to, where there is a choice.
func (p *page) narrowRow(l list) [][]button {
	var row []button
	if !l.narrows {
		return nil
	}
	menu := func(label, by string) {
		row = append(row, button{p.say(label, nil), intake.Turn{Menu: by, Service: l.turn.Service, Place: l.turn.Place}.Press(l.action)})
	}
	if len(l.Services) > 1 || l.turn.Service != "" {
		menu("button_by_service", intake.ByService)
	}
	if len(l.Places) > 1 || l.turn.Place != "" {
		menu("button_by_place", intake.ByPlace)
	}
	if len(row) == 0 {
		return nil
	}
	return [][]button{row}
}

// maxChoices is how many services or places a list can be narrowed to by a button: the most frequent.
const maxChoices = 20

// choices are what a list can be narrowed to, with how many there are of each; the first undoes that.
func (p *page) choices(l list) [][]button {
	choices, name := l.Services, p.categoryName
	if l.turn.Menu == intake.ByPlace {
		choices, name = l.Places, p.shortPlace
	}
	to := func(key string) intake.Press {
		t := intake.Turn{Service: l.turn.Service, Place: l.turn.Place}
		if l.turn.Menu == intake.ByService {
			t.Service = key
		} else {
			t.Place = key
		}
		return t.Press(l.action)
	}
	rows := [][]button{{{p.say("button_all", nil), to("")}}}
	for _, c := range choices[:min(len(choices), maxChoices)] {
		rows = append(rows, []button{{name(c.Key) + " " + strconv.Itoa(c.Count), to(c.Key)}})
	}
	return rows
}

// moment is a point in time where the request in view is.
func (p *page) moment(at time.Time) string { return p.texts.Moment(p.lang, at.In(p.zone(&p.view))) }

// dueLine is a request with when something must be done about it, or for how long that should have been done.
func (p *page) dueLine(due time.Time, by string) string {
	if late := p.Intake.Now().Sub(due); late > 0 {
		by = p.say("late_by", texts.Data{"Span": p.texts.Span(p.lang, late)})
	}
	return p.say("queue_line", p.lineWith(texts.Data{"Due": by})) + p.helperNames(&p.view)
}

// mineLine says by when the worker must answer, or be done, and what is still to come.
func (p *page) mineLine() string {
	if v := &p.view; v.AnsweredAt == nil {
		return p.dueLine(*v.AnswerDue, p.due("card_due_answer", *v.AnswerDue)) + p.followMarks(v)
	}
	return p.dueLine(*p.view.ResolveDue, p.due("card_due_resolve", *p.view.ResolveDue)) + p.followMarks(&p.view)
}

// foundLine says when a request was asked and what has become of it.
func (p *page) foundLine() string {
	asked := p.view.CreatedAt
	if p.view.SubmittedAt != nil {
		asked = *p.view.SubmittedAt
	}
	return p.say("found_line", p.lineWith(texts.Data{"Time": p.moment(asked), "State": p.state(&p.view)}))
}

// lineWith are the values of a line of a list.
func (p *page) lineWith(values texts.Data) texts.Data {
	v := &p.view
	values["Sign"], values["Ref"], values["Service"], values["Place"] = sign(v.Urgency), v.Ref, p.service(v.Category), ""
	if v.Place != nil {
		values["Place"] = p.shortPlace(*v.Place)
	}
	return values
}
