package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"path/filepath"
	"regexp"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"onedoor/admin"
	"onedoor/bot"
	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/filestore"
	"onedoor/internal/texts"
	"onedoor/open311"
	"onedoor/prompts"
)

const (
	dueEvery     = time.Second // how often the clock is looked at
	tidyEvery    = time.Hour
	keepEvery    = time.Minute      // how often figures are summed up
	stopWithin   = 10 * time.Second // what a clean stop may take
	databaseWait = 2 * time.Second  // between tries while the database is away at the start
	maxKeepDays  = 36500            // a hundred years
	collectAt    = 40               // per cent of garbage to what is kept: most of that, what was learnt, never changes
)

type serveCommand struct{}

// Run serves until a signal ends it.
func (serveCommand) Run(ctx context.Context, std streams, c *config) error {
	return serve(ctx, c, logger(std.err), nil)
}

// server is the running program.
type server struct {
	config  *config
	log     *slog.Logger
	metrics *prometheus.Registry
	db      *database.DB
	intake  *intake.Service
	texts   *texts.Catalogue // what the bot says
	bot     *bot.Bot
	address string                       // of the listener
	ready   atomic.Bool                  // database and migrations were well at the start
	handler atomic.Pointer[http.Handler] // of the admin
	api     atomic.Pointer[http.Handler] // of other programs

	closeAdmin func()
}

// serve runs the program until ctx ends or something makes going on senseless. The listener is there first, so
// that it can be asked how it is while it waits for the database or Telegram. started is called once, when all
// runs; it may be nil.
func serve(ctx context.Context, c *config, log *slog.Logger, started func(context.Context, *server) error) error {
	if err := c.check(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", c.Listen)
	var malformed *net.AddrError
	if errors.As(err, &malformed) {
		return usageError{fmt.Errorf("ONEDOOR_LISTEN: %w: it should look like 127.0.0.1:8080", malformed)}
	}
	if err != nil {
		return fmt.Errorf("listen on %s: %w; stop what uses it, or choose another --onedoor-listen", c.Listen, err)
	}
	s := &server{config: c, log: log, metrics: newRegistry(), address: listener.Addr().String()}
	web := &http.Server{Handler: s.routes(), ReadHeaderTimeout: 10 * time.Second, ReadTimeout: time.Minute, IdleTimeout: 2 * time.Minute}
	go serveWeb(web, listener, log)
	defer stopWeb(web)
	log.Info("listening", "address", "http://"+s.address)

	c.exclusive = c.DatabaseURL == ""
	d, err := s.connect(ctx)
	if ctx.Err() != nil && s.db == nil {
		return nil // told to stop while the database was away
	}
	if err != nil {
		return err
	}
	defer s.db.Close()
	return s.work(ctx, d, started)
}

// webhookSecret is what Telegram takes for one: https://core.telegram.org/bots/api#setwebhook.
var webhookSecret = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// maxPerMinute bounds what is kept with each account to count by.
const maxPerMinute = 1000

// check refuses configurations that can't work, before anything is begun.
func (c *config) check() error {
	if c.Token == "" {
		return usageError{errors.New("TELEGRAM_BOT_TOKEN is not set: get a token from @BotFather, or try `onedoor demo`, which needs none")}
	}
	if err := bot.CheckToken(c.Token); err != nil {
		return usageError{err}
	}
	if c.WebhookSecret != "" && !webhookSecret.MatchString(c.WebhookSecret) {
		return usageError{errors.New("TELEGRAM_WEBHOOK_SECRET can't be used: Telegram takes 1 to 256 letters, digits, _ and -")}
	}
	if err := admin.CheckTiles(c.Tiles); err != nil {
		return usageError{fmt.Errorf("ONEDOOR_TILES: %w", err)}
	}
	if c.PerSecond <= 0 || c.ChatPerSecond <= 0 || c.GroupPerMin <= 0 {
		return usageError{errors.New("TELEGRAM_PER_SECOND, TELEGRAM_CHAT_PER_SECOND and TELEGRAM_GROUP_PER_MINUTE must be more than 0, or nothing is ever sent")}
	}
	if c.KeepDays < 0 || c.KeepDays > maxKeepDays {
		return usageError{fmt.Errorf("ONEDOOR_KEEP_DAYS is %d: it should be from 1 to %d days, or 0 to keep words for ever", c.KeepDays, maxKeepDays)}
	}
	if c.PerMinute < 0 || c.PerMinute > maxPerMinute || c.PerDay < 0 {
		return usageError{fmt.Errorf("ONEDOOR_MESSAGES_PER_MINUTE must be from 1 to %d, ONEDOOR_REQUESTS_PER_DAY at least 1; 0 means the default", maxPerMinute)}
	}
	if c.ClaimLimit < 0 {
		return usageError{errors.New("ONEDOOR_CLAIM_LIMIT must be at least 1; 0 means the default")}
	}
	if _, err := intake.ParseTimeOfDay(c.DigestAt); err != nil {
		return usageError{fmt.Errorf("ONEDOOR_DIGEST_AT: %w; empty: never", err)}
	}
	if c.WebhookSecret != "" && c.PublicURL == "" {
		return usageError{errors.New("TELEGRAM_WEBHOOK_SECRET is set but ONEDOOR_PUBLIC_URL is not: Telegram must know where to send updates")}
	}
	return nil
}

// connect opens and migrates the database and loads what the domain works with, waiting while a database of
// somebody else's is away.
func (s *server) connect(ctx context.Context) (*domain, error) {
	for said := false; ; said = true {
		d, err := s.config.openDomain(ctx, s.log)
		if err == nil {
			s.db = d.db
			return d, nil
		}
		if s.config.DatabaseURL == "" || !database.Unavailable(err) {
			return nil, err
		}
		if !said {
			s.log.Error("the database is away; trying again until it is there", "error", err)
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(databaseWait):
		}
	}
}

// work wires the rooms together and runs them until ctx ends.
func (s *server) work(ctx context.Context, d *domain, started func(context.Context, *server) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	if err := s.wire(ctx, d); err != nil {
		return err
	}
	defer s.closeAdmin() // while the database is there: what open boards were sent is put on record
	var group sync.WaitGroup
	defer group.Wait()
	jobs, err := s.intake.Jobs(ctx, newCalm(s.log.With("room", "jobs")), s.db.URL(), s.bot.ID)
	if err != nil {
		return err
	}
	group.Go(func() { end(cancel, jobs.Run(ctx)) })
	group.Go(func() { end(cancel, d.router.Follow(ctx, s.db.URL())) })
	group.Go(func() { end(cancel, s.intake.FollowCorrections(ctx, s.db.URL())) })
	group.Go(func() { end(cancel, s.texts.Follow(ctx, s.db, s.log)) })
	group.Go(func() { end(cancel, s.intake.FollowStandards(ctx, s.db.URL())) })
	group.Go(func() { s.actOnTime(ctx) })
	group.Go(func() { s.everyMinute(ctx, "keeping duty", s.intake.KeepDuty) })
	group.Go(func() { s.everyMinute(ctx, "sending the morning digest", s.intake.SendDigests) })
	group.Go(func() { s.intake.KeepWords(ctx) })
	group.Go(func() { s.keepFigures(ctx) })
	group.Go(func() { s.sweepFiles(ctx) })
	group.Go(func() { end(cancel, s.bot.Run(ctx)) })
	saveMemory()
	s.ready.Store(true)
	if started != nil {
		end(cancel, started(ctx, s))
	}
	<-ctx.Done()
	s.log.Info("stopping")
	if cause := context.Cause(ctx); !errors.Is(cause, context.Canceled) {
		return cause
	}
	return nil
}

// saveMemory keeps the process small: learning has left twice as much as is kept. Tests have many programs in one process.
var saveMemory = func() {
	debug.SetGCPercent(collectAt)
	debug.FreeOSMemory()
}

// end ends the program with an error, if there is one.
func end(cancel context.CancelCauseFunc, err error) {
	if err != nil {
		cancel(err)
	}
}

// wire makes the bot, the admin and what other programs ask.
func (s *server) wire(ctx context.Context, d *domain) error {
	options := d.intake.Options
	model, err := s.config.model(options.Taxonomy, options.Offline)
	if err != nil {
		return err
	}
	options.Model, options.Transcriber = model, s.config.transcriber()
	options.File = func(ctx context.Context, bot int64, id string) (io.ReadCloser, string, error) {
		return s.bot.File(ctx, bot, id)
	}
	options.Files = filestore.New(filepath.Join(s.config.dataDir(), "files"))
	options.Keep = time.Duration(s.config.KeepDays) * 24 * time.Hour
	options.Limits = intake.Limits{PerMinute: s.config.PerMinute, PerDay: s.config.PerDay}
	options.ClaimLimit = s.config.ClaimLimit
	if options.DigestAt, err = intake.ParseTimeOfDay(s.config.DigestAt); err != nil {
		return err
	}
	if !s.config.noUndo {
		options.UndoFor = intake.Undo
	}
	options.Wake = func() { s.bot.Wake() }
	s.intake = intake.New(options)
	if s.texts, err = bot.LoadTexts(); err != nil {
		return err
	}
	if s.bot, err = bot.New(s.botOptions()); err != nil {
		return usageError{err}
	}
	pages, err := admin.New(admin.Options{DB: s.db, Intake: s.intake, Secure: strings.HasPrefix(s.config.PublicURL, "https://"),
		File: s.bot.File, Bot: s.bot.Name, BotTexts: s.texts, Tiles: s.config.Tiles, Log: s.log})
	if err != nil {
		return err
	}
	s.closeAdmin = pages.Close
	context.AfterFunc(ctx, pages.Close)
	handler := pages.Handler()
	s.handler.Store(&handler)
	api, err := open311.New(open311.Options{Intake: s.intake, URL: strings.TrimRight(s.config.PublicURL, "/"), Log: s.log})
	if err != nil {
		return err
	}
	others := api.Handler()
	s.api.Store(&others)
	return nil
}

// botOptions are those of the bot that serves: its counts are shown.
func (s *server) botOptions() bot.Options {
	o := s.config.botOptions(s.db, s.intake, s.log)
	o.Metrics, o.Texts = s.metrics, s.texts
	o.AdminURL = strings.TrimRight(s.config.PublicURL, "/")
	if o.AdminURL == "" && s.config.fresh { // of the demo, which is used on its own machine
		o.AdminURL = "http://" + s.address
	}
	return o
}

// newRegistry counts what every Go program can tell of itself; the rooms add theirs.
func newRegistry() *prometheus.Registry {
	r := prometheus.NewRegistry()
	r.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return r
}

func (c *config) botOptions(db *database.DB, service *intake.Service, log *slog.Logger) bot.Options {
	o := bot.Options{Token: c.Token, URL: c.APIURL, DB: db, Intake: service, Log: log,
		Limits: bot.Limits{PerSecond: c.PerSecond, ChatPerSecond: c.ChatPerSecond, GroupPerMin: c.GroupPerMin}}
	if c.WebhookSecret != "" {
		o.WebhookSecret, o.WebhookURL = c.WebhookSecret, strings.TrimRight(c.PublicURL, "/")+"/telegram/webhook"
	}
	return o
}

// actOnTime lets the clock act on requests, one after the other, for as long as any is due. Once an hour it drops
// what is no longer needed.
func (s *server) actOnTime(ctx context.Context) {
	failing, tidied := false, time.Time{}
	for ctx.Err() == nil {
		more, err := s.intake.Due(ctx)
		if err == nil && time.Since(tidied) > tidyEvery {
			tidied = time.Now()
			err = s.intake.ForgetUpdates(ctx)
		}
		if err != nil && !failing && ctx.Err() == nil {
			s.log.Error("acting on what is due fails; trying again", "error", err)
		}
		failing = err != nil
		if more && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(dueEvery):
		}
	}
}

// everyMinute does something as each minute begins: workers go on and off duty by their stations' hours, absences begin and end, and
// supervisors get their digest, on the minute.
func (s *server) everyMinute(ctx context.Context, doing string, do func(context.Context) error) {
	for ctx.Err() == nil {
		if err := do(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn(doing+" fails; trying again in a minute", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(time.Until(time.Now().Truncate(time.Minute).Add(time.Minute))):
		}
	}
}

// keepFigures sums up, once a minute, the figures of what is over.
func (s *server) keepFigures(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.intake.KeepFigures(ctx); err != nil && ctx.Err() == nil {
			s.log.Warn("keeping figures fails; trying again in a minute", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(keepEvery):
		}
	}
}

// sweepFiles removes, once an hour, the copies of files whose messages are erased.
func (s *server) sweepFiles(ctx context.Context) {
	for ctx.Err() == nil {
		if err := s.intake.SweepFiles(ctx, s.bot.ID); err != nil && ctx.Err() == nil {
			s.log.Warn("sweeping the files fails; trying again in an hour", "error", err)
		}
		select {
		case <-ctx.Done():
		case <-time.After(tidyEvery):
		}
	}
}

// routes are all that the listener answers. Until the rooms are wired, most of it is not ready.
func (s *server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /healthz", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "alive") })
	mux.HandleFunc("GET /readyz", s.readyz)
	mux.Handle("GET /metrics", promhttp.HandlerFor(s.metrics, promhttp.HandlerOpts{}))
	mux.HandleFunc("POST /telegram/webhook", s.webhook)
	mux.HandleFunc("/admin/", s.wired(&s.handler))
	mux.HandleFunc("/open311/", s.wired(&s.api))
	mux.Handle("GET /{$}", http.RedirectHandler("/admin/", http.StatusFound))
	return mux
}

// readyz says whether database, migrations and the token are well.
func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), 2*time.Second)
	defer cancel()
	why := ""
	switch {
	case !s.ready.Load():
		why = "starting: the database is not there yet"
	case s.db.Migrated(ctx) != nil:
		why = "the database does not answer, or is not migrated"
	case !s.bot.Ready():
		why = "Telegram has not accepted the token yet"
	}
	if why != "" {
		http.Error(w, why, http.StatusServiceUnavailable)
		return
	}
	fmt.Fprintln(w, "ready")
}

// webhook is Telegram's; without a secret there is none.
func (s *server) webhook(w http.ResponseWriter, r *http.Request) {
	switch {
	case s.config.WebhookSecret == "":
		http.NotFound(w, r)
	case !s.ready.Load():
		http.Error(w, "starting", http.StatusServiceUnavailable)
	default:
		s.bot.Webhook(w, r)
	}
}

// wired answers with a room's handler as soon as it is there.
func (s *server) wired(handler *atomic.Pointer[http.Handler]) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if h := handler.Load(); h != nil {
			(*h).ServeHTTP(w, r)
			return
		}
		http.Error(w, "OneDoor is starting; try again in a moment", http.StatusServiceUnavailable)
	}
}

// serveWeb answers requests until the server is stopped.
func serveWeb(web *http.Server, listener net.Listener, log *slog.Logger) {
	if err := web.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Error("the listener has failed", "error", err)
	}
}

// stopWeb lets requests under way end, within bounds: a page kept live never ends by itself.
func stopWeb(web *http.Server) {
	ctx, cancel := context.WithTimeout(context.Background(), stopWithin/5)
	defer cancel()
	if web.Shutdown(ctx) != nil {
		web.Close()
	}
}

// offlineOnly is the classifier for commands that ask no model.
func offlineOnly() (*prompts.Taxonomy, *prompts.Offline, error) {
	taxonomy, err := prompts.Load()
	if err != nil {
		return nil, nil, err
	}
	return taxonomy, newOffline(taxonomy), nil
}
