package bot

import (
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// askReply says to whom the worker's words go from now on, and what to heed in them; later, that they no longer do.
func (p *page) askReply() (message, error) {
	if p.args.Menu == "closed" {
		return message{text: p.say("reply_closed", texts.Data{"Ref": p.view.Ref})}, nil
	}
	text := p.toResident("ask_reply", "filed_reply", texts.Data{"Ref": p.view.Ref})
	for _, line := range p.cautions() {
		text += "\n" + line
	}
	return message{text: text, buttons: [][]button{
		{p.button(intake.ActDone, ""), p.button(intake.ActNote, "")}, {p.button(intake.ActQuick, "")}}}, nil
}

// workRows are the buttons with which its worker works on a request: what is done every day, within a thumb's reach.
func (p *page) workRows(v *intake.View) [][]button {
	return slices.Concat(p.heldButton(v), p.translateCard(v), [][]button{
		{p.button(intake.ActReply, ""), p.button(intake.ActNote, "")},
		{p.button(intake.ActPass, ""), p.button(intake.ActRelease, "")},
		{p.button(intake.ActResolve, ""), p.button(intake.ActMore, "")},
	}, p.unclaimRow(v))
}

// moreRows are the buttons for what is done more rarely.
func (p *page) moreRows() [][]button {
	return [][]button{
		{p.button(intake.ActQuick, ""), p.button(intake.ActFollow, "")},
		{p.button(intake.ActRefer, ""), p.button(intake.ActHistory, "")},
		{p.undo()},
	}
}

// translateCard has the resident's words on a card translated, where that is possible.
func (p *page) translateCard(v *intake.View) [][]button {
	if !p.Intake.Translates(v.Text, p.lang) {
		return nil
	}
	return [][]button{{p.button(intake.ActTranslate, "")}}
}

// translateButton has a message translated for the reader, where that is possible.
func (p *page) translateButton(said intake.Message) []button {
	if said.Kind == intake.KindContact || !p.Intake.Translates(said.Text, p.lang) {
		return nil
	}
	return []button{p.button(intake.ActTranslate, itoa(said.ID))}
}

// noteWords is how much of a note a card shows, in UTF-16 units.
const noteWords = 80

// notedLine is the last note, as it looks wherever notes are shown.
func (p *page) notedLine() ([]string, error) {
	words, author, count, err := p.Intake.LastNote(p.ctx, p.view.ID)
	if err != nil {
		return nil, ignoreMissing(err)
	}
	return []string{p.say("card_note", texts.Data{"Text": shortened(words, noteWords, p), "Worker": author, "Count": count})}, nil
}

// shortened are words in one line; what has none is named.
func shortened(words string, units int, p *page) string {
	if words = strings.Join(strings.Fields(words), " "); words == "" {
		return p.say("no_words", nil)
	}
	return cut(words, units)
}

// own makes a message hang on the worker's own that the notice names.
func (p *page) own(m message) (message, error) {
	if p.args.Message == 0 {
		return m, nil
	}
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return m, ignoreMissing(err)
	}
	if said.Chat == p.notice.Chat {
		m.answers = said.MessageID
	}
	return m, nil
}

// confirmed says what became of a worker's words to a resident, and lets them be taken back or translated.
func (p *page) confirmed(key string, values texts.Data) (message, error) {
	if p.args.Menu == "back" {
		return message{text: p.say("reply_back", values)}, nil
	}
	m := message{text: p.say(key, values)}
	if p.args.Message != 0 {
		m.buttons = [][]button{{p.button(intake.ActTakeBack, itoa(p.args.Message))}}
	}
	if p.args.On {
		m.buttons = append(m.buttons, []button{{p.say("button_translate_too", nil),
			intake.Press{Action: intake.ActTranslate, Ref: p.view.Ref, Arg: itoa(p.args.Message)}}})
	}
	return p.own(m)
}

func (p *page) replySent() (message, error) {
	return p.confirmed("reply_sent", texts.Data{"Ref": p.view.Ref})
}

func (p *page) replyWaits() (message, error) {
	return p.confirmed("reply_waits", texts.Data{"Ref": p.view.Ref})
}

// unreachable says that the resident has shut the bot out, which words have not arrived, and what to do.
func (p *page) unreachable() (message, error) {
	if p.view.System != "" {
		return p.keptForSystem()
	}
	return p.confirmed("unreachable", p.lost())
}

// undelivered says that words will never arrive.
func (p *page) undelivered() (message, error) {
	return p.own(message{text: p.say("undelivered", p.lost()), buttons: [][]button{{p.button(intake.ActReply, "")}}})
}

// lost are the values of what has not arrived.
func (p *page) lost() texts.Data {
	return texts.Data{"Ref": p.view.Ref, "Phone": p.view.Phone, "Lost": p.args.Message != 0}
}

// askedAbout is how many requests the question where words go offers.
const askedAbout = 3

// pressFirst asks where words go that went to nobody: to a resident of whom the worker has a request, or into its file.
func (p *page) pressFirst() (message, error) {
	plain := message{text: p.say("press_first", nil)}
	w, err := p.Intake.WorkerOfChat(p.ctx, p.notice.Bot, p.notice.Chat)
	if err != nil || p.args.Message == 0 {
		return plain, ignoreMissing(err)
	}
	views, err := p.Intake.Mine(p.ctx, w.Code, 2*askedAbout)
	if err != nil {
		return message{}, err
	}
	m := message{text: p.say("where_to", nil)}
	for _, v := range views {
		if !v.State.InHand() || len(m.buttons) == askedAbout {
			continue
		}
		row := []button{}
		for _, action := range []string{intake.ActSendTo, intake.ActNoteTo} {
			row = append(row, button{p.say("button_"+action, texts.Data{"Ref": v.Ref}), intake.Press{Action: action, Ref: v.Ref, Arg: itoa(p.args.Message)}})
		}
		m.buttons = append(m.buttons, row)
	}
	if len(m.buttons) == 0 {
		return plain, nil
	}
	return p.own(m)
}

// storyWords is how much of what was said a line of the history shows, in UTF-16 units.
const storyWords = 60

// history is the last of a request's story.
func (p *page) history() (message, error) {
	deeds, err := p.Intake.Story(p.ctx, &p.view, intake.HistoryLength)
	if err != nil {
		return message{}, err
	}
	lines := []string{p.say("history", texts.Data{"Ref": p.view.Ref})}
	for _, d := range deeds {
		lines = append(lines, p.deed(d))
	}
	return message{text: strings.Join(lines, "\n")}, nil
}

// deed is a line of the history. Notes look like none of the other words.
func (p *page) deed(d intake.Deed) string {
	who := d.Name
	if d.Actor != intake.ByWorker {
		who = p.say("by_"+d.Actor, nil)
	}
	key := "deed"
	switch {
	case d.Back:
		key = "deed_back"
	case d.Said == intake.KindNote:
		key = "deed_note"
	case d.Said != "":
		key = "deed_words"
	}
	words := ""
	if d.Said != "" && !d.Back {
		words = shortened(d.Words, storyWords, p)
	}
	return p.say(key, texts.Data{"Time": p.texts.Moment(p.lang, d.At.In(p.zone(&p.view))), "Who": who, "Text": words, "What": p.say("did_"+d.Kind, nil)})
}

// quick lists the replies at hand; shows one of them before it is sent; and then shows what was sent.
func (p *page) quick() (message, error) {
	all, err := p.Intake.QuickReplies(p.ctx, &p.view.Request, p.reader)
	if err != nil {
		return message{}, err
	}
	for _, q := range all {
		if q.ID == p.args.Item {
			return p.quickOne(q)
		}
	}
	if len(all) == 0 {
		return message{text: p.say("quick_none", nil)}, nil
	}
	m := message{text: p.say("quick", texts.Data{"Ref": p.view.Ref})}
	for _, q := range all {
		m.buttons = append(m.buttons, []button{{q.Title, intake.Press{Action: intake.ActCanned, Ref: p.view.Ref, Arg: itoa(q.ID)}}})
	}
	return m, nil
}

func (p *page) quickOne(q intake.Canned) (message, error) {
	if p.args.Menu == "sent" {
		return message{text: q.Text}, nil
	}
	back := button{p.say("button_back", nil), intake.Press{Action: intake.ActCanned, Ref: p.view.Ref}}
	return message{text: p.say("quick_one", texts.Data{"Ref": p.view.Ref, "Text": q.Text}),
		buttons: [][]button{{p.button(intake.ActSendCanned, itoa(q.ID)), back}}}, nil
}

// translated brings a resident what a machine makes of a worker's words, below those.
func (p *page) translated() (message, error) {
	text, err := p.Intake.Translation(p.ctx, p.args.Message, p.args.Language)
	return message{text: p.say("translated", texts.Data{"Text": text})}, err
}

// translation shows a worker what a machine makes of a resident's words, or of their own, which the resident has then too.
func (p *page) translation() (message, error) {
	text, err := p.Intake.Translation(p.ctx, p.args.Message, p.args.Language)
	if err != nil {
		return message{}, err
	}
	said, err := p.Intake.Message(p.ctx, p.args.Message)
	if err != nil {
		return message{}, err
	}
	key := "translated_said"
	if said.Author == intake.ByWorker {
		key = "translated_sent"
	}
	return p.own(message{text: p.say(key, texts.Data{"Ref": p.view.Ref, "Text": text}), onCard: true})
}
