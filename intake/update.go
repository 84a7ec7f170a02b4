package intake

import (
	"strings"
	"time"
	"unicode"
)

// An Update is one thing that one person did in a chat. Bot and ID together are its identity: what was
// handled once is never handled again.
type Update struct {
	Bot       int64
	ID        int64
	Chat      int64
	By        int64     // in a group: whose doing it is, by the number of their own chat
	MessageID int64     // the message said, or the one whose button was pressed
	At        time.Time // when Telegram says that it was done; zero where it doesn't say
	Language  string    // as the person's Telegram reports it (IETF tag), may be empty
	ReplyTo   ReplyTo
	Act       Act
}

// An Act is what a person did: one of Said, Command, Located, Sent, Pressed and Blocked, or in a
// group Overheard, GroupCommand, GroupPressed, GroupLeft and GroupMoved.
type Act interface {
	apply(s *step) error
}

// Said is words: a new message, or an edit of one.
type Said struct {
	Text string
	Edit bool
}

// Command is a word that begins with a slash, without the slash and in lower case, and what follows it.
type Command struct {
	Name string
	Arg  string
	Text string // all of it as it was written
}

// Located is a shared position in WGS-84 degrees, with the name and address of what is there, or without.
type Located struct {
	Lat, Lon float64
	Name     string
	Live     bool // it goes on telling where its sender is
	Edit     bool // such a one has moved
}

// Sent is anything that is neither words nor a place. Kind is one of voice, photo, document, contact and other.
type Sent struct {
	Kind     string
	FileID   string
	FileName string // as its sender calls it, or empty
	Emoji    string // what a sticker stands for
	Text     string // its caption, or a contact's name and number
	Phone    string // a contact's number
	Own      bool   // a contact is the sender's own
	Album    string // of which it is a part, or empty
	Edit     bool   // of one that was sent before: its caption is another, or what it is
}

// Pressed is a button. Anybody can forge one, so each is checked against the rights of the presser.
type Pressed struct {
	Press
	Key string // what it wrote in the chat, where it stood in the place of the letters; else empty
}

// Blocked is the person shutting the bot out, or letting it in again.
type Blocked struct {
	Blocked bool
}

// Overheard is words in a group that the bot is in. They are not said to it, and so not kept.
type Overheard struct {
	Text string
}

// A Press is what a button means: do Action to the request Ref, with Arg where the action needs one.
// It travels as text of at most 64 bytes, Telegram's limit for callback data.
type Press struct {
	Action string
	Ref    string
	Arg    string
}

// String is the form that ParsePress reads.
func (p Press) String() string {
	return p.Action + ":" + p.Ref + ":" + p.Arg
}

// ParsePress reads a Press back. What isn't one becomes a Press without an action, which is refused politely.
func ParsePress(data string) Press {
	parts := strings.SplitN(data, ":", 3)
	if len(parts) != 3 || len(data) > 64 || clean(data) != data {
		return Press{}
	}
	return Press{Action: parts[0], Ref: NormalRef(parts[1]), Arg: parts[2]}
}

// clean makes text fit to store and to show: valid UTF-8 without control characters other than line breaks,
// and without the marks that turn the direction of what stands around them.
func clean(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case r == '\n' || r == '\t':
			return r
		case unicode.IsControl(r), r == unicode.ReplacementChar, r >= 0x202A && r <= 0x202E, r >= 0x2066 && r <= 0x2069:
			return -1
		}
		return r
	}, strings.ToValidUTF8(text, ""))
	return strings.TrimSpace(text)
}
