package simulator

import "time"

// Limits are how fast a bot may send; beyond them it gets 429 with retry_after.
type Limits struct {
	Chat Pace // in one chat
	Bot  Pace // in all
}

// Pace is so many messages in so long. The zero Pace is no limit.
type Pace struct {
	Count int
	In    time.Duration
}

// TelegramLimits are those which Telegram tells bots to keep to (https://core.telegram.org/bots/faq#broadcasting-to-users).
// Telegram itself lets short bursts pass in a chat; here they are refused.
func TelegramLimits() Limits {
	return Limits{Chat: Pace{1, time.Second}, Bot: Pace{30, time.Second}}
}

// history are the moments of the last sends, as far back as a Pace reaches.
type history []time.Time

// wait is how long until one more may follow; 0: now.
func (h *history) wait(p Pace, now time.Time) time.Duration {
	if p.Count == 0 {
		return 0
	}
	for len(*h) > 0 && now.Sub((*h)[0]) >= p.In {
		*h = (*h)[1:]
	}
	if len(*h) < p.Count {
		return 0
	}
	return (*h)[len(*h)-p.Count].Add(p.In).Sub(now)
}

// pace counts a message, or returns after how many seconds it may be tried again.
func (b *Bot) pace(chatID int64, now time.Time) int {
	limits := b.sim.options.Limits
	if limits == (Limits{}) {
		return 0
	}
	wait, ch := b.sent.wait(limits.Bot, now), b.chats[chatID]
	if ch != nil {
		wait = max(wait, ch.sent.wait(limits.Chat, now))
	}
	if wait > 0 {
		return int((wait + time.Second - 1) / time.Second)
	}
	b.sent = append(b.sent, now)
	if ch != nil {
		ch.sent = append(ch.sent, now)
	}
	return 0
}
