package bot

import (
	"errors"
	"math"
	"slices"
	"strconv"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

func (p *page) joined() (message, error) {
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil {
		return message{}, err
	}
	key := "joined_off" // as they have chosen before
	if w.OnDuty {
		key = "joined"
	}
	return message{text: p.say(key, texts.Data{"Worker": w.Name, "Station": p.stationName(w.Station)})}, nil
}

// forDesk draws what a worker is told of a request for as long as they may read it. In the place of what they were shown
// before then stands that it isn't theirs any more, and nothing further is sent: whoever was dismissed or moved, and the
// station from which a request was taken, read no more of it.
func forDesk(draw func(*page) (message, error)) func(*page) (message, error) {
	return func(p *page) (message, error) {
		if p.view.ErasedAt != nil {
			return p.erased()
		}
		w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
		switch {
		case err == nil && p.view.ShownTo(w):
			p.reader = w
			return draw(p)
		case ignoreMissing(err) != nil:
			return message{}, err
		case p.notice.Edits == nil:
			return message{}, intake.ErrNotFound
		}
		p.args.Edited = false
		if w != nil && slices.Contains(p.view.OfferedTo, w.Station) {
			return message{text: p.view.Ref + " · " + p.state(&p.view)}, nil
		}
		return message{text: p.say("card_gone", texts.Data{"Ref": p.view.Ref}), takeBack: true}, nil
	}
}

// card is a request as its station's workers see it, with the buttons of the worker who reads it.
func (p *page) card() (message, error) {
	v := &p.view
	lines := []string{
		p.say("card_head", texts.Data{"Sign": sign(v.Urgency), "Urgency": p.say("urgency_"+string(v.Urgency), nil), "Ref": v.Ref}),
		p.say("card_service", texts.Data{"Service": p.service(v.Category)}),
	}
	if whom := p.forWhomGroups(); whom != "" {
		lines = append(lines, p.say("card_groups", texts.Data{"Groups": whom}))
	}
	lines = append(lines, p.cardPlace())
	lines = append(lines, p.wordLines()...)
	if v.Attachments > 0 {
		lines = append(lines, p.say("card_attachments", texts.Data{"Count": v.Attachments, "Waiting": v.State == intake.Open}))
	}
	if v.Phone != "" {
		lines = append(lines, p.say("card_phone", texts.Data{"Phone": v.Phone}))
	}
	lines = append(lines, p.filedLine()...)
	if v.Reopened {
		lines = append(lines, p.say("card_reopened", nil))
	}
	if v.Discreet() {
		lines = append(lines, p.say("card_dangerous", nil))
	}
	if len(v.Same) > 0 {
		lines = append(lines, p.same(v.Same))
	}
	lines = append(lines, p.cautions()...)
	lines = append(lines, p.followLines(v)...)
	if p.args.First {
		lines = append(lines, p.say("card_first", nil))
	}
	lines = append(lines, p.abuseLines(v)...)
	why, err := p.whyLine()
	if err != nil {
		return message{}, err
	}
	if why != "" {
		lines = append(lines, why)
	}
	lines = append(lines, p.movedLines(v)...)
	lines = append(lines, p.helperLines(v)...)
	noted, err := p.notedLine()
	if err != nil {
		return message{}, err
	}
	ended := strings.Join(append([]string{p.cardState(v)}, p.endings(v)...), " · ")
	lines = append(append(lines, noted...), ended)
	return message{text: strings.Join(lines, "\n"), buttons: append(p.cardButtons(v), p.readButtons(v)...)}, nil
}

// sameNamed is how many reports of the same a card names.
const sameNamed = 3

// same says how many others report the same near by.
func (p *page) same(refs []string) string {
	return p.say("card_same", texts.Data{"Count": len(refs), "Refs": strings.Join(refs[:min(len(refs), sameNamed)], p.say("list_comma", nil)),
		"More": len(refs) > sameNamed})
}

func (p *page) groups(keys []string) string {
	var names []string
	for _, key := range keys {
		names = append(names, p.say("group_"+key, nil))
	}
	return strings.Join(names, p.say("list_comma", nil))
}

func (p *page) cardPlace() string {
	at, ok := p.view.Point()
	if !ok {
		return p.unplaced()
	}
	distance := ""
	if s, ok := p.Intake.Expected(&p.view.Request); ok && !p.view.Somewhere() {
		distance = p.distance(s.Point.DistanceKM(at), p.view.PlaceSource == "location")
	}
	return p.say("card_place", texts.Data{"Place": p.place(), "Distance": distance, "Astray": p.astray(), "Supposed": p.view.Supposed(), "Somewhere": p.view.Somewhere()})
}

// distance is one in words, as exact as the position is: that of a place's name is good to a kilometre, and says nothing
// about less.
func (p *page) distance(km float64, exact bool) string {
	switch {
	case km < 1 && exact:
		return p.say("metres", texts.Data{"Count": max(100, 100*int(math.Round(km*10)))})
	case km < 1:
		return ""
	case km < 10 && exact:
		return p.say("kilometres", texts.Data{"Count": strconv.FormatFloat(km, 'f', 1, 64)})
	}
	return p.say("kilometres", texts.Data{"Count": strconv.FormatFloat(km, 'f', 0, 64)})
}

// cardState is the last line of a card: what must happen by when, or what has happened.
func (p *page) cardState(v *intake.View) string {
	switch {
	case v.State == intake.Open && v.ClaimDue != nil:
		return p.due("card_due_claim", *v.ClaimDue)
	case v.State.InHand() && v.AnsweredAt == nil:
		return p.state(v) + " · " + p.due("card_due_answer", *v.AnswerDue)
	case v.State.InHand():
		return p.state(v) + " · " + p.due("card_due_resolve", *v.ResolveDue)
	default:
		return p.state(v)
	}
}

func (p *page) due(key string, at time.Time) string {
	return p.say(key, texts.Data{"Time": p.texts.Moment(p.lang, at.In(p.zone(&p.view))), "Left": p.left(at)})
}

// cardButtons are what the reader can do: an open request can be claimed, and by the station that has it passed on;
// whoever has it can work on it.
func (p *page) cardButtons(v *intake.View) [][]button {
	mine := v.State.InHand() && p.reader.Has(&v.Request)
	own := v.Station != nil && *v.Station == p.reader.Station
	switch {
	case p.args.Menu == "outcomes" && mine:
		return p.outcomeButtons()
	case p.args.Menu == "pass" && (mine || own && v.State == intake.Open):
		return p.passButtons(v)
	case strings.HasPrefix(p.args.Menu, intake.MenuWhy) && (mine || own && v.State == intake.Open):
		return p.whyButtons(strings.TrimPrefix(p.args.Menu, intake.MenuWhy))
	case strings.HasPrefix(p.args.Menu, intake.MenuColleagues) && mine:
		return p.colleagueButtons(strings.TrimPrefix(p.args.Menu, intake.MenuColleagues))
	case p.args.Menu == "services" && (mine || own && v.State == intake.Open):
		return append(p.serviceRows(intake.ActMeant), []button{p.undo()})
	case p.args.Menu == intake.MenuMore && mine:
		return p.moreRows()
	case p.args.Menu == "follow" && mine:
		return p.followButtons(v)
	case p.canTakeUp(v):
		return [][]button{{p.button(intake.ActTakeUp, ""), p.button(intake.ActHistory, "")}}
	case v.State == intake.Open && !own:
		return [][]button{{p.button(intake.ActClaim, "")}}
	case v.State == intake.Open:
		return [][]button{{p.button(intake.ActClaim, "")}, {p.button(intake.ActPass, "")}}
	case mine:
		return p.workRows(v)
	case own:
		return [][]button{{p.button(intake.ActHistory, "")}}
	}
	return nil
}

func (p *page) outcomeButtons() [][]button {
	var rows [][]button
	for _, outcome := range intake.Outcomes() {
		rows = append(rows, []button{{p.say("outcome_"+outcome, nil), intake.Press{Action: intake.ActOutcome, Ref: p.view.Ref, Arg: outcome}}})
	}
	return append(rows, []button{p.undo()})
}

func (p *page) undo() button {
	return button{p.say("button_back", nil), intake.Press{Action: intake.ActUndo, Ref: p.view.Ref}}
}

func (p *page) passButtons(v *intake.View) [][]button {
	var rows [][]button
	for _, station := range p.Intake.Elsewhere(&v.Request) {
		rows = append(rows, []button{{p.stationName(station), intake.Press{Action: intake.ActPassTo, Ref: v.Ref, Arg: station}}})
	}
	if v.State.InHand() {
		rows = append(rows, []button{p.button(intake.ActColleagues, "0")})
	}
	return append(rows, []button{p.button(intake.ActOther, "")},
		[]button{{p.say("button_supervisor", nil), intake.Press{Action: intake.ActPassTo, Ref: v.Ref, Arg: intake.ToSupervisor}}},
		[]button{p.undo()})
}

// alarm repeats an emergency that nobody has claimed, or tells of one that somebody has who may need help: its resident
// calls again, or has no answer yet.
func (p *page) alarm() (message, error) {
	if p.view.State != intake.Open {
		key := "alarm_again"
		if p.view.Triage == intake.TriageUnanswered {
			key = "alarm_unanswered"
		}
		return message{text: p.say(key, texts.Data{"Ref": p.view.Ref, "State": p.state(&p.view)}),
			buttons: [][]button{{p.open(&p.view)}}}, nil
	}
	return message{text: p.say("alarm", texts.Data{"Ref": p.view.Ref}),
		buttons: [][]button{{p.button(intake.ActClaim, ""), p.open(&p.view)}}}, nil
}

// elsewhere tells those who were called first that an emergency is in another place than was supposed.
func (p *page) elsewhere() (message, error) {
	about := texts.Data{"Ref": p.view.Ref, "State": p.state(&p.view), "Open": p.view.State == intake.Open}
	if p.view.Station != nil {
		about["Station"] = p.stationName(*p.view.Station)
	}
	m := message{text: p.say("elsewhere", about), buttons: [][]button{{p.open(&p.view)}}}
	if p.view.State == intake.Open {
		m.buttons = [][]button{{p.button(intake.ActClaim, ""), p.open(&p.view)}}
	}
	return m, nil
}

// residentSaid shows the worker what the resident said, ready to be answered.
func (p *page) residentSaid() (message, error) {
	m, err := p.passOn("resident_said", "resident_sent", texts.Data{"Ref": p.view.Ref})
	if errors.Is(err, errHidden) {
		m, err = message{text: p.say("contact_hidden", texts.Data{"Ref": p.view.Ref})}, nil
	}
	m.onCard = true
	if p.reader != nil && p.reader.Has(&p.view.Request) {
		m.buttons = [][]button{append([]button{p.button(intake.ActReply, "")}, p.translateButton(m.said)...)}
	}
	return m, err
}

// withdrawn says that the resident has taken a request back. Who takes back an alarm may be made to.
func (p *page) withdrawn() (message, error) {
	if p.view.Urgency == prompts.Emergency {
		return message{text: p.say("withdrawn_alarm", texts.Data{"Ref": p.view.Ref})}, nil
	}
	return message{text: p.say("withdrawn", texts.Data{"Ref": p.view.Ref})}, nil
}

// ownDanger says whom to call to a worker whose words speak of danger, who may be in it.
func (p *page) ownDanger() (message, error) {
	return message{text: p.callFor(p.args.Crisis) + "\n" + p.say("own_danger", nil), buttons: [][]button{
		{{p.say("button_myself", nil), intake.Press{Action: intake.ActMyself, Arg: itoa(p.args.Message)}}}}}, nil
}

// open is the button that posts the request's card; it is labelled with what the request is.
func (p *page) open(v *intake.View) button {
	return button{v.Ref + " " + p.service(v.Category), intake.Press{Action: intake.ActOpen, Ref: v.Ref}}
}

// ignoreMissing makes the absence of what was looked for no error.
func ignoreMissing(err error) error {
	if errors.Is(err, intake.ErrNotFound) {
		return nil
	}
	return err
}
