package bot

import (
	"strings"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// ownButtons are what a resident can do with an open request of theirs, each with its reference.
func (p *page) ownButtons(v *intake.View) [][]button {
	labelled := func(action, label string) button {
		return button{p.say(label, texts.Data{"Ref": v.Ref}), intake.Press{Action: action, Ref: v.Ref}}
	}
	return [][]button{
		{labelled(intake.ActAdd, "button_add")},
		{labelled(intake.ActCall, "button_call"), {p.say("button_cancel", nil) + " " + v.Ref, intake.Press{Action: intake.ActWithdraw, Ref: v.Ref}}},
	}
}

// gone is what becomes of a notice that is taken away: its message is deleted, and one that waits isn't sent.
func gone(n notice) (message, error) {
	if n.Edits == nil {
		return message{}, intake.ErrNotFound
	}
	return message{delete: true}, nil
}

// labelWords is how much of a request's words a button shows, in UTF-16 units.
const labelWords = 14

// which asks which of the open requests a draft's words are about.
func (p *page) which() (message, error) {
	views, err := p.Intake.MayBeAbout(p.ctx, &p.view, statusLimit)
	m := message{text: p.say("which", nil)}
	for _, v := range views {
		label := v.Ref + " " + p.ownService(&v)
		if words := strings.Join(strings.Fields(v.Text), " "); words != "" && !v.Discreet() {
			label += " · " + cut(words, labelWords)
		}
		m.buttons = append(m.buttons, []button{p.addTo(label, v.Ref)})
	}
	return p.ifUndecided(m), err
}

// repeated asks whether a draft is the request that it looks like.
func (p *page) repeated() (message, error) {
	former, err := p.Intake.View(p.ctx, p.args.Request)
	if err != nil {
		return message{}, err
	}
	if former.State == intake.Resolved || former.State == intake.Closed {
		return p.unsolved(former.Ref), nil
	}
	at := ""
	if former.SubmittedAt != nil {
		at = p.texts.Moment(p.lang, former.SubmittedAt.In(p.zone(&former)))
	}
	m := message{text: p.say("repeated", texts.Data{"Time": at, "Ref": former.Ref, "Service": p.ownService(&former)})}
	m.buttons = [][]button{{p.addTo(p.say("button_addto", texts.Data{"Ref": former.Ref}), former.Ref)}}
	return p.ifUndecided(m), nil
}

// unsolved asks whether a request that was resolved isn't.
func (p *page) unsolved(ref string) message {
	return p.ifUndecided(message{text: p.say("unsolved", texts.Data{"Ref": ref}), buttons: [][]button{{p.addTo(p.say("button_reopen", nil), ref)}}})
}

// addTo adds the draft's words to a request.
func (p *page) addTo(label, ref string) button {
	return button{label, intake.Press{Action: intake.ActAddTo, Ref: ref, Arg: p.view.Ref}}
}

// ifUndecided completes the question about a draft's words; one that is answered has no buttons.
func (p *page) ifUndecided(m message) message {
	if m.buttons = append(m.buttons, []button{p.button(intake.ActAsNew, "")}); !p.view.Undecided() {
		m.buttons = nil
	}
	return m
}

// withdraw asks once more before a request is taken back.
func (p *page) withdraw() (message, error) {
	about := texts.Data{"Ref": p.view.Ref, "Service": p.ownService(&p.view)}
	if p.args.Menu == "closed" || !p.view.State.Active() {
		return message{text: p.statusLine(&p.view)}, nil
	}
	return message{text: p.say("withdraw", about), buttons: [][]button{
		{{p.say("button_withdraw", nil), intake.Press{Action: intake.ActCancel, Ref: p.view.Ref}}}, {p.button(intake.ActKeep, "")}}}, nil
}

// phone is the station that has the request as a contact, which a finger can call: buttons can hold no tel: links.
func (p *page) phone() (message, error) {
	if p.view.Station != nil {
		if s, ok := p.Intake.Router.Station(*p.view.Station); ok && s.Phone != "" {
			if p.view.Discreet() {
				return message{text: p.view.Ref, phone: s.Phone}, nil
			}
			return message{text: p.stationName(s.Code), phone: s.Phone}, nil
		}
	}
	return message{text: p.say("phone_none", texts.Data{"Ref": p.view.Ref})}, nil
}
