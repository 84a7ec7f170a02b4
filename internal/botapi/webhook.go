package botapi

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"
)

const (
	webhookTimeout = 60 * time.Second // for an answer
	firstRetry     = 2 * time.Second  // after the one that comes at once; it doubles
	lastRetry      = 60 * time.Second
)

// webhook is where a bot's updates go. One after the other: Telegram sends several at a time, but never two of
// one chat, and one at a time is the strictest that a bot may see.
type webhook struct {
	url     string
	secret  string
	stop    chan struct{}
	failure string
}

func setWebhook(s *Server, b *bot, p params) (any, *apiError) {
	if _, err := url.ParseRequestURI(p["url"]); err != nil {
		return nil, bad("bad webhook: invalid webhook URL specified")
	}
	b.endWebhook()
	b.confirm(params{"allowed_updates": p["allowed_updates"]})
	if p.bool("drop_pending_updates") {
		b.queue = nil
	}
	b.webhook = &webhook{url: p["url"], secret: p["secret_token"], stop: make(chan struct{})}
	go s.deliver(b, b.webhook)
	return true, nil
}

func deleteWebhook(_ *Server, b *bot, p params) (any, *apiError) {
	b.endWebhook()
	if p.bool("drop_pending_updates") {
		b.queue = nil
	}
	return true, nil
}

func (b *bot) endWebhook() {
	if b.webhook != nil {
		close(b.webhook.stop)
		b.webhook = nil
	}
}

func getWebhookInfo(_ *Server, b *bot, _ params) (any, *apiError) {
	info := map[string]any{"url": "", "has_custom_certificate": false, "pending_update_count": len(b.queue)}
	if b.webhook != nil {
		info["url"] = b.webhook.url
		if b.webhook.failure != "" {
			info["last_error_message"] = b.webhook.failure
		}
	}
	return info, nil
}

// deliver sends a bot's updates to its webhook for as long as it is set.
func (s *Server) deliver(b *bot, hook *webhook) {
	for failures := 0; ; {
		s.mu.Lock()
		batch, changed := b.batch(1), s.changed
		s.mu.Unlock()
		var wait <-chan time.Time
		if len(batch) > 0 {
			if s.send(b, hook, batch[0]) {
				failures = 0
				continue
			}
			failures++
			if failures == 1 {
				continue // the first retry comes at once
			}
			wait, changed = time.After(min(lastRetry, firstRetry<<min(failures-2, 10))), nil
		}
		select {
		case <-hook.stop:
			return
		case <-s.closed:
			return
		case <-changed:
		case <-wait:
		}
	}
}

// send posts one update; it is done with when the answer is a success.
func (s *Server) send(b *bot, hook *webhook, body json.RawMessage) bool {
	request, err := http.NewRequest(http.MethodPost, hook.url, bytes.NewReader(body))
	if err != nil {
		return false
	}
	request.Header.Set("Content-Type", "application/json")
	if hook.secret != "" {
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", hook.secret)
	}
	response, err := s.client.Do(request)
	s.mu.Lock()
	defer s.mu.Unlock()
	if err != nil {
		hook.failure = err.Error()
		return false
	}
	response.Body.Close()
	if response.StatusCode < 200 || response.StatusCode > 299 {
		hook.failure = "Wrong response from the webhook: " + response.Status
		return false
	}
	var done struct {
		ID int64 `json:"update_id"`
	}
	json.Unmarshal(body, &done) // our own
	b.confirm(params{"offset": strconv.FormatInt(done.ID+1, 10)})
	return true
}
