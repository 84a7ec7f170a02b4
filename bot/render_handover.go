package bot

import (
	"slices"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// handoverColleagues is among how many colleagues a hand-over lets its worker choose.
const handoverColleagues = 20

// handover shows what a worker has, to choose from, then their colleagues, and then asks for a note.
func (p *page) handover() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	switch p.args.Menu {
	case "who":
		return p.handoverTo(w)
	case "note":
		return p.handoverNote(w)
	case "closed":
		return message{text: p.say("handover_closed", nil)}, nil
	}
	views, err := p.Intake.ToHandOver(p.ctx, w.Code)
	if err != nil || len(views) == 0 {
		return message{text: p.say("mine_none", nil)}, err
	}
	m, chosen := message{text: p.say("handover", nil)}, 0
	for _, v := range views {
		box := "☐ "
		if slices.Contains(p.args.Chosen, v.ID) {
			box = "☑ "
			chosen++
		}
		m.buttons = append(m.buttons, []button{{box + sign(v.Urgency) + " " + v.Ref + " " + p.service(v.Category),
			intake.Press{Action: intake.ActHandover, Ref: v.Ref}}})
	}
	if chosen > 0 {
		m.buttons = append(m.buttons, []button{p.handoverButton(p.say("button_handover_who", texts.Data{"Count": chosen}), intake.ArgWho)})
	}
	return m, nil
}

func (p *page) handoverButton(label, arg string) button {
	return button{label, intake.Press{Action: intake.ActHandover, Arg: arg}}
}

func (p *page) handoverTo(w *intake.Worker) (message, error) {
	colleagues, err := p.Intake.Colleagues(p.ctx, w.Code, 0, handoverColleagues)
	m := message{text: p.say("handover_who", texts.Data{"Count": len(p.args.Chosen)})}
	if len(colleagues) == 0 {
		m.text = p.say("handover_nobody", nil)
	}
	for _, c := range colleagues {
		label := c.Name
		if c.OnDuty {
			label = p.say("button_on_duty", texts.Data{"Worker": c.Name})
		}
		m.buttons = append(m.buttons, []button{p.handoverButton(label, intake.ArgTo+c.Code)})
	}
	m.buttons = append(m.buttons, []button{p.handoverButton(p.say("button_back", nil), intake.ArgBack)})
	return m, err
}

func (p *page) handoverNote(w *intake.Worker) (message, error) {
	colleagues, err := p.Intake.Colleagues(p.ctx, w.Code, 0, handoverColleagues)
	at := slices.IndexFunc(colleagues, func(c intake.Worker) bool { return c.Code == p.args.To })
	if err != nil || at < 0 {
		return message{text: p.say("handover_nobody", nil)}, err
	}
	return message{text: p.say("handover_note", texts.Data{"Worker": colleagues[at].Name}), buttons: [][]button{
		{p.handoverButton(p.say("button_no_note", nil), intake.ArgSend)}, {p.handoverButton(p.say("button_back", nil), intake.ArgBack)}}}, nil
}

func (p *page) handoverDone() (message, error) {
	return message{text: p.say("handover_done", texts.Data{"Worker": p.args.Worker, "Count": p.args.Count})}, nil
}

// handedOver tells a worker which colleague hands a request over, with the note.
func (p *page) handedOver() (message, error) {
	m := message{text: p.say("handed_over", texts.Data{"Worker": p.args.Worker, "Ref": p.view.Ref})}
	if p.args.Message == 0 {
		return m, nil
	}
	note, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return m, ignoreMissing(err)
	}
	m.text += "\n🔒 " + note.Text
	if note.FileID != "" {
		m.copied, m.uncopied = note, p.say("uncopied", nil)
	}
	return m, nil
}
