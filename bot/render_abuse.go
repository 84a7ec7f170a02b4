package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
)

// enough says until when a draft waits whose account has asked for much that day.
func (p *page) enough() (message, error) {
	return message{text: p.say("enough", texts.Data{"Time": p.texts.Moment(p.lang, p.args.Until.In(china))})}, nil
}

// blocked says to a blocked account whom to phone.
func (p *page) blocked() (message, error) {
	s, _ := p.Intake.Router.Station(p.args.Station)
	return message{text: p.say("blocked", texts.Data{"Station": p.stationName(p.args.Station), "Phone": s.Phone})}, nil
}

// numbersAlone says whom to call in a danger where no alarm is raised.
func (p *page) numbersAlone() (message, error) {
	return message{text: p.callFor(p.args.Crisis) + "\n" + p.say("numbers", nil)}, nil
}

// abuseLines say on a card that its account is blocked, and that something came too fast to be passed on by itself.
func (p *page) abuseLines(v *intake.View) (lines []string) {
	if v.Blocked {
		lines = append(lines, p.say("card_blocked", nil))
	}
	if v.Held > 0 {
		lines = append(lines, p.say("card_held", texts.Data{"Count": v.Held}))
	}
	return lines
}

// heldButton shows its worker what was not passed on by itself.
func (p *page) heldButton(v *intake.View) [][]button {
	if v.Held == 0 {
		return nil
	}
	return [][]button{{p.button(intake.ActHeld, "")}}
}
