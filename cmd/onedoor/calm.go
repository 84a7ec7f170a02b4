package main

import (
	"context"
	"log/slog"
	"sync"
	"time"
)

// calm is a log of what somebody else's code complains about: warnings and errors, each message once a minute, however
// often it comes while the database is away.
type calm struct {
	slog.Handler
	said *said
}

// said is when each message was logged last.
type said struct {
	sync.Mutex
	at map[string]time.Time
}

func newCalm(log *slog.Logger) *slog.Logger {
	return slog.New(calm{log.Handler(), &said{at: map[string]time.Time{}}})
}

func (c calm) Enabled(ctx context.Context, level slog.Level) bool {
	return level >= slog.LevelWarn && c.Handler.Enabled(ctx, level)
}

func (c calm) Handle(ctx context.Context, r slog.Record) error {
	c.said.Lock()
	again := r.Time.Sub(c.said.at[r.Message]) < time.Minute
	if !again {
		c.said.at[r.Message] = r.Time
	}
	c.said.Unlock()
	if again {
		return nil
	}
	return c.Handler.Handle(ctx, r)
}

func (c calm) WithAttrs(attrs []slog.Attr) slog.Handler {
	return calm{c.Handler.WithAttrs(attrs), c.said}
}
func (c calm) WithGroup(name string) slog.Handler { return calm{c.Handler.WithGroup(name), c.said} }
