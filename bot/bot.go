package bot

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync/atomic"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/prometheus/client_golang/prometheus"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/texts"
)

// pollTimeout is how long a getUpdates waits at Telegram for something to come.
const pollTimeout = 30 * time.Second

// Options are what a Bot works with.
type Options struct {
	Token         string // BotFather's, "123456:ABC…"
	URL           string // of the Bot API, without a trailing slash
	WebhookURL    string // where Telegram sends updates; empty: long polling
	WebhookSecret string
	AdminURL      string // where people reach the admin, without a trailing slash; empty: nobody has said so
	DB            *database.DB
	Intake        *intake.Service
	Limits        Limits
	Texts         *texts.Catalogue      // what it says; nil: as the program brings it
	Metrics       prometheus.Registerer // nil: a registry that nobody reads
	Log           *slog.Logger
}

// Bot is one Telegram bot.
type Bot struct {
	Options
	ID       int64
	texts    *texts.Catalogue
	api      *telegram.Bot
	uploader *telegram.Bot // api with more time, for what is uploaded
	http     *http.Client  // for what the library can't be used for; no time limit of its own
	wake     chan struct{}
	answers  chan struct{} // a slot for each answer to a pressed button that is under way
	username atomic.Pointer[string]
	metrics  metrics
}

// New makes a Bot without asking Telegram anything, so that a program starts while Telegram is away.
// A token that can't be one is an error.
func New(o Options) (*Bot, error) {
	id, err := tokenID(o.Token)
	if err != nil {
		return nil, err
	}
	catalogue := o.Texts
	if catalogue == nil {
		if catalogue, err = LoadTexts(); err != nil {
			return nil, err
		}
	}
	o.URL = strings.TrimRight(o.URL, "/")
	api, err := telegram.New(o.Token, telegram.WithSkipGetMe(), telegram.WithServerURL(o.URL),
		telegram.WithHTTPClient(pollTimeout, &http.Client{Timeout: sendTimeout}),
		telegram.WithErrorsHandler(func(err error) { o.Log.Warn("telegram client", "error", hideToken(err, o.Token)) }))
	if err != nil {
		return nil, fmt.Errorf("set up the Telegram client: %w", err)
	}
	uploader, err := telegram.New(o.Token, telegram.WithSkipGetMe(), telegram.WithServerURL(o.URL),
		telegram.WithHTTPClient(pollTimeout, &http.Client{Timeout: uploadTimeout}))
	if err != nil {
		return nil, fmt.Errorf("set up the Telegram client for files: %w", err)
	}
	if o.Metrics == nil {
		o.Metrics = prometheus.NewRegistry()
	}
	b := &Bot{Options: o, ID: id, metrics: newMetrics(o.Metrics), texts: catalogue, api: api, uploader: uploader, http: &http.Client{}, wake: make(chan struct{}, 1),
		answers: make(chan struct{}, maxAnswers)}
	return b, b.countTroubles(o.Metrics)
}

// CheckToken tells whether a token looks like one of @BotFather's.
func CheckToken(token string) error {
	_, err := tokenID(token)
	return err
}

// tokenID is the bot's id: the number before the token's colon.
func tokenID(token string) (int64, error) {
	number, secret, ok := strings.Cut(token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if !ok || err != nil || id <= 0 || secret == "" {
		return 0, fmt.Errorf("TELEGRAM_BOT_TOKEN is not a bot token: it should look like 123456789:AAE…, as @BotFather gives it")
	}
	return id, nil
}

// errRefused is a token that Telegram doesn't take.
var errRefused = errors.New("copy TELEGRAM_BOT_TOKEN again from @BotFather")

// Identify asks Telegram who the bot is and stores its name. It fails while Telegram is away or refuses the token.
func (b *Bot) Identify(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, sendTimeout)
	defer cancel()
	me, err := b.api.GetMe(ctx)
	if errors.Is(err, telegram.ErrorUnauthorized) || errors.Is(err, telegram.ErrorNotFound) {
		return fmt.Errorf("Telegram at %s refuses TELEGRAM_BOT_TOKEN: %w", b.URL, errRefused)
	}
	if err != nil {
		return fmt.Errorf("ask Telegram who the bot is: %w", hideToken(err, b.Token))
	}
	if err := b.register(ctx, me.Username); err != nil {
		return err
	}
	b.username.Store(&me.Username)
	return nil
}

// Name is the bot's name at Telegram, without the @. Telegram is asked once.
func (b *Bot) Name(ctx context.Context) (string, error) {
	if known := b.username.Load(); known != nil {
		return *known, nil
	}
	if err := b.Identify(ctx); err != nil {
		return "", err
	}
	return *b.username.Load(), nil
}

// register stores the bot, of which all of its chats are.
func (b *Bot) register(ctx context.Context, username string) error {
	_, err := b.DB.ExecContext(ctx, `
		INSERT INTO bots (id, username) VALUES ($1, $2)
		ON CONFLICT (id) DO UPDATE SET username = CASE WHEN $2 = '' THEN bots.username ELSE EXCLUDED.username END`, b.ID, username)
	if err != nil {
		return fmt.Errorf("store the bot: %w", err)
	}
	return nil
}

// Ready tells whether Telegram has accepted the token.
func (b *Bot) Ready() bool { return b.username.Load() != nil }

// Wake tells the deliverer that there are notices. It never blocks.
func (b *Bot) Wake() {
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

// secretError hides the token in what an error says; the error stays what it is.
type secretError struct {
	error
	token string
}

func (e secretError) Error() string { return strings.ReplaceAll(e.error.Error(), e.token, "***") }
func (e secretError) Unwrap() error { return e.error }

func hideToken(err error, token string) error {
	if err == nil {
		return nil
	}
	return secretError{err, token}
}
