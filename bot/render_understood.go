package bot

import (
	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// understood is the resident's card: what we understood, and the buttons to say whether that is so.
func (p *page) understood() (message, error) {
	if p.view.State != intake.Draft || p.args.Menu == "closed" {
		return message{text: p.tell("understood_closed", texts.Data{"Ref": p.view.Ref, "Service": p.service(p.view.Category), "Place": p.place()})}, nil
	}
	if menu, ok := p.serviceMenu(); ok {
		return menu, nil
	}
	about := texts.Data{"Question": p.question(cutCells(p.view.Summary, shortSummary)), "Place": p.placeBrief(), "Answer": p.answer(&p.view.Request)}
	if p.view.Attachments > 0 {
		about["Files"] = p.view.Attachments
	}
	if p.view.Category != nil {
		about["Service"] = p.categoryName(*p.view.Category)
	}
	text := p.say("understood", about)
	if wrapped(text, phoneCells) > smallScreen {
		about["Question"] = p.question(inOneLine(p.view.Summary, p.forWhom()))
		text = p.say("understood", about)
	}
	return message{text: text, buttons: p.confirmButtons()}, nil
}

// question begins the card: with what is understood, or with what isn't, and for whom it is.
func (p *page) question(summary string) string {
	key := "question"
	switch {
	case p.view.Category == nil && p.view.Text == "":
		key = "question_sent"
	case p.view.Category == nil:
		key = "question_service"
	}
	return p.say(key, texts.Data{"Summary": summary, "For": p.forWhom()})
}

// placeBrief names where a draft is, with what that lies in where the resident hasn't sent where they are: a card has no room
// for more.
func (p *page) placeBrief() string {
	places := p.Intake.Router.Gazetteer()
	switch {
	case p.view.Place == nil:
		return p.place()
	case p.view.PlaceSource == "location":
		return p.say("near", texts.Data{"Place": p.inScript(places.Name(*p.view.Place, p.lang))})
	}
	return p.inScript(places.Brief(*p.view.Place, p.lang))
}

// expected names the station that has a request, or would have it; empty where none does.
func (p *page) expected(r *intake.Request) string {
	if s, ok := p.Intake.Expected(r); ok {
		return p.stationName(s.Code)
	}
	return ""
}

// shortSummary is as much of a need as the card tells, in cells: of two where a character is Chinese, else one. With less
// than leastSummary it would tell nothing.
const (
	shortSummary = 28
	leastSummary = 12
)

// inOneLine is as much of a need as stands in one line with for whom it is; empty where that alone fills the line.
func inOneLine(summary, who string) string {
	room := shortSummary
	if who != "" {
		room -= cells(who) + 4
	}
	if room < leastSummary && cells(summary) > room {
		return ""
	}
	return cutCells(summary, room)
}

// cutCells shortens text to at most that many cells.
func cutCells(text string, most int) string {
	used := 0
	for i, r := range text {
		if used += cellsOf(r); used > most {
			return text[:i] + "…"
		}
	}
	return text
}

// cells is how many Latin characters a text is as wide as.
func cells(text string) (n int) {
	for _, r := range text {
		n += cellsOf(r)
	}
	return n
}

// cellsOf is how many Latin characters a character is as wide as.
func cellsOf(r rune) int {
	if wide(r) {
		return 2
	}
	return 1
}

// wide tells a Chinese character, or a sign as wide as one.
func wide(r rune) bool { return r >= 0x2E80 }

// forWhom is who needs help as seen from the resident, or empty where they do themselves.
func (p *page) forWhom() string {
	if who := p.view.For(); who != prompts.ForSelf {
		return p.say("for_"+who, nil)
	}
	return ""
}

// confirmButtons stand under the card: the likeliest services where none is clear enough, so that nothing else need be asked.
// While another place is asked for nothing confirms the one that the card shows.
func (p *page) confirmButtons() (rows [][]button) {
	if p.args.Menu == intake.MenuPlace {
		return [][]button{{p.button(intake.ActStay, "")}, {p.button(intake.ActCancel, "")}}
	}
	if p.view.Category == nil {
		rows = p.likeliestRows()
	}
	return append(rows,
		[]button{p.button(intake.ActConfirm, "")},
		[]button{p.button(intake.ActServices, ""), p.button(intake.ActPlace, "")},
		[]button{p.unnamedButton(), p.button(intake.ActCancel, "")})
}
