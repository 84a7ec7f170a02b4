package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
)

// toResident says something of what goes to the resident. Where a system has filed the request for them it is another text,
// which promises no chat.
func (p *page) toResident(key, filed string, values texts.Data) string {
	if p.view.System == "" {
		return p.say(key, values)
	}
	if values == nil {
		values = texts.Data{}
	}
	values["System"], values["Phone"] = p.view.System, p.view.Phone
	return p.say(filed, values)
}

// askWhyEnded asks why a request ends so, by the outcome.
func (p *page) askWhyEnded(outcome string) string {
	if p.view.System != "" && outcome != "duplicate" {
		return p.say("filed_reason_"+outcome, texts.Data{"Ref": p.view.Ref, "System": p.view.System})
	}
	return p.say("ask_reason_"+outcome, texts.Data{"Ref": p.view.Ref})
}

// filedLine says who has filed a request, and that there is no chat; it is empty for a resident's own.
func (p *page) filedLine() []string {
	if p.view.System == "" {
		return nil
	}
	return []string{p.toResident("", "card_filed", nil)}
}

// keptForSystem confirms that a worker's words are kept for the system to read.
func (p *page) keptForSystem() (message, error) {
	p.args.On = false // a translation would go to nobody
	if p.args.Menu == "back" {
		return message{text: p.toResident("", "filed_back", texts.Data{"Ref": p.view.Ref})}, nil
	}
	m := message{text: p.toResident("", "filed_sent", texts.Data{"Ref": p.view.Ref})}
	if p.args.Message != 0 {
		m.buttons = [][]button{{p.button(intake.ActTakeBack, itoa(p.args.Message))}}
	}
	return p.own(m)
}
