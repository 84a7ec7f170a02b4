package simulator

import (
	"math"
	"slices"
	"strconv"

	"github.com/go-telegram/bot/models"
)

func sendMessage(c *call) (any, error) {
	f, err := c.formatted("text", "entities", maxText, "message is too long")
	if err != nil {
		return nil, err
	}
	if f.text == "" {
		return nil, missing("text")
	}
	return c.send(Message{Text: f.text, Entities: f.entities})
}

// send puts the bot's message into the chat, with the reply and the keyboard that the call asks for.
func (c *call) send(m Message) (any, error) {
	ch, err := c.openChat()
	if err != nil {
		return nil, err
	}
	markup, err := c.markup()
	if err != nil {
		return nil, err
	}
	if m.ReplyTo, err = c.replyTo(ch); err != nil {
		return nil, err
	}
	if m.Thread, err = c.thread(ch); err != nil {
		return nil, err
	}
	m.InTopic = m.Thread != 0
	m.ReplyMarkup, m.plain = markup.inline, markup.plain()
	ch.action = ""
	ch.show(markup)
	return ch.add(m, c.bot.person()), nil
}

// replyTo is the message that reply_parameters names, or nil.
func (c *call) replyTo(ch *chat) (*Message, error) {
	var p struct {
		MessageID int64 `json:"message_id"`
		Lenient   bool  `json:"allow_sending_without_reply"`
	}
	if !c.has("reply_parameters") {
		return nil, nil
	}
	if err := c.object("reply_parameters", &p); err != nil {
		return nil, bad("can't parse reply parameters JSON object")
	}
	found := ch.message(p.MessageID)
	switch {
	case found != nil:
		return found.quoted(), nil
	case p.Lenient:
		return nil, nil
	}
	return nil, bad("message to be replied not found")
}

// caption is a call's caption with its formatting.
func (c *call) caption() (formatted, error) {
	return c.formatted("caption", "caption_entities", maxCaption, "message caption is too long")
}

// sendFile is sendPhoto, sendVoice and sendDocument.
func sendFile(kind string) func(*call) (any, error) {
	return func(c *call) (any, error) {
		caption, err := c.caption()
		if err != nil {
			return nil, err
		}
		f, err := c.file(kind, kind, c.str(kind))
		if err != nil {
			return nil, err
		}
		return c.send(Message{Content: f.Content, Caption: caption.text, CaptionEntities: caption.entities})
	}
}

// maxGroup and minGroup are how many items an album has.
const (
	minGroup = 2
	maxGroup = 10
)

func sendMediaGroup(c *call) (any, error) {
	var items []struct {
		Type    string `json:"type"`
		Media   string `json:"media"`
		Caption string `json:"caption"`
		Mode    string `json:"parse_mode"`
	}
	if err := c.object("media", &items); err != nil {
		return nil, bad("can't parse media JSON object")
	}
	if len(items) < minGroup || len(items) > maxGroup {
		return nil, bad("media must include %d-%d items", minGroup, maxGroup)
	}
	album := make([]Message, 0, len(items))
	for _, item := range items {
		if item.Type != items[0].Type || item.Type != "photo" && item.Type != "document" {
			return nil, bad("can't parse InputMedia: %s can't be mixed with other media types here", item.Type)
		}
		f, err := c.file(item.Type, item.Media, item.Media)
		if err != nil {
			return nil, err
		}
		c.form.values["caption"], c.form.values["parse_mode"] = item.Caption, item.Mode
		caption, err := c.caption()
		if err != nil {
			return nil, err
		}
		album = append(album, Message{Content: f.Content, Caption: caption.text, CaptionEntities: caption.entities})
	}
	return c.sendAll(album)
}

func (c *call) sendAll(album []Message) (any, error) {
	group, sent := strconv.FormatInt(c.sim.next(), 10), make([]any, 0, len(album))
	for _, m := range album {
		m.MediaGroupID = group
		one, err := c.send(m)
		if err != nil {
			return nil, err
		}
		sent = append(sent, one)
	}
	return sent, nil
}

func sendLocation(c *call) (any, error) {
	var at models.Location
	for name, to := range map[string]*float64{"latitude": &at.Latitude, "longitude": &at.Longitude, "horizontal_accuracy": &at.HorizontalAccuracy} {
		*to, _ = strconv.ParseFloat(c.str(name), 64) // checked; zero when not given
	}
	if !onEarth(at.Latitude, at.Longitude) {
		return nil, bad("invalid location specified")
	}
	return c.send(Message{Content: Content{Location: &at}})
}

// onEarth tells whether degrees are a point's; NaN is none.
func onEarth(lat, lon float64) bool { return math.Abs(lat) <= 90 && math.Abs(lon) <= 180 }

func sendContact(c *call) (any, error) {
	return c.send(Message{Content: Content{Contact: &models.Contact{PhoneNumber: c.str("phone_number"),
		FirstName: c.str("first_name"), LastName: c.str("last_name"), VCard: c.str("vcard")}}})
}

// source is the message that from_chat_id and message_id name.
func (c *call) source(doing string) (*Message, error) {
	from, err := c.chat("from_chat_id")
	if err != nil {
		return nil, err
	}
	if m := from.message(c.num("message_id")); m != nil {
		return m, nil
	}
	return nil, bad("message to %s not found", doing)
}

func copyMessage(c *call) (any, error) {
	m, err := c.source("copy")
	if err != nil {
		return nil, err
	}
	twin := Message{Text: m.Text, Entities: m.Entities, Content: m.Content, Caption: m.Caption, CaptionEntities: m.CaptionEntities}
	if m.Location != nil { // a live location's copy stays where it is
		still := *m.Location
		still.LivePeriod = 0
		twin.Location = &still
	}
	if c.has("caption") && m.isFile() {
		caption, err := c.caption()
		if err != nil {
			return nil, err
		}
		twin.Caption, twin.CaptionEntities = caption.text, caption.entities
	}
	sent, err := c.send(twin)
	if err != nil {
		return nil, err
	}
	return models.MessageID{ID: sent.(*Message).ID}, nil
}

func forwardMessage(c *call) (any, error) {
	m, err := c.source("forward")
	if err != nil {
		return nil, err
	}
	return c.send(Message{Text: m.Text, Entities: m.Entities, Content: m.Content, Caption: m.Caption, CaptionEntities: m.CaptionEntities,
		ForwardOrigin: &Origin{Type: "user", From: m.From, Date: m.Date}})
}

// actions are what sendChatAction can show.
var actions = []string{"typing", "upload_photo", "record_video", "upload_video", "record_voice", "upload_voice",
	"upload_document", "choose_sticker", "find_location", "record_video_note", "upload_video_note"}

func sendChatAction(c *call) (any, error) {
	if !slices.Contains(actions, c.str("action")) {
		return nil, missing("action")
	}
	ch, err := c.openChat()
	if err != nil {
		return nil, err
	}
	ch.action, ch.actedAt = c.str("action"), c.at
	ch.fire()
	return true, nil
}
