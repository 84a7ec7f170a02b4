package bot

import (
	"strconv"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// exactly is a moment with its weekday and date, in the time zone of the request.
func (p *page) exactly(at time.Time) string {
	at = at.In(p.zone(&p.view))
	date := p.say("day_date", texts.Data{"Day": at.Day(), "Month": int(at.Month()), "MonthName": at.Format("Jan")})
	return p.say("exactly", texts.Data{"Weekday": p.say("weekday_"+strconv.Itoa(int(at.Weekday())), nil), "Date": date, "Clock": p.clock(at)})
}

// soon is a moment as seen from now, in the time zone of the request.
func (p *page) soon(at time.Time) string {
	return p.when(at.In(p.zone(&p.view)), p.Intake.Now())
}

// followButtons let a worker have something come of the request, or take back what is to come.
func (p *page) followButtons(v *intake.View) [][]button {
	press := func(label, action, arg string) button {
		return button{label, intake.Press{Action: action, Ref: v.Ref, Arg: arg}}
	}
	var reminders []button
	for _, days := range intake.Reminders() {
		reminders = append(reminders, press(p.say("button_remind_"+strconv.Itoa(days), nil), intake.ActRemind, strconv.Itoa(days)))
	}
	reminders = append(reminders, press(p.say("button_remind_date", nil), intake.ActRemind, "date"))
	rows := [][]button{reminders[:2], reminders[2:], {press(p.say("button_appoint", nil), intake.ActAppoint, "")}}
	coming, waits := p.coming(v), false
	for _, f := range coming {
		action := map[string]string{intake.FollowRemind: intake.ActRemind, intake.FollowAppointment: intake.ActAppoint, intake.FollowWait: intake.ActAwait}[f.Kind]
		label := p.say("button_await_off", nil)
		if waits = waits || f.Kind == intake.FollowWait; f.Kind != intake.FollowWait {
			label = p.say("button_"+f.Kind+"_off", texts.Data{"Time": p.exactly(f.At)})
		}
		rows = append(rows, []button{press(label, action, intake.ArgOff)})
	}
	if !waits {
		rows = append(rows, []button{press(p.say("button_await", nil), intake.ActAwait, "")})
	}
	return append(rows, []button{p.undo()})
}

// coming is what is still to come of a request. Where that can't be said, the card stands without it.
func (p *page) coming(v *intake.View) []intake.FollowUp {
	all, err := p.Intake.FollowUps(p.ctx, v.ID)
	if err != nil {
		p.Log.Warn("load what is to come", "error", err)
	}
	return all
}

// followLines are what a card says of what is still to come.
func (p *page) followLines(v *intake.View) (lines []string) {
	for _, f := range p.coming(v) {
		lines = append(lines, p.followLine(f))
	}
	return lines
}

func (p *page) followLine(f intake.FollowUp) string {
	switch f.Kind {
	case intake.FollowWait:
		return p.say("card_waits", texts.Data{"Time": p.texts.Moment(p.lang, f.CreatedAt.In(p.zone(&p.view)))})
	case intake.FollowRemind:
		return "⏰ " + p.exactly(f.At)
	}
	line := "📅 " + p.exactly(f.At) + " · " + p.say("place_"+f.Place, nil)
	if f.Answered != "" {
		line += " · " + p.say("card_"+f.Answered, nil)
	}
	return line
}

// followMarks are what a list says of what is still to come of a request, and of danger on the way there.
func (p *page) followMarks(v *intake.View) (marks string) {
	if v.State != intake.Claimed {
		return ""
	}
	if v.Discreet() {
		marks += " · " + p.say("mark_twos", nil)
	}
	for _, f := range p.coming(v) {
		if f.Kind == intake.FollowWait {
			marks += " · " + p.say("mark_waits", nil)
		} else {
			marks += " · " + map[string]string{intake.FollowRemind: "⏰", intake.FollowAppointment: "📅"}[f.Kind] + " " +
				p.texts.Moment(p.lang, f.At.In(p.zone(v)))
		}
	}
	return marks
}

// statusComing is what a resident's list says of what is still to come, in the place of how the request stands: that it waits
// for them, or the appointment.
func (p *page) statusComing(v *intake.View) (mark string) {
	if !v.State.Active() {
		return ""
	}
	for _, f := range p.coming(v) {
		switch f.Kind {
		case intake.FollowWait:
			return p.say("status_waits", nil)
		case intake.FollowAppointment:
			mark = "📅 " + p.texts.Moment(p.lang, f.At.In(p.zone(v)))
		}
	}
	return mark
}

// askDate asks a worker for a date.
func (p *page) askDate() (message, error) {
	text := p.say("ask_date_"+p.args.What, texts.Data{"Ref": p.view.Ref})
	if p.args.Again {
		text = p.say("ask_date_again", nil)
	}
	return message{text: text}, nil
}

// meetingHours are what a worker is offered who names a day for an appointment, and no time: hours and minutes.
var meetingHours = [][2]int{{9, 0}, {10, 30}, {14, 30}, {16, 0}}

// whichDate shows what was understood of a date, and asks what is still open: which of two is meant, what time, where.
func (p *page) whichDate() (message, error) {
	action := map[string]string{"remind": intake.ActRemind, "appoint": intake.ActAppoint}[p.args.What]
	press := func(label, arg string) []button {
		return []button{{label, intake.Press{Action: action, Ref: p.view.Ref, Arg: arg}}}
	}
	another := press(p.say("button_another_time", nil), "date")
	if p.view.State != intake.Claimed || len(p.args.Times) == 0 {
		return p.stands()
	}
	m, at := message{}, p.args.Times[0]
	switch {
	case len(p.args.Times) > 1:
		m.text = p.say("which_date", texts.Data{"Ref": p.view.Ref})
		for _, at := range p.args.Times {
			m.buttons = append(m.buttons, press(p.exactly(at), "t"+intake.MomentArg(at)))
		}
	case p.args.Clock:
		m.text = p.toResident("which_place", "filed_place", texts.Data{"Ref": p.view.Ref, "Time": p.exactly(at)})
		for _, place := range intake.AppointmentPlaces() {
			m.buttons = append(m.buttons, press(p.say("place_"+place, nil), place+"."+intake.MomentArg(at)))
		}
		if p.view.Discreet() {
			m.text += "\n" + p.say("card_dangerous", nil)
		}
	default:
		day := at.In(p.zone(&p.view))
		m.text = p.say("which_clock", texts.Data{"Ref": p.view.Ref, "Day": p.day(day, p.Intake.Now().In(day.Location()))})
		for _, clock := range meetingHours {
			at := time.Date(day.Year(), day.Month(), day.Day(), clock[0], clock[1], 0, 0, day.Location())
			if at.After(p.Intake.Now()) {
				m.buttons = append(m.buttons, press(p.exactly(at), "t"+intake.MomentArg(at)))
			}
		}
	}
	m.buttons = append(m.buttons, another)
	return m, nil
}

// stands is how the request stands, in the place of a message that no longer holds.
func (p *page) stands() (message, error) {
	return message{text: p.view.Ref + " · " + p.state(&p.view)}, nil
}

// followSet confirms what is to come, with buttons that change it or take it back.
func (p *page) followSet() (message, error) {
	if p.args.Menu == "closed" {
		return p.stands()
	}
	values := texts.Data{"Ref": p.view.Ref, "Time": p.exactly(p.args.At)}
	action := intake.ActRemind
	m := message{text: p.say("follow_set_remind", values)}
	if p.args.What == intake.FollowAppointment {
		action = intake.ActAppoint
		values["State"] = p.say("place_"+p.args.Place, nil)
		m.text = p.toResident("follow_set_appointment", "filed_appointment", values)
		if p.view.Discreet() && p.args.Place == "home" {
			m.text += "\n" + p.say("card_dangerous", nil)
		}
	}
	m.buttons = [][]button{{{p.say("button_change", nil), intake.Press{Action: action, Ref: p.view.Ref, Arg: "date"}},
		{p.say("button_off", nil), intake.Press{Action: action, Ref: p.view.Ref, Arg: intake.ArgOff}}}}
	return m, nil
}

// followDue tells a worker of what has come.
func (p *page) followDue() (message, error) {
	values := texts.Data{"Ref": p.view.Ref, "State": p.state(&p.view)}
	m := message{buttons: [][]button{{p.open(&p.view)}}}
	switch p.args.What {
	case intake.FollowWait:
		m.text = p.say("follow_due_wait", values)
		if p.view.State == intake.Claimed {
			m.buttons = append(p.silentButtons(), m.buttons...)
		}
		return m, nil
	case intake.FollowAppointment:
		if !p.args.At.After(p.Intake.Now()) {
			return message{}, intake.ErrNotFound
		}
		values["State"], values["Time"] = p.say("place_"+p.args.Place, nil), p.soon(p.args.At)
		m.text = p.say("follow_due_appointment", values)
		if p.view.Discreet() && p.args.Place == "home" {
			m.text += "\n" + p.say("card_dangerous", nil)
		}
		return m, nil
	}
	m.text = p.say("follow_due_remind", values)
	return m, nil
}

// silentButtons are what a worker can do about a resident who is silent.
func (p *page) silentButtons() [][]button {
	press := func(key, action, arg string) []button {
		return []button{{p.say(key, nil), intake.Press{Action: action, Ref: p.view.Ref, Arg: arg}}}
	}
	return [][]button{press("button_nudge", intake.ActAwait, intake.ArgNudge), press("button_wait_more", intake.ActAwait, intake.ArgMore),
		press("button_give_up", intake.ActOutcome, "withdrawn")}
}

// appointment tells the resident when and where a worker meets them, and asks whether that fits.
func (p *page) appointment() (message, error) {
	f, err := p.Intake.Appointment(p.ctx, p.view.ID)
	if err != nil {
		return message{}, err
	}
	m := message{text: p.meeting("appointment_"+f.Place, p.exactly(f.At))}
	switch {
	case f.Due == nil && p.notice.Edits == nil:
		return message{}, intake.ErrNotFound
	case f.Due == nil:
		return m, nil
	}
	m.text += " " + p.say("appointment_ask", nil)
	if f.Answered != "" {
		m.text += "\n" + p.say("appointment_"+f.Answered, nil)
	}
	for _, answer := range []string{intake.ActFits, intake.ActUnfit} {
		if answer != f.Answered {
			m.buttons = append(m.buttons, []button{{p.say("button_"+answer, nil), intake.Press{Action: answer, Ref: p.view.Ref, Arg: itoa(f.ID)}}})
		}
	}
	return m, nil
}

// meeting says who meets the resident where and when; to one whose phone others may read, only when.
func (p *page) meeting(key, when string) string {
	if p.view.Discreet() {
		return p.say("discreet_meeting", texts.Data{"Ref": p.view.Ref, "Time": when})
	}
	worker := ""
	if p.view.WorkerName != nil {
		worker = *p.view.WorkerName
	}
	station := ""
	if p.view.Station != nil {
		station = p.stationName(*p.view.Station)
	}
	return p.say(key, texts.Data{"Ref": p.view.Ref, "Worker": worker, "Station": station, "Time": when,
		"NoPhone": p.view.Phone == "" && !p.view.Unnamed})
}

// appointmentSoon reminds the resident of an appointment, unless it is over or was taken back.
func (p *page) appointmentSoon() (message, error) {
	f, err := p.Intake.Appointment(p.ctx, p.view.ID)
	switch {
	case err != nil:
		return message{}, err
	case f.Due == nil || !f.At.After(p.Intake.Now()):
		return message{}, intake.ErrNotFound
	}
	return message{text: "📅 " + p.meeting("appointment_"+f.Place, p.soon(f.At))}, nil
}

// appointmentOff tells the resident that an appointment is taken back.
func (p *page) appointmentOff() (message, error) {
	return message{text: p.tell("appointment_off", texts.Data{"Ref": p.view.Ref, "Time": p.exactly(p.args.At)})}, nil
}

// appointmentAnswer tells the worker whether an appointment fits.
func (p *page) appointmentAnswer() (message, error) {
	m := message{text: p.say("appointment_answer_"+p.args.What, texts.Data{"Ref": p.view.Ref, "Time": p.exactly(p.args.At)})}
	if p.args.What == intake.ActUnfit {
		m.buttons = [][]button{{{p.say("button_change", nil), intake.Press{Action: intake.ActAppoint, Ref: p.view.Ref, Arg: "date"}},
			p.button(intake.ActReply, "")}}
	}
	return m, nil
}

// waitsForYou reminds the resident that a worker waits for their answer.
func (p *page) waitsForYou() (message, error) {
	return message{text: p.tell("waits_for_you", texts.Data{"Ref": p.view.Ref, "Worker": p.signature()})}, nil
}
