package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/prompts"
	"onedoor/routing"
)

// config is what the environment, or flags of the same names, say.
type config struct {
	DatabaseURL string `name:"database-url" group:"Database" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or newer. Unset: a private one in the data directory."`
	DataDir     string `name:"onedoor-data-dir" group:"Database" env:"ONEDOOR_DATA_DIR" placeholder:"DIR" help:"Where the private PostgreSQL and copies of what people send live. As root /var/lib/onedoor, else ~/.local/share/onedoor."`
	Listen      string `name:"onedoor-listen" group:"Web" env:"ONEDOOR_LISTEN" default:"127.0.0.1:8080" help:"Address of the admin and the webhook."`
	PublicURL   string `name:"onedoor-public-url" group:"Web" env:"ONEDOOR_PUBLIC_URL" placeholder:"URL" help:"Where the listener is reached from outside; needed for the webhook, and for links into the admin."`

	Tiles string `name:"onedoor-tiles" group:"Web" env:"ONEDOOR_TILES" placeholder:"URL" help:"Address of map tiles to lie under the admin's map, such as https://tiles.example/{z}/{x}/{y}.png. Unset: none are needed."`

	KeepDays int `name:"onedoor-keep-days" group:"Database" env:"ONEDOOR_KEEP_DAYS" default:"365" help:"Days for which words are kept after their request has ended; then it stays as a count. 0: for ever."`

	Token         string `name:"telegram-bot-token" group:"Telegram" env:"TELEGRAM_BOT_TOKEN" placeholder:"TOKEN" help:"As @BotFather gives it."`
	APIURL        string `name:"telegram-api-url" group:"Telegram" env:"TELEGRAM_API_URL" default:"https://api.telegram.org" help:"Address of the Bot API."`
	WebhookSecret string `name:"telegram-webhook-secret" group:"Telegram" env:"TELEGRAM_WEBHOOK_SECRET" placeholder:"SECRET" help:"Set: receive by webhook, checked with this secret. Unset: long polling."`

	PerSecond     float64 `name:"telegram-per-second" group:"Telegram" env:"TELEGRAM_PER_SECOND" default:"30" help:"Messages a second that the bot may send in all."`
	ChatPerSecond float64 `name:"telegram-chat-per-second" group:"Telegram" env:"TELEGRAM_CHAT_PER_SECOND" default:"1" help:"Messages a second that the bot may send in one chat."`
	GroupPerMin   float64 `name:"telegram-group-per-minute" group:"Telegram" env:"TELEGRAM_GROUP_PER_MINUTE" default:"20" help:"Messages a minute that the bot may send in one group."`

	OpenAIURL   string        `name:"openai-base-url" group:"Language model" env:"OPENAI_BASE_URL" placeholder:"URL" help:"An OpenAI-compatible endpoint."`
	OpenAIKey   string        `name:"openai-api-key" group:"Language model" env:"OPENAI_API_KEY" placeholder:"KEY" help:"Its key."`
	OpenAIModel string        `name:"openai-model" group:"Language model" env:"OPENAI_MODEL" placeholder:"MODEL" help:"Its model. Unset: the offline classifier alone."`
	OpenAILimit time.Duration `name:"openai-time-limit" group:"Language model" env:"OPENAI_TIME_LIMIT" default:"8s" help:"How long the model may take before the offline answer stands."`
	Transcribe  string        `name:"openai-transcribe-model" group:"Language model" env:"OPENAI_TRANSCRIBE_MODEL" placeholder:"MODEL" help:"The endpoint's model that writes down voice messages, which leave this machine for it. Unset: a person listens."`

	PerMinute int `name:"onedoor-messages-per-minute" group:"Abuse" env:"ONEDOOR_MESSAGES_PER_MINUTE" default:"20" help:"Messages and taps a minute from one account before it is slowed; danger never is."`
	PerDay    int `name:"onedoor-requests-per-day" group:"Abuse" env:"ONEDOOR_REQUESTS_PER_DAY" default:"10" help:"Requests a day from one account before the next one waits; danger never does."`

	ClaimLimit int `name:"onedoor-claim-limit" group:"Desk" env:"ONEDOOR_CLAIM_LIMIT" default:"15" help:"Requests that one worker may have claimed at a time; emergencies are neither limited nor counted."`

	DigestAt string `name:"onedoor-digest-at" group:"Desk" env:"ONEDOOR_DIGEST_AT" default:"08:00" help:"When supervisors are told in chat how their station fared yesterday, in its time zone. Empty: never."`

	Verbose bool `help:"Say on stderr what the program does on the way. serve always does."`

	existing  bool // refuse to make a database where none is: the command only reads
	lists     bool // of a command that classifies nothing
	exclusive bool // refuse a second program of the kind on one data directory
	fresh     bool // begin with an empty database and the sample data
	noUndo    bool // claims stand at once, and residents hear of them: no test waits for that
}

// open connects to the database, and starts the private one if need be.
func (c *config) open(ctx context.Context, log *slog.Logger) (*database.DB, error) {
	db, err := database.Open(ctx, database.Config{URL: c.DatabaseURL, DataDir: c.dataDir(), Existing: c.existing, Exclusive: c.exclusive, Log: log})
	if errors.Is(err, database.ErrNone) {
		return nil, fmt.Errorf("%w; %s", err, c.elsewhere())
	}
	return db, err
}

// elsewhere says what to do where no database is: the demo's may be what is meant.
func (c *config) elsewhere() string {
	if demo := c.demoDir(); database.Exists(demo) {
		return "that of the last `onedoor demo` is there with --onedoor-data-dir " + demo
	}
	return "`onedoor serve` or `onedoor import` makes one, and --onedoor-data-dir or DATABASE_URL name another"
}

// demoDir is the demo's own data directory.
func (c *config) demoDir() string { return filepath.Join(c.dataDir(), "demo") }

func (c *config) dataDir() string {
	if c.DataDir != "" {
		return c.DataDir
	}
	return database.DefaultDataDir()
}

// model is the language model, or nil when none is configured.
func (c *config) model(t *prompts.Taxonomy, offline *prompts.Offline) (*prompts.Model, error) {
	switch {
	case c.OpenAIModel == "" && (c.OpenAIURL == "" || c.Transcribe != ""):
		return nil, nil
	case c.OpenAIModel == "":
		return nil, usageError{fmt.Errorf("OPENAI_BASE_URL is set but OPENAI_MODEL is not: name the model, or unset both for the offline classifier")}
	}
	return prompts.NewModel(t, offline, prompts.ModelConfig{BaseURL: c.OpenAIURL, Key: c.OpenAIKey, Model: c.OpenAIModel, Limit: c.OpenAILimit}), nil
}

// transcriber writes down voice messages, or is nil when no model for that is configured.
func (c *config) transcriber() *prompts.Transcriber {
	if c.Transcribe == "" {
		return nil
	}
	return prompts.NewTranscriber(prompts.ModelConfig{BaseURL: c.OpenAIURL, Key: c.OpenAIKey, Model: c.Transcribe})
}

// logger writes what concerns whoever runs the program.
func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// quiet is the logger of the commands that do one thing: nothing that goes as it should, unless asked for.
func (c *config) quiet(w io.Writer) *slog.Logger {
	level := slog.LevelWarn
	if c.Verbose {
		level = slog.LevelInfo
	}
	return slog.New(slog.NewTextHandler(w, &slog.HandlerOptions{Level: level}))
}

// domain is a database with what works on it, for the commands.
type domain struct {
	db     *database.DB
	router *routing.Router
	intake *intake.Service
}

// listDomain is readDomain for a command that classifies nothing.
func (c *config) listDomain(ctx context.Context, std streams) (*domain, error) {
	c.lists = true
	return c.readDomain(ctx, std)
}

// readDomain is openDomain for a command that only reads: it makes no database.
func (c *config) readDomain(ctx context.Context, std streams) (*domain, error) {
	c.existing = true
	return c.openDomain(ctx, c.quiet(std.err))
}

// openDomain connects, migrates and loads what the domain works with.
func (c *config) openDomain(ctx context.Context, log *slog.Logger) (*domain, error) {
	db, err := c.open(ctx, log)
	if err != nil {
		return nil, err
	}
	if c.fresh {
		if err := loadSample(ctx, db, log); err != nil {
			db.Close()
			return nil, err
		}
	}
	d, err := newDomain(ctx, db, log, !c.lists)
	if err != nil {
		db.Close()
		return nil, err
	}
	return d, nil
}

// What takes long and is the same each time: tests, which make many domains in one process, do it once.
var (
	loadTaxonomy = prompts.Load
	newOffline   = prompts.NewOffline
)

// newDomain makes what works on a database. Who only lists what is on record needs no classifier, whose training takes most of
// the time.
func newDomain(ctx context.Context, db *database.DB, log *slog.Logger, classifies bool) (*domain, error) {
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	router, err := routing.New(ctx, db.DB, log)
	if err != nil {
		return nil, err
	}
	taxonomy, err := loadTaxonomy()
	if err != nil {
		return nil, err
	}
	options := intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Log: log}
	if classifies {
		options.Offline = newOffline(taxonomy)
	}
	service := intake.New(options)
	if err := service.LoadStandards(ctx); err != nil {
		return nil, err
	}
	return &domain{db, router, service}, nil
}

func (d *domain) close() { d.db.Close() }
