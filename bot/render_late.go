package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
)

// late reminds the worker who has a request of its time. Who has it no longer isn't told.
func (p *page) late() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	if !p.view.State.InHand() || *p.view.Worker != w.Code {
		return message{}, intake.ErrNotFound
	}
	m := message{text: p.say("late_"+p.args.What, texts.Data{"Ref": p.view.Ref})}
	if p.args.What == "ask" {
		m.buttons = [][]button{{p.button(intake.ActReply, ""), p.button(intake.ActRelease, "")}}
	} else {
		m.buttons = [][]button{{p.button(intake.ActReply, ""), p.open(&p.view)}}
	}
	return m, nil
}

// unclaimed reminds those who could claim a request that it still waits.
func (p *page) unclaimed() (message, error) {
	if p.view.State != intake.Open {
		return message{}, intake.ErrNotFound
	}
	return message{text: p.say("unclaimed", p.lateData()), buttons: [][]button{{p.button(intake.ActClaim, ""), p.open(&p.view)}}}, nil
}

// escalated tells a supervisor of a request that is late, as long as it is. Those of other stations read no more than which
// it is and where, unless it is offered to theirs.
func (p *page) escalated() (message, error) {
	waits := p.view.State == intake.Open
	if waits != (p.args.What == "claim") || !p.view.State.Active() {
		return message{}, intake.ErrNotFound
	}
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	key := "escalated_" + p.args.What
	if p.args.To == "county" {
		key = "county_" + p.args.What
	}
	m := message{text: p.say(key, p.lateData())}
	switch shown := p.view.ShownTo(w); {
	case shown && waits:
		m.buttons = [][]button{{p.button(intake.ActClaim, ""), p.open(&p.view)}}
	case shown:
		m.buttons = [][]button{{p.open(&p.view)}}
	}
	return m, nil
}

// lateData is what a request that is late is known by.
func (p *page) lateData() texts.Data {
	d := texts.Data{"Sign": sign(p.view.Urgency), "Ref": p.view.Ref, "Service": p.service(p.view.Category), "State": p.state(&p.view),
		"Station": "", "Phone": ""}
	if s, ok := p.Intake.Router.Station(value(p.view.Station)); ok {
		d["Station"], d["Phone"] = p.stationName(s.Code), s.Phone
	}
	return d
}

func value(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}
