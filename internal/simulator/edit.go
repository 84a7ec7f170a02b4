package simulator

import (
	"time"
)

const deletable = 48 * time.Hour // how old a message may be that is deleted

// editable is the message that a call wants to edit, with its chat and the keyboard it is to have.
func (c *call) editable() (*chat, Message, error) {
	ch, err := c.openChat()
	if err != nil {
		return nil, Message{}, err
	}
	m := ch.message(c.num("message_id"))
	switch {
	case m == nil:
		return nil, Message{}, bad("message to edit not found")
	case m.From.ID != c.bot.id, m.plain, m.ForwardOrigin != nil:
		return nil, Message{}, bad("message can't be edited")
	}
	markup, err := c.markup()
	if err != nil {
		return nil, Message{}, err
	}
	if markup.plain() {
		return nil, Message{}, bad("inline keyboard expected")
	}
	edited := *m
	edited.ReplyMarkup = markup.inline // none given: the keyboard goes
	return ch, edited, nil
}

// put makes an edit seen, unless it changes nothing.
func (c *call) put(ch *chat, m Message) (any, error) {
	if m.sameAs(*ch.message(int64(m.ID))) {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same " +
			"as a current content and reply markup of the message")
	}
	return ch.replace(m), nil
}

func editMessageText(c *call) (any, error) {
	f, err := c.formatted("text", "entities", maxText, "message is too long")
	if err != nil {
		return nil, err
	}
	ch, m, err := c.editable()
	switch {
	case err != nil:
		return nil, err
	case m.Text == "":
		return nil, bad("there is no text in the message to edit")
	case f.text == "":
		return nil, missing("text")
	}
	m.Text, m.Entities = f.text, f.entities
	return c.put(ch, m)
}

func editMessageCaption(c *call) (any, error) {
	f, err := c.caption()
	if err != nil {
		return nil, err
	}
	ch, m, err := c.editable()
	switch {
	case err != nil:
		return nil, err
	case !m.isFile():
		return nil, bad("there is no caption in the message to edit")
	}
	m.Caption, m.CaptionEntities = f.text, f.entities
	return c.put(ch, m)
}

func editMessageReplyMarkup(c *call) (any, error) {
	ch, m, err := c.editable()
	if err != nil {
		return nil, err
	}
	return c.put(ch, m)
}

// deleteMessage deletes what either side wrote: in private chats a bot may, in a group only an administrator what others
// wrote.
func deleteMessage(c *call) (any, error) {
	ch, err := c.chat("chat_id")
	if err != nil {
		return nil, err
	}
	m := ch.message(c.num("message_id"))
	switch {
	case m == nil:
		return nil, bad("message to delete not found")
	case ch.group != nil && ch.group.status != "administrator" && m.From.ID != c.bot.id:
		return nil, bad("message can't be deleted")
	case c.at.Sub(time.Unix(int64(m.Date), 0)) > deletable:
		return nil, bad("message can't be deleted for everyone")
	}
	ch.remove(m.ID)
	return true, nil
}
