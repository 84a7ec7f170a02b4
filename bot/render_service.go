package bot

import (
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// likeliest is how many services are offered before all of them.
const likeliest = 3

// serviceMenu is the menu that the notice has open; false where it is none of services.
func (p *page) serviceMenu() (message, bool) {
	group, isGroup := strings.CutPrefix(p.args.Menu, intake.MenuGroup)
	switch {
	case p.view.State != intake.Draft:
		return message{}, false
	case isGroup:
		return p.servicesOf(group), true
	case p.args.Menu == "services":
		return p.services(), true
	}
	return message{}, false
}

// services is the menu of all services: the likeliest, and then all in groups.
func (p *page) services() message {
	m := message{text: p.say("choose_service", nil), buttons: p.likeliestRows()}
	var groups []button
	for _, g := range p.Intake.Taxonomy.ServiceGroups() {
		groups = append(groups, button{p.say("button_group", texts.Data{"Group": g.Name[p.lang]}),
			intake.Press{Action: intake.ActGroup, Ref: p.view.Ref, Arg: g.Key}})
	}
	m.buttons = append(append(m.buttons, pairs(groups)...), []button{p.forButton()},
		[]button{p.button(intake.ActUnsure, ""), p.button(intake.ActBack, "")})
	return m
}

// likeliestRows are buttons for the services that are the likeliest, beside the one that is understood.
func (p *page) likeliestRows() (rows [][]button) {
	for _, key := range p.view.Likeliest(likeliest) {
		rows = append(rows, []button{p.serviceButton(intake.ActService, key)})
	}
	return rows
}

// servicesOf is the menu of a group's services.
func (p *page) servicesOf(group string) message {
	m := message{text: p.say("choose_service", nil)}
	for _, c := range p.Intake.Taxonomy.InGroup(group) {
		m.buttons = append(m.buttons, []button{p.serviceButton(intake.ActService, c.Key)})
	}
	back := button{p.say("button_back", nil), intake.Press{Action: intake.ActServices, Ref: p.view.Ref}}
	m.buttons = append(m.buttons, []button{p.button(intake.ActUnsure, ""), back})
	return m
}

// forButton says that it is not, or is, the writer who needs help.
func (p *page) forButton() button {
	if p.view.For() == prompts.ForSelf {
		return button{p.say("button_for_other", nil), intake.Press{Action: intake.ActFor, Ref: p.view.Ref, Arg: intake.ForOther}}
	}
	return button{p.say("button_for_self", nil), intake.Press{Action: intake.ActFor, Ref: p.view.Ref, Arg: prompts.ForSelf}}
}

// serviceButton chooses a service, by the action that does so.
func (p *page) serviceButton(action, key string) button {
	return button{p.categoryName(key), intake.Press{Action: action, Ref: p.view.Ref, Arg: key}}
}

// serviceRows are buttons for all services, the likeliest first.
func (p *page) serviceRows(action string) [][]button {
	keys := p.view.Likeliest(likeliest)
	for _, c := range p.Intake.Taxonomy.Categories() {
		if !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
		}
	}
	var all []button
	for _, key := range keys {
		all = append(all, p.serviceButton(action, key))
	}
	return pairs(all)
}
