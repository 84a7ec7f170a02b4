package bot

import (
	"context"
	"strings"

	telegram "github.com/go-telegram/bot"
)

// contact sends a telephone number with its owner's name.
func (b *Bot) contact(ctx context.Context, n notice, m message) (int64, error) {
	sent, err := b.api.SendContact(ctx, &telegram.SendContactParams{ChatID: n.Chat, PhoneNumber: dialled(m.phone), FirstName: m.text})
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}

// dialled is a Chinese number as it is dialled from anywhere: Telegram takes the first digits of one for a country's. The
// short numbers of services stay as they are.
func dialled(phone string) string {
	digits := strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, phone)
	switch {
	case strings.HasPrefix(strings.TrimSpace(phone), "+"):
		return "+" + digits
	case strings.HasPrefix(digits, "00"):
		return "+" + digits[2:]
	case strings.HasPrefix(digits, "0"):
		return "+86" + digits[1:]
	case len(digits) == 11 && digits[0] == '1':
		return "+86" + digits
	}
	return digits
}
