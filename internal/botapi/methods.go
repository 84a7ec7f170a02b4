package botapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// method is one of the API's: its parameters, and what it does with the server's lock held.
type method struct {
	name   string
	params map[string]kind
	run    func(*Server, *bot, params) (any, *apiError)
}

// sending are the parameters of all methods that send.
var sending = map[string]kind{"chat_id!": number, "reply_markup": object, "reply_parameters": object, "disable_notification": boolean,
	"protect_content": boolean, "parse_mode": text, "message_thread_id": number}

func with(more map[string]kind) map[string]kind {
	all := map[string]kind{}
	for name, k := range sending {
		all[name] = k
	}
	for name, k := range more {
		all[name] = k
	}
	return all
}

// methods are those that OneDoor uses, by lower-case name.
var methods = map[string]method{
	"getme":      {"getMe", nil, getMe},
	"getupdates": {"getUpdates", map[string]kind{"offset": number, "limit": number, "timeout": number, "allowed_updates": object}, nil},
	"setwebhook": {"setWebhook", map[string]kind{"url!": text, "secret_token": text, "allowed_updates": object, "max_connections": number,
		"drop_pending_updates": boolean, "ip_address": text}, setWebhook},
	"deletewebhook":  {"deleteWebhook", map[string]kind{"drop_pending_updates": boolean}, deleteWebhook},
	"getwebhookinfo": {"getWebhookInfo", nil, getWebhookInfo},
	"setmycommands":  {"setMyCommands", map[string]kind{"commands!": object, "scope": object, "language_code": text}, setMyCommands},
	"getmycommands":  {"getMyCommands", map[string]kind{"scope": object, "language_code": text}, getMyCommands},
	"sendmessage":    {"sendMessage", with(map[string]kind{"text!": text, "entities": object, "link_preview_options": object}), sendMessage},
	"editmessagetext": {"editMessageText", map[string]kind{"chat_id!": number, "message_id!": number, "text!": text, "parse_mode": text,
		"entities": object, "link_preview_options": object, "reply_markup": object}, editMessageText},
	"editmessagereplymarkup": {"editMessageReplyMarkup", map[string]kind{"chat_id!": number, "message_id!": number, "reply_markup": object}, editMarkup},
	"deletemessage":          {"deleteMessage", map[string]kind{"chat_id!": number, "message_id!": number}, deleteMessage},
	"copymessage":            {"copyMessage", with(map[string]kind{"from_chat_id!": number, "message_id!": number, "caption": text}), copyMessage},
	"sendchataction":         {"sendChatAction", map[string]kind{"chat_id!": number, "action!": text}, sendChatAction},
	"sendlocation":           {"sendLocation", with(map[string]kind{"latitude!": number, "longitude!": number}), sendLocation},
	"answercallbackquery": {"answerCallbackQuery", map[string]kind{"callback_query_id!": text, "text": text, "show_alert": boolean, "url": text,
		"cache_time": number}, answerCallbackQuery},
	"getfile": {"getFile", map[string]kind{"file_id!": text}, getFile},
}

func getMe(_ *Server, b *bot, _ params) (any, *apiError) {
	return map[string]any{"id": b.id, "is_bot": true, "first_name": b.username, "username": b.username, "can_join_groups": true,
		"can_read_all_group_messages": false, "supports_inline_queries": false}, nil
}

// chat finds the user's chat with the bot, if the bot may write there.
func (s *Server) chat(b *bot, p params) (*User, *conversation, *apiError) {
	u := s.users[p.int("chat_id")]
	if u == nil {
		return nil, nil, bad("chat not found")
	}
	c := u.chats[b.token]
	switch {
	case c == nil:
		return nil, nil, &apiError{Code: http.StatusForbidden, Description: "Forbidden: bot can't initiate conversation with a user"}
	case c.blocked:
		return nil, nil, &apiError{Code: http.StatusForbidden, Description: "Forbidden: bot was blocked by the user"}
	}
	return u, c, nil
}

// post puts a message of the bot into a chat.
func (s *Server) post(b *bot, p params, m *Message) (any, *apiError) {
	u, c, err := s.chat(b, p)
	if err != nil {
		return nil, err
	}
	if err := readMarkup(p, m); err != nil {
		return nil, err
	}
	m.From, m.Date = &Profile{ID: b.id, IsBot: true, FirstName: b.username, Username: b.username}, now()
	m.Chat = Chat{u.ID, "private", u.FirstName}
	c.add(m)
	s.tell()
	return m, nil
}

func sendMessage(s *Server, b *bot, p params) (any, *apiError) {
	if err := checkText(p["text"]); err != nil {
		return nil, err
	}
	if p["parse_mode"] != "" {
		return nil, bad("the simulator knows no parse_mode: OneDoor sends plain text")
	}
	return s.post(b, p, &Message{Text: strings.TrimSpace(p["text"])})
}

func sendLocation(s *Server, b *bot, p params) (any, *apiError) {
	lat, _ := strconv.ParseFloat(p["latitude"], 64)
	lon, _ := strconv.ParseFloat(p["longitude"], 64)
	return s.post(b, p, &Message{Location: &Location{lat, lon}})
}

// copyMessage sends a message on without naming its author; its caption can be replaced.
func copyMessage(s *Server, b *bot, p params) (any, *apiError) {
	from := s.users[p.int("from_chat_id")]
	if from == nil || from.chats[b.token] == nil {
		return nil, bad("chat not found")
	}
	original := from.chats[b.token].find(p.int("message_id"))
	if original == nil {
		return nil, bad("message to copy not found")
	}
	if units(p["caption"]) > maxCaption {
		return nil, bad("message caption is too long")
	}
	m := *original
	m.ReplyTo, m.Markup, m.Keyboard, m.EditDate = nil, nil, nil, 0
	if _, given := p["caption"]; given && (m.Voice != nil || m.Photo != nil || m.Document != nil) {
		m.Caption = p["caption"]
	}
	sent, err := s.post(b, p, &m)
	if err != nil {
		return nil, err
	}
	return map[string]int64{"message_id": sent.(*Message).ID}, nil
}

// own finds a message that the bot may edit.
func (s *Server) own(b *bot, p params) (*Message, *apiError) {
	_, c, err := s.chat(b, p)
	if err != nil {
		return nil, err
	}
	m := c.find(p.int("message_id"))
	switch {
	case m == nil:
		return nil, bad("message to edit not found")
	case !m.From.IsBot:
		return nil, bad("message can't be edited")
	}
	return m, nil
}

func editMessageText(s *Server, b *bot, p params) (any, *apiError) {
	m, err := s.own(b, p)
	if err != nil {
		return nil, err
	}
	if err := checkText(p["text"]); err != nil {
		return nil, err
	}
	if m.Text == "" {
		return nil, bad("there is no text in the message to edit")
	}
	return s.change(m, strings.TrimSpace(p["text"]), p)
}

func editMarkup(s *Server, b *bot, p params) (any, *apiError) {
	m, err := s.own(b, p)
	if err != nil {
		return nil, err
	}
	return s.change(m, m.Text, p)
}

// change gives a message another text and other buttons, which must differ from what it has.
func (s *Server) change(m *Message, words string, p params) (any, *apiError) {
	next := Message{}
	if err := readMarkup(p, &next); err != nil {
		return nil, err
	}
	if words == m.Text && reflect.DeepEqual(next.Markup, m.Markup) {
		return nil, bad("message is not modified: specified new message content and reply markup are exactly the same as a current content and reply markup of the message")
	}
	m.Text, m.Markup, m.EditDate = words, next.Markup, now()
	s.tell()
	return m, nil
}

func deleteMessage(s *Server, b *bot, p params) (any, *apiError) {
	_, c, err := s.chat(b, p)
	if err != nil {
		return nil, err
	}
	if !c.remove(p.int("message_id")) {
		return nil, bad("message to delete not found")
	}
	s.tell()
	return true, nil
}

func sendChatAction(s *Server, b *bot, p params) (any, *apiError) {
	_, c, err := s.chat(b, p)
	if err != nil {
		return nil, err
	}
	c.typingUntil = time.Now().Add(5 * time.Second)
	s.tell()
	return true, nil
}

// query is a pressed button that waits for its answer.
type query struct {
	user     *User
	answered bool
}

func answerCallbackQuery(s *Server, b *bot, p params) (any, *apiError) {
	q := b.queries[p["callback_query_id"]]
	if q == nil || q.answered {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if units(p["text"]) > 200 {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	q.answered = true
	if p["text"] != "" {
		q.user.chats[b.token].toasts = append(q.user.chats[b.token].toasts, p["text"])
	}
	s.tell()
	return true, nil
}

func setMyCommands(_ *Server, b *bot, p params) (any, *apiError) {
	var commands []struct{ Command, Description string }
	if err := json.Unmarshal([]byte(p["commands"]), &commands); err != nil {
		return nil, bad("can't parse commands: expected an Array of BotCommand")
	}
	for _, c := range commands {
		if c.Command == "" || len(c.Command) > 32 || strings.ToLower(c.Command) != c.Command {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := units(c.Description); n < 1 || n > 256 {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	b.commands[p["language_code"]] = json.RawMessage(p["commands"])
	return true, nil
}

func getMyCommands(_ *Server, b *bot, p params) (any, *apiError) {
	if commands, ok := b.commands[p["language_code"]]; ok {
		return commands, nil
	}
	return []string{}, nil
}

func getFile(s *Server, _ *bot, p params) (any, *apiError) {
	f, ok := s.files[p["file_id"]]
	switch {
	case !ok:
		return nil, bad("wrong file_id or the file is temporarily unavailable")
	case len(f.content) > 20<<20:
		return nil, bad("file is too big")
	}
	return map[string]any{"file_id": f.id, "file_unique_id": f.id, "file_size": len(f.content), "file_path": f.path}, nil
}

// addFile stores what a user sends and returns its id.
func (s *Server) addFile(content []byte, name string) Attachment {
	id := fmt.Sprintf("file-%d", len(s.files)+1)
	s.files[id] = file{id, "files/" + id, content}
	return Attachment{FileID: id, UniqueID: id, Size: len(content), Name: name, Duration: 3, Width: 100, Height: 100}
}
