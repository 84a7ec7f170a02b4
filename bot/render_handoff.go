package bot

import (
	"strconv"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// moved tells a resident which station has their request now and, kindly, why.
func (p *page) moved() (message, error) {
	m, err := discreetly("moved")(p)
	because := map[string]string{"area": "moved_area", "service": "moved_service", "nearer": "moved_nearer"}
	if key, ok := because[p.args.Why]; ok && !p.view.Discreet() {
		m.text += " " + p.say(key, nil)
	}
	return m, err
}

// passReason is why another station has passed a request on, in words; empty where it has not, or for no reason.
func (p *page) passReason(v *intake.View) string {
	m, ok := v.MovedHere()
	switch {
	case !ok:
		return ""
	case m.Reason == intake.ReasonOther:
		return cut(m.Words, intake.CardWords)
	}
	return p.say("button_why_"+m.Reason, nil)
}

// movedLines say it on the card of who has claimed it; before then the card says why it is there.
func (p *page) movedLines(v *intake.View) []string {
	m, ok := v.MovedHere()
	if !ok || v.State == intake.Open {
		return nil
	}
	return []string{p.say("card_moved", texts.Data{"Station": p.stationName(m.From), "Text": p.passReason(v)})}
}

// whyButtons ask why a request is to go to a station.
func (p *page) whyButtons(station string) [][]button {
	var rows [][]button
	for _, reason := range append(intake.PassReasons(), intake.ReasonOther) {
		rows = append(rows, []button{{p.say("button_why_"+reason, nil),
			intake.Press{Action: intake.ActWhy, Ref: p.view.Ref, Arg: intake.WhyPass(reason, station)}}})
	}
	return append(rows, []button{p.undo()})
}

// colleagueButtons are a page of whom the reader can ask to take a request on; a sign shows who is on duty.
func (p *page) colleagueButtons(number string) [][]button {
	at, _ := strconv.Atoi(number)
	all, err := p.Intake.Colleagues(p.ctx, p.reader.Code, at*intake.ColleaguesAtOnce, intake.ColleaguesAtOnce+1)
	if err != nil {
		p.Log.Warn("load colleagues", "error", err)
	}
	var rows [][]button
	for i, w := range all {
		if i == intake.ColleaguesAtOnce {
			break
		}
		label := w.Name
		if w.OnDuty {
			label = p.say("button_on_duty", texts.Data{"Worker": w.Name})
		}
		rows = append(rows, []button{{label, intake.Press{Action: intake.ActAsk, Ref: p.view.Ref, Arg: w.Code}}})
	}
	turn := func(label string, page int) button {
		return button{p.say(label, nil), intake.Press{Action: intake.ActColleagues, Ref: p.view.Ref, Arg: strconv.Itoa(page)}}
	}
	last := []button{p.undo()}
	if at > 0 {
		last = append(last, turn("button_previous", at-1))
	}
	if len(all) > intake.ColleaguesAtOnce {
		last = append(last, turn("button_next", at+1))
	}
	return append(rows, last)
}

// handoff asks a colleague to take a request on, or says what has become of the question.
func (p *page) handoff() (message, error) {
	h, err := p.Intake.Handoff(p.ctx, p.args.Handoff)
	if err != nil {
		return message{}, err
	}
	about := texts.Data{"Giver": h.GiverName, "Ref": p.view.Ref, "Service": p.service(p.view.Category)}
	if !h.Pending() || p.reader.Code != h.Taker {
		became := map[string]string{"accepted": "handoff_accepted", "declined": "handoff_declined", "unanswered": "handoff_late"}
		key, ok := became[h.Answer]
		if !ok {
			key = "handoff_withdrawn"
		}
		return message{text: p.say(key, about)}, nil
	}
	m := message{text: p.say("handoff", about)}
	if h.NoteText != "" {
		m.text += "\n" + p.say("handoff_note", texts.Data{"Text": cut(h.NoteText, intake.CardWords)})
	}
	m.buttons = [][]button{{p.button(intake.ActTake, itoa(h.ID)), p.button(intake.ActLeave, itoa(h.ID))}, {p.open(&p.view)}}
	return m, nil
}

// handoffAsked tells who asked a colleague how it stands.
func (p *page) handoffAsked() (message, error) {
	h, err := p.Intake.Handoff(p.ctx, p.args.Handoff)
	if err != nil {
		return message{}, err
	}
	stands := map[string]string{"": "asked", "accepted": "asked_accepted", "declined": "asked_declined", "unanswered": "asked_late", "withdrawn": "asked_withdrawn"}
	m := message{text: p.say(stands[h.Answer], texts.Data{"Taker": h.TakerName, "Ref": p.view.Ref})}
	switch h.Answer {
	case "":
		m.buttons = [][]button{{p.button(intake.ActDontAsk, "")}}
	case "declined", "unanswered":
		m.buttons = [][]button{{p.open(&p.view)}}
	}
	return m, nil
}
