package intake

import (
	"errors"
	"slices"
	"time"

	"github.com/lib/pq"
)

// writingHolds is how long Reply holds while its worker writes nothing.
const writingHolds = 10 * time.Minute

// errUnclear is why a worker's words go to nobody before the worker has said where.
var errUnclear = errors.New("it isn't clear whom the words are for")

// writing tells whether Reply or Note says what the worker's words are for.
func (s *step) writing() bool { return s.chat.Mode == modeReply || s.chat.Mode == modeNote }

// askReply has what the worker writes go to the resident until Done, another request's Reply, any button that isn't of
// the talk with this resident, any command, or some minutes of silence. To whom it goes is said once; where it went
// before says that it ended.
func askReply(s *step, r *Request, _ string) error {
	if !s.mine(r) {
		s.endWriting()
		return s.redrawCards(r)
	}
	if err := s.closeLine(); err != nil {
		return err
	}
	s.tell(NoticeAskReply, r, nil)
	s.setMode(modeReply, &r.ID)
	return nil
}

// askNote has the worker's next message, and that alone, go into the file, for colleagues.
func askNote(s *step, r *Request, _ string) error {
	if err := s.closeLine(); err != nil {
		return err
	}
	s.tell(NoticeAskNote, r, nil)
	s.setMode(modeNote, &r.ID)
	return nil
}

// doneWriting ends what Reply began.
func doneWriting(s *step, r *Request, _ string) error {
	defer s.endWriting()
	return s.redrawHere(r, menuArgs("closed"), NoticeAskReply)
}

// endWriting makes what the worker writes next go nowhere until Reply or Note is pressed again.
func (s *step) endWriting() {
	if writes(s.chat.Mode) {
		s.setMode(modeNone, nil)
	}
}

// closeLine has the line that says to whom words go say that they no longer do.
func (s *step) closeLine() error {
	if s.chat.Mode != modeReply {
		return nil
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, *s.chat.Request)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	return s.redrawPosted(r, NoticeAskReply, "closed", `n.bot_id = $3 AND n.chat_id = $4 AND n.id = (SELECT max(l.id) FROM notices l
		WHERE l.request_id = n.request_id AND l.kind = n.kind AND l.bot_id = $3 AND l.chat_id = $4 AND l.edits IS NULL)`, s.chat.Bot, s.chat.ID)
}

// ofTheTalk are the buttons that leave Reply as it is when they are about the same request.
func ofTheTalk(action string) bool {
	return slices.Contains([]string{ActReply, ActNote, ActDone, ActQuick, ActCanned, ActSendCanned, ActTakeBack, ActTranslate, ActHistory, ActMore, ActUndo}, action)
}

// pressedWhileWriting ends Reply and Note, unless the button is of the talk with the same resident.
func (s *step) pressedWhileWriting(a Pressed) error {
	if !s.writing() {
		s.endWriting() // what goes aside, and what is waited for
		return nil
	}
	if ofTheTalk(a.Action) {
		var same bool
		err := s.tx.GetContext(s.ctx, &same, `SELECT EXISTS (SELECT FROM requests WHERE id = $1 AND ref = $2)`, *s.chat.Request, a.Ref)
		if err != nil || same || a.Action == ActReply || a.Action == ActNote { // which say themselves where words go
			return wrap(err, "look what is being written")
		}
	}
	s.endWriting()
	return nil
}

// wordsFor finds the request that a worker's words are for, and whether they are a reply or a note. ErrNotFound where
// they are for none, and so may be the worker's own; errUnclear where they may be for several, or for somebody whom they
// mustn't reach.
func (s *step) wordsFor() (*Request, string, error) {
	answered, mode, err := s.answeredAtDesk()
	switch {
	case errors.Is(err, ErrNotFound):
		return s.wordsOfMode()
	case err != nil:
		return nil, "", err
	case s.writing() && (*s.chat.Request != answered.ID || s.chat.Mode == modeReply && mode == modeNote):
		return nil, "", errUnclear
	case s.writing():
		mode = s.chat.Mode
	}
	if mode == modeReply && !s.chat.mayAnswer(answered, s.worker) {
		return nil, "", errUnclear
	}
	r, err := s.mayWrite(answered.ID)
	return r, mode, err
}

// mayAnswer tells whether words that answer a message about a request go to its resident: only its worker's do, unless
// Reply was pressed, where more is said about it.
func (c *chat) mayAnswer(r *Request, w *Worker) bool {
	return c.Mode == modeReply || r.State.InHand() && w.Has(r)
}

// wordsOfMode is wordsFor for what answers no message about a request.
func (s *step) wordsOfMode() (*Request, string, error) {
	if !s.writing() {
		return nil, "", ErrNotFound
	}
	if s.chat.Mode == modeReply {
		if s.chat.ModeAt == nil || s.now.Sub(*s.chat.ModeAt) > writingHolds {
			return nil, "", errUnclear
		}
		if other, err := s.anotherSpoke(); other || err != nil {
			return nil, "", errorOr(err, errUnclear)
		}
	}
	r, err := s.mayWrite(*s.chat.Request)
	return r, s.chat.Mode, err
}

// mayWrite is deskRequest for words; what the worker may no longer see takes none.
func (s *step) mayWrite(request int64) (*Request, error) {
	r, err := s.deskRequest(`r.id = $1`, request)
	if errors.Is(err, ErrNotFound) {
		return nil, errUnclear
	}
	return r, err
}

// anotherSpoke tells whether the resident of another request that the worker has has said something since the worker
// wrote last: what is written then may be an answer to that.
func (s *step) anotherSpoke() (spoke bool, err error) {
	err = s.tx.GetContext(s.ctx, &spoke, `SELECT EXISTS (SELECT FROM requests q JOIN messages m ON m.request_id = q.id
		WHERE (q.worker = $1 OR q.worker = ANY ($4)) AND q.state IN ('claimed', 'referred') AND q.id <> $2 AND m.author = 'resident' AND m.said_at > $3)`,
		s.worker.Code, *s.chat.Request, s.chat.ModeAt, s.worker.StandsInFor)
	return spoke, wrap(err, "look who has spoken")
}

// answeredAtDesk is the request that the message is about which a worker answers, and what the answer is: to a note a
// note, else a reply. ErrNotFound where they answer none, or one of a request of their own; errUnclear where they answer
// what tells more than one side's words.
func (s *step) answeredAtDesk() (*Request, string, error) {
	to := s.update.ReplyTo
	if to.Message == 0 {
		return nil, "", ErrNotFound
	}
	var n struct {
		Kind    string `db:"kind"`
		Request *int64 `db:"request_id"`
	}
	err := s.tx.GetContext(s.ctx, &n, `SELECT kind, request_id FROM notices
		WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3 ORDER BY id LIMIT 1`, s.chat.Bot, s.chat.ID, to.Message)
	switch {
	case noRows(err):
		return nil, "", ErrNotFound
	case err != nil:
		return nil, "", wrap(err, "find what is answered")
	case n.Kind == NoticePressFirst, n.Kind == NoticeHistory:
		return nil, "", errUnclear
	case n.Request == nil:
		return nil, "", ErrNotFound
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, *n.Request)
	if err == nil && r.Bot == s.chat.Bot && r.Chat == s.chat.ID {
		return nil, "", ErrNotFound
	}
	if n.Kind == NoticeAskNote || n.Kind == NoticeNoteKept {
		return r, modeNote, err
	}
	return r, modeReply, err
}

// redrawHere shows anew the message of one of these kinds whose button was pressed. A finger may be quicker than the
// record of what was sent; then it is the notice that is just on its way.
func (s *step) redrawHere(r *Request, args Args, kinds ...string) error {
	var p posted
	err := s.tx.GetContext(s.ctx, &p, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.edits IS NULL AND n.request_id = $4 AND n.kind = ANY ($5)
		  AND NOT `+isGone+` AND (n.message_id = $3 OR n.message_id IS NULL AND n.state = 'waiting')
		ORDER BY n.message_id NULLS LAST, n.id DESC LIMIT 1`,
		s.chat.Bot, s.chat.ID, s.update.MessageID, r.ID, pq.Array(kinds))
	if noRows(err) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err == nil {
		s.redraw(p, r, args)
	}
	return wrap(err, "find the pressed message")
}

func errorOr(err, other error) error {
	if err != nil {
		return err
	}
	return other
}

// staleIfMissing says that a button is old where what it names isn't there.
func (s *step) staleIfMissing(err error) error {
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return err
}

// workerAt takes a position that a worker shares after Reply or Note, or in answer to a message about a request; any other
// is their own.
func (s *step) workerAt(what said) (bool, error) {
	if !writes(s.chat.Mode) {
		if _, _, err := s.answeredAtDesk(); errors.Is(err, ErrNotFound) {
			return false, nil
		}
	}
	return s.workerSaid(what)
}
