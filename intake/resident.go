package intake

import (
	"errors"
	"time"

	"onedoor/prompts"
)

const (
	// remindAfter is how long a resident may take to confirm before being asked once more, and fileAfter how
	// long after that the request is filed unconfirmed: an old man who never presses a button is heard too.
	remindAfter = 10 * time.Minute
	fileAfter   = 20 * time.Minute

	// unsure is the confidence below which the resident is asked which service is meant.
	unsure = 0.35
)

// apply handles words: a worker's go where they are meant to go, a resident's are a need or add to one.
func (a Said) apply(s *step) error {
	if err := s.endQuiet(); err != nil {
		return err
	}
	what := said{kind: KindText, text: clean(a.Text)}
	if a.Edit {
		return s.edited(what)
	}
	if s.worker != nil {
		if done, err := s.workerSaid(what); done || err != nil {
			return err
		}
	}
	if done, err := s.partnerSaid(what); done || err != nil {
		return err
	}
	return s.residentSaid(what)
}

// apply handles an attachment like words.
func (a Sent) apply(s *step) error {
	if err := s.endQuiet(); err != nil {
		return err
	}
	what := s.sent(a)
	if a.Edit {
		return s.edited(what)
	}
	if a.Album != "" && (what.text == "" || s.worker != nil) {
		if done, err := s.albumPart(what); done || err != nil {
			return err
		}
	}
	if s.worker != nil {
		if done, err := s.workerSaid(what); done || err != nil {
			return err
		}
	}
	if done, err := s.partnerSaid(what); done || err != nil {
		return err
	}
	if what.kind == KindContact {
		return s.contact(what, a.Phone)
	}
	return s.residentSaid(what)
}

// residentSaid puts what a resident said where it belongs. Danger comes before everything else, and what answers a
// message about a request belongs to that one.
func (s *step) residentSaid(what said) error {
	crisis, err := s.danger(what)
	if err != nil {
		return err
	}
	if crisis != "" {
		s.endComment()
		return s.emergency(what, crisis)
	}
	if done, err := s.replied(what); done || err != nil {
		return err
	}
	if r, err := s.chosen(); !errors.Is(err, ErrNotFound) {
		if err != nil {
			return err
		}
		return s.addOrMove(r, what)
	}
	if done, err := s.unsolved(what); done || err != nil {
		return err
	}
	if done, err := s.commented(what); done || err != nil {
		return err
	}
	if talk := smallTalk(what); talk != "" {
		if done, err := s.answerTalk(talk, what); done || err != nil {
			return err
		}
	}
	if s.chat.Mode == modePlace && s.chat.Request != nil && what.kind == KindText {
		return s.placeNamed(what)
	}
	draft, err := s.draft()
	switch {
	case err == nil:
		return s.addToDraft(draft, what)
	case !errors.Is(err, ErrNotFound):
		return err
	}
	if s.chat.Mode != modeNeed {
		r, err := s.subject()
		switch {
		case err == nil:
			return s.addOrMove(r, what)
		case errors.Is(err, errSeveral):
			return s.keepUndecided(what)
		case !errors.Is(err, ErrNotFound):
			return err
		}
	}
	if what.text == "" && what.kind == KindText {
		s.tell(NoticeAskNeed, nil, nil)
		return nil
	}
	return s.newDraft(what)
}

const (
	oneBreath = 10 * time.Minute // within which messages may be one sentence
	fewParts  = 3                // messages before the last one, of which a sentence may be made
)

// danger is what the words speak of, alone or as a part of a sentence whose other parts are the messages beside them, as
// they read now; a worker's own are those that went to nobody. What those say without these words was answered when they
// came.
func (s *step) danger(what said) (prompts.Crisis, error) {
	if crisis := s.Offline.Crisis(what.text); crisis != "" || what.text == "" {
		return crisis, nil
	}
	var lately []struct {
		Message int64  `db:"message_id"`
		Text    string `db:"text"`
	}
	err := s.tx.SelectContext(s.ctx, &lately, `
		SELECT * FROM (SELECT DISTINCT ON (m.message_id) m.message_id, m.text FROM messages m
			WHERE m.bot_id = $1 AND m.chat_id = $2 AND (m.author = 'resident' OR m.request_id IS NULL)
			  AND m.kind <> 'location' AND m.text <> '' AND m.said_at > $3 ORDER BY m.message_id DESC, m.id DESC) l
		WHERE message_id <> $4 ORDER BY message_id DESC LIMIT $5`,
		s.chat.Bot, s.chat.ID, s.now.Add(-oneBreath), s.update.MessageID, fewParts)
	if err != nil {
		return "", wrap(err, "load what was said beside it")
	}
	before, after := "", ""
	for _, m := range lately {
		if m.Message > s.update.MessageID { // the words are an edit
			after = joinWords(m.Text, after)
		} else {
			before = joinWords(m.Text, before)
		}
		if s.Offline.Crisis(joinWords(before, after)) != "" {
			break
		}
		if crisis := s.Offline.CrisisTogether(joinWords(joinWords(before, what.text), after)); crisis != "" {
			return crisis, nil
		}
	}
	return "", nil
}

// draft is the request that this chat is about to make, or ErrNotFound.
func (s *step) draft() (*Request, error) {
	return lockRequest(s.ctx, s.tx, `r.bot_id = $1 AND r.chat_id = $2 AND r.state = 'draft'`, s.chat.Bot, s.chat.ID)
}

// active is the request of this chat that what is said now most likely belongs to: the one that is answered, or else
// the one in which something happened last. ErrNotFound when none is with a station.
func (s *step) active() (*Request, error) {
	if r, err := s.repliedToOwn(); !errors.Is(err, ErrNotFound) {
		return r, err
	}
	return lockRequest(s.ctx, s.tx, `r.id = (
		SELECT q.id FROM requests q
		WHERE q.bot_id = $1 AND q.chat_id = $2 AND q.state IN ('open', 'claimed', 'referred')
		ORDER BY (SELECT max(e.id) FROM events e WHERE e.request_id = q.id) DESC LIMIT 1)`, s.chat.Bot, s.chat.ID)
}

// newDraft begins a request.
func (s *step) newDraft(what said) error {
	r, err := s.startDraft(what.text)
	if err != nil {
		return err
	}
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	s.setMode(modeNone, nil)
	if what.spoken() {
		return s.spokenDraft(r, id)
	}
	return s.think(r)
}

// spokenDraft has a draft that is only spoken written down or, where nobody does that, files it.
func (s *step) spokenDraft(r *Request, message int64) error {
	if waits, err := s.awaitWords(r, message); waits || err != nil {
		return err
	}
	return s.fileSpoken(r)
}

// fileSpoken hands a need of which a part is only spoken to people at once, and as urgent: before one of them has
// listened, nobody knows what it says, and whoever speaks may not be able to read buttons. So it is never put off.
func (s *step) fileSpoken(r *Request) error {
	if err := s.locate(r); err != nil {
		return err
	}
	r.Urgency = prompts.Urgent
	if err := s.submitAs(r, ByResident, &s.update.ID); err != nil {
		return err
	}
	return s.wantPlace(r)
}

// startDraft stores an empty request with the words said.
func (s *step) startDraft(text string) (*Request, error) {
	r := &Request{Bot: s.chat.Bot, Chat: s.chat.ID, Text: text, CreatedAt: s.now}
	r.next(actRemind, s.now.Add(remindAfter))
	if err := r.insert(s.ctx, s.tx); err != nil {
		return nil, err
	}
	s.log(r, "drafted", ByResident, "", nil)
	return r, nil
}

// addToDraft gathers several messages into one need.
func (s *step) addToDraft(r *Request, what said) error {
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	switch {
	case what.spoken() && r.Undecided():
		return s.hearUndecided(r, id)
	case what.spoken():
		return s.spokenDraft(r, id)
	case what.kind == KindContact: // no words of the need
		r.gather(what)
		return s.attached(r)
	case what.text == "":
		return s.attached(r)
	}
	if named, err := s.placeAnew(r, what.text); named || err != nil {
		return err
	}
	r.gather(what)
	return s.think(r)
}

// addToRequest passes on what a resident says while a request of theirs is with a station.
func (s *step) addToRequest(r *Request, what said) error {
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	if what.spoken() {
		if _, err := s.transcribe(id); err != nil {
			return err
		}
	}
	s.log(r, "said", ByResident, "", Args{"message": id})
	if err := s.endWait(r); err != nil {
		return err
	}
	if err := s.receipt(r, id); err != nil {
		return err
	}
	s.firstWords(r, r.shown(what))
	r.gather(what) // whoever has it next reads it on the card
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if r.Worker != nil {
		return s.tellHolder(r, NoticeResidentSaid, Args{"message": id})
	}
	return s.redrawCards(r)
}

// maxWords bounds the gathered words of a request, in bytes. Each message is kept whole beside them.
const maxWords = 32 << 10

func joinWords(a, b string) string {
	switch {
	case a == "" || b == "":
		return a + b
	case len(a)+len(b) > maxWords:
		return a
	default:
		return a + "\n" + b
	}
}
