package bot

import (
	"errors"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// leftNamed is how many emergencies are named to a worker who leaves them behind, and colleagues offered to stand in.
const (
	leftNamed    = 3
	standInNamed = 6
)

// duty is whether the worker is on duty now and why, with the buttons that change it.
func (p *page) duty() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	m := message{text: p.say("duty_off", nil), buttons: p.dutyButtons(w)}
	if w.OnDuty {
		m.text = p.say("duty_on", nil)
	}
	if p.args.Back {
		m.text = p.say("duty_back", nil) + "\n" + m.text
	}
	switch {
	case w.Away:
		a, err := p.Intake.AbsenceOf(p.ctx, w.Code)
		if ignoreMissing(err) != nil {
			return message{}, err
		}
		m.text += "\n" + p.say("duty_away", texts.Data{"Span": p.awayDays(&a)})
	case w.Duty == intake.DutyTimetable:
		m.text += "\n" + p.timetable(w)
	default:
		m.text += "\n" + p.say("duty_by_hand", nil)
	}
	if w.OnDuty {
		return m, nil
	}
	return p.withLeft(m, w)
}

// dutyButtons are the choices, with a sign on the one that stands.
func (p *page) dutyButtons(w *intake.Worker) [][]button {
	var row []button
	for _, choice := range intake.DutyChoices() {
		label := p.say("button_duty_"+choice, nil)
		if choice == w.Duty {
			label = "✓ " + label
		}
		row = append(row, button{label, intake.Press{Action: intake.ActDuty, Arg: choice}})
	}
	return [][]button{row[:2], row[2:]}
}

// timetable says until when a shift lasts, or when the next one begins.
func (p *page) timetable(w *intake.Worker) string {
	s, ok := p.Intake.Router.Station(w.Station)
	if !ok {
		return ""
	}
	now := p.Intake.Now().In(s.Zone())
	values := texts.Data{"By": "", "Opens": ""}
	if until, ok := s.Hours.Until(now); ok {
		values["By"] = p.when(until, now)
	} else if opens, ok := s.Hours.Next(now); ok && opens.After(now) {
		values["Opens"] = p.when(opens, now)
	}
	return p.say("duty_by_timetable", values)
}

// withLeft warns of the emergencies that a worker leaves behind who goes off duty.
func (p *page) withLeft(m message, w *intake.Worker) (message, error) {
	left, err := p.Intake.LeftBehind(p.ctx, w, leftNamed)
	if err != nil || len(left) == 0 {
		return m, err
	}
	m.text += "\n" + p.say("duty_left", nil)
	for i := range left {
		m.buttons = append(m.buttons, []button{p.open(&left[i])})
	}
	return m, nil
}

// shift tells a worker without a sound that their shift has begun.
func (p *page) shift() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	return message{text: p.say("shift", nil) + "\n" + p.timetable(w), silent: true}, nil
}

// shiftEnd warns a worker whose shift has ended of what is left.
func (p *page) shiftEnd() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	return p.withLeft(message{text: p.say("shift_end", nil)}, w)
}

// away is when the worker is away and who stands in, or the question for it.
func (p *page) away() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	a, err := p.Intake.AbsenceOf(p.ctx, w.Code)
	if errors.Is(err, intake.ErrNotFound) || p.args.Menu == "dates" {
		return p.awayDates(), nil
	}
	if err != nil {
		return message{}, err
	}
	m := message{text: p.say("away", texts.Data{"Span": p.awayDays(&a)})}
	if p.args.Worker != "" {
		m.text = p.say("away_declined", texts.Data{"Worker": p.args.Worker}) + "\n" + m.text
	}
	if a.StandIn != nil {
		m.text += "\n" + p.say("away_stand_in", texts.Data{"Worker": a.StandInName})
	} else if p.args.Menu != "closed" {
		if m, err = p.askStandIn(m, w); err != nil {
			return message{}, err
		}
	}
	m.buttons = append(m.buttons, []button{
		{p.say("button_away", nil), intake.Press{Action: intake.ActAway}},
		{p.say("button_away_back", nil), intake.Press{Action: intake.ActAway, Arg: intake.AwayBack}}})
	if a.BeganAt == nil {
		return m, nil
	}
	return p.withLeft(m, w)
}

// awayDates asks when the worker is away.
func (p *page) awayDates() message {
	m := message{text: p.say("away_when", nil)}
	if p.args.Why != "" {
		m.text = p.say("away_unknown", nil) + "\n" + m.text
	}
	var row []button
	for _, choice := range intake.AwayChoices() {
		row = append(row, button{p.say("button_away_"+choice, nil), intake.Press{Action: intake.ActAway, Arg: choice}})
	}
	m.buttons = [][]button{row[:2], row[2:]}
	return m
}

// askStandIn asks who of the station stands in, if anybody can.
func (p *page) askStandIn(m message, w *intake.Worker) (message, error) {
	all, err := p.Intake.CanStandIn(p.ctx, w.Code, standInNamed)
	if err != nil || len(all) == 0 {
		return m, err
	}
	m.text += "\n" + p.say("away_ask", nil)
	for _, colleague := range all {
		m.buttons = append(m.buttons, []button{{colleague.Name, intake.Press{Action: intake.ActStandIn, Arg: colleague.Code}}})
	}
	m.buttons = append(m.buttons, []button{{p.say("button_standin", nil), intake.Press{Action: intake.ActStandIn}}})
	return m, nil
}

// awayDays are an absence's days, as its station's people see them.
func (p *page) awayDays(a *intake.Absence) string {
	zone := china
	if s, ok := p.Intake.Router.Station(a.Station); ok {
		zone = s.Zone()
	}
	now := p.Intake.Now().In(zone)
	first := p.day(a.StartsAt.In(zone), now)
	if a.EndsAt == nil {
		return p.say("span_open", texts.Data{"First": first})
	}
	last := p.day(a.EndsAt.In(zone).Add(-time.Minute), now)
	if last == first {
		return first
	}
	return p.say("span", texts.Data{"First": first, "Last": last})
}

// standIn tells a worker for whom they stand in, with what that colleague has.
func (p *page) standIn() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	a, err := p.Intake.Absence(p.ctx, p.args.Absence)
	if err != nil {
		return message{}, err
	}
	if a.EndedAt != nil || a.StandIn == nil || *a.StandIn != w.Code {
		return message{text: p.say("stood_in", texts.Data{"Worker": a.WorkerName})}, nil
	}
	m := message{text: p.say("stand_in", texts.Data{"Worker": a.WorkerName, "Span": p.awayDays(&a)})}
	views, err := p.Intake.Mine(p.ctx, a.Worker, standInNamed)
	for i := range views {
		if views[i].Worker != nil && *views[i].Worker == a.Worker {
			m.buttons = append(m.buttons, []button{p.open(&views[i])})
		}
	}
	m.buttons = append(m.buttons, []button{{p.say("button_decline", nil), intake.Press{Action: intake.ActDecline, Arg: itoa(a.ID)}}})
	return m, err
}

// named renders a text that names a worker.
func named(key string) func(*page) (message, error) {
	return func(p *page) (message, error) {
		return message{text: p.say(key, texts.Data{"Worker": p.args.Worker})}, nil
	}
}
