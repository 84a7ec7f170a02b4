package botapi

import (
	"encoding/json"
	"net/http"
	"slices"
	"time"
)

// conflict is what a poll is told when it isn't the only receiver.
func conflict(why string) *apiError {
	return &apiError{Code: http.StatusConflict, Description: "Conflict: " + why}
}

const (
	webhookActive = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
	otherPoll     = "terminated by other getUpdates request; make sure that only one bot instance is running"
)

// getUpdates is the long poll: it confirms what comes before offset, and waits for something after it.
func (s *Server) getUpdates(w http.ResponseWriter, r *http.Request, b *bot, p params) {
	if fault := s.takeFault("getUpdates", p); fault != nil {
		fault.answer(w)
		return
	}
	mine := make(chan struct{})
	s.mu.Lock()
	if b.webhook != nil {
		s.mu.Unlock()
		write(w, nil, conflict(webhookActive))
		return
	}
	if b.poll != nil {
		close(b.poll)
	}
	b.poll = mine
	b.confirm(p)
	s.mu.Unlock()

	deadline := time.After(time.Duration(p.int("timeout")) * time.Second)
	for {
		s.mu.Lock()
		batch, changed := b.batch(p.int("limit")), s.changed
		s.mu.Unlock()
		if len(batch) > 0 {
			s.endPoll(b, mine)
			write(w, batch, nil)
			return
		}
		select {
		case <-changed:
			continue
		case <-mine:
			write(w, nil, conflict(otherPoll))
			return
		case <-deadline:
			write(w, []json.RawMessage{}, nil)
		case <-s.closed:
			write(w, []json.RawMessage{}, nil)
		case <-r.Context().Done():
		}
		s.endPoll(b, mine)
		return
	}
}

func (s *Server) endPoll(b *bot, mine chan struct{}) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if b.poll == mine {
		b.poll = nil
	}
}

// confirm forgets the updates before the offset; a negative one keeps only so many of the last.
func (b *bot) confirm(p params) {
	if p["allowed_updates"] != "" {
		b.allowed = nil
		json.Unmarshal([]byte(p["allowed_updates"]), &b.allowed) // its form has been checked
	}
	offset := p.int("offset")
	switch {
	case offset < 0:
		b.queue = b.queue[max(0, len(b.queue)+int(offset)):]
	case offset > 0:
		b.queue = slices.DeleteFunc(b.queue, func(u update) bool { return u.id < offset })
	}
}

// batch is what waits, at most a hundred. What the bot doesn't want is dropped.
func (b *bot) batch(limit int64) []json.RawMessage {
	if limit < 1 || limit > 100 {
		limit = 100
	}
	b.queue = slices.DeleteFunc(b.queue, func(u update) bool { return !b.wants(u.kind) })
	var batch []json.RawMessage
	for _, u := range b.queue[:min(len(b.queue), int(limit))] {
		batch = append(batch, u.body)
	}
	return batch
}

func (b *bot) wants(kind string) bool { return len(b.allowed) == 0 || slices.Contains(b.allowed, kind) }

// Pending is how many updates a bot has not confirmed yet.
func (s *Server) Pending(token string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.bots[token].queue)
}
