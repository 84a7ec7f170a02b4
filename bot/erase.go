package bot

import (
	"context"
	"errors"
	"strings"

	telegram "github.com/go-telegram/bot"

	"onedoor/intake"
)

// erased stands in the place of what a worker was shown of a request that is nobody's any more. What was not sent yet is
// never sent.
func (p *page) erased() (message, error) {
	if p.notice.Edits == nil {
		return message{}, intake.ErrNotFound
	}
	key := "card_erased"
	if p.args.Why == intake.BySystem {
		key = "card_expired"
	}
	return message{text: p.say(key, map[string]any{"Ref": p.view.Ref}), takeBack: true}, nil
}

// takeBack puts words in the place of a message. One that has none, a voice or a picture, is deleted, which Telegram allows
// for 48 hours; after that only the words beside it can go. The error is that of the first try. It returns the number of the message
// that has the words, or had.
func (b *Bot) takeBack(ctx context.Context, n notice, m message) (int64, error) {
	_, err := b.api.EditMessageText(ctx, &telegram.EditMessageTextParams{ChatID: n.Chat, MessageID: int(*n.Message), Text: m.text})
	if !errors.Is(err, telegram.ErrorBadRequest) || !strings.Contains(err.Error(), "there is no text in the message to edit") {
		return *n.Message, err
	}
	_, failed := b.api.DeleteMessage(ctx, &telegram.DeleteMessageParams{ChatID: n.Chat, MessageID: int(*n.Message)})
	if failed == nil && m.inPlace {
		return b.post(ctx, notice{Chat: n.Chat}, message{text: m.text})
	}
	if errors.Is(failed, telegram.ErrorBadRequest) {
		_, failed = b.api.EditMessageCaption(ctx, &telegram.EditMessageCaptionParams{ChatID: n.Chat, MessageID: int(*n.Message), Caption: m.text})
	}
	if errors.Is(failed, telegram.ErrorBadRequest) {
		return *n.Message, err
	}
	return *n.Message, failed
}

// forget asks whether to erase.
func (p *page) forget() (message, error) {
	if p.args.Menu == "closed" {
		return message{text: p.say("forget_not", nil)}, nil
	}
	choice := func(label, arg string) []button {
		return []button{{p.say(label, nil), intake.Press{Action: intake.ActForget, Arg: arg}}}
	}
	return message{text: p.say("forget", nil), buttons: [][]button{choice("button_forget_yes", "yes"), choice("button_forget_no", "no")}}, nil
}

// privacy says what is kept and for how long.
func (p *page) privacy() (message, error) {
	kept := ""
	if p.Intake.Keep > 0 {
		kept = p.texts.Span(p.lang, p.Intake.Keep)
	}
	return message{text: p.say("privacy", map[string]any{"Kept": kept})}, nil
}
