package simulator

import (
	"slices"
	"time"

	"github.com/go-telegram/bot/models"
)

// chat is the private chat of one user and one bot, or a group with the bot.
type chat struct {
	bot      *Bot
	user     *User  // nil in a group
	group    *Group // nil in a private chat
	moved    int64  // the group's number since it became a supergroup
	started  bool   // the user wrote at least once: before that a bot may not
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
	if ch := c.bot.chats[c.num(param)]; ch != nil && ch.group != nil {
		return ch, nil
	}
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
	case ch.group != nil && ch.group.refusal(ch) != nil:
		return nil, ch.group.refusal(ch)
	case ch.blocked:
		return nil, forbidden("bot was blocked by the user")
	case !ch.started:
		return nil, forbidden("bot can't initiate conversation with a user")
	}
	return ch, nil
}

// place is the chat as the Bot API describes it.
func (ch *chat) place() models.Chat {
	if ch.group != nil {
		return ch.group.place()
	}
	p := ch.user.profile
	return models.Chat{ID: p.ID, Type: models.ChatTypePrivate, FirstName: p.FirstName, LastName: p.LastName, Username: p.Username}
}

// add numbers a message and puts it into the chat.
func (ch *chat) add(m Message, from models.User) *Message {
	m.ID = ch.number()
	m.From, m.Chat, m.bot = from, ch.place(), ch.bot
	m.Date = unix(ch.bot.sim.options.Now())
	ch.messages = append(ch.messages, &m)
	ch.fire()
	return &m
}

// replace puts an edited message in its place.
func (ch *chat) replace(m Message) *Message {
	i := slices.IndexFunc(ch.messages, func(old *Message) bool { return old.ID == m.ID })
	m.EditDate = unix(ch.bot.sim.options.Now())
	ch.messages[i] = &m
	ch.fire()
	return &m
}

func (ch *chat) remove(id int) {
	ch.messages = slices.DeleteFunc(ch.messages, func(m *Message) bool { return m.ID == id })
	ch.fire()
}

// message finds one by its number; nil when it was never there or is deleted.
func (ch *chat) message(id int64) *Message {
	i, found := slices.BinarySearchFunc(ch.messages, id, func(m *Message, id int64) int { return m.ID - int(id) })
	if !found {
		return nil
	}
	return ch.messages[i]
}

// find is the latest of the bot's messages that is wanted.
func (ch *chat) find(wanted func(Message) bool) (Message, bool) {
	for _, m := range slices.Backward(ch.messages) {
		if m.FromBot() && wanted(*m) {
			return *m, true
		}
	}
	return Message{}, false
}

// number is that of the chat's next message.
func (ch *chat) number() int {
	if ch.group != nil {
		return ch.group.number()
	}
	ch.bot.lastMessage++
	return ch.bot.lastMessage
}

// fire tells whoever watches the chat that it has changed.
func (ch *chat) fire() {
	if ch.group != nil {
		ch.group.changed.fire()
		return
	}
	ch.user.changed.fire()
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
