package bot

import (
	"errors"
	"slices"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// errHidden is why a message isn't shown: its resident stays unnamed.
var errHidden = errors.New("the resident stays unnamed")

// tell is say to a resident, who may not be the only one to read it: where the request is discreet the text is one that
// names neither what it is about nor who helps.
func (p *page) tell(key string, values texts.Data) string {
	if p.view.Discreet() {
		key = "discreet_" + key
	}
	return p.say(key, values)
}

// ownService is the service of a request of the resident's own, as far as it may be read by others.
func (p *page) ownService(v *intake.View) string {
	if v.Discreet() {
		return p.say("discreet_service", nil)
	}
	return p.service(v.Category)
}

// telling tells whether the name of a service says what violence or abuse is about.
func telling(service string) bool {
	return slices.Contains([]string{"public_security", "child_protection", "conflict_resolution", "legal_rights"}, service)
}

// discreetly is aboutRequest in words of tell.
func discreetly(key string) func(*page) (message, error) {
	return func(p *page) (message, error) {
		if p.view.Discreet() {
			return aboutRequest("discreet_" + key)(p)
		}
		return aboutRequest(key)(p)
	}
}

// discreetButtons stand under the first answer to a danger of which nobody else shall read.
func (p *page) discreetButtons() [][]button {
	return [][]button{{p.button(intake.ActMistake, "")}, p.unnamedRow(p.button(intake.ActQuiet, ""))}
}

// statusLine is a request of the resident's own in a line.
func (p *page) statusLine(v *intake.View) string {
	if v.Discreet() {
		return v.Ref + " · " + p.say("discreet_state_"+string(v.State), nil)
	}
	return v.Ref + " · " + p.service(v.Category) + " · " + p.state(v)
}

// briefLine is statusLine where there are so many that each has one line of a phone: its service is cut.
func (p *page) briefLine(v *intake.View) string {
	if v.Discreet() {
		return p.statusLine(v)
	}
	state := p.say("brief_"+string(v.State), nil)
	return v.Ref + " " + cutCells(p.service(v.Category), briefCells-cells(v.Ref+"  "+state)) + " " + state
}

// briefCells is what a line of a phone 360 pixels wide holds, in Latin characters.
const briefCells = 33

// unnamedRow offers to stay unnamed beside another button, unless the resident does.
func (p *page) unnamedRow(beside button) []button {
	if p.view.Unnamed {
		return []button{beside}
	}
	return []button{p.unnamedButton(), beside}
}

// unnamedButton has the resident stay unnamed, or no longer.
func (p *page) unnamedButton() button {
	if p.view.Unnamed {
		return button{p.say("button_named", nil), intake.Press{Action: intake.ActUnnamed, Ref: p.view.Ref, Arg: intake.ArgOff}}
	}
	return p.button(intake.ActUnnamed, "")
}

// cautions are what a worker must heed who writes to the resident.
func (p *page) cautions() (lines []string) {
	if p.view.Discreet() {
		lines = append(lines, p.say("card_discreet", nil))
	}
	if p.view.Unnamed {
		lines = append(lines, p.say("card_unnamed", nil))
	}
	if p.view.Quiet {
		lines = append(lines, p.say("card_quiet", nil))
	}
	return lines
}
