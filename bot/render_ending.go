package bot

import (
	"slices"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// ending is what there is to say of how the request ended, if anything.
func (p *page) ending() (intake.Ending, error) {
	e, err := p.Intake.Ending(p.ctx, p.view.ID)
	return e, ignoreMissing(err)
}

// because is an outcome with its reason, if any.
func (p *page) because(outcome, reason string) string {
	if reason == "" {
		return outcome
	}
	return p.say("outcome_because", texts.Data{"Outcome": outcome, "Reason": reason})
}

// reason is why a request ended so, in words.
func (p *page) reason(key string) string {
	if key == "" {
		return ""
	}
	return p.say("reason_"+key, nil)
}

// reasonToYou is a reason as the resident reads it, whom some are about.
func (p *page) reasonToYou(key string) string {
	if key == "unreached" || key == "declined" {
		key = "you_" + key
	}
	return p.reason(key)
}

// askReason asks why an outcome is so, who has taken over, or which request asks for the same.
func (p *page) askReason() (message, error) {
	if p.view.State != intake.Claimed || p.args.Menu == "closed" {
		return p.stands()
	}
	m := message{text: p.askWhyEnded(p.args.What)}
	option := func(label, reason string) {
		m.buttons = append(m.buttons, []button{{label, intake.Press{Action: intake.ActOutcome, Ref: p.view.Ref, Arg: p.args.What + "." + reason}}})
	}
	for _, reason := range intake.Reasons(p.args.What) {
		option(p.say("reason_"+reason, nil), reason)
	}
	if p.args.What != "duplicate" {
		return m, nil
	}
	twins, err := p.Intake.Twins(p.ctx, &p.view, p.reader)
	for _, v := range twins {
		option(v.Ref+" "+p.service(v.Category), v.Ref)
	}
	return m, err
}

// askSentence asks a worker for their words on how the request has ended.
func (p *page) askSentence() (message, error) {
	e, err := p.ending()
	if err != nil {
		return message{}, err
	}
	m := message{text: p.say("resolved_as", texts.Data{"Ref": p.view.Ref, "Outcome": p.because(p.outcome(), p.reason(e.Reason))})}
	if p.view.State != intake.Resolved {
		return p.stands()
	}
	if p.args.Menu != "closed" {
		m.text += " " + p.toResident("ask_sentence", "filed_sentence", nil)
		m.buttons = [][]button{{p.button(intake.ActNoWords, "")}}
	}
	for _, line := range p.cautions() {
		m.text += "\n" + line
	}
	m.buttons = append(m.buttons, []button{p.button(intake.ActTakeUp, "")})
	return m, nil
}

// endings are what a card says of how the request ended, beside its state.
func (p *page) endings(v *intake.View) []string {
	if v.Outcome == nil {
		return nil
	}
	e, err := p.ending()
	var all []string
	if err == nil && e.Reason != "" {
		all = append(all, p.say("card_reason", texts.Data{"Reason": p.say("reason_"+e.Reason, nil)}))
	}
	if err == nil && e.SameAs != nil {
		all = append(all, p.say("card_same_as", texts.Data{"Ref": *e.SameAs}))
	}
	return all
}

// canTakeUp tells whether the card's reader can open the request again.
func (p *page) canTakeUp(v *intake.View) bool {
	own := v.Station != nil && *v.Station == p.reader.Station
	return own && slices.Contains([]intake.State{intake.Resolved, intake.Closed}, v.State)
}
