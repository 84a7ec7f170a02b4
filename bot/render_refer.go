package bot

import (
	"errors"
	"strings"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// organisationName is what an organisation is called in the reader's language.
func (p *page) organisationName(name, english string) string {
	if p.lang == "en" && english != "" {
		return english
	}
	return name
}

// helper is who helps, with the task of a volunteer.
func (p *page) helper(h intake.Helper) string {
	name := p.organisationName(h.Name, h.NameEN)
	if h.Task != "" {
		return p.say("helper", texts.Data{"Who": name, "What": p.say("button_task_"+h.Task, nil)})
	}
	return name
}

// organisationOf is the organisation that has a request, or "".
func (p *page) organisationOf(v *intake.View) string {
	for _, h := range v.Helpers() {
		if h.Task == "" {
			return p.organisationName(h.Name, h.NameEN)
		}
	}
	return ""
}

// helperLines say on a card who helps.
func (p *page) helperLines(v *intake.View) (lines []string) {
	for _, h := range v.Helpers() {
		lines = append(lines, p.say("card_helper", texts.Data{"Who": p.helper(h)}))
	}
	return lines
}

// helperNames follow a request in a list.
func (p *page) helperNames(v *intake.View) (names string) {
	for _, h := range v.Helpers() {
		if h.Task != "" || v.State != intake.Referred { // else the state says it
			names += " · " + p.say("card_helper", texts.Data{"Who": p.helper(h)})
		}
	}
	return names
}

// who is whom a referral was offered to or, once one has it, who that is.
func (p *page) who(f *intake.Referral) string {
	switch {
	case f.OrganisationName != nil:
		return p.organisationName(*f.OrganisationName, *f.OrganisationNameEN)
	case f.PartnerName != nil:
		return *f.PartnerName
	}
	return p.say("volunteers", nil)
}

// what is the task, or the service.
func (p *page) what(f *intake.Referral) string {
	if f.Task != nil {
		return p.say("button_task_"+*f.Task, nil)
	}
	return p.service(p.view.Category)
}

// helped tells a resident who helps, too.
func (p *page) helped() (message, error) {
	f, err := p.Intake.Referral(p.ctx, p.args.Referral)
	if err != nil {
		return message{}, err
	}
	person := ""
	if f.OrganisationName != nil && f.PartnerName != nil && *f.PartnerName != *f.OrganisationName {
		person = *f.PartnerName
	}
	return message{text: p.tell("helped", texts.Data{"Ref": p.view.Ref, "Who": p.who(f), "Person": person, "Task": p.taskOf(f)})}, nil
}

func (p *page) taskOf(f *intake.Referral) string {
	if f.Task == nil {
		return ""
	}
	return p.what(f)
}

func (p *page) press(label, action, arg string) button {
	return button{p.say(label, nil), intake.Press{Action: action, Ref: p.view.Ref, Arg: arg}}
}

// refer shows who could help with a request.
func (p *page) refer() (message, error) {
	switch menu := p.args.Menu; {
	case menu == intake.ReferOrganisations:
		return p.organisations()
	case menu == intake.ReferTasks:
		return p.tasks()
	case strings.HasPrefix(menu, intake.MenuOrg):
		return p.organisation(strings.TrimPrefix(menu, intake.MenuOrg))
	}
	m := message{text: p.say("refer", texts.Data{"Ref": p.view.Ref})}
	m.buttons = [][]button{{p.press("button_organisations", intake.ActRefer, intake.ReferOrganisations)}}
	if p.view.ForVolunteers() {
		m.buttons = append(m.buttons, []button{p.press("button_volunteers", intake.ActRefer, intake.ReferTasks)})
	}
	all, err := p.Intake.Referrals(p.ctx, p.view.ID)
	for i := range all {
		if f := &all[i]; f.Offered() || f.Accepted() {
			m.buttons = append(m.buttons, []button{{p.say("button_recall_of", texts.Data{"Who": p.who(f)}),
				intake.Press{Action: intake.ActRecall, Ref: p.view.Ref, Arg: itoa(f.ID)}}})
		}
	}
	return m, err
}

// back leads to the first menu of refer.
func (p *page) back() []button {
	return []button{p.press("button_back", intake.ActRefer, intake.ReferMenu)}
}

// organisations are those near by, a line and a button each.
func (p *page) organisations() (message, error) {
	all, err := p.Intake.Organisations(p.ctx, &p.view.Request)
	if err != nil || len(all) == 0 {
		return message{text: p.say("organisations_none", texts.Data{"Service": p.service(p.view.Category)}), buttons: [][]button{p.back()}}, err
	}
	m := message{text: p.say("organisations", texts.Data{"Service": p.service(p.view.Category)})}
	for i := range all {
		o := &all[i]
		number := itoa(int64(i + 1))
		m.text += "\n" + number + " · " + p.standing(o)
		m.buttons = append(m.buttons, []button{{number + " " + p.organisationName(o.Name, o.NameEN),
			intake.Press{Action: intake.ActOrg, Ref: p.view.Ref, Arg: o.Code}}})
	}
	m.buttons = append(m.buttons, p.back())
	return m, nil
}

// standing is how far an organisation is, and whether it has room and is open.
func (p *page) standing(o *intake.Organisation) string {
	away := p.distance(o.KM, true)
	switch {
	case o.Full():
		return away + " · " + p.say("organisation_no_room", nil)
	case o.Open:
		return away + " · " + p.say("organisation_open", nil)
	case o.Opens.IsZero():
		return away + " · " + p.say("organisation_closed", nil)
	}
	return away + " · " + p.say("organisation_opens", texts.Data{"Time": p.when(o.Opens, p.Intake.Now().In(china))})
}

// organisation is one of the directory, and what can be asked of it.
func (p *page) organisation(code string) (message, error) {
	o, err := p.Intake.Organisation(p.ctx, &p.view.Request, code)
	if errors.Is(err, intake.ErrNotFound) {
		return p.organisations()
	}
	if err != nil {
		return message{}, err
	}
	lines := []string{p.organisationName(o.Name, o.NameEN), p.standing(o)}
	if call := strings.TrimSpace(o.Contact + " " + o.Phone); call != "" {
		lines = append(lines, "☎ "+call)
	}
	m := message{}
	if o.Answers {
		m.buttons = [][]button{{p.press("button_referto", intake.ActReferTo, intake.ToOrganisation+":"+o.Code)}}
	} else {
		lines = append(lines, p.say("organisation_phone", nil))
	}
	m.text = strings.Join(lines, "\n")
	m.buttons = append(m.buttons, []button{p.press("button_theytake", intake.ActTheyTake, o.Code)},
		[]button{p.press("button_back", intake.ActRefer, intake.ReferOrganisations)})
	return m, nil
}

// tasks are the small ones for volunteers.
func (p *page) tasks() (message, error) {
	m := message{text: p.say("tasks", texts.Data{"Ref": p.view.Ref})}
	for _, task := range intake.Tasks() {
		m.buttons = append(m.buttons, []button{p.press("button_task_"+task, intake.ActReferTo, intake.ToVolunteers+":"+task)})
	}
	m.buttons = append(m.buttons, p.back())
	return m, nil
}

// named is whom ActReferTo's argument names, in words.
func (p *page) named(to string) string {
	kind, key, _ := strings.Cut(to, ":")
	if kind == intake.ToVolunteers {
		return p.say("volunteers", nil)
	}
	o, err := p.Intake.Organisation(p.ctx, &p.view.Request, key)
	if err != nil {
		return key
	}
	return p.organisationName(o.Name, o.NameEN)
}

// referWords asks the worker for all that those who are asked will read.
func (p *page) referWords() (message, error) {
	return message{text: p.say("refer_words", texts.Data{"Who": p.named(p.args.To), "Ref": p.view.Ref})}, nil
}

// referNobody says that there is nobody to ask.
func (p *page) referNobody() (message, error) {
	return message{text: p.say("refer_nobody", texts.Data{"Who": p.named(p.args.To), "Ref": p.view.Ref}),
		buttons: [][]button{{p.button(intake.ActRefer, "")}}}, nil
}

// referred tells the worker how a referral stands.
func (p *page) referred() (message, error) {
	f, err := p.Intake.Referral(p.ctx, p.args.Referral)
	if err != nil {
		return message{}, err
	}
	about := texts.Data{"Ref": p.view.Ref, "Who": p.who(f), "What": p.what(f), "Time": p.texts.Moment(p.lang, f.ExpiresAt.In(p.zone(&p.view)))}
	if p.notice.Edits != nil {
		since, err := p.Intake.ToldSince(p.ctx, f, p.notice.Bot, p.notice.Chat, *p.notice.Edits)
		if err != nil || since {
			return message{text: p.say("referred_below", about)}, err
		}
	}
	mine := p.view.State.InHand() && p.reader.Has(&p.view.Request)
	m := message{}
	switch {
	case f.Offered():
		m.text = p.say("referred_offered", about)
		m.buttons = [][]button{{p.button(intake.ActRecall, itoa(f.ID))}}
	case f.Accepted() && f.Partner == nil:
		m.text = p.say("referred_phoned", about)
		m.buttons = [][]button{{p.button(intake.ActRecall, itoa(f.ID)), p.open(&p.view)}}
	case f.Accepted():
		m.text = p.say("referred_accepted", about)
		m.buttons = [][]button{{p.button(intake.ActToPartner, itoa(f.ID)), p.button(intake.ActRecall, itoa(f.ID))}}
	case f.Done():
		about["Outcome"] = p.say("outcome_"+*f.Outcome, nil)
		m.text = p.say("referred_done", about)
		m.buttons = [][]button{{p.open(&p.view)}}
	default:
		ended := map[string]string{"declined": "referred_declined", "unanswered": "referred_late", "recalled": "referred_recalled",
			"over": "referred_over", "gone": "referred_gone"}
		m.text = p.say(ended[f.Why], about)
		if f.Why != "recalled" && f.Why != "over" {
			m.buttons = [][]button{{p.button(intake.ActRefer, "")}}
		}
	}
	if !mine && !f.Done() {
		m.buttons = nil
	}
	return m, nil
}

// partnerSaid shows the worker what who helps has written, ready to be answered.
func (p *page) partnerSaid() (message, error) {
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return message{}, err
	}
	m, err := p.passAside(said, "partner_said", texts.Data{"Who": said.WorkerName, "Ref": p.view.Ref})
	if err != nil || p.args.Referral == 0 {
		return m, err
	}
	f, err := p.Intake.Referral(p.ctx, p.args.Referral)
	if err == nil && f.Accepted() {
		m.buttons = [][]button{{p.button(intake.ActToPartner, itoa(f.ID))}}
	}
	return m, err
}

// passAside passes on what a worker and who helps write to each other: words under a name, anything else as it came.
func (p *page) passAside(said intake.Message, key string, values texts.Data) (message, error) {
	values["Text"] = said.Text
	m := message{text: p.say(key, values)}
	if said.FileID != "" {
		m.copied, m.uncopied = said, p.say("uncopied", nil)
	}
	return m, nil
}

// askForPartner asks the worker for words to who helps.
func (p *page) askForPartner() (message, error) {
	f, err := p.Intake.Referral(p.ctx, p.args.Referral)
	if err != nil {
		return message{}, err
	}
	who := p.who(f)
	if f.PartnerName != nil {
		who = *f.PartnerName
	}
	return message{text: p.say("ask_partner", texts.Data{"Who": who, "Ref": p.view.Ref})}, nil
}
