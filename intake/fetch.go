package intake

import (
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/riverqueue/river"

	"onedoor/internal/filestore"
)

const (
	fetchers   = 4               // files that a process fetches at the same time
	fetchLimit = 5 * time.Minute // what fetching one may take
	fetchTries = 15              // with River's growing pauses: for a day and a half
	goneTries  = 3               // after which a file that Telegram doesn't find is gone: at first it may only be "temporarily unavailable"
)

// fetchArgs is the job of keeping a copy of the file that a message carries.
type fetchArgs struct {
	Message int64 `json:"message"`
}

// Kind names the job in River's table.
func (fetchArgs) Kind() string { return "fetch" }

// fileQueue is the queue of the files sent to a bot: only its own program can fetch them.
func fileQueue(bot int64) string { return fmt.Sprintf("files-%d", bot) }

// keepFile has a copy kept of the file that a message carries.
func (s *step) keepFile(message int64, what said) error {
	if s.jobs == nil || s.Files == nil {
		return nil
	}
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO attachments (message_id, name, added_at) VALUES ($1, $2, $3)`,
		message, fileName(what.fileName), s.now); err != nil {
		return wrap(err, "await a file")
	}
	_, err := s.jobs.InsertTx(s.ctx, s.tx.Tx, fetchArgs{message}, &river.InsertOpts{MaxAttempts: fetchTries, Queue: fileQueue(s.update.Bot)})
	return wrap(err, "leave a file to be fetched")
}

// fetcher keeps copies of files. Nobody waits for them.
type fetcher struct {
	river.WorkerDefaults[fetchArgs]
	service *Service
}

// Timeout is how long fetching a file may take.
func (*fetcher) Timeout(*river.Job[fetchArgs]) time.Duration { return fetchLimit }

// Work fetches outside of any transaction. It may be done any number of times: a crash in the middle leaves nothing that
// the next try doesn't put right.
func (f *fetcher) Work(ctx context.Context, job *river.Job[fetchArgs]) error {
	s := f.service
	err := s.fetch(ctx, job.Args.Message)
	switch {
	case err == nil:
		return nil
	case errors.Is(err, ErrTooBig):
		return s.notKept(ctx, job.Args.Message, FileTooBig)
	case errors.Is(err, ErrNotFound) && job.Attempt >= goneTries:
		return s.notKept(ctx, job.Args.Message, FileGone)
	case job.Attempt >= job.MaxAttempts:
		s.Log.Error("keeping a copy of a file fails for good", "message", job.Args.Message, "error", err)
		return s.notKept(ctx, job.Args.Message, FileFailed)
	}
	return err
}

// fetch keeps the file of a message that waits for it. What was erased meanwhile is nothing to fetch.
func (s *Service) fetch(ctx context.Context, message int64) error {
	var m Message
	err := s.DB.GetContext(ctx, &m, `SELECT `+messageColumns+` FROM messages m JOIN attachments a ON a.message_id = m.id
		WHERE m.id = $1 AND a.state = 'waiting'`, message)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return wrap(err, "load what waits for its file")
	}
	content, err := s.source(ctx, m)
	if err != nil {
		return wrap(err, "fetch a file")
	}
	defer content.Close()
	kept, err := s.Files.Keep(m.Bot, m.ID, content, MaxFile)
	if errors.Is(err, filestore.ErrTooBig) {
		return ErrTooBig
	}
	if err != nil {
		return wrap(err, "keep a file")
	}
	return s.record(ctx, m.ID, kept)
}

// source is where a message's file is to be had: a supervisor's is here until it is kept, all others at Telegram.
func (s *Service) source(ctx context.Context, m Message) (io.ReadCloser, error) {
	if m.Author == BySupervisor {
		content, _, err := s.waiting(ctx, m.ID)
		if err == nil || m.FileID == "" || !errors.Is(err, ErrNotFound) {
			return content, err
		}
	}
	content, _, err := s.File(ctx, m.Bot, m.FileID)
	return content, err
}
