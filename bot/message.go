package bot

import (
	"context"
	"errors"
	"unicode/utf16"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// message is what is sent: a text with buttons, a file, or somebody's message as it came.
type message struct {
	text        string
	buttons     [][]button
	askLocation string         // label of the key that shares a location
	keys        [][]string     // further keys below it, in the place of the letters
	copied      intake.Message // whose content is sent on, without its author
	uncopied    string         // what is said in its place where nobody has it any more
	phone       string         // with text as its owner's name: a contact
	delete      bool           // the message that the notice edits is deleted
	document    *document
	picture     []byte         // a PNG, with the text beside it
	topic       string         // the name of the topic in a group to which it belongs
	over        bool           // nothing more is said in that topic
	silent      bool           // the phone makes no sound
	takeBack    bool           // the text takes the place of whatever the message edited is
	inPlace     bool           // with takeBack: where that is deleted, the text is sent
	said        intake.Message // that it passes on, or nothing
	answers     int64          // the message of its chat that it hangs on, or 0
	onCard      bool           // it hangs on the request's card
	corrected   bool           // where what it edits can't be, it is sent anew
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

// post edits the message that the notice names, or sends one, in several where it is too long, and returns its number.
// What doesn't fit where it was is sent anew: nothing of it is lost.
func (b *Bot) post(ctx context.Context, n notice, m message) (_ int64, err error) {
	parts := split(m.text, maxText)
	switch {
	case m.delete:
		_, err := b.api.DeleteMessage(ctx, &telegram.DeleteMessageParams{ChatID: n.Chat, MessageID: int(*n.Message)})
		return *n.Message, err
	case m.phone != "":
		return b.contact(ctx, n, m)
	case n.Edits != nil && m.takeBack:
		return b.takeBack(ctx, n, m)
	case m.document != nil:
		return b.sendDocument(ctx, n, m)
	case m.picture != nil:
		return b.sendPicture(ctx, n, m)
	case n.Edits != nil && m.fits():
		return b.edit(ctx, n, m)
	case m.carries():
		return b.copy(ctx, n, m)
	case m.topic != "":
		return b.postInGroup(ctx, n, m)
	}
	for _, part := range parts[:len(parts)-1] {
		if _, err := b.api.SendMessage(ctx, plainText(n.Chat, part)); err != nil {
			return 0, err
		}
	}
	params := plainText(n.Chat, parts[len(parts)-1])
	params.DisableNotification = m.silent
	if params.ReplyParameters, err = b.hangsOn(ctx, n, m); err != nil {
		return 0, err
	}
	switch {
	case m.askLocation != "":
		params.ReplyMarkup = m.keyboard()
	case len(m.buttons) > 0:
		params.ReplyMarkup = inline(m.buttons)
	}
	sent, err := b.api.SendMessage(ctx, params)
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), nil
}

// keyboard is what stands in the place of the letters until something is said.
func (m message) keyboard() *models.ReplyKeyboardMarkup {
	rows := [][]models.KeyboardButton{{{Text: m.askLocation, RequestLocation: true}}}
	for _, keys := range m.keys {
		var row []models.KeyboardButton
		for _, key := range keys {
			row = append(row, models.KeyboardButton{Text: key})
		}
		rows = append(rows, row)
	}
	return &models.ReplyKeyboardMarkup{ResizeKeyboard: true, OneTimeKeyboard: true, Keyboard: rows}
}

// plainText is a message of words alone.
func plainText(chat int64, text string) *telegram.SendMessageParams {
	return &telegram.SendMessageParams{ChatID: chat, Text: text,
		LinkPreviewOptions: &models.LinkPreviewOptions{IsDisabled: telegram.True()}}
}

// carries tells whether it is somebody's message as it came, or a supervisor's with a file, which stands in no chat.
func (m message) carries() bool { return m.copied.MessageID != 0 || m.copied.Carries() }

// copy sends on somebody's voice, picture or file; the text stands beside it where Telegram allows one.
func (b *Bot) copy(ctx context.Context, n notice, m message) (int64, error) {
	params := &telegram.CopyMessageParams{ChatID: n.Chat, FromChatID: m.copied.Chat, MessageID: int(m.copied.MessageID),
		Caption: m.text}
	if cut(m.text, maxCaption) != m.text { // the words go before it
		for _, part := range split(m.text, maxText) {
			if _, err := b.api.SendMessage(ctx, plainText(n.Chat, part)); err != nil {
				return 0, err
			}
		}
		params.Caption = cut(m.text, maxCaption)
	}
	m.onCard = true // a place or a contact can have no words beside it
	var err error
	if params.ReplyParameters, err = b.hangsOn(ctx, n, m); err != nil {
		return 0, err
	}
	if len(m.buttons) > 0 {
		params.ReplyMarkup = inline(m.buttons)
	}
	if m.copied.MessageID == 0 {
		return b.sendEnclosed(ctx, n, m, params)
	}
	sent, err := b.api.CopyMessage(ctx, params)
	if errors.Is(err, telegram.ErrorBadRequest) {
		return b.sendKept(ctx, n, m, params)
	}
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

// split parts text into messages of at most limit UTF-16 units, so that nothing of it is lost.
func split(text string, limit int) []string {
	var parts []string
	units, from := 0, 0
	for i, r := range text {
		n := utf16.RuneLen(r)
		if units += n; units > limit {
			parts, units, from = append(parts, text[from:i]), n, i
		}
	}
	return append(parts, text[from:])
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
