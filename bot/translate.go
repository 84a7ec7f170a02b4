package bot

import (
	"slices"
	"strings"
	"time"

	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// chatOf is the chat in which something happened, or 0 when the update names none.
func chatOf(u *models.Update) int64 {
	switch {
	case u.Message != nil:
		return u.Message.Chat.ID
	case u.EditedMessage != nil:
		return u.EditedMessage.Chat.ID
	case u.CallbackQuery != nil:
		return queryChat(u.CallbackQuery)
	case u.MyChatMember != nil:
		return u.MyChatMember.Chat.ID
	}
	return 0
}

// translate says in the domain's words what a person did. It is false for what concerns nobody: messages of
// bots and channels, and in groups what inGroup leaves out.
func (b *Bot) translate(u *models.Update) (intake.Update, bool) {
	act := intake.Update{Bot: b.ID, ID: u.ID, Chat: chatOf(u)}
	switch {
	case u.Message != nil:
		return b.message(act, u.Message, false)
	case u.EditedMessage != nil:
		return b.message(act, u.EditedMessage, true)
	case u.CallbackQuery != nil:
		return b.press(act, u.CallbackQuery)
	case u.MyChatMember != nil && u.MyChatMember.Chat.Type == models.ChatTypePrivate:
		act.Act = intake.Blocked{Blocked: u.MyChatMember.NewChatMember.Type == models.ChatMemberTypeBanned}
		return act, true
	case u.MyChatMember != nil && isGroup(u.MyChatMember.Chat) && thrownOut(u.MyChatMember.NewChatMember):
		act.Act = intake.GroupLeft{}
		return act, true
	}
	return act, false
}

func (b *Bot) message(act intake.Update, m *models.Message, edit bool) (intake.Update, bool) {
	if m.MigrateToChatID != 0 { // whoever did it
		act.Act = intake.GroupMoved{To: m.MigrateToChatID}
		return act, true
	}
	if m.From == nil || m.From.IsBot {
		return act, false
	}
	if isGroup(m.Chat) {
		return b.inGroup(act, m, edit)
	}
	if m.Chat.Type != models.ChatTypePrivate {
		return act, false
	}
	act.MessageID, act.Language = int64(m.ID), m.From.LanguageCode
	act.At = time.Unix(int64(m.Date), 0)
	act.ReplyTo = replyTo(m.ReplyToMessage)
	switch {
	case edit && m.Text != "":
		act.Act = intake.Said{Text: m.Text, Edit: true}
	case m.Location != nil: // an edit is a live location's step
		at := located(m)
		at.Edit = edit
		act.Act = at
	case strings.HasPrefix(m.Text, "/"):
		c := command(m.Text)
		c.Text = m.Text
		act.Act = c
	case b.isWalkKey(m.Text):
		act.Act = intake.Pressed{Press: intake.Press{Action: intake.ActWalk}, Key: m.Text}
	case m.Text != "":
		act.Act = intake.Said{Text: m.Text}
	case isService(m):
		return act, false
	default:
		sent := attachment(m)
		sent.Album, sent.Edit = m.MediaGroupID, edit
		act.Act = sent
	}
	return act, true
}

// isWalkKey tells whether a text is what the key for choosing a place from lists writes, in whatever language.
func (b *Bot) isWalkKey(text string) bool {
	return slices.ContainsFunc(intake.Languages(), func(language string) bool { return text == b.texts.Say(language, "button_walk", nil) })
}

// isService tells what Telegram says of a chat from what a person says in it.
func isService(m *models.Message) bool {
	return m.PinnedMessage != nil || m.MessageAutoDeleteTimerChanged != nil || m.NewChatMembers != nil || m.LeftChatMember != nil ||
		m.WriteAccessAllowed != nil || m.ChatBackgroundSet != nil || m.ConnectedWebsite != "" || m.GroupChatCreated
}

// located is a shared position, with the name of what is there where it has one.
func located(m *models.Message) intake.Located {
	at := intake.Located{Lat: m.Location.Latitude, Lon: m.Location.Longitude, Live: m.Location.LivePeriod > 0}
	if m.Venue != nil {
		at.Name = strings.TrimSpace(m.Venue.Title + " " + m.Venue.Address)
	}
	return at
}

// replyTo is what a message answers, which may be nil. A list, whose buttons name several requests, is about none.
func replyTo(m *models.Message) intake.ReplyTo {
	if m == nil {
		return intake.ReplyTo{}
	}
	answers := intake.ReplyTo{Message: int64(m.ID)}
	if m.ReplyMarkup == nil {
		return answers
	}
	for _, row := range m.ReplyMarkup.InlineKeyboard {
		for _, b := range row {
			switch ref := intake.ParsePress(b.CallbackData).Ref; {
			case answers.Ref == "":
				answers.Ref = ref
			case ref != "" && ref != answers.Ref:
				return intake.ReplyTo{Message: int64(m.ID)}
			}
		}
	}
	return answers
}

// command splits "/start@some_bot w_abc" into its name and argument.
func command(text string) intake.Command {
	name, arg, _ := strings.Cut(strings.TrimPrefix(text, "/"), " ")
	if first, rest, found := strings.Cut(name, "\n"); found {
		name, arg = first, rest+" "+arg
	}
	name, _, _ = strings.Cut(name, "@")
	return intake.Command{Name: strings.ToLower(name), Arg: strings.TrimSpace(arg)}
}

// attachment is what a message carries that isn't words, with the words beside it.
func attachment(m *models.Message) intake.Sent {
	switch {
	case m.Voice != nil:
		return intake.Sent{Kind: "voice", FileID: m.Voice.FileID, Text: m.Caption}
	case m.Audio != nil:
		return intake.Sent{Kind: "voice", FileID: m.Audio.FileID, FileName: m.Audio.FileName, Text: m.Caption}
	case m.VideoNote != nil:
		return intake.Sent{Kind: "voice", FileID: m.VideoNote.FileID}
	case len(m.Photo) > 0:
		return intake.Sent{Kind: "photo", FileID: m.Photo[len(m.Photo)-1].FileID, Text: m.Caption}
	case m.Video != nil:
		return intake.Sent{Kind: "document", FileID: m.Video.FileID, FileName: m.Video.FileName, Text: m.Caption}
	case m.Document != nil:
		return intake.Sent{Kind: "document", FileID: m.Document.FileID, FileName: m.Document.FileName, Text: m.Caption}
	case m.Contact != nil:
		return intake.Sent{Kind: "contact", Text: strings.Join(strings.Fields(m.Contact.FirstName+" "+m.Contact.LastName+" "+m.Contact.PhoneNumber), " "),
			Phone: m.Contact.PhoneNumber, Own: m.Contact.UserID != 0 && m.Contact.UserID == m.From.ID}
	case m.Sticker != nil:
		return intake.Sent{Kind: "other", FileID: m.Sticker.FileID, Emoji: m.Sticker.Emoji}
	case m.Poll != nil:
		words := []string{m.Poll.Question}
		for _, option := range m.Poll.Options {
			words = append(words, option.Text)
		}
		return intake.Sent{Kind: "other", Text: strings.Join(words, "\n")}
	case m.Checklist != nil:
		words := []string{m.Checklist.Title}
		for _, task := range m.Checklist.Tasks {
			words = append(words, task.Text)
		}
		return intake.Sent{Kind: "other", Text: strings.Join(words, "\n")}
	default:
		return intake.Sent{Kind: "other", Text: m.Caption}
	}
}

func (b *Bot) press(act intake.Update, q *models.CallbackQuery) (intake.Update, bool) {
	act.Language = q.From.LanguageCode
	switch {
	case act.Chat < 0:
		return b.pressInGroup(act, q)
	case q.Message.Message != nil:
		if q.Message.Message.Chat.Type != models.ChatTypePrivate {
			return act, false
		}
		act.MessageID = int64(q.Message.Message.ID)
	case q.Message.InaccessibleMessage != nil:
		act.MessageID = int64(q.Message.InaccessibleMessage.MessageID)
	}
	act.Act = intake.Pressed{Press: intake.ParsePress(q.Data)}
	return act, true
}
