package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"time"
)

const (
	defaultConnections = 40
	maxConnections     = 100
	webhookTimeout     = 60 * time.Second // how long Telegram waits for an answer
	maxRetryWait       = 60 * time.Second // where doubling ends
)

var secretToken = regexp.MustCompile(`^[A-Za-z0-9_-]{1,256}$`)

// webhook is where a bot's updates go, and how that goes.
type webhook struct {
	url, secret string
	connections int
	ctx         context.Context
	stop        context.CancelFunc

	busy    map[int64]bool // chats with a delivery under way or waiting to be tried again
	open    int            // deliveries under way
	failed  time.Time      // last failure
	failure string
}

// webhookClient follows no redirects, as Telegram doesn't.
func webhookClient() *http.Client {
	return &http.Client{
		Timeout:       webhookTimeout,
		Transport:     &http.Transport{MaxIdleConnsPerHost: maxConnections},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func setWebhook(c *call) (any, error) {
	if c.str("url") == "" {
		return deleteWebhook(c)
	}
	hook, err := c.newWebhook()
	if err != nil {
		return nil, err
	}
	if err := c.rememberAllowed(); err != nil {
		return nil, err
	}
	b := c.bot
	b.dropWebhook()
	b.endPoll(conflict("terminated by setWebhook request"))
	hook.ctx, hook.stop = context.WithCancel(c.sim.ctx)
	b.webhook = hook
	c.dropPending()
	b.deliver()
	return true, nil
}

func (c *call) newWebhook() (*webhook, error) {
	u, err := url.Parse(c.str("url"))
	if err != nil || u.Hostname() == "" {
		return nil, bad("bad webhook: invalid webhook URL specified")
	}
	if u.Scheme != "https" && !isLoopback(u.Hostname()) {
		return nil, bad("bad webhook: An HTTPS URL must be provided for webhook")
	}
	hook := &webhook{url: c.str("url"), secret: c.str("secret_token"), connections: defaultConnections, busy: map[int64]bool{}}
	if hook.secret != "" && !secretToken.MatchString(hook.secret) {
		return nil, bad("secret token contains unallowed characters")
	}
	if n := c.num("max_connections"); n != 0 {
		hook.connections = int(min(max(n, 1), maxConnections))
	}
	return hook, nil
}

// isLoopback lets a test's bot have a webhook without a certificate.
func isLoopback(host string) bool {
	return host == "localhost" || net.ParseIP(host).IsLoopback()
}

func deleteWebhook(c *call) (any, error) {
	c.bot.dropWebhook()
	c.dropPending()
	return true, nil
}

func (b *Bot) dropWebhook() {
	if b.webhook != nil {
		b.webhook.stop()
		b.webhook = nil
	}
}

func (c *call) dropPending() {
	if c.flag("drop_pending_updates") {
		c.bot.updates = nil
	}
}

func getWebhookInfo(c *call) (any, error) {
	b := c.bot
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(b.updates)}
	if b.allowed != nil {
		info["allowed_updates"] = b.allowed
	}
	if b.webhook != nil {
		info["url"], info["max_connections"] = b.webhook.url, b.webhook.connections
		if !b.webhook.failed.IsZero() {
			info["last_error_date"], info["last_error_message"] = unix(b.webhook.failed), b.webhook.failure
		}
	}
	return info, nil
}

// deliver starts what may be delivered now: in each chat the oldest update, as many chats as there are connections.
func (b *Bot) deliver() {
	hook := b.webhook
	if hook == nil || hook.ctx.Err() != nil {
		return
	}
	for _, u := range b.updates {
		if hook.open == hook.connections {
			return
		}
		if hook.busy[u.queue] {
			continue
		}
		hook.busy[u.queue] = true
		hook.open++
		b.sim.work.Go(func() {
			answer, wait, err := hook.post(b.sim.client, u.body)
			b.delivered(hook, u, wait, err)
			if err == nil {
				b.callInAnswer(hook.ctx, answer)
			}
		})
	}
}

// callInAnswer carries out the call that a webhook's answer makes, where it makes one. How it ends, nobody is told.
func (b *Bot) callInAnswer(ctx context.Context, answer []byte) {
	var fields map[string]any
	if json.Unmarshal(answer, &fields) != nil {
		return
	}
	name, ok := fields["method"].(string)
	if !ok {
		return
	}
	delete(fields, "method")
	body, err := json.Marshal(fields)
	if err != nil {
		return
	}
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "/", bytes.NewReader(body))
	if err != nil {
		return
	}
	r.Header.Set("Content-Type", "application/json")
	b.sim.serveMethod(nobody{http.Header{}}, r, b, name)
}

// nobody is who gets the answer to a call that is made in an answer.
type nobody struct{ header http.Header }

func (n nobody) Header() http.Header            { return n.header }
func (n nobody) Write(text []byte) (int, error) { return len(text), nil }
func (n nobody) WriteHeader(int)                {}

// post sends one update, and returns what the receiver answers. With an error it tells how long that wants to be left alone.
func (h *webhook) post(client *http.Client, body []byte) ([]byte, time.Duration, error) {
	r, err := http.NewRequestWithContext(h.ctx, http.MethodPost, h.url, bytes.NewReader(body))
	if err != nil {
		return nil, 0, err
	}
	r.Header.Set("Content-Type", "application/json")
	if h.secret != "" {
		r.Header.Set("X-Telegram-Bot-Api-Secret-Token", h.secret)
	}
	response, err := client.Do(r)
	if err != nil {
		return nil, 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(response.Body, maxFields))
	if err != nil {
		return nil, 0, err
	}
	if response.StatusCode/100 == 2 {
		return answer, 0, nil
	}
	seconds, _ := strconv.Atoi(response.Header.Get("Retry-After")) // a date, or nonsense: as if it weren't there
	return nil, time.Duration(seconds) * time.Second, fmt.Errorf("Wrong response from the webhook: %s", response.Status)
}

// delivered notes how a delivery went: done, or again at once and then after 2, 4, 8 … seconds.
func (b *Bot) delivered(hook *webhook, u *update, wait time.Duration, err error) {
	b.sim.mu.Lock()
	defer b.sim.mu.Unlock()
	hook.open--
	if hook.ctx.Err() != nil {
		return
	}
	if err == nil {
		b.updates = slices.DeleteFunc(b.updates, func(other *update) bool { return other == u })
		delete(hook.busy, u.queue)
		b.deliver()
		return
	}
	hook.failed, hook.failure = b.sim.options.Now(), err.Error()
	b.sim.options.Log.Warn("simulator: a webhook fails", "bot", b.id, "update", u.id, "error", err)
	if u.tries > 0 {
		wait = max(wait, min(b.sim.options.WebhookRetry<<min(u.tries-1, 10), maxRetryWait))
	}
	u.tries++
	time.AfterFunc(wait, func() {
		b.sim.mu.Lock()
		defer b.sim.mu.Unlock()
		delete(hook.busy, u.queue)
		b.deliver()
	})
	b.deliver()
}
