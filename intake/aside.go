package intake

import (
	"context"
	"errors"
	"fmt"

	"onedoor/internal/database"
	"onedoor/routing"
)

// ErrUnreadable is in the error of what can't be decoded.
var ErrUnreadable = errors.New("can't be read")

// SetAside keeps an update that could not be handled, as it came, for a person to look at, with what could be
// read of it all the same in u: Chat is 0 and Act nil where that isn't known. Its person is told, and what they
// said and have begun goes to triage. An update that was set aside before is left as it is.
//
// What failed in handling the update may fail here too. So each try does less, down to keeping the update alone.
func (s *Service) SetAside(ctx context.Context, u Update, raw string, why error) error {
	var err error
	for _, care := range []func(*step) error{(*step).heed, (*step).file, (*step).apologise, nothing} {
		err = s.setAside(ctx, u, raw, why, care)
		if err == nil || ctx.Err() != nil || database.Unavailable(err) {
			break
		}
		s.Log.Error("setting an update aside fails; doing less", "update", u.ID, "error", err)
	}
	return wrap(err, "set an update aside")
}

func nothing(*step) error { return nil }

// setAside keeps the update and does what care says, in one transaction. A panic is an error.
func (s *Service) setAside(ctx context.Context, u Update, raw string, why error, care func(*step) error) (err error) {
	defer caught(&err)
	return s.transact(ctx, func(st *step) error {
		st.update = u
		err := st.tx.GetContext(ctx, &st.trouble, `
			WITH kept AS (
				INSERT INTO troubles (bot_id, at, kind, cause, update_id, chat_id, raw, error)
				VALUES ($1, $2, 'update', $3, $4, nullif($5, 0), $6, $7)
				ON CONFLICT (bot_id, update_id) WHERE update_id IS NOT NULL DO NOTHING RETURNING id)
			INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, $2, 'set_aside' FROM kept RETURNING trouble_id`,
			u.Bot, st.now, causeOf(why), u.ID, u.Chat, storable(raw), storable(why.Error()))
		if noRows(err) {
			return nil
		}
		if err != nil {
			return wrap(err, "keep the update")
		}
		if u.Chat == 0 {
			return nil
		}
		if err := st.enter(); err != nil {
			return err
		}
		if err := st.keepMode(); err != nil {
			return err
		}
		return care(st)
	})
}

// caught makes a panic an error of its function.
func caught(err *error) {
	if p := recover(); p != nil {
		*err = fmt.Errorf("panic: %v", p)
	}
}

// enter locks the chat of the update, and finds out whose it is.
func (s *step) enter() error {
	u := s.update
	s.chat = &chat{}
	err := s.tx.GetContext(s.ctx, s.chat, `
		INSERT INTO chats AS c (bot_id, id, language, created_at) VALUES ($1, $2, $3, $4)
		ON CONFLICT (bot_id, id) DO UPDATE SET language = c.language RETURNING `+chatColumns, u.Bot, u.Chat, Language(u.Language), s.now)
	if err != nil {
		return wrap(err, "load the chat")
	}
	s.worker, err = workerOfChat(s.ctx, s.tx, u.Bot, u.Chat)
	if !errors.Is(err, ErrNotFound) {
		return err
	}
	s.partner, err = partnerOfChat(s.ctx, s.tx, u.Bot, u.Chat)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	return err
}

// keepMode keeps with the trouble what the chat's words were for.
func (s *step) keepMode() error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE troubles SET mode = $2, mode_request = $3, mode_arg = $4 WHERE id = $1`,
		s.trouble, s.chat.Mode, s.chat.Request, s.chat.ModeArg)
	return wrap(err, "keep what the words were for")
}

// heed looks for danger in what was said, which is then an emergency like any other. Else it is filed.
func (s *step) heed() error {
	what, ok := s.words()
	if !ok {
		return s.file()
	}
	crisis, err := s.danger(what)
	if err != nil {
		return err
	}
	if crisis == "" {
		return s.file()
	}
	if at, ok := s.update.Act.(Located); ok {
		s.shared(routing.Point{Lat: at.Lat, Lon: at.Lon})
	}
	if err := s.apologise(); err != nil {
		return err
	}
	if err := s.emergency(what, crisis); err != nil {
		return err
	}
	r, err := s.filed()
	if err != nil {
		return err
	}
	return s.link(r)
}

// file tells the person, and puts what they said and have begun in front of a supervisor, as it is.
func (s *step) file() error {
	if s.chat.ID < 0 { // a group has nobody's words
		return nil
	}
	if err := s.apologise(); err != nil {
		return err
	}
	what, ok := s.words()
	if s.chat.BlockedAt != nil {
		return s.keepBlocked(what, ok, "")
	}
	r, err := s.begun(ok)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if ok {
		if err := s.addUnread(r, what); err != nil {
			return err
		}
	}
	if r.State == Draft {
		if err := s.hand(r, &s.update.ID); err != nil {
			return err
		}
	}
	r.Triage = TriageTrouble
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.link(r)
}

// apologise tells the person, even one who asked for quiet: they have done something.
func (s *step) apologise() error {
	if err := s.endQuiet(); err != nil {
		return err
	}
	s.tell(NoticeSorry, nil, nil)
	return nil
}

// words are what a resident said with the update, in words or otherwise; false for a command alone, a button, and what
// nobody said, or a worker.
func (s *step) words() (said, bool) {
	if s.worker != nil {
		return said{}, false
	}
	switch act := s.update.Act.(type) {
	case Said:
		return said{kind: KindText, text: clean(act.Text)}, true
	case Sent:
		return s.sent(act), true
	case Command:
		return said{kind: KindText, text: clean(act.Text)}, act.isWords()
	case Located:
		return act.said(), !act.Edit
	}
	return said{}, false
}

// begun is the request that the person has begun or has with a station; where they have none and said
// something, a new one. Otherwise it is ErrNotFound.
func (s *step) begun(said bool) (*Request, error) {
	r, err := s.draft()
	if errors.Is(err, ErrNotFound) {
		r, err = s.active()
	}
	if errors.Is(err, ErrNotFound) && said {
		return s.startDraft("")
	}
	return r, err
}

// addUnread adds words to a request without making anything of them.
func (s *step) addUnread(r *Request, what said) error {
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	if r.State != Draft {
		s.log(r, "said", ByResident, "", Args{"message": id})
	}
	r.gather(what)
	if r.Worker != nil {
		_, err := s.tellWorker(r, NoticeResidentSaid, Args{"message": id})
		return err
	}
	return nil
}

// hand makes a draft a request for a supervisor, without understanding or routing it. The caller saves it.
func (s *step) hand(r *Request, update *int64) error {
	r.State, r.Triage, r.SubmittedAt, r.UpdateID = Open, TriageTrouble, &s.now, update
	s.setDeadlines(r, s.now)
	s.awaitClaim(r)
	s.log(r, "submitted", BySystem, "", Args{"category": r.Category, "urgency": r.Urgency, "update": update})
	return s.redrawPosted(r, NoticeUnderstood, "closed", `TRUE`)
}

// link says with the trouble which request has its words.
func (s *step) link(r *Request) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE troubles SET request_id = $2 WHERE id = $1`, s.trouble, r.ID)
	return wrap(err, "name the trouble's request")
}

// filed is the request that has what was said with the update, because it was set aside; or ErrNotFound.
func (s *step) filed() (*Request, error) {
	return lockRequest(s.ctx, s.tx, `r.id = (SELECT max(m.request_id) FROM messages m
		WHERE m.bot_id = $1 AND m.chat_id = $2 AND m.update_id = $3)`, s.update.Bot, s.update.Chat, s.update.ID)
}
