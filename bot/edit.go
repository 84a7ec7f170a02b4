package bot

import (
	"context"
	"errors"
	"strings"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// fits tells whether a message can take the place of another one: all of it is one message.
func (m message) fits() bool {
	most := maxText
	if m.carries() {
		most = maxCaption
	}
	return len(split(m.text, most)) == 1
}

// edit puts new words in the place of those of the message that the notice names: its text, or what stands beside its
// file. A correction that can't take the old words' place, for its reader has deleted them, comes as a message of its own.
func (b *Bot) edit(ctx context.Context, n notice, m message) (int64, error) {
	var err error
	if m.carries() {
		_, err = b.api.EditMessageCaption(ctx, &telegram.EditMessageCaptionParams{ChatID: n.Chat, MessageID: int(*n.Message),
			Caption: m.text, ReplyMarkup: inline(m.buttons)})
	} else {
		_, err = b.api.EditMessageText(ctx, &telegram.EditMessageTextParams{ChatID: n.Chat, MessageID: int(*n.Message),
			Text: m.text, ReplyMarkup: inline(m.buttons)})
	}
	if m.corrected && errors.Is(err, telegram.ErrorBadRequest) && nothingToEdit(err) && !strings.Contains(err.Error(), "is not modified") {
		n.Edits = nil
		return b.post(ctx, n, m)
	}
	return *n.Message, err
}

// hangsOn is the message under which one is shown: the one that it answers, or its request's card. It is sent all the same
// where that is gone.
func (b *Bot) hangsOn(ctx context.Context, n notice, m message) (*models.ReplyParameters, error) {
	on := int(m.answers)
	if on == 0 && m.onCard && n.Request != nil {
		var err error
		if on, err = b.cardOf(ctx, n); err != nil {
			return nil, err
		}
	}
	if on == 0 {
		return nil, nil
	}
	return &models.ReplyParameters{MessageID: on, AllowSendingWithoutReply: true}, nil
}
