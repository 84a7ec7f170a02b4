package main

import (
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"

	"onedoor/internal/simulator"
)

// count asks the database for a number.
func (w *world) count(query string) int {
	w.Helper()
	var n int
	if err := w.server.db.Get(&n, query); err != nil {
		w.Fatal(err)
	}
	return n
}

// TestManyClaimAtOnce: one winner, and an answer for everybody else.
func TestManyClaimAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	var workers []*person
	for i := range 4 {
		workers = append(workers, w.worker(int64(901+i), fmt.Sprintf("w-440117-2-%d", i+1)))
	}
	resident := w.person(1, "May", "en")
	requestOf(resident, "I need a wheelchair for my father")
	var cards []simulator.Message
	for _, p := range workers {
		cards = append(cards, p.seeButton("Claim"))
	}
	var group sync.WaitGroup
	for i, p := range workers {
		card := cards[i]
		button, _ := card.Button("Claim")
		for range 3 {
			group.Go(func() { p.PressData(card, button.Data) })
		}
	}
	group.Wait()
	w.eventually("everybody is answered", func() bool { return w.bot.Pending() == 0 })
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'claimed'`); n != 1 {
		t.Errorf("%d claims, want one", n)
	}
}

// TestPressedTwice: a button pressed twice at once has its effects once.
func TestPressedTwice(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident := w.person(1, "May", "en")
	resident.send("I need a wheelchair for my father, Taiping Town, Conghua")
	card := resident.seeButton("Confirm")
	button, _ := card.Button("Confirm")
	for range 5 {
		resident.PressData(card, button.Data)
	}
	resident.see("Your request has number")
	w.eventually("everybody is answered", func() bool { return w.bot.Pending() == 0 })
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'submitted'`); n != 1 {
		t.Errorf("submitted %d times, want once", n)
	}
}

// TestInviteIsForOne: a worker's link binds the first chat that brings it.
func TestInviteIsForOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, start, _ := strings.Cut(strings.TrimSpace(w.run("invite", "w-440117-2-1")), "?start=")
	first, second := w.person(1, "First", "en"), w.person(2, "Second", "en")
	first.send("/start " + start)
	first.see("on duty")
	second.send("/start " + start)
	second.see("has been used")
	if n := w.count(`SELECT count(*) FROM workers WHERE chat_id IS NOT NULL`); n != 1 {
		t.Errorf("%d chats are workers', want one", n)
	}
}

// TestReplyGoesWhereItWasMeant: what is written after Reply on one request and Claim on another goes to nobody.
func TestReplyGoesWhereItWasMeant(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	first, second := w.person(1, "May", "en"), w.person(2, "Lin", "en")
	requestOf(first, "I need a wheelchair for my father")
	worker.press("Claim")
	worker.press("Reply")
	worker.see("your words go to the resident")
	requestOf(second, "I need a wheelchair for my mother")
	worker.press("Claim")
	second.see("has taken on")
	worker.send("we come tomorrow")
	worker.see("That went to nobody")
	for _, p := range []*person{first, second} {
		for _, m := range p.Chat(w.bot) {
			if strings.Contains(m.Words(), "we come tomorrow") {
				t.Errorf("resident %d has got what was meant for nobody", p.ID())
			}
		}
	}
}

// TestMovedWorker: who was moved to another station after pressing Note may no longer write into the old one's file.
func TestMovedWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	worker.press("Claim")
	worker.press("Release")
	w.eventually("it is released", func() bool { return w.count(`SELECT count(*) FROM events WHERE kind = 'released'`) == 1 })
	worker.send("/queue")
	worker.see("1 waiting")
	worker.press("Claim")
	worker.press("Note")
	worker.see("Only colleagues see it")
	w.exec(`UPDATE requests SET state = 'open', worker = NULL, claimed_at = NULL`)
	w.exec(`UPDATE workers SET station = 'st-440103-1' WHERE code = 'w-440117-2-1'`)
	worker.send("he sounds confused")
	worker.see("That went to nobody")
	if n := w.count(`SELECT count(*) FROM messages WHERE text = 'he sounds confused' AND request_id IS NULL`); n != 1 {
		t.Error("the words of a worker moved elsewhere must be kept, and belong to nothing")
	}
}

// TestWebhookRefuses: only Telegram may speak here, and only so much.
func TestWebhookRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, func(c *config) {
		c.Listen = freeAddress(t)
		c.WebhookSecret, c.PublicURL = "a-secret", "http://"+c.Listen
	})
	for name, test := range map[string]struct {
		method, secret, body string
		status               int
	}{
		"no secret":    {http.MethodPost, "", `{"update_id":1}`, http.StatusUnauthorized},
		"wrong secret": {http.MethodPost, "a-secreT", `{"update_id":1}`, http.StatusUnauthorized},
		"no update":    {http.MethodPost, "a-secret", `[]`, http.StatusBadRequest},
		"too large":    {http.MethodPost, "a-secret", `{"update_id":1,"x":"` + strings.Repeat("x", 1<<20) + `"}`, http.StatusRequestEntityTooLarge},
		"not a post":   {http.MethodGet, "a-secret", ``, http.StatusMethodNotAllowed},
		"an update":    {http.MethodPost, "a-secret", `{"update_id":1}`, http.StatusOK},
	} {
		request, err := http.NewRequestWithContext(w.ctx, test.method, "http://"+w.server.address+"/telegram/webhook", strings.NewReader(test.body))
		if err != nil {
			t.Fatal(err)
		}
		request.Header.Set("X-Telegram-Bot-Api-Secret-Token", test.secret)
		response, err := http.DefaultClient.Do(request)
		if err != nil {
			t.Fatal(err)
		}
		response.Body.Close()
		if response.StatusCode != test.status {
			t.Errorf("%s: status %d, want %d", name, response.StatusCode, test.status)
		}
	}
}
