package bot

import (
	"strings"
	"time"
	"unicode/utf16"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// How much of the resident's words a card shows by itself, in UTF-16 units: an ordinary request fits one screen with them.
// Of longer ones it is the beginning, and what was said last.
const (
	firstWords = 120
	lastWords  = 80
)

// abridged are words as the card shows them by itself.
func abridged(text string) string {
	units := utf16.Encode([]rune(text))
	if len(units) <= firstWords+lastWords {
		return text
	}
	end := units[len(units)-lastWords:]
	if utf16.IsSurrogate(rune(end[0])) { // may be the second half of a character
		end = end[1:]
	}
	return cut(text, firstWords) + string(utf16.Decode(end))
}

// forWhomGroups is who needs help, as a worker reads it: what they are to the resident, and their groups. It is empty where
// it is the resident, of no group.
func (p *page) forWhomGroups() string {
	var parts []string
	if who := p.view.For(); who != prompts.ForSelf {
		parts = append(parts, p.say("whom_"+who, nil))
	}
	if len(p.view.Groups) > 0 {
		parts = append(parts, p.groups(p.view.Groups))
	}
	return strings.Join(parts, " · ")
}

// wordLines are the resident's words: whole where they are short or asked for. The summary stands before them where they
// don't say it.
func (p *page) wordLines() (lines []string) {
	text, shown := p.view.Text, p.view.Text
	if p.args.Menu != "words" {
		shown = abridged(text)
	}
	if summary := p.view.Summary; summary != "" && shown != text && !saysSo(shown, summary) {
		lines = append(lines, p.say("card_summary", texts.Data{"Summary": summary}))
	}
	if shown != "" {
		lines = append(lines, p.say("card_words", texts.Data{"Text": shown}))
	}
	return lines
}

// saysSo tells whether words say a summary, letter by letter.
func saysSo(words, summary string) bool {
	bare := func(text string) string { return strings.ToLower(strings.Join(strings.Fields(text), "")) }
	return strings.Contains(bare(words), bare(strings.TrimRight(summary, "….。")))
}

// whyLine says why an open request is in front of the reader's station, where no other line says it.
func (p *page) whyLine() (string, error) {
	if p.view.State != intake.Open {
		return "", nil
	}
	why, err := p.Intake.Why(p.ctx, &p.view, p.reader.Station)
	if err != nil || why.Kind == "" || why.Kind == intake.WhyReopened || why.Kind == intake.WhyLast && p.view.Supposed() {
		return "", err
	}
	return p.say("why_"+why.Kind, texts.Data{"Worker": why.Worker, "Station": p.stationName(why.Station), "Reason": p.passReason(&p.view)}), nil
}

// unplaced is what a card says of a place that isn't known.
func (p *page) unplaced() string {
	if p.astray() {
		return p.say("card_astray", nil)
	}
	return p.say("card_no_place", nil)
}

// astray tells whether the position sent may be wrong. Where that can't be found out, nothing is said of it.
func (p *page) astray() bool {
	yes, err := p.Intake.Astray(p.ctx, &p.view)
	if err != nil {
		p.Log.Warn("look whether a position may be wrong", "error", err)
	}
	return yes
}

// left is how long it is until a moment, or since.
func (p *page) left(at time.Time) string {
	d := at.Sub(p.Intake.Now())
	if d < 0 {
		return p.say("overdue", texts.Data{"Span": p.texts.Span(p.lang, -d)})
	}
	return p.say("left", texts.Data{"Span": p.texts.Span(p.lang, d)})
}

// readButtons let the reader see more of the request: all of its words, and before anybody has it what else was sent.
func (p *page) readButtons(v *intake.View) [][]button {
	var row []button
	switch p.args.Menu {
	case "words":
		row = append(row, p.undo())
	case "":
		if abridged(v.Text) != v.Text {
			row = append(row, p.button(intake.ActWords, ""))
		}
	default:
		return nil
	}
	if v.State == intake.Open && v.Attachments > 0 {
		row = append(row, p.button(intake.ActFiles, ""))
	}
	if len(row) == 0 {
		return nil
	}
	return [][]button{row}
}
