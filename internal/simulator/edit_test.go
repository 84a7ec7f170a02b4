package simulator

import (
	"fmt"
	"testing"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// card sends a message with one button and returns its number.
func (s *stage) card() int {
	s.t.Helper()
	return must[*models.Message](s.t)(s.api.SendMessage(s.ctx, &telegram.SendMessageParams{ChatID: 7001, Text: "card",
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Claim", CallbackData: "c:1"}}}}})).ID
}

func TestEditing(t *testing.T) {
	s := newStage(t, Options{})
	id := s.card()
	edited := must[*models.Message](t)(s.api.EditMessageText(s.ctx, &telegram.EditMessageTextParams{ChatID: 7001, MessageID: id, Text: "taken"}))
	if edited.Text != "taken" || edited.EditDate == 0 || s.last().Text != "taken" || len(s.last().Labels()) != 0 {
		t.Errorf("edited %+v; the keyboard goes with an edit that brings none", s.last())
	}
	must[*models.Message](t)(s.api.EditMessageReplyMarkup(s.ctx, &telegram.EditMessageReplyMarkupParams{ChatID: 7001, MessageID: id,
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Resolve", CallbackData: "r"}}}}}))
	if got := s.last(); got.Text != "taken" || len(got.Labels()) != 1 {
		t.Errorf("after the markup's edit %+v", got)
	}
	s.user.Photo(s.bot, []byte("p"), "")
	copied := must[*models.MessageID](t)(s.api.CopyMessage(s.ctx, &telegram.CopyMessageParams{ChatID: 7001, FromChatID: 7001, MessageID: s.last().ID}))
	must[*models.Message](t)(s.api.EditMessageCaption(s.ctx, &telegram.EditMessageCaptionParams{ChatID: 7001, MessageID: copied.ID, Caption: "new"}))
	if got := s.last(); got.Caption != "new" {
		t.Errorf("after the caption's edit %+v", got)
	}
	if !must[bool](t)(s.api.DeleteMessage(s.ctx, &telegram.DeleteMessageParams{ChatID: 7001, MessageID: copied.ID})) || s.last().ID == copied.ID {
		t.Error("the message is still there")
	}
}

func TestEditRefusals(t *testing.T) {
	s := newStage(t, Options{})
	id := s.card()
	keyboard := s.call("sendMessage", `{"chat_id":7001,"text":"where?","reply_markup":{"keyboard":[[{"text":"Here","request_location":true}]]}}`)
	if !keyboard.OK {
		t.Fatalf("%+v", keyboard)
	}
	button := `"reply_markup":{"inline_keyboard":[[{"text":"Claim","callback_data":"c:1"}]]}`
	for _, c := range []struct{ method, body, want string }{
		{"editMessageText", fmt.Sprintf(`{"chat_id":7001,"message_id":%d,"text":"card",%s}`, id, button), "message is not modified: " +
			"specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"editMessageText", `{"chat_id":7001,"message_id":99,"text":"x"}`, "message to edit not found"},
		{"editMessageText", `{"chat_id":7001,"message_id":1,"text":"x"}`, "message can't be edited"},
		{"editMessageText", fmt.Sprintf(`{"chat_id":7001,"message_id":%d,"text":"x"}`, id+1), "message can't be edited"},
		{"editMessageText", `{"chat_id":7001,"text":"x"}`, "message identifier is not specified"},
		{"editMessageText", fmt.Sprintf(`{"chat_id":7001,"message_id":%d,"text":"x","reply_markup":{"remove_keyboard":true}}`, id), "inline keyboard expected"},
		{"editMessageCaption", fmt.Sprintf(`{"chat_id":7001,"message_id":%d,"caption":"x"}`, id), "there is no caption in the message to edit"},
		{"editMessageReplyMarkup", fmt.Sprintf(`{"chat_id":7001,"message_id":%d,%s}`, id, button), "message is not modified: " +
			"specified new message content and reply markup are exactly the same as a current content and reply markup of the message"},
		{"deleteMessage", `{"chat_id":7001,"message_id":99}`, "message to delete not found"},
	} {
		if got := s.call(c.method, c.body); got.Code != 400 || got.Description != "Bad Request: "+c.want {
			t.Errorf("%s %s: %d %q, want %q", c.method, c.body, got.Code, got.Description, c.want)
		}
	}
}
