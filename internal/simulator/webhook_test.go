package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"runtime"
	"sync"
	"testing"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// delivery is one request that a webhook got; what is sent to answer becomes its status.
type delivery struct {
	id     int64
	chat   int64
	secret string
	answer chan int
}

// hook is a receiver that hands each request to the test. Its address is set as the bot's webhook.
func (s *stage) hook(more string) <-chan delivery {
	s.t.Helper()
	got := make(chan delivery)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		var u models.Update
		if err := json.NewDecoder(r.Body).Decode(&u); err != nil || r.Header.Get("Content-Type") != "application/json" {
			s.t.Errorf("webhook: %v", err)
		}
		d := delivery{u.ID - firstUpdate, u.Message.Chat.ID, r.Header.Get("X-Telegram-Bot-Api-Secret-Token"), make(chan int)}
		select {
		case got <- d:
			w.WriteHeader(<-d.answer)
		case <-r.Context().Done():
		}
	}))
	s.t.Cleanup(server.Close)
	s.t.Cleanup(s.sim.Close)
	if a := s.call("setWebhook", fmt.Sprintf(`{"url":"%s/hook",%s}`, server.URL, more)); !a.OK {
		s.t.Fatalf("%+v", a)
	}
	return got
}

func TestWebhook(t *testing.T) {
	s := newStage(t, Options{WebhookRetry: time.Millisecond})
	got := s.hook(`"secret_token":"s3cret_-","max_connections":2`)
	s.user.Send(s.bot, "second")
	for attempt := range 5 { // the first four fail
		d := <-got
		if d.id != 0 || d.secret != "s3cret_-" {
			t.Fatalf("attempt %d: update %d with %q", attempt, d.id, d.secret)
		}
		d.answer <- map[bool]int{true: 200, false: 503}[attempt == 4]
	}
	info := must[*models.WebhookInfo](t)(s.api.GetWebhookInfo(s.ctx))
	if info.LastErrorMessage != "Wrong response from the webhook: 503 Service Unavailable" || info.MaxConnections != 2 || info.PendingUpdateCount == 0 {
		t.Errorf("info %+v", info)
	}
	d := <-got
	if d.id != 1 {
		t.Errorf("after the first came %d", d.id)
	}
	d.answer <- 204
	s.drained(0)
}

func TestWebhookKeepsChatsApart(t *testing.T) {
	s := newStage(t, Options{WebhookRetry: time.Hour})
	s.updates(firstUpdate + 1)
	other := s.sim.User(Profile{ID: 7002})
	for range 2 {
		s.user.Send(s.bot, "x")
		other.Send(s.bot, "y")
	}
	got := s.hook(`"max_connections":40`)
	first, second := <-got, <-got
	if first.chat == second.chat || first.id+second.id != 3 {
		t.Fatalf("two at a time: %d of %d and %d of %d", first.id, first.chat, second.id, second.chat)
	}
	if first.chat != 7001 {
		first, second = second, first
	}
	first.answer <- 500 // again at once
	second.answer <- 200
	for range 2 {
		d := <-got
		if d.id != 1 && d.id != 4 {
			t.Errorf("then %d of %d", d.id, d.chat)
		}
		d.answer <- map[int64]int{1: 500, 4: 200}[d.id] // the failing chat now rests for an hour
	}
	s.drained(2)
	s.sim.mu.Lock()
	defer s.sim.mu.Unlock()
	if s.bot.updates[0].id != firstUpdate+1 {
		t.Errorf("left: %d", s.bot.updates[0].id)
	}
}

func TestDropPending(t *testing.T) {
	s := newStage(t, Options{})
	if ok := must[bool](t)(s.api.DeleteWebhook(s.ctx, &telegram.DeleteWebhookParams{DropPendingUpdates: true})); !ok || s.bot.Pending() != 0 {
		t.Errorf("%d pending", s.bot.Pending())
	}
}

func TestWebhookRetryAfter(t *testing.T) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
	}))
	defer server.Close()
	h := &webhook{url: server.URL, ctx: t.Context()}
	if _, wait, err := h.post(server.Client(), []byte("{}")); wait != 7*time.Second || err == nil {
		t.Errorf("wait %v, %v", wait, err)
	}
}

// drained waits until no more than so many updates are left to acknowledge.
func (s *stage) drained(left int) {
	s.t.Helper()
	for s.bot.Pending() > left {
		if s.ctx.Err() != nil {
			s.t.Fatalf("%d updates are still pending", s.bot.Pending())
		}
		runtime.Gosched()
	}
}

func TestCloseDuringDelivery(t *testing.T) {
	s := newStage(t, Options{})
	got := s.hook(`"max_connections":1`)
	d := <-got
	var work sync.WaitGroup
	work.Go(s.sim.Close)
	work.Wait() // Close cancels the delivery rather than wait for its answer
	close(d.answer)
}

// TestCallInAnswer: a webhook's answer may be a call of the Bot API.
func TestCallInAnswer(t *testing.T) {
	s := newStage(t, Options{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"method":"sendMessage","chat_id":%d,"text":"in the answer"}`, s.user.ID())
	}))
	defer server.Close()
	s.bot.callInAnswer(s.ctx, []byte("no call"))
	s.bot.callInAnswer(s.ctx, []byte(`{"method":"purchaseMoon"}`))
	h := &webhook{url: server.URL, ctx: t.Context()}
	answer, _, err := h.post(server.Client(), []byte("{}"))
	if err != nil {
		t.Fatal(err)
	}
	s.user.Send(s.bot, "/start")
	s.bot.callInAnswer(s.ctx, answer)
	if got := s.last().Text; got != "in the answer" {
		t.Errorf("the chat's last message is %q", got)
	}
}
