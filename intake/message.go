package intake

import (
	"context"
	"database/sql"
	"errors"
	"time"
)

// The kinds of message. A note is a worker's for colleagues only.
const (
	KindText     = "text"
	KindVoice    = "voice"
	KindLocation = "location"
	KindContact  = "contact"
	KindPhoto    = "photo"
	KindDocument = "document"
	KindNote     = "note"
)

// A Message is what a person said, as it was said.
type Message struct {
	ID        int64     `db:"id"`
	Bot       int64     `db:"bot_id"`
	Chat      int64     `db:"chat_id"`
	MessageID int64     `db:"message_id"`
	Update    int64     `db:"update_id"`
	Request   *int64    `db:"request_id"`
	Author    string    `db:"author"`
	Worker    *string   `db:"worker"`
	Kind      string    `db:"kind"`
	Text      string    `db:"text"`
	FileID    string    `db:"file_id"`
	SaidAt    time.Time `db:"said_at"`
	Edits     *int64    `db:"edits"` // the first version of which this is a later one
	Own       bool      `db:"own"`   // a contact that is the sender's own
	Held      bool      `db:"held"`  // not passed on by itself, for too much came at once

	TakenBackAt *time.Time `db:"taken_back_at"` // when its worker took it back

	Transcript string `db:"transcript"`  // what a machine has heard in a voice
	WorkerName string `db:"worker_name"` // or the partner's, or a supervisor's account; empty for a resident's
}

// first is the number of the message's first version.
func (m Message) first() int64 {
	if m.Edits != nil {
		return *m.Edits
	}
	return m.ID
}

const messageColumns = `m.id, m.bot_id, m.chat_id, m.message_id, coalesce(m.update_id, 0) AS update_id, m.request_id, m.author, m.worker, m.kind, m.text, m.file_id, m.said_at, m.edits, m.own, m.held, m.taken_back_at, m.transcript,
	coalesce((SELECT w.name FROM workers w WHERE w.code = m.worker), (SELECT p.name FROM partners p WHERE p.code = m.partner), m.account, '') AS worker_name`

// keep stores what was said in this step by the resident, the worker or the partner of the chat, or by a supervisor; r is nil
// while what was said belongs to no request.
func (s *step) keep(r *Request, author string, what said) (id int64, err error) {
	var request *int64
	if r != nil {
		request = &r.ID
	}
	var worker *string
	if author == ByWorker {
		worker = &s.worker.Code
	}
	var partner *string
	if author == ByPartner {
		partner = &s.partner.Code
	}
	var account *string
	if author == BySupervisor {
		account = &s.supervisor
	}
	err = s.tx.GetContext(s.ctx, &id, `
		INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, worker, kind, text, file_id, album, edits, own, said_at, partner, account)
		VALUES ($1, $2, $3, CASE WHEN $6 <> 'supervisor' THEN CAST($4 AS bigint) END, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) RETURNING id`,
		s.update.Bot, s.update.Chat, s.update.MessageID, s.update.ID, request, author, worker, what.kind, what.text, what.fileID, what.album, what.edits, what.own, s.now, partner, account)
	switch {
	case err != nil:
		return 0, wrap(err, "keep what was said")
	case what.fileID != "":
		return id, s.keepFile(id, what)
	case what.content != nil:
		return id, s.keepContent(id, what)
	case what.live != nil:
		return id, s.startLive(id, *what.live)
	}
	return id, nil
}

// Message loads one message; ErrNotFound when there is none.
func (s *Service) Message(ctx context.Context, id int64) (Message, error) {
	var m Message
	err := s.DB.GetContext(ctx, &m, `SELECT `+messageColumns+` FROM messages m WHERE m.id = $1`, id)
	if errors.Is(err, sql.ErrNoRows) {
		return Message{}, ErrNotFound
	}
	return m, wrap(err, "load a message")
}

// Messages is what was said about a request by all sides, notes included, oldest first.
func (s *Service) Messages(ctx context.Context, request int64) ([]Message, error) {
	var all []Message
	err := s.DB.SelectContext(ctx, &all, `SELECT `+messageColumns+` FROM messages m WHERE m.request_id = $1 ORDER BY m.id`, request)
	return all, wrap(err, "load what was said")
}
