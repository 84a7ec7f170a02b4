package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
)

// supervised tells a worker what a supervisor has done to a request of theirs, with the words that were said.
func (p *page) supervised() (message, error) {
	about := texts.Data{"Supervisor": p.args.Worker, "Ref": p.view.Ref}
	if !p.args.At.IsZero() {
		about["Time"] = p.exactly(p.args.At)
	}
	if p.args.Place != "" {
		about["State"] = p.say("place_"+p.args.Place, nil)
	}
	m := message{text: p.say("supervised_"+p.args.What, about)}
	if p.args.Message == 0 {
		return m, nil
	}
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return m, ignoreMissing(err)
	}
	sign := "\n💬 "
	if said.Kind == intake.KindNote {
		sign = "\n🔒 "
	}
	if said.TakenBackAt != nil {
		m.text += "\n↩ " + p.say("did_taken_back", nil)
		m.takeBack, m.inPlace = said.Carries(), said.Carries()
		return m, nil
	}
	if said.Carries() {
		m.copied, m.uncopied = said, p.say("uncopied", nil)
	}
	if said.Text != "" {
		m.text += sign + said.Text
	}
	return m, nil
}

// signature is under whose name a resident reads what is said: a worker's or, of a supervisor, their station's.
func (p *page) signature() string {
	switch {
	case p.args.Worker != "":
		return p.args.Worker
	case p.view.Station != nil:
		return p.stationName(*p.view.Station)
	}
	return p.say("by_"+intake.BySupervisor, nil)
}
