package admin

import (
	"slices"
	"strings"

	"onedoor/intake"
)

// ReferRuns tells whether an organisation is asked or helps already: no other can be then.
func (p *requestPage) ReferRuns() bool {
	return slices.ContainsFunc(p.Desk.Helpers, func(f intake.Referral) bool {
		return f.Kind == intake.ToOrganisation && (f.Offered() || f.Accepted())
	})
}

// ReferInChat are the organisations that can be asked in chat now: somebody answers for them there.
func (p *requestPage) ReferInChat() []intake.Organisation {
	return p.organisations(func(o *intake.Organisation) bool { return o.Answers && !o.Full() })
}

// ReferByPhone are those that can have agreed by telephone: all that have room, those that nobody answers for in chat first.
func (p *requestPage) ReferByPhone() []intake.Organisation {
	alone := p.organisations(func(o *intake.Organisation) bool { return !o.Answers && !o.Full() })
	return append(alone, p.ReferInChat()...)
}

// ReferFull are the names of those that have no room.
func (p *requestPage) ReferFull() string {
	var names []string
	for _, o := range p.organisations((*intake.Organisation).Full) {
		names = append(names, p.Named(o.Name, o.NameEN))
	}
	return strings.Join(names, " · ")
}

func (p *requestPage) organisations(which func(*intake.Organisation) bool) []intake.Organisation {
	return slices.DeleteFunc(slices.Clone(p.Desk.Organisations), func(o intake.Organisation) bool { return !which(&o) })
}

// ChatLine is an organisation to ask in chat, with how far it is and whether it is open.
func (p *requestPage) ChatLine(o intake.Organisation) string {
	parts := []string{p.Named(o.Name, o.NameEN), p.Km(o.KM)}
	if !o.Open {
		parts = append(parts, p.T("organisation_shut"))
	}
	return strings.Join(parts, " · ")
}

// PhoneLine is how an organisation is telephoned: at what number, and whom to ask for.
func (p *requestPage) PhoneLine(o intake.Organisation) string {
	parts := []string{p.T("organisation_no_number")}
	if o.Phone != "" {
		parts[0] = "☎ " + o.Phone
	}
	if o.Contact != "" {
		parts = append(parts, o.Contact)
	}
	return strings.Join(parts, " · ")
}
