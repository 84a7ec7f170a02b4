package main

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/prompts"
	"onedoor/routing"
)

// config is what the environment, or flags of the same names, say.
type config struct {
	DatabaseURL string `name:"database-url" env:"DATABASE_URL" placeholder:"URL" help:"PostgreSQL 15 or newer. Unset: a private one in the data directory."`
	DataDir     string `name:"onedoor-data-dir" env:"ONEDOOR_DATA_DIR" placeholder:"DIR" help:"Where the private PostgreSQL lives. As root /var/lib/onedoor, else ~/.local/share/onedoor."`
	Listen      string `name:"onedoor-listen" env:"ONEDOOR_LISTEN" default:"127.0.0.1:8080" help:"Address of the admin and the webhook."`
	PublicURL   string `name:"onedoor-public-url" env:"ONEDOOR_PUBLIC_URL" placeholder:"URL" help:"Where the listener is reached from outside; needed for the webhook."`

	Token         string `name:"telegram-bot-token" env:"TELEGRAM_BOT_TOKEN" placeholder:"TOKEN" help:"As @BotFather gives it."`
	APIURL        string `name:"telegram-api-url" env:"TELEGRAM_API_URL" default:"https://api.telegram.org" help:"Address of the Bot API."`
	WebhookSecret string `name:"telegram-webhook-secret" env:"TELEGRAM_WEBHOOK_SECRET" placeholder:"SECRET" help:"Set: receive by webhook, checked with this secret. Unset: long polling."`

	PerSecond     float64 `name:"telegram-per-second" env:"TELEGRAM_PER_SECOND" default:"30" help:"Messages a second that the bot may send in all."`
	ChatPerSecond float64 `name:"telegram-chat-per-second" env:"TELEGRAM_CHAT_PER_SECOND" default:"1" help:"Messages a second that the bot may send in one chat."`
	GroupPerMin   float64 `name:"telegram-group-per-minute" env:"TELEGRAM_GROUP_PER_MINUTE" default:"20" help:"Messages a minute that the bot may send in one group."`

	OpenAIURL   string        `name:"openai-base-url" env:"OPENAI_BASE_URL" placeholder:"URL" help:"An OpenAI-compatible endpoint."`
	OpenAIKey   string        `name:"openai-api-key" env:"OPENAI_API_KEY" placeholder:"KEY" help:"Its key."`
	OpenAIModel string        `name:"openai-model" env:"OPENAI_MODEL" placeholder:"MODEL" help:"Its model. Unset: the offline classifier alone."`
	OpenAILimit time.Duration `name:"openai-time-limit" env:"OPENAI_TIME_LIMIT" default:"8s" help:"How long the model may take before the offline answer stands."`
	Transcribe  string        `name:"openai-transcribe-model" env:"OPENAI_TRANSCRIBE_MODEL" placeholder:"MODEL" help:"Not used yet: voice is kept and goes to a person."`

	exclusive bool // refuse a second program of the kind on one data directory
	fresh     bool // begin with an empty database and the sample data
}

// open connects to the database, and starts the private one if need be.
func (c *config) open(ctx context.Context, log *slog.Logger) (*database.DB, error) {
	return database.Open(ctx, database.Config{URL: c.DatabaseURL, DataDir: c.dataDir(), Exclusive: c.exclusive, Log: log})
}

func (c *config) dataDir() string {
	if c.DataDir != "" {
		return c.DataDir
	}
	return database.DefaultDataDir()
}

// model is the language model, or nil when none is configured.
func (c *config) model(t *prompts.Taxonomy, offline *prompts.Offline) (*prompts.Model, error) {
	switch {
	case c.OpenAIModel == "" && c.OpenAIURL == "":
		return nil, nil
	case c.OpenAIModel == "":
		return nil, usageError{fmt.Errorf("OPENAI_BASE_URL is set but OPENAI_MODEL is not: name the model, or unset both for the offline classifier")}
	}
	return prompts.NewModel(t, offline, prompts.ModelConfig{BaseURL: c.OpenAIURL, Key: c.OpenAIKey, Model: c.OpenAIModel, Limit: c.OpenAILimit}), nil
}

// logger writes what concerns whoever runs the program.
func logger(w io.Writer) *slog.Logger { return slog.New(slog.NewTextHandler(w, nil)) }

// domain is a database with what works on it, for the commands.
type domain struct {
	db     *database.DB
	router *routing.Router
	intake *intake.Service
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
	d, err := newDomain(ctx, db, log)
	if err != nil {
		db.Close()
		return nil, err
	}
	return d, nil
}

func newDomain(ctx context.Context, db *database.DB, log *slog.Logger) (*domain, error) {
	if err := db.Migrate(ctx); err != nil {
		return nil, err
	}
	router, err := routing.New(ctx, db.DB, log)
	if err != nil {
		return nil, err
	}
	taxonomy, err := prompts.Load()
	if err != nil {
		return nil, err
	}
	service := intake.New(intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Offline: prompts.NewOffline(taxonomy), Log: log})
	return &domain{db, router, service}, nil
}

func (d *domain) close() { d.db.Close() }
