package simulator

import (
	"context"
	"fmt"
)

// Wait blocks until a bot's message is as wanted and returns it. Each message is given away once, and once more
// after each edit: waiting twice for the same words waits for two messages. Messages that came before Wait count.
// It returns ctx's error when that ends first.
func (u *User) Wait(ctx context.Context, wanted func(Message) bool) (Message, error) {
	for {
		m, changed, found := u.take(wanted)
		if found {
			return m, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("wait for a message: %w; the chat's last is %q", ctx.Err(), u.last())
		}
	}
}

// WaitText waits for a message of a bot whose words or buttons contain a text.
func (u *User) WaitText(ctx context.Context, part string) (Message, error) {
	m, err := u.Wait(ctx, func(m Message) bool { return m.contains(part) })
	if err != nil {
		return m, fmt.Errorf("%q: %w", part, err)
	}
	return m, nil
}

// take gives away the earliest wanted message that it didn't yet, or what to wait for.
func (u *User) take(wanted func(Message) bool) (Message, <-chan struct{}, bool) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	var first *Message
	for _, ch := range u.chats {
		for _, m := range ch.messages {
			if m.FromBot() && m.awaited != m.change && (first == nil || m.change < first.change) && wanted(*m) {
				first = m
			}
		}
	}
	if first == nil {
		return Message{}, u.changed.wait(), false
	}
	first.awaited = first.change
	return *first, nil, true
}

// last are the words of the last message that anybody wrote to or for the user.
func (u *User) last() string {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	var last *Message
	for _, ch := range u.chats {
		for _, m := range ch.messages {
			if last == nil || m.change > last.change {
				last = m
			}
		}
	}
	if last == nil {
		return ""
	}
	return last.Words()
}
