package intake

import (
	"context"
	"time"

	"github.com/lib/pq"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/rivertype"
)

const (
	retainQueue = "retention"
	retainEvery = 24 * time.Hour
	retainLimit = time.Hour // what one run may take; the next one goes on
	retainTries = 3

	// retainBatch bounds what one transaction erases: nobody who writes meanwhile waits for it.
	retainBatch = 100

	keepInvites  = 30 * 24 * time.Hour  // after they can't be used any more
	keepAbsent   = 365 * 24 * time.Hour // after the worker was back
	keepFarewell = 24 * time.Hour       // for somebody who can't be told that all is erased
	keepTries    = 24 * time.Hour       // failed logins to the admin
	keepLinks    = 24 * time.Hour       // into the admin, after they can't be used any more
	keepLogins   = 90 * 24 * time.Hour  // to the admin, with their addresses; of each account the last, which says when it was used
)

// retainArgs is the job of erasing what was kept long enough.
type retainArgs struct{}

// Kind names the job in River's table.
func (retainArgs) Kind() string { return "retain" }

// retainDaily has one of the processes erase once a day, and whenever another one begins to lead.
func retainDaily() *river.PeriodicJob {
	unfinished := []rivertype.JobState{rivertype.JobStateAvailable, rivertype.JobStatePending, rivertype.JobStateRetryable,
		rivertype.JobStateRunning, rivertype.JobStateScheduled}
	return river.NewPeriodicJob(river.PeriodicInterval(retainEvery), func() (river.JobArgs, *river.InsertOpts) {
		return retainArgs{}, &river.InsertOpts{Queue: retainQueue, MaxAttempts: retainTries, UniqueOpts: river.UniqueOpts{ByState: unfinished}}
	}, &river.PeriodicJobOpts{RunOnStart: true})
}

type retainer struct {
	river.WorkerDefaults[retainArgs]
	service *Service
}

// Timeout is how long a run may take.
func (*retainer) Timeout(*river.Job[retainArgs]) time.Duration { return retainLimit }

// Work erases all that is due.
func (r *retainer) Work(ctx context.Context, _ *river.Job[retainArgs]) error {
	return r.service.Retain(ctx)
}

// Retain erases what has been kept long enough, in batches: the words of requests that ended more than Keep ago, what
// was said to no request, what chats were told, and chats of which nothing is left. What isn't finished stays. Any number
// of processes may do it at the same time, and again.
func (s *Service) Retain(ctx context.Context) error {
	sweeps := []func(context.Context) (int, error){s.dropStale, s.letGoUntold}
	if s.Keep > 0 {
		sweeps = append([]func(context.Context) (int, error){s.eraseOld, s.dropOldNotices, s.dropOld}, sweeps...)
	}
	for _, sweep := range sweeps {
		for {
			n, err := sweep(ctx)
			if err != nil {
				return wrap(err, "erase what was kept long enough")
			}
			if n == 0 {
				break
			}
		}
	}
	return nil
}

// eraseOld erases a batch of requests. One that somebody works with at the moment waits for the next run.
func (s *Service) eraseOld(ctx context.Context) (int, error) {
	var old []*Request
	err := s.transact(ctx, func(st *step) error {
		old = nil
		err := st.tx.SelectContext(ctx, &old, `SELECT `+requestColumns+` FROM requests r
			WHERE r.closed_at < $1 AND r.erased_at IS NULL AND r.state IN ('closed', 'cancelled')
			ORDER BY r.closed_at LIMIT $2 FOR UPDATE SKIP LOCKED`, st.now.Add(-s.Keep), retainBatch)
		if err != nil || len(old) == 0 {
			return wrap(err, "find old requests")
		}
		return st.erase(BySystem, old)
	})
	return len(old), err
}

// dropOld deletes a batch of what belongs to no request: messages, what troubles were that are closed, and the chats that are
// left empty. It lifts the block of an account of which no request is left: nobody else could.
func (s *Service) dropOld(ctx context.Context) (int, error) {
	return s.deleteEach(ctx, s.Now().Add(-s.Keep),
		`DELETE FROM messages WHERE id IN (SELECT m.id FROM messages m WHERE m.request_id IS NULL AND m.said_at < $1
			AND NOT EXISTS (SELECT FROM messages e WHERE e.edits = m.id) LIMIT $2)`,
		`UPDATE troubles SET raw = '', error = 'erased', chat_id = NULL, mode = '', mode_request = NULL, mode_arg = ''
			WHERE id IN (SELECT id FROM troubles WHERE closed_at < $1 AND (error <> 'erased' OR chat_id IS NOT NULL) LIMIT $2)`,
		`UPDATE chats SET blocked_at = NULL, warned_at = NULL, heard_at = NULL WHERE (bot_id, id) IN (SELECT c.bot_id, c.id FROM chats c
			WHERE c.blocked_at IS NOT NULL AND c.created_at < $1
			  AND NOT EXISTS (SELECT FROM requests r WHERE r.bot_id = c.bot_id AND r.chat_id = c.id) LIMIT $2 FOR UPDATE SKIP LOCKED)`,
		`DELETE FROM chats WHERE (bot_id, id) IN (SELECT c.bot_id, c.id FROM chats c WHERE c.created_at < $1 AND `+unused+`
			LIMIT $2 FOR UPDATE SKIP LOCKED)`)
}

// dropOldNotices deletes a batch of what chats were told about no request.
func (s *Service) dropOldNotices(ctx context.Context) (int, error) {
	var old pq.Int64Array
	err := s.transact(ctx, func(st *step) error {
		old = nil
		err := st.tx.SelectContext(ctx, &old, `
			SELECT n.id FROM notices n WHERE n.request_id IS NULL AND n.chat_id <> 0 AND n.created_at < $1
			AND NOT EXISTS (SELECT FROM notices e WHERE e.edits = n.id)
			AND NOT EXISTS (SELECT FROM troubles t WHERE t.notice_id = n.id AND t.state <> 'closed')
			LIMIT $2 FOR UPDATE SKIP LOCKED`, st.now.Add(-s.Keep), retainBatch)
		if err != nil || len(old) == 0 {
			return wrap(err, "find old notices")
		}
		return st.dropNotices(`n.id = ANY ($1)`, old)
	})
	return len(old), err
}

// dropStale deletes a batch of what is of no use any more, however long words are kept.
func (s *Service) dropStale(ctx context.Context) (int, error) {
	total := 0
	for _, stale := range []struct {
		keep      time.Duration
		statement string
	}{
		{keepInvites, `DELETE FROM invites WHERE code_hash IN (SELECT code_hash FROM invites WHERE expires_at < $1 LIMIT $2)`},
		{keepAbsent, `DELETE FROM absences WHERE id IN (SELECT id FROM absences WHERE ended_at < $1 LIMIT $2)`},
		{keepTries, `DELETE FROM login_tries WHERE (account, address) IN (SELECT account, address FROM login_tries WHERE last_at < $1 LIMIT $2)`},
		{keepTries, `DELETE FROM origins WHERE record IN (SELECT record FROM origins WHERE failed AND at < $1 LIMIT $2)`},
		{keepLogins, `DELETE FROM origins WHERE record IN (SELECT record FROM origins WHERE NOT failed AND at < $1 LIMIT $2)`},
		{keepLinks, `DELETE FROM login_links WHERE token_hash IN (SELECT token_hash FROM login_links WHERE expires_at < $1 LIMIT $2)`},
		{keepLogins, `DELETE FROM logins WHERE id IN (SELECT l.id FROM logins l WHERE l.seen_at < $1
			AND EXISTS (SELECT FROM logins n WHERE n.account = l.account AND (n.seen_at, n.id) > (l.seen_at, l.id)) LIMIT $2)`},
		{PreviewValid, `DELETE FROM previews WHERE id IN (SELECT id FROM previews WHERE made_at < $1 LIMIT $2)`},
	} {
		n, err := s.deleteEach(ctx, s.Now().Add(-stale.keep), stale.statement)
		total += n
		if err != nil {
			return total, err
		}
	}
	return total, nil
}

// deleteEach runs statements that delete what is older than before, up to a batch each, and counts what they deleted.
func (s *Service) deleteEach(ctx context.Context, before time.Time, statements ...string) (int, error) {
	total := 0
	for _, statement := range statements {
		result, err := s.DB.ExecContext(ctx, statement, before, retainBatch)
		if err != nil {
			return total, wrap(err, "delete what is old")
		}
		n, err := result.RowsAffected()
		if err != nil {
			return total, wrap(err, "count what is deleted")
		}
		total += int(n)
	}
	return total, nil
}

// letGoUntold lets go of chats whose person can't be told that all is erased.
func (s *Service) letGoUntold(ctx context.Context) (int, error) {
	var chats []chat
	err := s.DB.SelectContext(ctx, &chats, `SELECT DISTINCT bot_id, chat_id AS id FROM notices
		WHERE kind = $1 AND chat_id <> 0 AND created_at < $2 LIMIT $3`, NoticeForgotten, s.Now().Add(-keepFarewell), retainBatch)
	for _, c := range chats {
		if err := s.LetGo(ctx, c.Bot, c.ID); err != nil {
			return 0, err
		}
	}
	return len(chats), wrap(err, "find who can't be told")
}
