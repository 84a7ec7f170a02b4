package simulator

import (
	"encoding/json"
	"net/url"
	"slices"
)

const (
	maxButtonData = 64  // bytes
	maxButtons    = 100 // in one keyboard
	maxHint       = 64  // characters of input_field_placeholder
)

// InlineKeyboard are the buttons under a message.
type InlineKeyboard struct {
	Rows [][]Button `json:"inline_keyboard"`
}

// String is the keyboard as JSON, to compare two.
func (k *InlineKeyboard) String() string {
	text, err := json.Marshal(k)
	if err != nil {
		return ""
	}
	return string(text)
}

// Button is one of an InlineKeyboard: with data for the bot, or with a link.
type Button struct {
	Text string `json:"text"`
	Data string `json:"callback_data,omitempty"`
	URL  string `json:"url,omitempty"`
}

// Keyboard is what a bot puts in place of the letters, or the reply that it asks for.
type Keyboard struct {
	Rows    [][]Key `json:"keyboard"`
	OneTime bool    `json:"one_time_keyboard"`
	Hint    string  `json:"input_field_placeholder"`
}

// Key is one of a Keyboard: it sends its text, one's location or one's telephone number.
type Key struct {
	Text     string `json:"text"`
	Location bool   `json:"request_location"`
	Contact  bool   `json:"request_contact"`
}

// UnmarshalJSON takes a key that is only a text too, as the Bot API does.
func (k *Key) UnmarshalJSON(raw []byte) error {
	type plain Key
	if json.Unmarshal(raw, &k.Text) == nil {
		return nil
	}
	return json.Unmarshal(raw, (*plain)(k))
}

// markup is one of the four things that reply_markup can be.
type markup struct {
	inline   *InlineKeyboard // nil also for one without buttons
	keyboard *Keyboard
	remove   bool
	force    bool
}

// plain tells whether it is there and not inline: Telegram then lets nobody edit the message.
func (m markup) plain() bool { return m.keyboard != nil || m.remove || m.force }

// markup reads and checks reply_markup.
func (c *call) markup() (markup, error) {
	var m markup
	var raw struct {
		Inline   *[][]Button `json:"inline_keyboard"`
		Keyboard *[][]Key    `json:"keyboard"`
		Remove   bool        `json:"remove_keyboard"`
		Force    bool        `json:"force_reply"`
	}
	if text := c.str("reply_markup"); text == "" || text == "{}" {
		return m, nil
	}
	if err := json.Unmarshal([]byte(c.str("reply_markup")), &raw); err != nil {
		return m, bad("can't parse reply keyboard markup JSON object")
	}
	switch {
	case raw.Inline != nil:
		return m.withInline(*raw.Inline)
	case raw.Keyboard != nil:
		m.keyboard = &Keyboard{}
		return m, c.readKeyboard(m.keyboard)
	case raw.Remove, raw.Force:
		m.remove, m.force = raw.Remove, raw.Force
		return m, nil
	}
	return m, bad("can't parse reply keyboard markup JSON object")
}

func (m markup) withInline(rows [][]Button) (markup, error) {
	rows = slices.DeleteFunc(rows, func(row []Button) bool { return len(row) == 0 })
	count := 0
	for _, row := range rows {
		count += len(row)
		for _, b := range row {
			if err := b.check(); err != nil {
				return m, err
			}
		}
	}
	if count > maxButtons {
		return m, bad("reply markup is too long")
	}
	if count > 0 {
		m.inline = &InlineKeyboard{Rows: rows}
	}
	return m, nil
}

func (b Button) check() error {
	switch {
	case b.Text == "":
		return bad("can't parse inline keyboard button: Field \"text\" must be non-empty")
	case b.URL != "":
		u, err := url.Parse(b.URL)
		if err != nil || u.Host == "" && u.Scheme != "tg" {
			return bad("inline keyboard button URL '%s' is invalid: Wrong HTTP URL", b.URL)
		}
	case b.Data == "":
		return bad("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
	case len(b.Data) > maxButtonData:
		return bad("BUTTON_DATA_INVALID")
	}
	return nil
}

func (c *call) readKeyboard(k *Keyboard) error {
	if err := c.object("reply_markup", k); err != nil {
		return err
	}
	count := 0
	for _, row := range k.Rows {
		count += len(row)
		for _, key := range row {
			if key.Text == "" {
				return bad("can't parse keyboard button: Field \"text\" must be non-empty")
			}
			if key.Location && key.Contact {
				return bad("can't parse keyboard button: too many actions in one button")
			}
		}
	}
	switch {
	case count == 0:
		return bad("reply keyboard must be non-empty")
	case count > 3*maxButtons:
		return bad("reply markup is too long")
	case length(k.Hint) > maxHint:
		return bad("can't parse reply keyboard markup: input_field_placeholder is too long")
	}
	return nil
}
