package bot

import (
	"slices"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

func (p *page) welcome() (message, error) {
	if p.args.Place != "" {
		return message{text: p.say("welcome_place", texts.Data{"Place": p.placeName(p.args.Place)})}, nil
	}
	return message{text: p.say("welcome", nil)}, nil
}

func (p *page) languages() (message, error) {
	m := message{text: p.say("languages", nil)}
	for _, language := range intake.Languages() {
		m.buttons = append(m.buttons, []button{{p.texts.Say(language, "language_name", nil),
			intake.Press{Action: intake.ActLanguage, Arg: language}}})
	}
	return m, nil
}

// askPlace asks with the location button first; where that did not help, a person can take it from there.
func (p *page) askPlace() (message, error) {
	if p.args.Why == "" || p.notice.Request == nil {
		key := "ask_place"
		if p.args.Why != "" {
			key += "_" + p.args.Why
		}
		return message{text: p.say(key, nil), askLocation: p.say("button_location", nil)}, nil
	}
	m := message{text: p.say("ask_place_"+p.args.Why, nil)}
	if p.view.State == intake.Draft {
		m.buttons = [][]button{{p.button(intake.ActSkipPlace, "")}}
	}
	return m, nil
}

func (p *page) candidates() (message, error) {
	m := message{text: p.say("place_candidates", nil)}
	for _, code := range p.args.Places {
		m.buttons = append(m.buttons, []button{{p.placeName(code), intake.Press{Action: intake.ActAt, Ref: p.view.Ref, Arg: code}}})
	}
	return m, nil
}

// likeliest is how many services are offered before all of them.
const likeliest = 3

func (p *page) askService() (message, error) {
	if p.args.Menu == "services" {
		return p.services()
	}
	m := message{text: p.say("ask_service", nil)}
	if p.view.Text == "" {
		m.text = p.say("ask_service_sent", nil)
	}
	if p.view.State != intake.Draft {
		return m, nil
	}
	for _, key := range p.view.Likeliest(likeliest) {
		m.buttons = append(m.buttons, []button{p.serviceButton(intake.ActService, key)})
	}
	m.buttons = append(m.buttons, []button{p.button(intake.ActServices, ""), p.button(intake.ActUnsure, "")},
		[]button{p.button(intake.ActCancel, "")})
	return m, nil
}

// serviceButton chooses a service, by the action that does so.
func (p *page) serviceButton(action, key string) button {
	return button{p.categoryName(key), intake.Press{Action: action, Ref: p.view.Ref, Arg: key}}
}

// services is the menu of all services.
func (p *page) services() (message, error) {
	return message{text: p.say("choose_service", nil), buttons: append(p.serviceRows(intake.ActService),
		[]button{p.button(intake.ActUnsure, ""), p.button(intake.ActBack, "")})}, nil
}

// serviceRows are buttons for all services, the likeliest first.
func (p *page) serviceRows(action string) (rows [][]button) {
	keys := p.view.Likeliest(likeliest)
	for _, c := range p.Intake.Taxonomy.Categories() {
		if !slices.Contains(keys, c.Key) {
			keys = append(keys, c.Key)
		}
	}
	for i := 0; i < len(keys); i += 2 {
		row := []button{p.serviceButton(action, keys[i])}
		if i+1 < len(keys) {
			row = append(row, p.serviceButton(action, keys[i+1]))
		}
		rows = append(rows, row)
	}
	return rows
}

// understood is the resident's card: what we understood, and the buttons to say whether that is so.
func (p *page) understood() (message, error) {
	switch {
	case p.view.State != intake.Draft || p.args.Menu == "closed":
		return message{text: p.say("understood_closed", texts.Data{"Service": p.service(p.view.Category), "Place": p.place()})}, nil
	case p.args.Menu == "services":
		return p.services()
	}
	station := p.say("card_unclear", nil)
	if s, ok := p.Intake.Expected(&p.view.Request); ok {
		station = p.stationName(s.Code)
	}
	text := p.say("understood", texts.Data{"Service": p.service(p.view.Category), "Place": p.place(), "Station": station, "Answer": p.answerSpan()})
	return message{text: text, buttons: p.confirmButtons()}, nil
}

func (p *page) confirmButtons() [][]button {
	return [][]button{
		{p.button(intake.ActConfirm, "")},
		{p.button(intake.ActServices, ""), p.button(intake.ActPlace, "")},
		{p.button(intake.ActCancel, "")},
	}
}

// answerSpan is how soon the service standard promises a person's answer.
func (p *page) answerSpan() string {
	key := ""
	if p.view.Category != nil {
		key = *p.view.Category
	}
	return p.texts.Span(p.lang, p.Intake.Taxonomy.Standard(key, p.view.Urgency).Answer)
}

// reminder comes once to a resident who has not confirmed.
func (p *page) reminder() (message, error) {
	m := message{text: p.say("reminder", nil)}
	if _, placed := p.view.Point(); placed && p.view.Category != nil && p.view.State == intake.Draft {
		m.buttons = [][]button{{p.button(intake.ActConfirm, ""), p.button(intake.ActCancel, "")}}
	}
	return m, nil
}

func (p *page) submitted() (message, error) {
	m := message{}
	further, err := p.furtherButtons()
	if err != nil {
		return message{}, err
	}
	if p.view.State.Active() {
		m.buttons = append(further, []button{p.button(intake.ActCancel, "")})
	}
	unread := p.view.Text == "" && p.view.Attachments > 0
	if p.view.Station == nil {
		m.text = p.say("submitted_triage", texts.Data{"Ref": p.view.Ref, "Unread": unread})
		return m, nil
	}
	s, _ := p.Intake.Router.Station(*p.view.Station)
	m.text = p.say("submitted", texts.Data{"Ref": p.view.Ref, "Station": p.stationName(*p.view.Station),
		"Phone": s.Phone, "Answer": p.answerSpan(), "Unread": unread})
	return m, nil
}

// furtherButtons make a request for each further service that the words need.
func (p *page) furtherButtons() (rows [][]button, err error) {
	keys, err := p.Intake.StillNeeded(p.ctx, &p.view)
	for _, key := range keys {
		label := p.say("button_also", texts.Data{"Service": p.categoryName(key)})
		rows = append(rows, []button{{label, intake.Press{Action: intake.ActAlso, Ref: p.view.Ref, Arg: key}}})
	}
	return rows, err
}

// crisis says whom to call, before anything else, and then who is alarmed.
func (p *page) crisis() (message, error) {
	alarmed, err := p.alarmed()
	if err != nil {
		return message{}, err
	}
	m := message{text: p.callFor(p.args.Crisis) + "\n" + alarmed}
	if p.args.Again { // the alarm is taken back where it was raised, not where it was heard once more
		return m, nil
	}
	further, err := p.furtherButtons()
	if p.view.State.Active() {
		m.buttons = append([][]button{{p.button(intake.ActMistake, "")}}, further...)
	}
	return m, err
}

// alarmed names the station whose workers are told: the request's own, or else the first that is. It promises nobody
// where nobody can be told.
func (p *page) alarmed() (string, error) {
	stations, err := p.Intake.Alarmed(p.ctx, p.view.ID)
	_, placed := p.view.Point()
	switch {
	case err != nil:
		return "", err
	case len(stations) == 0:
		return p.say("crisis_nobody", texts.Data{"Ref": p.view.Ref}), nil
	case !placed:
		return p.say("crisis_triage", texts.Data{"Ref": p.view.Ref}), nil
	}
	station := stations[0]
	if own := p.view.Station; own != nil && slices.Contains(stations, *own) {
		station = *own
	}
	return p.say("crisis_station", texts.Data{"Station": p.stationName(station), "Ref": p.view.Ref}), nil
}

// overheard tells a group whom to call, and where one can ask without everybody reading it.
func (p *page) overheard() (message, error) {
	name := ""
	if known := p.username.Load(); known != nil {
		name = *known
	}
	return message{text: p.callFor(p.args.Crisis) + "\n" + p.say("overheard", texts.Data{"Bot": name})}, nil
}

// callFor says whom to call in a danger, and what to do until they come.
func (p *page) callFor(c prompts.Crisis) string {
	return p.say("crisis_"+string(c), texts.Data{"Numbers": p.numbers(c)})
}

func (p *page) numbers(c prompts.Crisis) string {
	var named []string
	for _, number := range p.Intake.Taxonomy.CrisisNumbers(c) {
		named = append(named, p.say("call_"+number, nil))
	}
	return strings.Join(named, p.say("list_comma", nil))
}

func (p *page) added() (message, error) {
	m := message{text: p.say("added", texts.Data{"Ref": p.view.Ref})}
	if p.view.WorkerName != nil {
		m.text = p.say("added_to_worker", texts.Data{"Ref": p.view.Ref, "Worker": *p.view.WorkerName})
	}
	if p.args.Unchosen {
		m.text = p.say("added_unchosen", texts.Data{"Ref": p.view.Ref, "Service": p.service(p.view.Category)})
	}
	if p.args.Message != 0 && p.view.Urgency != prompts.Emergency {
		m.buttons = [][]button{{p.button(intake.ActAnew, p.span())}}
	}
	return m, nil
}

func (p *page) workerSaid() (message, error) {
	return p.passOn("worker_said", "worker_sent", texts.Data{"Worker": p.args.Worker})
}

// passOn shows one side's message to the other: words under a name, anything else as it came. A contact is passed on in
// words: copied, it would show whose Telegram account it is.
func (p *page) passOn(words, other string, values texts.Data) (message, error) {
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return message{}, err
	}
	values["Text"] = said.Text
	switch {
	case said.Kind == intake.KindText:
		return message{text: p.say(words, values)}, nil
	case said.Kind == intake.KindContact:
		return message{text: p.say(contactWords(words, said), values)}, nil
	}
	return message{text: strings.TrimSpace(p.say(other, values) + "\n" + said.Text), copied: said, uncopied: p.say("uncopied", nil)}, nil
}

// contactWords is the text that passes on a contact: a resident's is their own number, or somebody else's.
func contactWords(words string, said intake.Message) string {
	switch {
	case words != "resident_said":
		return words
	case said.Own:
		return "resident_phone"
	}
	return "resident_contact"
}

func (p *page) resolved() (message, error) {
	m := message{text: p.say("resolved", texts.Data{"Ref": p.view.Ref, "Outcome": p.outcome()})}
	if p.view.State == intake.Resolved {
		m.buttons = [][]button{{p.button(intake.ActReopen, "")}}
	}
	return m, nil
}

// statusLimit is how many requests /status shows.
const statusLimit = 5

func (p *page) status() (message, error) {
	views, err := p.Intake.OfChat(p.ctx, p.notice.Bot, p.notice.Chat, statusLimit)
	if err != nil || len(views) == 0 {
		return message{text: p.say("status_none", nil)}, err
	}
	lines, m := []string{p.say("status", nil)}, message{}
	for _, v := range views {
		lines = append(lines, v.Ref+" · "+p.service(v.Category)+" · "+p.state(&v))
		if v.State.Active() {
			m.buttons = append(m.buttons, p.ownButtons(&v)...)
		}
	}
	m.text = strings.Join(lines, "\n")
	return m, nil
}

// statsSince is how far back /stats looks.
const statsSince = 30 * 24 * time.Hour

// albumPart is a further picture of an album, without words, for the other side.
func (p *page) albumPart() (message, error) {
	if p.notice.Chat != p.view.Chat {
		return forDesk((*page).picture)(p)
	}
	return p.picture()
}

func (p *page) picture() (message, error) {
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	return message{copied: said, uncopied: p.say("uncopied", nil)}, err
}
