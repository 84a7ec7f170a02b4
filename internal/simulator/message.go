package simulator

import (
	"github.com/go-telegram/bot/models"
)

// Message is a message as the Bot API writes it, and as the people in its chat see it now. What a Message points
// to is never changed: an edit makes a new one.
type Message struct {
	ID            int                    `json:"message_id"`
	From          models.User            `json:"from"`
	Chat          models.Chat            `json:"chat"`
	Thread        int                    `json:"message_thread_id,omitempty"`
	InTopic       bool                   `json:"is_topic_message,omitempty"`
	Date          int                    `json:"date"`
	EditDate      int                    `json:"edit_date,omitempty"`
	ForwardOrigin *Origin                `json:"forward_origin,omitempty"`
	ReplyTo       *Message               `json:"reply_to_message,omitempty"`
	MediaGroupID  string                 `json:"media_group_id,omitempty"`
	Text          string                 `json:"text,omitempty"`
	Entities      []models.MessageEntity `json:"entities,omitempty"`
	Content
	Caption         string                 `json:"caption,omitempty"`
	CaptionEntities []models.MessageEntity `json:"caption_entities,omitempty"`
	ReplyMarkup     *InlineKeyboard        `json:"reply_markup,omitempty"`

	bot   *Bot
	plain bool // it brought a keyboard that isn't inline, and so can't be edited
}

// Content is what a message carries besides words.
type Content struct {
	Photo    []models.PhotoSize `json:"photo,omitempty"`
	Voice    *models.Voice      `json:"voice,omitempty"`
	Document *models.Document   `json:"document,omitempty"`
	Location *models.Location   `json:"location,omitempty"`
	Contact  *models.Contact    `json:"contact,omitempty"`
}

// isFile tells whether a caption can stand beside it.
func (c Content) isFile() bool { return len(c.Photo) > 0 || c.Voice != nil || c.Document != nil }

// Origin says who wrote a forwarded message.
type Origin struct {
	Type string      `json:"type"` // always "user"
	From models.User `json:"sender_user"`
	Date int         `json:"date"`
}

// Words are the message's text, or its caption.
func (m Message) Words() string {
	if m.Text != "" {
		return m.Text
	}
	return m.Caption
}

// FromBot tells whether the bot wrote it.
func (m Message) FromBot() bool { return m.From.IsBot }

// Labels are what stands on the buttons under the message, row after row.
func (m Message) Labels() []string {
	var labels []string
	for b := range m.buttons {
		labels = append(labels, b.Text)
	}
	return labels
}

// Button finds a button by its label or its data.
func (m Message) Button(name string) (Button, bool) {
	for b := range m.buttons {
		if b.Text == name || b.Data == name && name != "" {
			return b, true
		}
	}
	return Button{}, false
}

func (m Message) buttons(yield func(Button) bool) {
	if m.ReplyMarkup == nil {
		return
	}
	for _, row := range m.ReplyMarkup.Rows {
		for _, b := range row {
			if !yield(b) {
				return
			}
		}
	}
}

// quoted is the message as reply_to_message shows it: without what it answered itself.
func (m Message) quoted() *Message {
	m.ReplyTo = nil
	return &m
}

// sameAs tells whether an edit from old to m would change nothing that people see.
func (m Message) sameAs(old Message) bool {
	return m.Text == old.Text && m.Caption == old.Caption && sameEntities(m.Entities, old.Entities) &&
		sameEntities(m.CaptionEntities, old.CaptionEntities) && m.ReplyMarkup.String() == old.ReplyMarkup.String()
}

func sameEntities(a, b []models.MessageEntity) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}
