package simulator

import (
	"context"
	"fmt"
	"strings"
)

// Wait blocks until one of a bot's messages, as the user sees it now, is as wanted, and returns the latest such.
// It returns ctx's error when that ends first, together with the chat.
func (u *User) Wait(ctx context.Context, b *Bot, wanted func(Message) bool) (Message, error) {
	for {
		m, changed, found := u.find(b, wanted)
		if found {
			return m, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("wait for a message: %w; the chat is%s", ctx.Err(), transcript(u.Chat(b)))
		}
	}
}

// WaitText is Wait for a message whose words contain a text.
func (u *User) WaitText(ctx context.Context, b *Bot, part string) (Message, error) {
	m, err := u.Wait(ctx, b, func(m Message) bool { return strings.Contains(m.Words(), part) })
	if err != nil {
		return m, fmt.Errorf("%q: %w", part, err)
	}
	return m, nil
}

// WaitButton is Wait for a message with a button of that label.
func (u *User) WaitButton(ctx context.Context, b *Bot, label string) (Message, error) {
	m, err := u.Wait(ctx, b, func(m Message) bool {
		_, found := m.Button(label)
		return found
	})
	if err != nil {
		return m, fmt.Errorf("button %q: %w", label, err)
	}
	return m, nil
}

// find is the latest wanted message, or what tells of the next change.
func (u *User) find(b *Bot, wanted func(Message) bool) (Message, <-chan struct{}, bool) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	m, found := b.chatWith(u).find(wanted)
	return m, u.changed.wait(), found
}

// transcript is a chat in lines, for the error of a wait in vain.
func transcript(chat []Message) string {
	var lines strings.Builder
	for _, m := range chat {
		fmt.Fprintf(&lines, "\n%s: %s %q", m.From.FirstName, m.Words(), m.Labels())
	}
	return lines.String()
}
