package botapi

import (
	"encoding/json"
	"time"
	"unicode/utf16"
)

// Message is a message as the API writes it, as far as it is simulated.
type Message struct {
	ID       int64            `json:"message_id"`
	From     *Profile         `json:"from"`
	Chat     Chat             `json:"chat"`
	Date     int64            `json:"date"`
	EditDate int64            `json:"edit_date,omitempty"`
	Text     string           `json:"text,omitempty"`
	Caption  string           `json:"caption,omitempty"`
	Entities []Entity         `json:"entities,omitempty"`
	ReplyTo  *Message         `json:"reply_to_message,omitempty"`
	Location *Location        `json:"location,omitempty"`
	Voice    *Attachment      `json:"voice,omitempty"`
	Photo    []Attachment     `json:"photo,omitempty"`
	Document *Attachment      `json:"document,omitempty"`
	Contact  *Contact         `json:"contact,omitempty"`
	Markup   *InlineKeyboard  `json:"reply_markup,omitempty"`
	Keyboard *json.RawMessage `json:"-"` // what stands below the input: a reply keyboard
}

// Profile is a user or a bot.
type Profile struct {
	ID        int64  `json:"id"`
	IsBot     bool   `json:"is_bot"`
	FirstName string `json:"first_name"`
	Username  string `json:"username,omitempty"`
	Language  string `json:"language_code,omitempty"`
}

// Chat is a private chat: it has its user's id.
type Chat struct {
	ID        int64  `json:"id"`
	Type      string `json:"type"`
	FirstName string `json:"first_name,omitempty"`
}

// Entity marks a part of a text, in UTF-16 units.
type Entity struct {
	Type   string `json:"type"`
	Offset int    `json:"offset"`
	Length int    `json:"length"`
}

// Location is a shared position.
type Location struct {
	Latitude  float64 `json:"latitude"`
	Longitude float64 `json:"longitude"`
}

// Attachment is a voice note, a picture or a file.
type Attachment struct {
	FileID   string `json:"file_id"`
	UniqueID string `json:"file_unique_id"`
	Size     int    `json:"file_size"`
	Duration int    `json:"duration"`
	Width    int    `json:"width"`
	Height   int    `json:"height"`
	Name     string `json:"file_name,omitempty"`
}

// Contact is a shared contact.
type Contact struct {
	Phone     string `json:"phone_number"`
	FirstName string `json:"first_name"`
	UserID    int64  `json:"user_id,omitempty"`
}

// InlineKeyboard is the buttons under a message.
type InlineKeyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// Button is one of them.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Buttons are the labels under a message, row after row.
func (m Message) Buttons() []Button {
	var all []Button
	if m.Markup != nil {
		for _, row := range m.Markup.Rows {
			all = append(all, row...)
		}
	}
	return all
}

// Words are a message's text, or its caption.
func (m Message) Words() string { return m.Text + m.Caption }

const (
	maxText    = 4096 // UTF-16 units
	maxCaption = 1024
	maxData    = 64 // bytes
)

func units(text string) int { return len(utf16.Encode([]rune(text))) }

// checkText refuses what can't be a text.
func checkText(text string) *apiError {
	switch n := units(text); {
	case n == 0:
		return bad("message text is empty")
	case n > maxText:
		return bad("message is too long")
	}
	return nil
}

// readMarkup reads reply_markup: buttons under the message, or a keyboard.
func readMarkup(p params, m *Message) *apiError {
	if p["reply_markup"] == "" {
		return nil
	}
	var markup struct {
		Inline   [][]Button      `json:"inline_keyboard"`
		Keyboard [][]replyButton `json:"keyboard"`
		Remove   bool            `json:"remove_keyboard"`
		Force    bool            `json:"force_reply"`
	}
	if err := json.Unmarshal([]byte(p["reply_markup"]), &markup); err != nil {
		return bad("can't parse reply keyboard markup JSON object")
	}
	switch {
	case markup.Inline != nil:
		return readInline(markup.Inline, m)
	case markup.Keyboard != nil || markup.Remove || markup.Force:
		raw := json.RawMessage(p["reply_markup"])
		m.Keyboard = &raw
		return nil
	}
	return bad("object expected as reply markup")
}

type replyButton struct {
	Text            string `json:"text"`
	RequestLocation bool   `json:"request_location"`
	RequestContact  bool   `json:"request_contact"`
}

func readInline(rows [][]Button, m *Message) *apiError {
	for _, row := range rows {
		for _, b := range row {
			switch {
			case b.Text == "":
				return bad("can't parse inline keyboard button: Field \"text\" must be of type String")
			case b.Data == "" && b.URL == "":
				return bad("inline keyboard button must have exactly one of the optional fields")
			case len(b.Data) > maxData:
				return bad("BUTTON_DATA_INVALID")
			}
		}
	}
	if len(rows) > 0 {
		m.Markup = &InlineKeyboard{rows}
	}
	return nil
}

func now() int64 { return time.Now().Unix() }
