package intake

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"strconv"
	"strings"
	"time"

	"onedoor/internal/filestore"
)

// What became of the copy of a message's file.
const (
	FileWaiting = "waiting" // to be fetched
	FileKept    = "kept"
	FileTooBig  = "too_big" // for Telegram to give it to a bot
	FileGone    = "gone"    // Telegram has it no more
	FileFailed  = "failed"  // in all tries
)

// MaxFile is the size of the largest file that is kept, or sent, in bytes: the largest that Telegram gives to a bot
// (https://core.telegram.org/bots/api#getfile).
const MaxFile = 20 << 20

// ErrTooBig is a file of more than MaxFile. It is ErrNotFound, too.
var ErrTooBig = fmt.Errorf("larger than 20 MB: %w", ErrNotFound)

// An Attachment is what is known of the file that a message carries, and of our copy of it.
type Attachment struct {
	Message     int64  `db:"message_id"`
	State       string `db:"state"`
	Name        string `db:"name"`         // as its sender calls it, cleaned; may be empty
	ContentType string `db:"content_type"` // by its content; empty until it is kept
	Size        *int64 `db:"size"`
	File        string `db:"file"` // in the store
}

const attachmentColumns = `a.message_id, a.state, a.name, a.content_type, a.size, a.file`

// Called is what the file may be called: by its sender's name for it or, without one, with an ending that fits its content.
func (a Attachment) Called() string {
	if a.Name != "" {
		return a.Name
	}
	return "file" + map[string]string{"image/jpeg": ".jpg", "image/png": ".png", "image/gif": ".gif", "image/webp": ".webp",
		"application/ogg": ".oga", "audio/mpeg": ".mp3", "video/mp4": ".mp4", "application/pdf": ".pdf"}[a.ContentType]
}

// Picture tells whether the copy is a picture of a kind that browsers show and that can't carry scripts.
func (a Attachment) Picture() bool {
	switch a.ContentType {
	case "image/jpeg", "image/png", "image/gif", "image/webp":
		return true
	}
	return false
}

// Attachments are those of a request's messages, by the message's number.
func (s *Service) Attachments(ctx context.Context, request int64) (map[int64]Attachment, error) {
	var all []Attachment
	err := s.DB.SelectContext(ctx, &all, `SELECT `+attachmentColumns+` FROM attachments a JOIN messages m ON m.id = a.message_id
		WHERE m.request_id = $1`, request)
	of := make(map[int64]Attachment, len(all))
	for _, a := range all {
		of[a.Message] = a
	}
	return of, wrap(err, "load what was sent")
}

// Kept opens our copy of a message's file. It is ErrNotFound where there is none, or none on this machine.
func (s *Service) Kept(ctx context.Context, message int64) (*os.File, Attachment, error) {
	var a Attachment
	if s.Files == nil {
		return nil, a, ErrNotFound
	}
	err := s.DB.GetContext(ctx, &a, `SELECT `+attachmentColumns+` FROM attachments a WHERE a.message_id = $1 AND a.state = 'kept'`, message)
	if noRows(err) {
		return nil, a, ErrNotFound
	}
	if err != nil {
		return nil, a, wrap(err, "find the copy of a file")
	}
	f, err := s.Files.Open(a.File)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, a, ErrNotFound
	}
	return f, a, wrap(err, "open the copy of a file")
}

// maxFileName is how long a file's name may be, in letters.
const maxFileName = 120

// fileName is what a sender calls a file, without the directories and without what can't be shown. It is only ever shown:
// nothing is opened by it.
func fileName(called string) string {
	name := []rune(clean(path.Base(strings.NewReplacer("\\", "/", "\n", " ", "\t", " ").Replace("/" + called))))
	if string(name) == "/" || string(name) == "." || string(name) == ".." {
		return ""
	}
	return string(name[max(0, len(name)-maxFileName):]) // the ending is what matters
}

// abandoned is after how long a file that still waits is given up: its job ended without saying so.
const abandoned = 7 * 24 * time.Hour

// SweepFiles removes the copies of a bot's files whose messages are erased, and gives up what has waited too long. What
// belongs to messages that aren't there yet is left alone: it is of a later time than the database, which was restored. What was sent
// from here needs to wait here no longer.
func (s *Service) SweepFiles(ctx context.Context, bot int64) error {
	if s.Files == nil {
		return nil
	}
	if _, err := s.DB.ExecContext(ctx, `UPDATE attachments SET state = 'failed' WHERE state = 'waiting' AND added_at < $1`,
		s.Now().Add(-abandoned)); err != nil {
		return wrap(err, "give up on files")
	}
	if err := s.dropSent(ctx, bot); err != nil {
		return err
	}
	return wrap(s.Files.Sweep(bot, time.Now().Add(-sweepAge), func(names []string) ([]string, error) {
		return s.erased(ctx, names)
	}), "sweep the files")
}

// sweepAge is how old a file must be to be swept: a younger one may be about to be recorded.
const sweepAge = time.Hour

// erased are those of the names that no attachment has, of messages that were there.
func (s *Service) erased(ctx context.Context, names []string) (gone []string, err error) {
	var last int64
	if err := s.DB.GetContext(ctx, &last, `SELECT coalesce(max(last_value), 0) FROM pg_sequences
		WHERE schemaname = current_schema() AND sequencename = 'messages_id_seq'`); err != nil {
		return nil, wrap(err, "find the last message")
	}
	for _, name := range names {
		id, _, _ := strings.Cut(path.Base(name), "-")
		message, err := strconv.ParseInt(id, 10, 64)
		if err != nil || message > last {
			continue
		}
		var kept bool
		if err := s.DB.GetContext(ctx, &kept, `SELECT EXISTS (SELECT FROM attachments WHERE message_id = $1 AND state = 'kept' AND file = $2)`,
			message, name); err != nil {
			return nil, wrap(err, "look whose a file is")
		}
		if !kept {
			gone = append(gone, name)
		}
	}
	return gone, nil
}

// record says that a message's file is kept. One that was erased meanwhile stays erased.
func (s *Service) record(ctx context.Context, message int64, f filestore.File) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE attachments SET state = 'kept', content_type = $2, size = $3, sha256 = $4, file = $5
		WHERE message_id = $1 AND state = 'waiting'`, message, f.ContentType, f.Size, f.SHA256, f.Name)
	return wrap(err, "record the copy of a file")
}

// notKept says why there will be no copy of a message's file.
func (s *Service) notKept(ctx context.Context, message int64, state string) error {
	_, err := s.DB.ExecContext(ctx, `UPDATE attachments SET state = $2 WHERE message_id = $1 AND state = 'waiting'`, message, state)
	return wrap(err, "record that there is no copy of a file")
}
