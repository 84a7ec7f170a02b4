package simulator

import (
	"slices"
	"time"

	"github.com/go-telegram/bot/models"
)

// chat is the private chat of one user and one bot.
type chat struct {
	bot      *Bot
	user     *User
	started  bool // the user wrote at least once: before that a bot may not
	blocked  bool
	messages []*Message // by rising number
	keyboard *Keyboard  // what stands in place of the letters
	force    bool       // the bot asks for a reply to its last message
	action   string     // of sendChatAction, until a message comes or actedAt is 5 s ago
	actedAt  time.Time
	answers  []Answer // to presses, oldest first
	sent     history
}

// chatWith is the chat of a bot with a user, made when it is new.
func (b *Bot) chatWith(u *User) *chat {
	if b.chats[u.profile.ID] == nil {
		b.chats[u.profile.ID] = &chat{bot: b, user: u}
	}
	return b.chats[u.profile.ID]
}

// chat is the one that a parameter names, whether the bot may write there or not.
func (c *call) chat(param string) (*chat, error) {
	user, known := c.sim.users[c.num(param)]
	if !known {
		return nil, bad("chat not found")
	}
	return c.bot.chatWith(user), nil
}

// openChat is the chat that chat_id names, when the bot may write there.
func (c *call) openChat() (*chat, error) {
	ch, err := c.chat("chat_id")
	switch {
	case err != nil:
		return nil, err
	case ch.blocked:
		return nil, forbidden("bot was blocked by the user")
	case !ch.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return ch, nil
}

// place is the chat as the Bot API describes it.
func (ch *chat) place() models.Chat {
	p := ch.user.profile
	return models.Chat{ID: p.ID, Type: models.ChatTypePrivate, FirstName: p.FirstName, LastName: p.LastName, Username: p.Username}
}

// add numbers a message and puts it into the chat.
func (ch *chat) add(m Message, from models.User) *Message {
	ch.bot.lastMessage++
	m.ID, m.From, m.Chat, m.bot = ch.bot.lastMessage, from, ch.place(), ch.bot
	m.Date = unix(ch.bot.sim.options.Now())
	ch.messages = append(ch.messages, &m)
	ch.user.changed.fire()
	return &m
}

// replace puts an edited message in its place.
func (ch *chat) replace(m Message) *Message {
	i := slices.IndexFunc(ch.messages, func(old *Message) bool { return old.ID == m.ID })
	m.EditDate = unix(ch.bot.sim.options.Now())
	ch.messages[i] = &m
	ch.user.changed.fire()
	return &m
}

func (ch *chat) remove(id int) {
	ch.messages = slices.DeleteFunc(ch.messages, func(m *Message) bool { return m.ID == id })
	ch.user.changed.fire()
}

// message finds one by its number; nil when it was never there or is deleted.
func (ch *chat) message(id int64) *Message {
	i, found := slices.BinarySearchFunc(ch.messages, id, func(m *Message, id int64) int { return m.ID - int(id) })
	if !found {
		return nil
	}
	return ch.messages[i]
}

// show applies what a bot's message does to the keyboard.
func (ch *chat) show(m markup) {
	ch.force = m.force
	switch {
	case m.keyboard != nil:
		ch.keyboard = m.keyboard
	case m.remove:
		ch.keyboard = nil
	}
}
