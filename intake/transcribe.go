package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/riverqueue/river"

	"onedoor/prompts"
)

// heardSign stands before words that a machine has written down from a voice, so that nobody takes them for typed.
const heardSign = "🎤 "

// transcribeArgs is the job of writing down what is said in a voice message.
type transcribeArgs struct {
	Message int64 `json:"message"`
}

// Kind names the job in River's table.
func (transcribeArgs) Kind() string { return "transcribe" }

// voiceQueue is the queue of a bot's voice messages: only its own program can fetch them.
func voiceQueue(bot int64) string { return fmt.Sprintf("voice-%d", bot) }

// transcribe leaves a voice message to the transcriber, if there is one.
func (s *step) transcribe(message int64) (bool, error) {
	if s.Transcriber == nil {
		return false, nil
	}
	_, err := s.jobs.InsertTx(s.ctx, s.tx.Tx, transcribeArgs{message}, &river.InsertOpts{MaxAttempts: 1, Queue: voiceQueue(s.chat.Bot)})
	return true, wrap(err, "leave the voice to the transcriber")
}

// awaitWords leaves a draft that is only spoken to the transcriber; the clock files it for a person to listen to when that
// takes too long. It is false where nobody writes it down.
func (s *step) awaitWords(r *Request, message int64) (bool, error) {
	if waits, err := s.transcribe(message); !waits || err != nil {
		return false, err
	}
	r.next(actUnderstand, s.now.Add(prompts.TranscribeLimit+modelGrace))
	return true, r.save(s.ctx, s.tx)
}

// transcriber writes down voices. Where that fails a person listens.
type transcriber struct {
	river.WorkerDefaults[transcribeArgs]
	service *Service
}

// Timeout is how long a voice message may take, River's own work included.
func (*transcriber) Timeout(*river.Job[transcribeArgs]) time.Duration {
	return prompts.TranscribeLimit + modelGrace
}

// Work fetches and transcribes outside of any transaction.
func (t *transcriber) Work(ctx context.Context, job *river.Job[transcribeArgs]) error {
	s := t.service
	m, err := s.Message(ctx, job.Args.Message)
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	words, err := s.listen(ctx, m)
	words = clean(words)
	if err != nil {
		s.Log.Warn("a voice message can't be transcribed; a person listens", "message", m.ID, "error", err)
	}
	return s.heard(ctx, m, words)
}

// listen is what is said in a voice message.
func (s *Service) listen(ctx context.Context, m Message) (string, error) {
	audio, name, err := s.File(ctx, m.Bot, m.FileID)
	if err != nil {
		return "", wrap(err, "fetch the voice")
	}
	defer audio.Close()
	return s.Transcriber.Transcribe(ctx, audio, name)
}

// heard goes on with what was heard in a voice message: as if it were written, marked as a machine's. No words leave a
// draft that has none to a person.
func (s *Service) heard(ctx context.Context, m Message, words string) error {
	return s.transact(ctx, func(st *step) error {
		if err := st.lockChatOfMessage(m.ID); err != nil {
			if errors.Is(err, ErrNotFound) {
				return nil // it was erased meanwhile
			}
			return err
		}
		st.update.ID = m.Update
		if st.chat.BlockedAt != nil {
			return st.heardOfBlocked(m, words)
		}
		r, err := lockRequest(ctx, st.tx, `r.id = (SELECT request_id FROM messages WHERE id = $1)`, m.ID) // it may have moved
		if errors.Is(err, ErrNotFound) {
			return nil // it was erased meanwhile
		}
		if err != nil {
			return err
		}
		switch {
		case words == "" && r.Undecided():
			return nil // the question stands
		case words == "" && r.State == Draft:
			return st.fileSpoken(r)
		case words == "":
			return nil
		}
		if _, err := st.tx.ExecContext(ctx, `UPDATE messages SET transcript = $2 WHERE id = $1`, m.ID, words); err != nil {
			return wrap(err, "keep what was heard")
		}
		return st.takeHeard(r, m.ID, words)
	})
}

// lockChatOfMessage locks the chat in which a message was said; ErrNotFound where it is no longer there.
func (s *step) lockChatOfMessage(message int64) error {
	s.chat = &chat{}
	err := s.tx.GetContext(s.ctx, s.chat, `SELECT `+chatColumns+` FROM chats c JOIN messages m ON m.bot_id = c.bot_id
		AND m.chat_id = c.id WHERE m.id = $1 FOR NO KEY UPDATE OF c`, message)
	if noRows(err) {
		return ErrNotFound
	}
	return wrap(err, "lock the chat")
}

// heardOfBlocked hears danger in a voice of a blocked account, and nothing else.
func (s *step) heardOfBlocked(m Message, words string) error {
	crisis := s.Offline.Crisis(words)
	switch {
	case crisis == "":
		return nil
	case s.heardLately():
		s.tell(NoticeNumbers, nil, Args{"crisis": crisis})
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET transcript = $2 WHERE id = $1`, m.ID, words); err != nil {
		return wrap(err, "keep what was heard")
	}
	if s.heardLately() {
		return nil
	}
	if err := s.heardDanger(m.ID, words); err != nil {
		return err
	}
	return s.markHeard()
}

// heardDanger passes danger heard in a voice on to the emergency that is under way, or files it, with what the chat's draft
// has of words.
func (s *step) heardDanger(message int64, words string) error {
	u := s.Offline.Classify(words)
	r, err := s.running()
	running := err == nil
	if errors.Is(err, ErrNotFound) {
		r, err = s.draftWith(heardSign + words)
	}
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET request_id = $2 WHERE id = $1 OR edits = $1`, message, r.ID); err != nil {
		return wrap(err, "move the voice")
	}
	if !running {
		return s.fileEmergency(r, u.Crisis)
	}
	if err := s.addHeard(r, words, u); err != nil || r.Worker == nil {
		return err
	}
	return s.tellHolder(r, NoticeResidentSaid, Args{"message": message})
}

// heardInDraft files danger heard in a draft's voice, or passes it on to the emergency that is under way; then the draft goes
// on without it.
func (s *step) heardInDraft(message int64, words string) error {
	if err := s.heardDanger(message, words); err != nil {
		return err
	}
	d, err := s.draft()
	switch {
	case errors.Is(err, ErrNotFound):
		return nil
	case err != nil:
		return err
	case d.Text != "":
		return s.think(d)
	}
	if err := s.endQuestion(d); err != nil {
		return err
	}
	d.finish(Cancelled, s.now)
	s.log(d, "cancelled", BySystem, "", Args{"from": Draft})
	return d.save(s.ctx, s.tx)
}

// takeHeard adds what was heard to a request. Danger is danger, though the request has ended meanwhile.
func (s *step) takeHeard(r *Request, message int64, words string) error {
	u := s.Offline.Classify(words)
	switch {
	case r.State == Draft && u.Crisis != "":
		return s.heardInDraft(message, words)
	case r.State == Draft:
		r.Text = joinWords(r.Text, heardSign+words)
		return s.thinkHeard(r, words)
	case r.State.Active():
		return s.addHeard(r, words, u)
	case u.Crisis == "":
		return nil
	}
	d, err := s.draftWith(heardSign + words)
	if err != nil {
		return err
	}
	return s.fileEmergency(d, u.Crisis)
}

// thinkHeard goes on with a draft to which a voice has added words: without a place, if these say to the question for it that
// nobody can tell.
func (s *step) thinkHeard(r *Request, words string) error {
	_, unsaid := prompts.WithoutNowhere(words)
	unsaid = unsaid && s.asked(r)
	if err := s.think(r); err != nil || !unsaid || r.State != Draft {
		return err
	}
	if _, placed := r.Point(); placed || !s.asked(r) {
		return nil
	}
	return skipPlace(s, r, "")
}

// addHeard adds what was heard to a request that a station has or should have.
func (s *step) addHeard(r *Request, words string, u prompts.Understanding) error {
	s.firstWords(r, words)
	r.Text = joinWords(r.Text, heardSign+words)
	if u.Crisis != "" && r.Urgency != prompts.Emergency {
		return s.raise(r, u)
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if u.Crisis == "" {
		if placed, err := s.placedAtLast(r, words); placed || err != nil {
			return err
		}
	}
	if err := s.redrawCards(r); err != nil || u.Crisis == "" {
		return err
	}
	s.tellResident(r, NoticeCrisis, Args{"crisis": u.Crisis, "again": true})
	return s.dangerGoesOn(r, words, u.Crisis)
}

// unheard tells whether a part of a request is only spoken, and not written down.
func (s *step) unheard(r *Request) (unheard bool, err error) {
	err = s.tx.GetContext(s.ctx, &unheard, `SELECT EXISTS (SELECT FROM messages
		WHERE request_id = $1 AND author = 'resident' AND kind = 'voice' AND text = '' AND transcript = '')`, r.ID)
	return unheard, wrap(err, "look for what is only spoken")
}
