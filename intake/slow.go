package intake

import (
	"errors"
	"time"

	"onedoor/prompts"
	"onedoor/routing"
)

// Limits are how much one account may do before it is slowed. Danger is never slowed.
type Limits struct {
	PerMinute int // messages, commands and pressed buttons, which receive counts; a live location's steps are none; 0: 20
	PerDay    int // requests filed within 24 hours; 0: 10
}

const (
	// warnEvery is how often a person who is slowed is told so, at most, and gatherAfter how long words that came too
	// fast wait to be understood together.
	warnEvery   = time.Minute
	gatherAfter = time.Minute
)

// perform does what the update says. Whoever does more than anybody can follow is slowed, and an account that is blocked
// is heard in danger only. Workers and groups are neither, and who writes to a worker about a task isn't slowed.
func (s *step) perform() error {
	switch {
	case s.worker != nil, s.chat.ID < 0:
	case s.chat.BlockedAt != nil:
		return s.performBlocked()
	case s.hasty && (s.partner == nil || s.chat.Mode != modeAside):
		return s.performSlowly()
	}
	return s.update.Act.apply(s)
}

// performSlowly keeps what is said without making more of it now, and does nothing else. It tells so once a minute. What
// has to do with danger is never slowed.
func (s *step) performSlowly() error {
	if free, err := s.neverSlowed(); free || err != nil {
		if err != nil {
			return err
		}
		return s.update.Act.apply(s)
	}
	if button, pressed := s.update.Act.(Pressed); pressed && button.Key == "" {
		s.answer = Answer{Kind: "slow_press"}
		return nil
	}
	if at, ok := s.update.Act.(Located); ok {
		s.shared(routing.Point{Lat: at.Lat, Lon: at.Lon}) // for the draft, when it is understood
	}
	if c, ok := s.update.Act.(Sent); ok && c.Own {
		if err := s.keepPhone(c.Phone); err != nil {
			return err
		}
	}
	if what, ok := s.words(); ok {
		if err := s.hold(what); err != nil {
			return err
		}
	}
	return s.warn(NoticeSlowDown, warnEvery, nil)
}

// neverSlowed tells whether the act is done at once however much came before it: its words speak of danger, an emergency
// of this account is under way, it asks for quiet, it is a further picture of an album or a live location's step, or nobody said anything.
func (s *step) neverSlowed() (bool, error) {
	what, _ := s.words()
	if crisis, err := s.danger(what); crisis != "" || err != nil {
		return true, err
	}
	switch act := s.update.Act.(type) {
	case Blocked, Overheard:
		return true, nil
	case Command:
		if act.Name == "quiet" {
			return true, nil
		}
	case Pressed:
		if act.Action == ActQuiet {
			return true, nil
		}
	case Located:
		if act.Edit {
			return true, nil
		}
	case Sent:
		if part, err := s.partOfKnownAlbum(act); part || err != nil {
			return true, err
		}
	}
	return s.inDanger()
}

func (s *step) partOfKnownAlbum(a Sent) (bool, error) {
	if a.Album == "" || a.Text != "" {
		return false, nil
	}
	first, err := s.said(`m.album = $3`, a.Album)
	if noRows(err) {
		return false, nil
	}
	return err == nil && first.Request != nil && !first.Held, wrap(err, "find the album")
}

// inDanger tells whether an emergency of this account is under way.
func (s *step) inDanger() (yes bool, err error) {
	err = s.tx.GetContext(s.ctx, &yes, `SELECT EXISTS (SELECT FROM requests WHERE bot_id = $1 AND chat_id = $2
		AND urgency = 'emergency' AND state IN ('open', 'claimed', 'referred'))`, s.chat.Bot, s.chat.ID)
	return yes, wrap(err, "look for an emergency")
}

// warn tells the person something about their account, unless they were told within the time.
func (s *step) warn(kind string, every time.Duration, args Args) error {
	if s.chat.WarnedAt != nil && s.now.Sub(*s.chat.WarnedAt) < every {
		return nil
	}
	s.tell(kind, nil, args)
	_, err := s.tx.ExecContext(s.ctx, `UPDATE chats SET warned_at = $3 WHERE bot_id = $1 AND id = $2`, s.chat.Bot, s.chat.ID, s.now)
	return wrap(err, "keep when the person was told")
}

// hold keeps what comes too fast with what it most likely belongs to. A draft's words are understood together a little
// later; those about a request that a station has stand on its card.
func (s *step) hold(what said) error {
	if what.text+what.fileID == "" {
		return nil
	}
	if err := s.endQuiet(); err != nil {
		return err
	}
	if done, err := s.commented(what); done || err != nil {
		return err
	}
	r, before, err := s.heldWith(&what)
	switch {
	case errors.Is(err, errSeveral):
		return s.keepUndecided(what)
	case errors.Is(err, ErrNotFound) && smallTalk(what) != "":
		_, err := s.keepHeld(nil, what)
		return err
	case errors.Is(err, ErrNotFound):
		if r, err = s.startDraft(""); err != nil {
			return err
		}
		s.setMode(modeNone, nil)
	case err != nil:
		return err
	}
	id, err := s.keepHeld(r, what)
	if err != nil {
		return err
	}
	if what.kind != KindLocation && !what.own {
		r.Text = replaceWords(r.Text, before, r.shown(what))
	}
	if r.State != Draft {
		return s.heldOnCard(r, id)
	}
	if value(r.NextAction) != actGather && !r.Undecided() {
		r.next(actGather, s.now.Add(gatherAfter))
	}
	return r.save(s.ctx, s.tx)
}

// heldWith is the request that what is said belongs to, and the words in whose place it stands; of an edited message,
// which it names, its own. ErrNotFound when it is a matter of its own, errSeveral
// when that must be asked.
func (s *step) heldWith(what *said) (r *Request, before string, err error) {
	first, err := s.said(`m.message_id = $3 AND m.request_id IS NOT NULL`, s.update.MessageID)
	if err == nil && isEdit(s.update.Act) {
		last, err := s.lastOf(first)
		if err != nil {
			return nil, "", err
		}
		what.edits = &first.ID
		r, err = lockRequest(s.ctx, s.tx, `r.id = $1`, *first.Request)
		return r, last.Text, err
	}
	if err != nil && !noRows(err) {
		return nil, "", wrap(err, "find the edited message")
	}
	for _, theirs := range []func() (*Request, error){s.repliedToOwn, s.chosen, s.draft, s.subjectUnlessNew} {
		if r, err = theirs(); !errors.Is(err, ErrNotFound) {
			return r, "", err
		}
	}
	return nil, "", ErrNotFound
}

func (s *step) subjectUnlessNew() (*Request, error) {
	if s.chat.Mode == modeNeed {
		return nil, ErrNotFound
	}
	return s.subject()
}

func isEdit(act Act) bool {
	switch act := act.(type) {
	case Said:
		return act.Edit
	case Sent:
		return act.Edit
	}
	return false
}

// keepHeld is keep for what is not passed on by itself: it is held for the worker who has the request, where there is
// one; whoever claims it is given everything. What is spoken is written down where somebody does that.
func (s *step) keepHeld(r *Request, what said) (int64, error) {
	id, err := s.keep(r, ByResident, what)
	if err != nil || r == nil {
		return id, err
	}
	if r.Worker != nil {
		if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET held = true WHERE id = $1`, id); err != nil {
			return id, wrap(err, "hold what was said")
		}
	}
	if what.spoken() {
		_, err = s.transcribe(id)
	}
	return id, err
}

func (s *step) heldOnCard(r *Request, message int64) error {
	s.log(r, "said", ByResident, "", Args{"message": message})
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// gathered understands a draft whose words came too fast to be understood one by one.
func (s *step) gathered(r *Request) error {
	unheard, err := s.unheard(r)
	if err != nil {
		return err
	}
	if unheard {
		return s.fileUnheard(r)
	}
	if r.Text == "" {
		r.next(actRemind, s.now.Add(remindAfter))
		return s.proceed(r)
	}
	if update, err := s.lastUpdate(r); err != nil {
		return err
	} else if update != nil {
		s.update.ID = *update // for danger that all the words together speak of
	}
	return s.think(r)
}

// showAtOnce is how much of what was held a worker is shown at a time.
const showAtOnce = 20

// showHeld gives the worker what was not passed on by itself, the oldest first.
func showHeld(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `
		WITH shown AS (
			UPDATE messages SET held = false
			WHERE id IN (SELECT id FROM messages WHERE request_id = $1 AND held ORDER BY id LIMIT $2) RETURNING id)
		SELECT id FROM shown ORDER BY id`, r.ID, showAtOnce)
	if err != nil {
		return wrap(err, "find what was held")
	}
	for _, id := range ids {
		s.tell(NoticeResidentSaid, r, Args{"message": id})
	}
	return s.redrawCards(r)
}

// releaseHeld makes what was held like everything else: whoever claims a request is given all of it.
func (s *step) releaseHeld(r *Request) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET held = false WHERE request_id = $1 AND held`, r.ID)
	return wrap(err, "let go of what was held")
}

// aDay is the time within which an account's requests are counted.
const aDay = 24 * time.Hour

// putOff keeps a draft for which its account has filed too many requests within a day, says so, and has the clock go on
// with the action when there is room again. Danger is never put off, nor is a worker.
func (s *step) putOff(r *Request, action string) (bool, error) {
	if r.Urgency == prompts.Emergency || s.worker != nil {
		return false, nil
	}
	var first time.Time // of as many as there may be
	err := s.tx.GetContext(s.ctx, &first, `SELECT submitted_at FROM requests
		WHERE bot_id = $1 AND chat_id = $2 AND submitted_at > $3 ORDER BY submitted_at DESC OFFSET $4 LIMIT 1`,
		r.Bot, r.Chat, s.now.Add(-aDay), s.Limits.PerDay-1)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "count the day's requests")
	}
	if r.Undecided() {
		if err := s.endQuestion(r); err != nil {
			return false, err
		}
	}
	until := first.Add(aDay)
	r.next(action, until)
	s.tell(NoticeEnough, r, Args{"until": until})
	return true, r.save(s.ctx, s.tx)
}

// fileOver hands a put off draft on in the resident's name, now that there is room for it.
func (s *step) fileOver(r *Request) error {
	if put, err := s.putOff(r, actSubmit); put || err != nil {
		return err
	}
	update, err := s.lastUpdate(r)
	if err != nil {
		return err
	}
	return s.submitAs(r, ByResident, update)
}
