package intake

import (
	"context"
	"errors"
	"time"
)

const (
	// shortWhile is how long after each other a resident's words have one receipt.
	shortWhile = 2 * time.Minute
	// oneTurn is how long after a line what follows it belongs to it.
	oneTurn = 5 * time.Minute
	// talkWhile is how long after the last words on a request, of either side, or after its confirming, what the resident
	// says on belongs to the same.
	talkWhile = 10 * time.Minute
	// chooseWithin is how long a resident may take to say which request their words are about, and listenWithin where
	// they are only spoken: nobody knows what they say, and whoever speaks may not be able to read the question.
	chooseWithin = 3 * time.Minute
	listenWithin = time.Minute
)

// errSeveral is the answer of subject where words may belong to several requests.
var errSeveral = errors.New("several requests are open")

// Undecided tells whether a draft's words may belong to a request that is there already, and the resident is asked.
func (r *Request) Undecided() bool {
	return r.State == Draft && value(r.NextAction) == actWhich
}

// subject is the request that a resident's next words belong to: an emergency, the only one that is open, or the one
// that is being talked about. ErrNotFound when none is open, errSeveral when one of several must be chosen.
func (s *step) subject() (*Request, error) {
	if r, err := s.repliedToOwn(); !errors.Is(err, ErrNotFound) {
		return r, err
	}
	var open []struct {
		ID        int64  `db:"id"`
		Emergency bool   `db:"emergency"`
		Talk      *int64 `db:"talk"`
	}
	err := s.tx.SelectContext(s.ctx, &open, `
		SELECT q.id, q.urgency = 'emergency' AS emergency, (SELECT max(e.id) FROM events e WHERE e.request_id = q.id AND
			(e.kind IN ('submitted', 'said') AND e.actor = 'resident' OR e.kind IN ('answered', 'said') AND e.actor IN ('worker', 'supervisor'))
			AND e.at > $3) AS talk
		FROM requests q WHERE q.bot_id = $1 AND q.chat_id = $2 AND q.state IN ('open', 'claimed', 'referred')
		ORDER BY emergency DESC, talk DESC NULLS LAST, q.id DESC`,
		s.chat.Bot, s.chat.ID, s.now.Add(-talkWhile))
	switch {
	case err != nil:
		return nil, wrap(err, "load the chat's requests")
	case len(open) == 0:
		return nil, ErrNotFound
	case len(open) > 1 && !open[0].Emergency && open[0].Talk == nil:
		return nil, errSeveral
	}
	return lockRequest(s.ctx, s.tx, `r.id = $1`, open[0].ID)
}

// maybe is the condition that a request r is open, and that the resident hasn't said that the draft with the number $1 is
// about something else.
const maybe = `r.state IN ('open', 'claimed', 'referred')
	AND NOT EXISTS (SELECT FROM repeats p WHERE p.request_id = $1 AND p.former_id = r.id AND p.answer = 'new')`

// maybeAbout is the request that a draft's words are most likely about, the one in which something happened last; or
// ErrNotFound.
func (s *step) maybeAbout(d *Request) (*Request, error) {
	return lockRequest(s.ctx, s.tx, `r.id = (SELECT r.id FROM requests r WHERE r.bot_id = $2 AND r.chat_id = $3 AND `+maybe+`
		ORDER BY (SELECT max(e.id) FROM events e WHERE e.request_id = r.id) DESC LIMIT 1)`, d.ID, d.Bot, d.Chat)
}

// MayBeAbout are the requests that a draft's words may be about, the newest first, at most limit of them.
func (s *Service) MayBeAbout(ctx context.Context, d *View, limit int) ([]View, error) {
	return s.views(ctx, `r.bot_id = $2 AND r.chat_id = $3 AND `+maybe+` ORDER BY r.id DESC LIMIT $4`, d.ID, d.Bot, d.Chat, limit)
}

// severalOpen tells whether this chat has more than one request with a station.
func (s *step) severalOpen() (several bool, err error) {
	err = s.tx.GetContext(s.ctx, &several, `SELECT count(*) > 1 FROM requests
		WHERE bot_id = $1 AND chat_id = $2 AND state IN ('open', 'claimed', 'referred')`, s.chat.Bot, s.chat.ID)
	return several, wrap(err, "count the chat's requests")
}

// keepUndecided keeps words that may belong to several requests as a draft, and asks which. Where nobody says so in
// time, the clock decides.
func (s *step) keepUndecided(what said) error {
	d, err := s.startDraft(what.text)
	if err != nil {
		return err
	}
	d.next(actWhich, s.now.Add(chooseWithin))
	id, err := s.keep(d, ByResident, what)
	switch {
	case err != nil:
		return err
	case what.spoken():
		return s.hearUndecided(d, id)
	}
	return s.askWhich(d)
}

// hearUndecided asks about a voice message as about words. It is written down meanwhile, where that can be, and waits
// for less time.
func (s *step) hearUndecided(d *Request, message int64) error {
	if _, err := s.transcribe(message); err != nil {
		return err
	}
	if soon := s.now.Add(listenWithin); soon.Before(*d.NextActionAt) {
		d.next(actWhich, soon)
	}
	return s.askWhich(d)
}

// askWhich asks whether a draft's words repeat a request or, else, which of the open ones they are about. Where none is
// open any more, they are a new matter.
func (s *step) askWhich(d *Request) error {
	former, err := s.former(d)
	if err != nil {
		return err
	}
	if former != 0 {
		if err := d.save(s.ctx, s.tx); err != nil {
			return err
		}
		return s.showAtEnd(d, NoticeRepeated, Args{"request": former})
	}
	if _, err := s.maybeAbout(d); errors.Is(err, ErrNotFound) {
		return s.newAfterAll(d)
	} else if err != nil {
		return err
	}
	if err := d.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.showAtEnd(d, NoticeWhich, nil)
}

// addTo is the press that says which request a draft's words are about. The button names the draft, too: that of an
// old question moves no newer words.
func addTo(s *step, r *Request, draft string) error {
	d, err := s.undecided(draft)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if opened, err := s.reopenWith(d, r, ByResident); opened || err != nil {
		return err
	}
	if !r.State.Active() { // resolved meanwhile: ask about those that are left
		s.answer = Answer{Kind: NoticeStale}
		return s.leftOf(d, r)
	}
	return s.merge(d, r, ByResident)
}

// leftOf goes on with an undecided draft one of whose requests is over.
func (s *step) leftOf(d, over *Request) error {
	if err := s.answerRepeat(d, over.ID, "new"); err != nil {
		return err
	}
	return s.askWhich(d)
}

// undecided is the draft of this chat that has this reference, if its words are undecided; or ErrNotFound.
func (s *step) undecided(ref string) (*Request, error) {
	d, err := s.draft()
	if err == nil && (d.Ref != NormalRef(ref) || !d.Undecided()) {
		return nil, ErrNotFound
	}
	return d, err
}

// asNew is the press that makes a draft's words a new matter.
func asNew(s *step, d *Request, _ string) error {
	if !d.Undecided() {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	former, err := s.former(d)
	if err != nil {
		return err
	}
	if err := s.answerRepeat(d, former, "new"); err != nil {
		return err
	}
	return s.newAfterAll(d)
}

// newAfterAll goes on with a draft that was undecided as with any other.
func (s *step) newAfterAll(d *Request) error {
	if err := s.endQuestion(d); err != nil {
		return err
	}
	d.next(actRemind, s.now.Add(remindAfter))
	unheard, err := s.unheard(d)
	switch {
	case err != nil:
		return err
	case unheard && d.Text == "":
		return s.fileSpoken(d)
	case d.Category != nil: // understood before it was asked about
		return s.proceed(d)
	}
	return s.think(d)
}

// assume puts undecided words where they most likely belong, for nobody has said so.
func (s *step) assume(d *Request) error {
	if err := s.inTheNameOf(d); err != nil {
		return err
	}
	former, err := s.former(d)
	if err != nil {
		return err
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, former)
	if err == nil {
		if opened, err := s.reopenWith(d, r, BySystem); opened || err != nil {
			return err
		}
	}
	if errors.Is(err, ErrNotFound) || err == nil && !r.State.Active() {
		r, err = s.maybeAbout(d)
	}
	switch {
	case errors.Is(err, ErrNotFound):
		return s.leftAlone(d, former)
	case err != nil:
		return err
	}
	return s.merge(d, r, BySystem)
}

// leftAlone makes undecided words a new matter: what they may have belonged to is over.
func (s *step) leftAlone(d *Request, former int64) error {
	if err := s.answerRepeat(d, former, "new"); err != nil {
		return err
	}
	return s.newAfterAll(d)
}

// inTheNameOf makes the clock act in the name of the update that brought the last of a draft's words.
func (s *step) inTheNameOf(d *Request) error {
	if s.update.ID != 0 {
		return nil
	}
	update, err := s.lastUpdate(d)
	if update != nil {
		s.update.ID = *update
	}
	return err
}
