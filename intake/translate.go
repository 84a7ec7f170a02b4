package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/riverqueue/river"

	"onedoor/prompts"
)

const (
	// translateLast is how many of a resident's messages a card's button has translated, the last that need it.
	translateLast = 5
	// askedFor is how long a translation is waited for before it can be asked for again.
	askedFor = time.Minute
)

// Translates tells whether a machine can say a text in a reader's language that is in another one.
func (s *Service) Translates(text, language string) bool {
	return s.Model != nil && prompts.Foreign(text, language)
}

// translateArgs is the job of translating a message, for the resident or for the worker of the chat alone.
type translateArgs struct {
	Message  int64  `json:"message"`
	Language string `json:"language"`
	Bot      int64  `json:"bot"` // the chat of the worker who asks
	Chat     int64  `json:"chat"`
	Account  string `json:"account,omitempty"` // of the supervisor who does, in the place of a worker
}

// Kind names the job in River's table.
func (translateArgs) Kind() string { return "translate" }

// askTranslation has a machine translate what the worker has sent, for its reader, or what the resident has said, for the
// worker. The words themselves are where they belong already: nobody waits for it.
func askTranslation(s *step, r *Request, message string) error {
	s.answer = Answer{Kind: NoticeStale}
	if s.Model == nil {
		return nil
	}
	all, err := s.toTranslate(r, message, s.chat.Language)
	for _, m := range all {
		if err := s.translate(r, m, s.chat.Language); err != nil {
			return err
		}
	}
	return err
}

// toTranslate are the messages meant: one that who asks has sent or the resident has said, or the resident's last that aren't in
// a language.
func (s *step) toTranslate(r *Request, message, language string) (all []Message, err error) {
	id, most := int64(0), translateLast
	if message != "" {
		if id, err = strconv.ParseInt(message, 10, 64); err != nil || id == 0 {
			return nil, nil
		}
		most = 1
	}
	actor, who := s.actor()
	var recent []Message
	err = s.tx.SelectContext(s.ctx, &recent, `
		SELECT DISTINCT ON (coalesce(m.edits, m.id)) `+messageColumns+` FROM messages m
		WHERE m.request_id = $1 AND m.kind NOT IN ('note', 'contact') AND m.text <> '' AND m.taken_back_at IS NULL
		  AND (m.author = 'resident' OR $2 <> 0 AND m.author = $3 AND coalesce(m.worker, m.account) = $4) AND ($2 = 0 OR coalesce(m.edits, m.id) = (SELECT coalesce(edits, id) FROM messages WHERE id = $2))
		ORDER BY coalesce(m.edits, m.id) DESC, m.id DESC`, r.ID, id, actor, who)
	for _, m := range recent {
		if len(all) < most && (id != 0 || s.Translates(m.Text, language)) {
			all = append([]Message{m}, all...)
		}
	}
	return all, wrap(err, "find what to translate")
}

// translate leaves a message to the model, or tells what that has made of it before. The one who asks reads a language.
func (s *step) translate(r *Request, m Message, reads string) error {
	language, err := s.readerLanguage(r, m, reads)
	if err != nil || !s.Translates(m.Text, language) || m.Author == ByWorker && !s.mine(r) {
		return err
	}
	var known string
	err = s.tx.GetContext(s.ctx, &known, `
		INSERT INTO translations AS t (message_id, language, asked_at) VALUES ($1, $2, $3)
		ON CONFLICT (message_id, language) DO UPDATE SET asked_at = EXCLUDED.asked_at, failed_at = NULL
			WHERE t.text <> '' OR t.asked_at < $4 OR t.failed_at IS NOT NULL
		RETURNING text`, m.ID, language, s.now, s.now.Add(-askedFor))
	switch {
	case noRows(err):
		s.answer = Answer{Kind: "translating"}
		return nil
	case err != nil:
		return wrap(err, "ask for a translation")
	case known != "" && m.Author != ByResident:
		return nil // the resident has it
	case known != "":
		s.answer = Answer{}
		s.tell(NoticeTranslation, r, Args{"message": m.ID, "language": language})
		return nil
	}
	s.answer = Answer{Kind: "translating"}
	_, err = s.jobs.InsertTx(s.ctx, s.tx.Tx, translateArgs{m.ID, language, s.chat.Bot, s.chat.ID, s.supervisor}, &river.InsertOpts{MaxAttempts: 1})
	return wrap(err, "leave the words to the translator")
}

// readerLanguage is the language of whoever reads a message: the resident a worker's, and who asks, who reads this one, a
// resident's.
func (s *step) readerLanguage(r *Request, m Message, reads string) (language string, err error) {
	if m.Author == ByResident {
		return reads, nil
	}
	err = s.tx.GetContext(s.ctx, &language, `SELECT language FROM chats WHERE bot_id = $1 AND id = $2`, r.Bot, r.Chat)
	return language, wrap(err, "load the resident's language")
}

// translator has the model translate. When it fails the worker is told so.
type translator struct {
	river.WorkerDefaults[translateArgs]
	service *Service
}

// Timeout is how long translating may take, River's own work included.
func (t *translator) Timeout(*river.Job[translateArgs]) time.Duration {
	return t.service.Model.Limit() + modelGrace
}

// Work asks outside of any transaction.
func (t *translator) Work(ctx context.Context, job *river.Job[translateArgs]) error {
	s := t.service
	m, err := s.Message(ctx, job.Args.Message)
	if errors.Is(err, ErrNotFound) {
		return nil // it was erased meanwhile
	}
	if err != nil {
		return err
	}
	text, err := s.Model.Translate(ctx, m.Text, job.Args.Language)
	if err != nil {
		s.Log.Warn("there is no translation", "message", m.ID, "error", err)
	}
	return s.translated(ctx, job.Args, clean(text))
}

// translated tells what the model has made of a message to whom it is for; of a worker's, to the worker too. What was
// erased or taken back meanwhile is told to nobody.
func (s *Service) translated(ctx context.Context, a translateArgs, text string) error {
	return s.transact(ctx, func(st *step) error {
		m, r, err := st.lockTranslated(a, text)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		args := Args{"message": m.ID, "language": a.Language}
		if text != "" && m.Author != ByResident {
			st.tellResident(r, NoticeTranslated, args)
		}
		switch {
		case a.Account != "": // who reads it on the request's page
			st.log(r, "translated", BySupervisor, a.Account, Args{"said": m.ID, "on": text != ""})
		case text == "":
			st.tellChat(a.Bot, a.Chat, NoticeUntranslated, r, args)
		default:
			st.tellChat(a.Bot, a.Chat, NoticeTranslation, r, args)
		}
		return nil
	})
}

// lockTranslated keeps the translation of a message, and locks the request that it is about. Without a text another try
// may be made. It is ErrNotFound where the message was erased, taken back or changed meanwhile.
func (s *step) lockTranslated(a translateArgs, text string) (m Message, r *Request, err error) {
	var request int64
	err = s.tx.GetContext(s.ctx, &request, `SELECT request_id FROM messages WHERE id = $1 AND request_id IS NOT NULL`, a.Message)
	if noRows(err) {
		return m, nil, ErrNotFound
	}
	if err != nil {
		return m, nil, wrap(err, "find what was translated")
	}
	if err := s.lockChatOf(request); err != nil {
		return m, nil, err
	}
	if r, err = lockRequest(s.ctx, s.tx, `r.id = $1 AND r.erased_at IS NULL`, request); err != nil {
		return m, nil, err
	}
	if err := s.keepTranslation(a, text); err != nil {
		return m, nil, err
	}
	err = s.tx.GetContext(s.ctx, &m, `SELECT `+messageColumns+` FROM messages m WHERE m.id = $1 AND m.taken_back_at IS NULL
		AND NOT EXISTS (SELECT FROM messages l WHERE l.edits = coalesce(m.edits, m.id) AND l.id > m.id)`, a.Message)
	if noRows(err) {
		return m, nil, ErrNotFound
	}
	return m, r, wrap(err, "load what was translated")
}

// keepTranslation keeps what a machine has made of a message. That it has made nothing of it is kept for who reads that on a page.
func (s *step) keepTranslation(a translateArgs, text string) (err error) {
	const row = ` WHERE message_id = $1 AND language = $2`
	switch {
	case text != "":
		_, err = s.tx.ExecContext(s.ctx, `UPDATE translations SET text = $3, failed_at = NULL`+row, a.Message, a.Language, text)
	case a.Account != "":
		_, err = s.tx.ExecContext(s.ctx, `UPDATE translations SET failed_at = $3`+row+` AND text = ''`, a.Message, a.Language, s.now)
	default:
		_, err = s.tx.ExecContext(s.ctx, `DELETE FROM translations`+row+` AND text = ''`, a.Message, a.Language)
	}
	return wrap(err, "keep the translation")
}

// Translation is what a machine has made of a message in a language, or ErrNotFound.
func (s *Service) Translation(ctx context.Context, message int64, language string) (text string, err error) {
	err = s.DB.GetContext(ctx, &text, `SELECT text FROM translations WHERE message_id = $1 AND language = $2 AND text <> ''`, message, language)
	if noRows(err) {
		return "", ErrNotFound
	}
	return text, wrap(err, "load a translation")
}
