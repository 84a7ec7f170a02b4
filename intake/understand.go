package intake

import (
	"context"
	"database/sql"
	"log/slog"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"

	"onedoor/internal/database"
	"onedoor/prompts"
)

// modelGrace is what storing the model's answer may take on top of the model's own limit, before the clock
// goes on with the offline answer.
const modelGrace = 2 * time.Second

// understandArgs is the job of asking the model what a draft means.
type understandArgs struct {
	Request int64 `json:"request"`
}

// Kind names the job in River's table.
func (understandArgs) Kind() string { return "understand" }

// askModel leaves a draft to the model; the clock goes on without it when it takes too long.
func (s *step) askModel(r *Request) error {
	r.next(actUnderstand, s.now.Add(s.Model.Limit()+modelGrace))
	_, err := s.jobs.InsertTx(s.ctx, s.tx.Tx, understandArgs{r.ID}, &river.InsertOpts{MaxAttempts: 1})
	return wrap(err, "leave the draft to the model")
}

// understander asks the model. A failure of any kind is nothing to the resident: the offline answer stands.
type understander struct {
	river.WorkerDefaults[understandArgs]
	service *Service
}

// Timeout is how long asking may take, River's own work included.
func (u *understander) Timeout(*river.Job[understandArgs]) time.Duration {
	return u.service.Model.Limit() + modelGrace
}

// Work asks outside of any transaction, and stores the answer if the words are still the same. It asks about a request
// that was filed meanwhile, too: it may be a danger.
func (u *understander) Work(ctx context.Context, job *river.Job[understandArgs]) error {
	s := u.service
	var text string
	err := s.DB.GetContext(ctx, &text, `SELECT text FROM requests WHERE id = $1 AND state IN ('draft', 'open', 'claimed', 'referred')`, job.Args.Request)
	if noRows(err) {
		return nil
	}
	if err != nil {
		return wrap(err, "load the words to understand")
	}
	answer, err := s.Model.Classify(ctx, text)
	if err != nil {
		s.Log.Warn("the model gave no usable answer; the offline answer stands", "error", err)
	}
	return s.settle(ctx, job.Args.Request, text, answer)
}

// settle goes on with a draft that waited for the model; of what was filed meanwhile, it heeds danger alone. The chat is
// locked before its request, as everywhere.
func (s *Service) settle(ctx context.Context, request int64, text string, u prompts.Understanding) error {
	return s.transact(ctx, func(st *step) error {
		if err := st.lockChatOf(request); err != nil {
			return err
		}
		r, err := lockRequest(ctx, st.tx, `r.id = $1`, request)
		if err != nil {
			return err
		}
		if u.Crisis != "" && r.State.Active() && strings.HasPrefix(r.Text, text) {
			return st.raise(r, u)
		}
		if u.Crisis != "" && r.State == Draft && strings.HasPrefix(r.Text, text) {
			return st.modelCrisis(r, u)
		}
		if !r.Pending() || r.Text != text {
			return nil // the resident said more, or the clock went on
		}
		if _, err := st.understood(r, u); err != nil {
			return err
		}
		r.next(actRemind, st.now.Add(remindAfter))
		return st.proceed(r)
	})
}

// modelCrisis files a danger that only the model saw, and keeps what it said.
func (s *step) modelCrisis(r *Request, u prompts.Understanding) error {
	update, err := s.lastUpdate(r)
	if err != nil {
		return err
	}
	if update != nil {
		s.update.ID = *update
	}
	return s.fileAs(r, u, u.Crisis)
}

func (s *step) lockChatOf(request int64) error {
	s.chat = &chat{}
	err := s.tx.GetContext(s.ctx, s.chat, `SELECT `+chatColumns+` FROM chats c JOIN requests r ON r.bot_id = c.bot_id
		AND r.chat_id = c.id WHERE r.id = $1 FOR NO KEY UPDATE OF c`, request)
	return wrap(err, "lock the chat")
}

// Jobs asks the model and writes down voices, one attempt each, keeps copies of files, and erases what was kept long enough, in
// the background.
type Jobs struct {
	client   *river.Client[*sql.Tx]
	listener *pgxpool.Pool
}

// jobsStop is how long jobs under way may take to end. What is cut off is nothing to the resident.
const jobsStop = 3 * time.Second

// jobsRetry is after how long their start is tried again while the database is away.
const jobsRetry = time.Second

// Jobs makes the jobs of a bot's Service, as far as it has a Model, a Transcriber and Files. It must be called before the
// first Handle.
func (s *Service) Jobs(ctx context.Context, log *slog.Logger, listenURL string, bot int64) (*Jobs, error) {
	workers := river.NewWorkers()
	queues := map[string]river.QueueConfig{retainQueue: {MaxWorkers: 1}}
	river.AddWorker(workers, &retainer{service: s})
	if s.Model != nil {
		river.AddWorker(workers, &understander{service: s})
		river.AddWorker(workers, &translator{service: s})
		queues[river.QueueDefault] = river.QueueConfig{MaxWorkers: 50}
	}
	if s.Transcriber != nil {
		river.AddWorker(workers, &transcriber{service: s})
		queues[voiceQueue(bot)] = river.QueueConfig{MaxWorkers: 20}
	}
	if s.Files != nil {
		river.AddWorker(workers, &fetcher{service: s})
		queues[fileQueue(bot)] = river.QueueConfig{MaxWorkers: fetchers}
	}
	listener, err := pgxpool.New(ctx, listenURL)
	if err != nil {
		return nil, wrap(err, "set up the jobs' listener")
	}
	client, err := river.NewClient(riverdatabasesql.NewWithPgxListener(s.DB.DB.DB, listener), &river.Config{
		Queues:       queues,
		Workers:      workers,
		PeriodicJobs: []*river.PeriodicJob{retainDaily()},
		Logger:       log,
	})
	if err != nil {
		listener.Close()
		return nil, wrap(err, "set up the jobs")
	}
	s.jobs = client
	return &Jobs{client, listener}, nil
}

// Run works on jobs until ctx ends, and then lets those under way end. While the database is away at the start, it waits for it.
func (j *Jobs) Run(ctx context.Context) error {
	defer j.listener.Close()
	for {
		err := j.client.Start(context.WithoutCancel(ctx))
		if err == nil {
			break
		}
		if !database.Unavailable(err) {
			return wrap(err, "start the jobs")
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(jobsRetry):
		}
	}
	<-ctx.Done()
	stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), jobsStop)
	defer cancel()
	if j.client.Stop(stop) == nil {
		return nil
	}
	return wrap(j.client.StopAndCancel(context.WithoutCancel(ctx)), "stop the jobs")
}
