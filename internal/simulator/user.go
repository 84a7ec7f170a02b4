package simulator

import (
	"errors"
	"fmt"
	"slices"
	"strconv"

	"github.com/go-telegram/bot/models"
)

// Profile is a person as Telegram knows them.
type Profile struct {
	ID        int64 // 0: a new one
	FirstName string
	LastName  string
	Username  string
	Language  string // IETF tag of their app, "zh-hans"; may be empty
	Phone     string // what Contact shares
}

// User is a person with a phone. What a User sends goes to the bot's queue at once; to a bot that the user
// blocked, it is unblocked first, as the app asks for.
type User struct {
	sim     *Simulator
	profile Profile
	changed signal
}

// User registers a person, or gives the one with that id, who then has this profile.
func (s *Simulator) User(p Profile) *User {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p.ID == 0 {
		p.ID = 7_000_000_000 + s.next() // beyond 32 bits, as real ones are
	}
	if s.users[p.ID] == nil {
		s.users[p.ID] = &User{sim: s}
	}
	s.users[p.ID].profile = p
	return s.users[p.ID]
}

// ID is the user's, and that of their chat with any bot.
func (u *User) ID() int64 {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	return u.profile.ID
}

// SetLanguage changes the language of the user's app, an IETF tag.
func (u *User) SetLanguage(tag string) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	u.profile.Language = tag
	u.changed.fire()
}

func (u *User) person() models.User {
	p := u.profile
	return models.User{ID: p.ID, FirstName: p.FirstName, LastName: p.LastName, Username: p.Username, LanguageCode: p.Language}
}

// say sends a message and returns the id of its update. made is called with the lock held.
func (u *User) say(b *Bot, made func(*chat) Message) int64 {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	ch := b.chatWith(u)
	if ch.blocked {
		ch.setBlocked(false)
	}
	ch.started, ch.force = true, false
	if ch.keyboard != nil && ch.keyboard.OneTime {
		ch.keyboard = nil
	}
	m := ch.add(made(ch), u.person())
	return b.push("message", u.profile.ID, m)
}

// Send writes a text. One that is too long goes as several messages, as apps do; the last one's update counts.
func (u *User) Send(b *Bot, text string) int64 { return u.sendText(b, text, 0) }

// Start opens the bot by a deep link: t.me/<bot>?start=<param>. An empty param is the plain start button.
func (u *User) Start(b *Bot, param string) int64 {
	if param == "" {
		return u.Send(b, "/start")
	}
	return u.Send(b, "/start "+param)
}

// Reply writes a text that quotes a message.
func (u *User) Reply(to Message, text string) int64 { return u.sendText(to.bot, text, to.ID) }

func (u *User) sendText(b *Bot, text string, replyTo int) int64 {
	var id int64
	for _, part := range split(text) {
		id = u.say(b, func(ch *chat) Message {
			f := plain(part)
			return Message{Text: f.text, Entities: f.entities, ReplyTo: ch.quote(replyTo)}
		})
	}
	return id
}

// split cuts a text into messages that Telegram takes.
func split(text string) []string {
	var parts []string
	units, from := 0, 0
	for i, r := range text {
		n := length(string(r))
		if units+n > maxText {
			parts, units, from = append(parts, text[from:i]), 0, i
		}
		units += n
	}
	return append(parts, text[from:])
}

func (ch *chat) quote(id int) *Message {
	if m := ch.message(int64(id)); m != nil {
		return m.quoted()
	}
	return nil
}

// Location shares a point, in WGS-84 degrees.
func (u *User) Location(b *Bot, lat, lon float64) int64 {
	return u.say(b, func(*chat) Message {
		return Message{Content: Content{Location: &models.Location{Latitude: lat, Longitude: lon}}}
	})
}

// LiveLocation shares where the user is for so many seconds, and returns the number of the message, which Move moves.
func (u *User) LiveLocation(b *Bot, lat, lon float64, seconds int) (message int) {
	u.say(b, func(*chat) Message {
		message = b.lastMessage + 1
		return Message{Content: Content{Location: &models.Location{Latitude: lat, Longitude: lon, LivePeriod: seconds}}}
	})
	return message
}

// Move is a step of a live location. It is an error when there is no such message.
func (u *User) Move(b *Bot, message int, lat, lon float64) error {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	ch := b.chatWith(u)
	m := ch.message(int64(message))
	if m == nil || m.Location == nil || m.Location.LivePeriod == 0 {
		return fmt.Errorf("move message %d: it is no live location", message)
	}
	to := *m.Location
	to.Latitude, to.Longitude = lat, lon
	ch.relocate(*m, to)
	return nil
}

// Stop ends a live location where it is. It is an error when there is no such message.
func (u *User) Stop(b *Bot, message int) error {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	ch := b.chatWith(u)
	m := ch.message(int64(message))
	if m == nil || m.Location == nil || m.Location.LivePeriod == 0 {
		return fmt.Errorf("stop message %d: it is no live location", message)
	}
	ch.relocate(*m, models.Location{Latitude: m.Location.Latitude, Longitude: m.Location.Longitude})
	return nil
}

// relocate changes the location of a message, of which the bot is told.
func (ch *chat) relocate(m Message, to models.Location) {
	m.Location = &to
	ch.bot.push("edited_message", ch.user.profile.ID, ch.replace(m))
}

// Delete deletes a message of the user's, of which Telegram tells no bot.
func (u *User) Delete(b *Bot, message int) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	b.chatWith(u).remove(message)
}

// ContactOf shares somebody else's number from the address book. account is theirs at Telegram, or 0.
func (u *User) ContactOf(b *Bot, name, phone string, account int64) int64 {
	return u.say(b, func(*chat) Message {
		return Message{Content: Content{Contact: &models.Contact{PhoneNumber: phone, FirstName: name, UserID: account}}}
	})
}

// Contact shares the user's own telephone number.
func (u *User) Contact(b *Bot) int64 {
	return u.say(b, func(*chat) Message {
		p := u.profile
		return Message{Content: Content{Contact: &models.Contact{PhoneNumber: p.Phone, FirstName: p.FirstName, LastName: p.LastName, UserID: p.ID}}}
	})
}

// Voice sends a voice note: OGG with Opus, of so many seconds.
func (u *User) Voice(b *Bot, ogg []byte, seconds int) int64 {
	return u.sendFile(b, "voice", "", ogg, seconds, "")
}

// Photo sends a picture with a caption, which may be empty.
func (u *User) Photo(b *Bot, picture []byte, caption string) int64 {
	return u.sendFile(b, "photo", "", picture, 0, caption)
}

// Album sends pictures as one album, the caption under the first of them, and returns the first one's update.
func (u *User) Album(b *Bot, caption string, pictures ...[]byte) int64 {
	u.sim.mu.Lock()
	group := strconv.FormatInt(u.sim.next(), 10)
	u.sim.mu.Unlock()
	var first int64
	for i, picture := range pictures {
		update := u.say(b, func(*chat) Message {
			f := plain(caption)
			return Message{Content: b.store("photo", "", picture, 0).Content, Caption: f.text, CaptionEntities: f.entities, MediaGroupID: group}
		})
		if i == 0 {
			first, caption = update, ""
		}
	}
	return first
}

// Document sends any file.
func (u *User) Document(b *Bot, name string, content []byte, caption string) int64 {
	return u.sendFile(b, "document", name, content, 0, caption)
}

func (u *User) sendFile(b *Bot, kind, name string, content []byte, seconds int, caption string) int64 {
	return u.say(b, func(*chat) Message {
		f := plain(caption)
		return Message{Content: b.store(kind, name, content, seconds).Content, Caption: f.text, CaptionEntities: f.entities}
	})
}

// Edit changes the text of a message that the user wrote. It is an error when there is no such message.
func (u *User) Edit(b *Bot, id int, text string) (int64, error) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	ch := b.chatWith(u)
	m := ch.message(int64(id))
	if m == nil || m.From.ID != u.profile.ID || m.Text == "" {
		return 0, fmt.Errorf("edit message %d: the user wrote no such text", id)
	}
	f, edited := plain(text), *m
	edited.Text, edited.Entities = f.text, f.entities
	return b.push("edited_message", u.profile.ID, ch.replace(edited)), nil
}

// Press presses the inline button with a label or, failing that, with that data. It is an error when the chat
// no longer shows the message with that button.
func (u *User) Press(m Message, button string) (*Query, error) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	ch := m.bot.chatWith(u)
	now := ch.message(int64(m.ID))
	if now == nil {
		return nil, fmt.Errorf("press %q: message %d is gone", button, m.ID)
	}
	found, ok := now.Button(button)
	if !ok || found.Data == "" {
		return nil, fmt.Errorf("press %q: message %d has only the buttons %q", button, m.ID, now.Labels())
	}
	return ch.press(m.ID, found.Data), nil
}

// PressData sends a press with any data: a stale one, or a forged one.
func (u *User) PressData(m Message, data string) *Query {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	return m.bot.chatWith(u).press(m.ID, data)
}

// Block keeps a bot from writing to the user, and tells it.
func (u *User) Block(b *Bot) { u.setBlocked(b, true) }

// Unblock undoes Block.
func (u *User) Unblock(b *Bot) { u.setBlocked(b, false) }

func (u *User) setBlocked(b *Bot, blocked bool) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	if ch := b.chatWith(u); ch.blocked != blocked {
		ch.setBlocked(blocked)
	}
}

func (ch *chat) setBlocked(blocked bool) {
	ch.blocked = blocked
	before, after := map[string]any{"status": "member", "user": ch.bot.person()},
		map[string]any{"status": "kicked", "user": ch.bot.person(), "until_date": 0}
	if !blocked {
		before, after = after, before
	}
	ch.bot.push("my_chat_member", ch.user.profile.ID, map[string]any{"chat": ch.place(), "from": ch.user.person(),
		"date": unix(ch.bot.sim.options.Now()), "old_chat_member": before, "new_chat_member": after})
	ch.user.changed.fire()
}

// Chat is the chat as the user sees it now, oldest message first.
func (u *User) Chat(b *Bot) []Message {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	var seen []Message
	for _, m := range b.chatWith(u).messages {
		seen = append(seen, *m)
	}
	return seen
}

// Answers are those to all that the user pressed, oldest first.
func (u *User) Answers(b *Bot) []Answer {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	return slices.Clone(b.chatWith(u).answers)
}

// Keyboard is what the bot put in place of the letters, if anything.
func (u *User) Keyboard(b *Bot) (Keyboard, error) {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	if k := b.chatWith(u).keyboard; k != nil {
		return *k, nil
	}
	return Keyboard{}, errors.New("the bot shows no keyboard")
}

// Profile is the user as Telegram knows them.
func (u *User) Profile() Profile {
	u.sim.mu.Lock()
	defer u.sim.mu.Unlock()
	return u.profile
}
