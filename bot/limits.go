package bot

import (
	"sync"
	"time"

	"golang.org/x/time/rate"
)

// Limits are how much a bot sends. Telegram's own are about 30 messages a second in all, one a second in a
// chat, and 20 a minute in a group (core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this).
type Limits struct {
	PerSecond     float64 // messages of the bot in all
	ChatPerSecond float64 // messages in one chat
	GroupPerMin   float64 // messages in one group
}

// DefaultLimits are Telegram's.
func DefaultLimits() Limits { return Limits{PerSecond: 30, ChatPerSecond: 1, GroupPerMin: 20} }

// forgetChats is how many chats' limiters are kept before those that are idle are dropped.
const forgetChats = 10_000

// pace is how fast messages may follow each other in a chat. Groups have negative ids.
func (l Limits) pace(chat int64) rate.Limit {
	if chat < 0 {
		return rate.Limit(min(l.ChatPerSecond, l.GroupPerMin/60))
	}
	return rate.Limit(l.ChatPerSecond)
}

// limiter keeps the bot within its limits. It is safe for concurrent use.
type limiter struct {
	limits Limits
	all    *rate.Limiter
	mu     sync.Mutex
	chats  map[int64]*rate.Limiter
	paused map[int64]time.Time
}

func newLimiter(l Limits) *limiter {
	return &limiter{limits: l, all: rate.NewLimiter(rate.Limit(l.PerSecond), max(1, int(l.PerSecond))),
		chats: map[int64]*rate.Limiter{}, paused: map[int64]time.Time{}}
}

// take allows a message to a chat now, or says how long the chat has to wait. Edits of messages count for the
// bot, not for the chat.
func (l *limiter) take(chat int64, edit bool, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	if until := l.paused[chat]; until.After(now) {
		return until.Sub(now)
	}
	delete(l.paused, chat)
	if edit {
		return 0
	}
	if len(l.chats) > forgetChats {
		l.forget(now)
	}
	c := l.chats[chat]
	if c == nil {
		c = rate.NewLimiter(l.limits.pace(chat), 1)
		l.chats[chat] = c
	}
	reservation := c.ReserveN(now, 1)
	if wait := reservation.DelayFrom(now); wait > 0 {
		reservation.CancelAt(now)
		return wait
	}
	return 0
}

// resting are the chats that may not have a message now, and how long until the first of them may.
func (l *limiter) resting(now time.Time) (chats []int64, first time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	chats, first = []int64{}, time.Hour // not nil: that would be NULL to the database
	for id, c := range l.chats {
		if missing := 1 - c.TokensAt(now); missing > 0 {
			chats, first = append(chats, id), min(first, time.Duration(missing/float64(c.Limit())*float64(time.Second))+time.Millisecond)
		}
	}
	for id, until := range l.paused {
		if wait := until.Sub(now); wait > 0 {
			chats, first = append(chats, id), min(first, wait)
		}
	}
	return chats, first
}

// forget drops the limiters that would allow a message at once.
func (l *limiter) forget(now time.Time) {
	for id, c := range l.chats {
		if c.TokensAt(now) >= 1 {
			delete(l.chats, id)
		}
	}
}

// pause lets a chat rest, as Telegram asked.
func (l *limiter) pause(chat int64, until time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.paused[chat] = until
}
