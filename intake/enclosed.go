package intake

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"

	"onedoor/internal/filestore"
)

// MaxPicture is the size of the largest picture that Telegram takes as one, in bytes
// (https://core.telegram.org/bots/api#sending-files).
const MaxPicture = 10 << 20

// MaxBeside is how long words beside a file may be, in UTF-16 units: with a name before them they are one message with it.
const MaxBeside = oneCaption

// Enclosed is a file that a supervisor sends to a resident. Its name is only ever shown: what it is, its content says.
type Enclosed struct {
	Name    string
	Content []byte
}

// What is wrong with a file that can't be sent.
const (
	EnclosedEmpty = "empty"
	EnclosedLarge = "large"
)

// Fault is what is wrong with the file, or empty.
func (e Enclosed) Fault() string {
	switch {
	case len(e.Content) == 0:
		return EnclosedEmpty
	case len(e.Content) > MaxFile, len(e.Content) > MaxPicture && strings.HasPrefix(filestore.TypeOf(e.Content), "image/"):
		return EnclosedLarge
	}
	return ""
}

// kind is as what the file goes: what Telegram shows as a picture, or plays as a voice, by its content; all else to be saved.
func (e Enclosed) kind() string {
	switch filestore.TypeOf(e.Content) {
	case "image/jpeg", "image/png":
		return KindPhoto
	case "application/ogg", "audio/mpeg":
		return KindVoice
	}
	return KindDocument
}

// AnswerWithFile is Answer with a file, and words beside it that may be none. A file with a Fault, and words longer than MaxBeside, are
// ErrRefused; of a request that another system filed, for somebody who has no chat, it is RefusedNoChat.
func (s *Service) AnswerWithFile(ctx context.Context, by Supervisor, ref, words string, file Enclosed, translated bool) error {
	what := said{kind: file.kind(), text: clean(words), fileName: file.Name, content: file.Content}
	if file.Fault() != "" || !(Message{Kind: what.kind, Text: what.text}).isOne() {
		return ErrRefused
	}
	return s.answer(ctx, by, ref, what, translated)
}

// takesFile is RefusedNoChat of a request whose resident has no chat.
func (s *step) takesFile(r *Request) error {
	var filed bool
	err := s.tx.GetContext(s.ctx, &filed, `SELECT EXISTS (SELECT FROM filings WHERE request_id = $1)`, r.ID)
	return errorOr(wrap(err, "look who filed a request"), refuseIf(filed, RefusedNoChat))
}

// keepContent keeps what a supervisor sends until it is sent, and has a copy kept of it like of any other file.
func (s *step) keepContent(message int64, what said) error {
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO uploads (message_id, content) VALUES ($1, $2)`, message, what.content); err != nil {
		return wrap(err, "keep what is to be sent")
	}
	return s.keepFile(message, what)
}

// Carries tells whether the message has a file. One of a supervisor's has no id of Telegram's before it is sent.
func (m Message) Carries() bool {
	return m.FileID != "" || m.Author == BySupervisor && m.Kind != KindText && m.Kind != KindNote
}

// Content opens a message's file: our copy of it or, where there is none on this machine, what waits to be sent of a supervisor's. called is what it may be called. It is ErrNotFound where there is neither.
func (s *Service) Content(ctx context.Context, message int64) (content io.ReadCloser, called string, err error) {
	kept, of, err := s.Kept(ctx, message)
	if err == nil {
		return kept, of.Called(), nil
	}
	if !errors.Is(err, ErrNotFound) {
		s.Log.Warn("opening the copy of a file fails", "message", message, "error", err)
	}
	return s.waiting(ctx, message)
}

// waiting is the content of a message's file that waits to be sent, or to be kept.
func (s *Service) waiting(ctx context.Context, message int64) (content io.ReadCloser, called string, err error) {
	var row struct {
		Content []byte `db:"content"`
		Name    string `db:"name"`
	}
	err = s.DB.GetContext(ctx, &row, `SELECT u.content, coalesce(a.name, '') AS name FROM uploads u LEFT JOIN attachments a USING (message_id)
		WHERE u.message_id = $1`, message)
	if noRows(err) {
		return nil, "", ErrNotFound
	}
	if err != nil {
		return nil, "", wrap(err, "load what waits to be sent")
	}
	file := Attachment{Name: row.Name, ContentType: filestore.TypeOf(row.Content)}
	return io.NopCloser(bytes.NewReader(row.Content)), file.Called(), nil
}

// Uploaded records the id by which a bot can send a supervisor's file again, and as what kind it went. That of the first time stays.
func (s *Service) Uploaded(ctx context.Context, bot, message int64, kind, fileID string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE messages SET file_id = $3, kind = $4
		WHERE id = $1 AND bot_id = $2 AND author = 'supervisor' AND file_id = ''`, message, bot, fileID, kind)
	return wrap(err, "record what was uploaded")
}

// dropSent drops the content of a bot's files that are sent, or will never be, once a copy of them is kept or can't be.
func (s *Service) dropSent(ctx context.Context, bot int64) error {
	_, err := s.DB.ExecContext(ctx, `DELETE FROM uploads u USING messages m WHERE m.id = u.message_id AND m.bot_id = $1
		AND (m.file_id <> '' OR m.taken_back_at IS NOT NULL) AND NOT EXISTS (SELECT FROM attachments a WHERE a.message_id = m.id AND a.state = 'waiting')`, bot)
	return wrap(err, "drop what is sent")
}
