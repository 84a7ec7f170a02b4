package admin

import (
	"cmp"

	"onedoor/intake"
)

// exampleRef is a request's number, to show how one is read.
const exampleRef = "K7M2P9"

// Reads is how a resident reads the reply at hand that is in the form, with its blanks filled in by an example; empty where it is no such
// form, or the reply can't be completed.
func (p *entryPage) Reads() string {
	if p.Register.Name != "replies" || p.Cells["text"] == "" {
		return ""
	}
	language := p.Cells["language"]
	text, ok := p.Intake.Filled(intake.Canned{Language: language, Text: p.Cells["text"]}, exampleRef, p.exampleStation(), p.texts.Say(language, "reply_worker", nil))
	if !ok {
		return ""
	}
	return text
}

// exampleStation is the station of the form, or the first in sight that can be called.
func (p *entryPage) exampleStation() string {
	first := ""
	for _, s := range p.Intake.Router.Stations() {
		if s.Phone != "" && p.Account.Sight.SeesStation(s.Code) {
			first = s.Code
			break
		}
	}
	return cmp.Or(p.Cells["station"], first)
}
