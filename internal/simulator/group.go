package simulator

import (
	"context"
	"fmt"
	"strings"

	"github.com/go-telegram/bot/models"
)

// Group is a group chat with one bot in it, or without it again. It is a basic group until Upgrade, or a supergroup from the
// start where it is a forum. What members write reaches the bot as in privacy mode (https://core.telegram.org/bots/features#privacy-mode):
// commands that may be for it and answers to it; all of it where the bot is an administrator.
type Group struct {
	sim     *Simulator
	bot     *Bot
	id      int64
	title   string
	super   bool
	forum   bool
	muted   bool   // members may not write
	status  string // of the bot: member, administrator, left or kicked
	topics  map[int]*Topic
	changed signal

	lastMessage int // a supergroup has a sequence of its own
	chat        *chat
}

// Topic is one of a forum's.
type Topic struct {
	ID     int // that of the message which began it
	Name   string
	Closed bool
}

// Group makes a basic group, without the bot in it.
func (b *Bot) Group(title string) *Group { return b.newGroup(title, false) }

// Forum makes a supergroup with topics, without the bot in it.
func (b *Bot) Forum(title string) *Group { return b.newGroup(title, true) }

func (b *Bot) newGroup(title string, forum bool) *Group {
	b.sim.mu.Lock()
	defer b.sim.mu.Unlock()
	g := &Group{sim: b.sim, bot: b, title: title, super: forum, forum: forum, status: "left", topics: map[int]*Topic{}}
	g.take()
	return g
}

// take gives a group a number and makes it a chat of its bot's.
func (g *Group) take() {
	g.id = -4_000_000_000 - g.sim.next()
	if g.super {
		g.id = -1_002_000_000_000 - g.sim.next()
	}
	g.chat = &chat{bot: g.bot, group: g, started: true}
	g.bot.chats[g.id] = g.chat
}

// ID is the group's number, which is negative.
func (g *Group) ID() int64 {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	return g.id
}

// place is the group as the Bot API describes it.
func (g *Group) place() models.Chat {
	kind := models.ChatTypeGroup
	if g.super {
		kind = models.ChatTypeSupergroup
	}
	return models.Chat{ID: g.id, Type: kind, Title: g.title, IsForum: g.forum}
}

// Add makes the bot a member, as a user does it.
func (g *Group) Add(by *User) { g.become(by, "member") }

// Promote makes the bot an administrator who may manage topics.
func (g *Group) Promote(by *User) { g.become(by, "administrator") }

// Remove throws the bot out.
func (g *Group) Remove(by *User) { g.become(by, "kicked") }

// Mute lets members write no more; administrators may.
func (g *Group) Mute() {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	g.muted = true
}

// become changes what the bot is in the group, and tells it.
func (g *Group) become(by *User, status string) {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	before := g.member()
	joins := !g.in() && status != "kicked"
	g.status = status
	g.bot.push("my_chat_member", g.id, map[string]any{"chat": g.place(), "from": by.person(), "date": unix(g.sim.options.Now()),
		"old_chat_member": before, "new_chat_member": g.member()})
	if joins {
		g.announce(by, map[string]any{"new_chat_members": []models.User{g.bot.person()}})
	}
	g.changed.fire()
}

// in tells whether the bot is in the group.
func (g *Group) in() bool { return g.status == "member" || g.status == "administrator" }

// member is the bot as a member of the group.
func (g *Group) member() map[string]any {
	m := map[string]any{"status": g.status, "user": g.bot.person()}
	switch g.status {
	case "administrator":
		m["can_manage_topics"], m["can_manage_chat"] = g.forum, true
	case "kicked":
		m["until_date"] = 0
	}
	return m
}

// announce tells the bot of a service message, which stands for itself.
func (g *Group) announce(by *User, what map[string]any) {
	m := map[string]any{"message_id": g.number(), "chat": g.place(), "from": by.person(), "date": unix(g.sim.options.Now())}
	for key, value := range what {
		m[key] = value
	}
	g.bot.push("message", g.id, m)
}

// number is that of the next message. A basic group shares the sequence of the bot's private chats.
func (g *Group) number() int {
	if g.super {
		g.lastMessage++
		return g.lastMessage
	}
	g.bot.lastMessage++
	return g.bot.lastMessage
}

// Upgrade makes a basic group a supergroup, with another number. What was written stays behind, out of the bot's reach.
func (g *Group) Upgrade(by *User) {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	old, place := g.chat, g.place()
	g.super = true
	g.take()
	old.moved = g.id
	g.bot.push("message", place.ID, map[string]any{"message_id": g.bot.lastMessage + 1, "chat": place, "from": by.person(),
		"date": unix(g.sim.options.Now()), "migrate_to_chat_id": g.id})
	g.bot.lastMessage++
	g.announce(by, map[string]any{"migrate_from_chat_id": place.ID})
	g.changed.fire()
}

// Send has a user write in the group. It returns the number of the update, or 0 where the bot isn't told.
func (g *Group) Send(u *User, text string) int64 { return g.say(u, text, nil) }

// Reply has a user answer a message of the group.
func (g *Group) Reply(u *User, to Message, text string) int64 { return g.say(u, text, to.quoted()) }

func (g *Group) say(u *User, text string, to *Message) int64 {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	f := plain(text)
	m := g.chat.add(Message{Text: f.text, Entities: f.entities, ReplyTo: to}, u.person())
	if !g.in() || !g.hears(m) {
		return 0
	}
	return g.bot.push("message", g.id, m)
}

// hears tells whether the bot is told of a message.
func (g *Group) hears(m *Message) bool {
	if g.status == "administrator" || m.ReplyTo != nil && m.ReplyTo.From.ID == g.bot.id {
		return true
	}
	word, _, _ := strings.Cut(m.Text, " ")
	_, to, named := strings.Cut(word, "@")
	return strings.HasPrefix(word, "/") && (!named || strings.EqualFold(to, g.bot.username))
}

// Press has a user press the inline button of a message with a label or, failing that, with that data.
func (g *Group) Press(u *User, m Message, button string) (*Query, error) {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	now := g.chat.message(int64(m.ID))
	if now == nil {
		return nil, fmt.Errorf("press %q: message %d is gone", button, m.ID)
	}
	found, ok := now.Button(button)
	if !ok || found.Data == "" {
		return nil, fmt.Errorf("press %q: message %d has only the buttons %q", button, m.ID, now.Labels())
	}
	return g.chat.pressed(u, m.ID, found.Data), nil
}

// PressData has a user send a press with any data.
func (g *Group) PressData(u *User, m Message, data string) *Query {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	return g.chat.pressed(u, m.ID, data)
}

// Chat is what stands in the group, the oldest message first.
func (g *Group) Chat() []Message {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	var seen []Message
	for _, m := range g.chat.messages {
		seen = append(seen, *m)
	}
	return seen
}

// Topics are the forum's, by number.
func (g *Group) Topics() map[int]Topic {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	all := map[int]Topic{}
	for id, t := range g.topics {
		all[id] = *t
	}
	return all
}

// DropTopic deletes a topic with all that is in it.
func (g *Group) DropTopic(id int) {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	delete(g.topics, id)
	for _, m := range append([]*Message(nil), g.chat.messages...) {
		if m.Thread == id {
			g.chat.remove(m.ID)
		}
	}
}

// Wait blocks until one of the bot's messages in the group is as wanted, and returns the latest such.
func (g *Group) Wait(ctx context.Context, wanted func(Message) bool) (Message, error) {
	for {
		m, changed, found := g.find(wanted)
		if found {
			return m, nil
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("wait for a message in a group: %w; it is%s", ctx.Err(), transcript(g.Chat()))
		}
	}
}

func (g *Group) find(wanted func(Message) bool) (Message, <-chan struct{}, bool) {
	g.sim.mu.Lock()
	defer g.sim.mu.Unlock()
	m, found := g.chat.find(wanted)
	return m, g.changed.wait(), found
}

// refusal is why the bot may not write in the group now, or nil.
func (g *Group) refusal(ch *chat) error {
	kind := "group"
	if g.super {
		kind = "supergroup"
	}
	switch {
	case ch.moved != 0:
		return &Error{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: ch.moved}
	case g.status == "kicked":
		return forbidden("bot was kicked from the " + kind + " chat")
	case !g.in():
		return forbidden("bot is not a member of the " + kind + " chat")
	case g.muted && g.status != "administrator":
		return bad("not enough rights to send text messages to the chat")
	}
	return nil
}
