package bot

import (
	"slices"
	"strings"

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

// reminder comes once to a resident who has not confirmed.
func (p *page) reminder() (message, error) {
	m := message{text: p.say("reminder", nil)}
	if p.view.Ready() && p.args.Menu != intake.MenuPlace {
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
		m.buttons = append(further, p.unnamedRow(p.button(intake.ActCancel, "")))
	}
	unread := p.view.Text == "" && p.view.Attachments > 0
	if p.view.Station == nil {
		m.text = p.say("submitted_triage", texts.Data{"Ref": p.view.Ref, "Unread": unread})
		return m, nil
	}
	s, _ := p.Intake.Router.Station(*p.view.Station)
	about := texts.Data{"Ref": p.view.Ref, "Station": p.stationName(*p.view.Station), "Phone": s.Phone}
	m.text = p.receipt(about, p.promised(&p.view.Request), unread)
	return m, nil
}

// receipt says who has a request and by when they answer, in as many words as a phone has room for: nobody answers the
// telephone of a station that is closed.
func (p *page) receipt(about, promised texts.Data, unread bool) string {
	about["Answer"], about["Unread"] = p.say("answer", promised), unread
	closed := promised["Opens"] != "" || promised["Nobody"] == true
	if closed && unread {
		about["Phone"] = ""
	}
	about["Spare"] = !closed && !unread
	return p.say("submitted", about)
}

// furtherButtons make a request for each further service that the words need.
func (p *page) furtherButtons() (rows [][]button, err error) {
	keys, err := p.Intake.StillNeeded(p.ctx, &p.view)
	for _, key := range keys {
		if p.view.Discreet() && telling(key) {
			continue
		}
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
	kind := p.args.Crisis
	if kind == "" { // shown anew
		kind = p.view.Crisis
	}
	m := message{text: p.callFor(kind) + "\n" + alarmed}
	if p.args.Again { // the alarm is taken back where it was raised, not where it was heard once more
		if p.view.Discreet() && p.view.State.Active() {
			m.buttons = [][]button{{p.button(intake.ActQuiet, "")}}
		}
		return m, nil
	}
	if !p.view.State.Active() {
		return m, nil
	}
	further, err := p.furtherButtons()
	m.buttons = [][]button{{p.button(intake.ActMistake, "")}}
	if p.view.Discreet() {
		m.buttons = p.discreetButtons()
	}
	m.buttons = append(m.buttons, further...)
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
		return p.tell("crisis_nobody", texts.Data{"Ref": p.view.Ref}), nil
	case !placed:
		return p.tell("crisis_triage", texts.Data{"Ref": p.view.Ref}), nil
	}
	station := stations[0]
	if own := p.view.Station; own != nil && slices.Contains(stations, *own) {
		station = *own
	}
	return p.tell("crisis_station", texts.Data{"Station": p.stationName(station), "Ref": p.view.Ref}), nil
}

// overheard tells a group whom to call, and where one can ask without everybody reading it.
func (p *page) overheard() (message, error) {
	return message{text: p.callFor(p.args.Crisis) + "\n" + p.say("overheard", texts.Data{"Bot": p.name()})}, nil
}

// callFor says whom to call in a danger, and what to do until they come.
func (p *page) callFor(c prompts.Crisis) string {
	return p.say("crisis_"+string(c), texts.Data{"Numbers": p.numbers(c)})
}

func (p *page) numbers(c prompts.Crisis) string {
	var named []string
	key := "call_"
	if intake.Discreet(c) {
		key = "discreet_call_"
	}
	for _, number := range p.Intake.Taxonomy.CrisisNumbers(c) {
		named = append(named, p.say(key+number, nil))
	}
	return strings.Join(named, p.say("list_comma", nil))
}

// added says where words went: by name where they could have gone elsewhere.
func (p *page) added() (message, error) {
	about := texts.Data{"Ref": p.view.Ref}
	if p.args.Several || p.args.Unchosen {
		about["Service"] = p.ownService(&p.view)
	}
	key := "added"
	switch {
	case p.args.Unchosen:
		key = "added_unchosen"
	case p.view.WorkerName != nil && !p.view.Discreet():
		key, about["Worker"] = "added_to_worker", *p.view.WorkerName
	}
	m := message{text: p.say(key, about)}
	if p.args.Message != 0 && p.view.Urgency != prompts.Emergency {
		m.buttons = [][]button{{p.anewButton()}}
	}
	return m, nil
}

// anewButton says that words are about something else than the request that they went to.
func (p *page) anewButton() button {
	anew := p.button(intake.ActAnew, itoa(p.args.Message))
	if p.args.Several {
		anew.label = p.say("button_elsewhere", nil)
	}
	return anew
}

func (p *page) workerSaid() (message, error) {
	said, sent := "worker_said", "worker_sent"
	if p.view.Discreet() {
		said, sent = "discreet_worker_said", "discreet_worker_sent"
	}
	return p.passOn(said, sent, texts.Data{"Worker": p.signature()})
}

// passOn shows one side's message to the other: words under a name, anything else as it came. A contact is passed on in
// words: copied, it would show whose Telegram account it is.
func (p *page) passOn(words, other string, values texts.Data) (message, error) {
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return message{}, err
	}
	if p.view.Hides(said) && p.notice.Chat != p.view.Chat {
		return message{}, errHidden
	}
	values["Text"] = said.Text
	switch {
	case said.Kind == intake.KindText:
		return message{text: p.say(words, values), said: said}, nil
	case said.Kind == intake.KindContact:
		return message{text: p.say(contactWords(words, said), values)}, nil
	}
	return message{text: strings.TrimSpace(p.say(other, values) + "\n" + said.Text), said: said, copied: said, uncopied: p.say("uncopied", nil)}, nil
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

// statusLimit is how many requests /status shows.
const statusLimit = 5

func (p *page) status() (message, error) {
	views, err := p.Intake.OfChat(p.ctx, p.notice.Bot, p.notice.Chat, statusLimit)
	if err != nil || len(views) == 0 {
		return message{text: p.say("status_none", nil)}, err
	}
	lines, m, line := []string{p.say("status", nil)}, message{}, p.statusLine
	if len(views) > 2 {
		line = p.briefLine
	}
	for _, v := range views {
		said := line(&v)
		if coming := p.statusComing(&v); coming != "" && len(views) > 2 {
			said = v.Ref + " · " + coming
		} else if coming != "" {
			said = v.Ref + " · " + p.ownService(&v) + " · " + coming
		}
		lines = append(lines, said)
		if v.State.Active() {
			m.buttons = append(m.buttons, p.ownButtons(&v)...)
		}
	}
	m.text = strings.Join(lines, "\n")
	return m, nil
}

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
