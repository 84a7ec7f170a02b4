package simulator

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"log/slog"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"
)

// Options are what a Simulator can be told. The zero value serves tests: no limits, Telegram's real delays.
type Options struct {
	Limits       Limits           // how fast a bot may send; zero: as fast as it likes. See TelegramLimits
	WebhookRetry time.Duration    // before a webhook is tried a third time, doubled each time; default 2 s
	Now          func() time.Time // default time.Now
	Log          *slog.Logger     // webhooks that fail, and the simulator's own faults; default: nowhere
}

// Simulator is the server. It is an http.Handler for /bot<token>/<method> and /file/bot<token>/<path>.
// All its methods, and those of its bots and users, may be called from any goroutine.
type Simulator struct {
	options Options
	methods map[string]method // by name in lower case: Telegram doesn't look at case
	client  *http.Client      // delivers webhooks
	ctx     context.Context   // ends with Close
	stop    context.CancelFunc
	work    sync.WaitGroup // webhook deliveries

	mu     sync.Mutex // guards everything below, and every Bot, User and chat
	bots   map[string]*Bot
	users  map[int64]*User
	calls  []Call
	faults []*Fault
	serial int64 // numbers what only has to differ: files, queries, users without an id
}

// New makes a Simulator that knows no bot and nobody. The caller calls Close when it is done.
func New(o Options) *Simulator {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.WebhookRetry == 0 {
		o.WebhookRetry = 2 * time.Second
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	ctx, stop := context.WithCancel(context.Background())
	return &Simulator{
		options: o, methods: methods(), client: webhookClient(), ctx: ctx, stop: stop,
		bots: map[string]*Bot{}, users: map[int64]*User{},
	}
}

// Close ends long polls and webhook deliveries and waits for the latter. Calls that come after it are refused.
func (s *Simulator) Close() {
	s.mu.Lock()
	s.stop()
	s.mu.Unlock()
	s.work.Wait()
	s.client.CloseIdleConnections()
}

// AddBot registers a bot as BotFather would: the number before the token's colon is its id. A token that is
// known already gives the bot that has it.
func (s *Simulator) AddBot(token, username string) (*Bot, error) {
	number, secret, _ := strings.Cut(token, ":")
	id, err := strconv.ParseInt(number, 10, 64)
	if err != nil || id <= 0 || secret == "" || strings.Contains(secret, "/") {
		return nil, errors.New(`add a bot to the simulator: a token reads like "123456:ABC"`)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.bots[token] == nil {
		s.bots[token] = newBot(s, id, token, username)
	}
	return s.bots[token], nil
}

// Token is a bot token of the right form, and a new one each time.
func Token(id int64) string { return strconv.FormatInt(id, 10) + ":" + rand.Text() }

// ServeHTTP answers the Bot API's two kinds of address.
func (s *Simulator) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, isFile := strings.CutPrefix(r.URL.Path, "/file")
	path, isBot := strings.CutPrefix(path, "/bot")
	token, rest, _ := strings.Cut(path, "/")
	if !isBot || rest == "" {
		reply(w, nil, errNotFound)
		return
	}
	s.mu.Lock()
	b := s.bots[token]
	s.mu.Unlock()
	switch {
	case s.ctx.Err() != nil:
		reply(w, nil, errClosing)
	case b == nil:
		reply(w, nil, errUnauthorized)
	case isFile:
		s.serveFile(w, b, rest)
	default:
		s.serveMethod(w, r, b, rest)
	}
}

func (s *Simulator) serveMethod(w http.ResponseWriter, r *http.Request, b *Bot, name string) {
	m, ok := s.methods[strings.ToLower(name)]
	if !ok {
		reply(w, nil, errNotFound)
		return
	}
	f, err := readForm(w, r)
	if err != nil {
		reply(w, nil, err)
		return
	}
	c := &call{sim: s, bot: b, ctx: r.Context(), method: m, form: f, at: s.options.Now()}
	result, fault, err := c.do()
	if fault != nil {
		fault.answer(s.ctx, w, r)
		return
	}
	reply(w, result, err)
}

// reply writes Telegram's envelope around a result or a refusal.
func reply(w http.ResponseWriter, result any, err error) {
	status, body := http.StatusOK, any(map[string]any{"ok": true, "result": result})
	if err != nil {
		refused := refusal(err)
		status, body = refused.Code, refused
	}
	text, err := json.Marshal(body)
	if err != nil { // can't be: all that goes in here has been JSON, or is of the simulator's own types
		status, text = http.StatusInternalServerError, []byte(`{"ok":false,"error_code":500,"description":"Internal Server Error"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(text) // a caller who has gone away is their own affair
}

// next gives numbers that differ and rise.
func (s *Simulator) next() int64 {
	s.serial++
	return s.serial
}
