package bot

import (
	"context"
	"unicode/utf16"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// message is what is sent: a text with buttons, or somebody's message as it came.
type message struct {
	text        string
	buttons     [][]button
	askLocation string // label of the button that shares a location
	copyChat    int64  // with copyMessage: whose message is sent on, without its author
	copyMessage int64
}

// button is one under a message.
type button struct {
	label string
	press intake.Press
}

const (
	maxText    = 4096 // UTF-16 units, Telegram's limit
	maxCaption = 1024
)

// post sends a message, or edits the one that the notice names, and returns its number.
func (b *Bot) post(ctx context.Context, n notice, m message) (int64, error) {
	switch {
	case n.Edits != nil:
		_, err := b.api.EditMessageText(ctx, &telegram.EditMessageTextParams{ChatID: n.Chat, MessageID: int(*n.Message),
			Text: cut(m.text, maxText), ReplyMarkup: inline(m.buttons)})
		return *n.Message, err
	case m.copyMessage != 0:
		return b.copy(ctx, n, m)
	}
	params := &telegram.SendMessageParams{ChatID: n.Chat, Text: cut(m.text, maxText),
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: telegram.True()}}
	switch {
	case m.askLocation != "":
		params.ReplyMarkup = &models.ReplyKeyboardMarkup{ResizeKeyboard: true, OneTimeKeyboard: true,
			Keyboard: [][]models.KeyboardButton{{{Text: m.askLocation, RequestLocation: true}}}}
	case len(m.buttons) > 0:
		params.ReplyMarkup = inline(m.buttons)
	}
	sent, err := b.api.SendMessage(ctx, params)
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}

// copy sends on somebody's voice, picture or file; the text stands beside it where Telegram allows one.
func (b *Bot) copy(ctx context.Context, n notice, m message) (int64, error) {
	params := &telegram.CopyMessageParams{ChatID: n.Chat, FromChatID: m.copyChat, MessageID: int(m.copyMessage),
		Caption: cut(m.text, maxCaption)}
	card, err := b.cardOf(ctx, n)
	if err != nil {
		return 0, err
	}
	if card != 0 { // a place or a contact can have no words beside it: it hangs on the request's card
		params.ReplyParameters = &models.ReplyParameters{MessageID: card, AllowSendingWithoutReply: true}
	}
	if len(m.buttons) > 0 {
		params.ReplyMarkup = inline(m.buttons)
	}
	sent, err := b.api.CopyMessage(ctx, params)
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}

func inline(rows [][]button) models.InlineKeyboardMarkup {
	keyboard := models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{}}
	for _, row := range rows {
		var buttons []models.InlineKeyboardButton
		for _, b := range row {
			buttons = append(buttons, models.InlineKeyboardButton{Text: b.label, CallbackData: b.press.String()})
		}
		keyboard.InlineKeyboard = append(keyboard.InlineKeyboard, buttons)
	}
	return keyboard
}

// cut shortens text to at most limit UTF-16 units, in which Telegram counts.
func cut(text string, limit int) string {
	units := 0
	for i, r := range text {
		units += utf16.RuneLen(r)
		if units >= limit && i+len(string(r)) < len(text) {
			return text[:i] + "…"
		}
	}
	return text
}
