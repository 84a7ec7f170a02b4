package botapi

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"
)

// User is a person with a phone. All methods are safe for concurrent use, and name the bot by its token.
type User struct {
	Profile
	server *Server
	chats  map[string]*conversation
}

// conversation is one private chat between a user and a bot.
type conversation struct {
	messages    []*Message
	lastID      int64
	blocked     bool
	toasts      []string
	typingUntil time.Time
}

func (c *conversation) add(m *Message) {
	c.lastID++
	m.ID = c.lastID
	c.messages = append(c.messages, m)
}

func (c *conversation) find(id int64) *Message {
	for _, m := range c.messages {
		if m.ID == id {
			return m
		}
	}
	return nil
}

func (c *conversation) remove(id int64) bool {
	before := len(c.messages)
	c.messages = slices.DeleteFunc(c.messages, func(m *Message) bool { return m.ID == id })
	return len(c.messages) < before
}

// User makes a person, or finds the one with this id.
func (s *Server) User(p Profile) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if u := s.users[p.ID]; u != nil {
		return u
	}
	u := &User{Profile: p, server: s, chats: map[string]*conversation{}}
	s.users[p.ID] = u
	return u
}

// SetLanguage changes the language of the user's Telegram.
func (u *User) SetLanguage(code string) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	u.Language = code
}

// open is the user's chat with a bot. The lock must be held.
func (u *User) open(token string) *conversation {
	if u.chats[token] == nil {
		u.chats[token] = &conversation{}
	}
	return u.chats[token]
}

// say puts the user's message into the chat and tells the bot; it returns the update's id.
func (u *User) say(token string, m *Message) int64 {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	profile := u.Profile
	m.From, m.Chat, m.Date = &profile, Chat{u.ID, "private", u.FirstName}, now()
	c := u.open(token)
	c.blocked = false
	c.add(m)
	return s.push(s.bots[token], "message", m)
}

// Send writes a text. One that begins with a slash is marked as a command.
func (u *User) Send(token, text string) int64 {
	m := &Message{Text: text}
	if strings.HasPrefix(text, "/") {
		word, _, _ := strings.Cut(text, " ")
		m.Entities = []Entity{{"bot_command", 0, units(word)}}
	}
	return u.say(token, m)
}

// Reply writes a text that answers a message.
func (u *User) Reply(token string, to Message, text string) int64 {
	return u.say(token, &Message{Text: text, ReplyTo: &to})
}

// Locate shares a position.
func (u *User) Locate(token string, lat, lon float64) int64 {
	return u.say(token, &Message{Location: &Location{lat, lon}})
}

// Voice sends a voice note.
func (u *User) Voice(token string, content []byte) int64 {
	a := u.upload(content, "")
	return u.say(token, &Message{Voice: &a})
}

// Photo sends a picture with a caption, which may be empty.
func (u *User) Photo(token string, content []byte, caption string) int64 {
	return u.say(token, &Message{Photo: []Attachment{u.upload(content, "")}, Caption: caption})
}

// Document sends a file.
func (u *User) Document(token string, content []byte, name, caption string) int64 {
	a := u.upload(content, name)
	return u.say(token, &Message{Document: &a, Caption: caption})
}

// Share sends a contact.
func (u *User) Share(token string, c Contact) int64 { return u.say(token, &Message{Contact: &c}) }

func (u *User) upload(content []byte, name string) Attachment {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	return u.server.addFile(content, name)
}

// Edit changes a message of the user's own.
func (u *User) Edit(token string, message int64, text string) int64 {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	m := u.open(token).find(message)
	m.Text, m.EditDate = text, now()
	return s.push(s.bots[token], "edited_message", m)
}

// Press presses the button of a message by its label; a message without it is an error.
func (u *User) Press(token string, m Message, label string) (int64, error) {
	for _, b := range m.Buttons() {
		if b.Text == label {
			return u.PressData(token, m, b.Data), nil
		}
	}
	return 0, fmt.Errorf("no button %q under %q", label, m.Words())
}

// PressData presses a button with any data, as a forger would.
func (u *User) PressData(token string, m Message, data string) int64 {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	b := s.bots[token]
	id := fmt.Sprintf("%d-%d", u.ID, b.nextID)
	b.queries[id] = &query{user: u}
	profile := u.Profile
	return s.push(b, "callback_query", map[string]any{"id": id, "from": profile, "message": m, "chat_instance": "1", "data": data})
}

// Block shuts the bot out, or lets it in again.
func (u *User) Block(token string, blocked bool) int64 {
	s := u.server
	s.mu.Lock()
	defer s.mu.Unlock()
	u.open(token).blocked = blocked
	status := map[bool]string{true: "kicked", false: "member"}
	member := func(is bool) map[string]any {
		return map[string]any{"user": map[string]any{"id": s.bots[token].id, "is_bot": true, "first_name": "bot"}, "status": status[is], "until_date": 0}
	}
	profile := u.Profile
	return s.push(s.bots[token], "my_chat_member", map[string]any{"chat": Chat{u.ID, "private", u.FirstName}, "from": profile, "date": now(),
		"old_chat_member": member(!blocked), "new_chat_member": member(blocked)})
}

// Chat is the chat as the user sees it: edits made, deletions gone.
func (u *User) Chat(token string) []Message {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	return u.seen(token)
}

func (u *User) seen(token string) []Message {
	c := u.open(token)
	all := make([]Message, len(c.messages))
	for i, m := range c.messages {
		all[i] = *m
	}
	return all
}

// Toasts are the words that pressed buttons were answered with.
func (u *User) Toasts(token string) []string {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	return slices.Clone(u.open(token).toasts)
}

// ErrNotSeen is a wait that ended before what was waited for came.
var ErrNotSeen = errors.New("not seen in time")

// Wait returns the latest message of the bot's that fits, once there is one.
func (u *User) Wait(ctx context.Context, token string, fits func(Message) bool) (Message, error) {
	for {
		u.server.mu.Lock()
		chat, changed := u.seen(token), u.server.changed
		u.server.mu.Unlock()
		for _, m := range slices.Backward(chat) {
			if m.From.IsBot && fits(m) {
				return m, nil
			}
		}
		select {
		case <-changed:
		case <-ctx.Done():
			return Message{}, fmt.Errorf("%w: the chat of %s is %s", ErrNotSeen, u.FirstName, transcript(chat))
		}
	}
}

// WaitFor is Wait for a message that contains the words.
func (u *User) WaitFor(ctx context.Context, token, words string) (Message, error) {
	return u.Wait(ctx, token, func(m Message) bool { return strings.Contains(m.Words(), words) })
}

// WaitButton is Wait for a message with a button of this label.
func (u *User) WaitButton(ctx context.Context, token, label string) (Message, error) {
	return u.Wait(ctx, token, func(m Message) bool {
		return slices.ContainsFunc(m.Buttons(), func(b Button) bool { return b.Text == label })
	})
}

// transcript is a chat as text, for what a failed wait has seen.
func transcript(chat []Message) string {
	var out strings.Builder
	for _, m := range chat {
		fmt.Fprintf(&out, "\n  %s: %s", m.From.FirstName, m.Words())
		for _, b := range m.Buttons() {
			fmt.Fprintf(&out, " [%s]", b.Text)
		}
	}
	return out.String()
}
