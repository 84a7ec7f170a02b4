package simulator

import (
	"encoding/json"
	"time"

	"github.com/go-telegram/bot/models"
)

// Bot is a bot as BotFather registered it, with its queue of updates and its chats.
type Bot struct {
	sim      *Simulator
	id       int64
	token    string
	username string

	texts    map[string]string          // name, description, short_description by field and language
	commands map[string]json.RawMessage // by scope and language

	updates    []*update // not acknowledged yet, oldest first
	lastUpdate int64
	arrived    signal
	unwanted   map[string]bool // kinds of update that allowed_updates leaves out
	allowed    []string        // as given
	polling    *poll           // the getUpdates that waits now
	webhook    *webhook        // nil: long polling

	chats       map[int64]*chat // by the user's id, or the group's
	lastMessage int             // a bot's private chats share one sequence
	files       map[string]*storedFile
	queries     map[string]*Query
	sent        history
}

func newBot(s *Simulator, id int64, token, username string) *Bot {
	b := &Bot{sim: s, id: id, token: token, username: username, lastUpdate: firstUpdate - 1,
		texts: map[string]string{"name": username}, commands: map[string]json.RawMessage{},
		chats: map[int64]*chat{}, files: map[string]*storedFile{}, queries: map[string]*Query{}}
	b.allow(nil)
	return b
}

// ID is the number before the token's colon.
func (b *Bot) ID() int64 { return b.id }

// Username is the bot's name in t.me links, without "@".
func (b *Bot) Username() string { return b.username }

// Pending is how many updates the bot has not acknowledged.
func (b *Bot) Pending() int {
	b.sim.mu.Lock()
	defer b.sim.mu.Unlock()
	return len(b.updates)
}

// person is the bot as a message's sender.
func (b *Bot) person() models.User {
	return models.User{ID: b.id, IsBot: true, FirstName: b.texts["name"], Username: b.username}
}

func getMe(c *call) (any, error) {
	b := c.bot
	return map[string]any{"id": b.id, "is_bot": true, "first_name": b.texts["name"], "username": b.username,
		"can_join_groups": true, "can_read_all_group_messages": false, "supports_inline_queries": false,
		"can_connect_to_business": false, "has_main_web_app": false}, nil
}

func getChat(c *call) (any, error) {
	ch, err := c.chat("chat_id")
	if err != nil {
		return nil, err
	}
	if ch.group != nil {
		return ch.place(), nil
	}
	u := ch.user.profile
	return map[string]any{"id": u.ID, "type": "private", "first_name": u.FirstName, "last_name": u.LastName,
		"username": u.Username, "accent_color_id": 0, "max_reaction_count": 11,
		"accepted_gift_types": map[string]bool{"unlimited_gifts": false, "limited_gifts": false, "unique_gifts": false,
			"premium_subscription": false, "gifts_from_channels": false}}, nil
}

// maxCommands and the lengths below are the Bot API's.
const (
	maxCommands           = 100
	maxCommandName        = 32
	maxCommandDescription = 256
)

func setMyCommands(c *call) (any, error) {
	var commands []models.BotCommand
	if err := c.object("commands", &commands); err != nil {
		return nil, err
	}
	if len(commands) > maxCommands {
		return nil, bad("BOT_COMMANDS_TOO_MUCH")
	}
	for _, command := range commands {
		if !isCommand(command.Command) {
			return nil, bad("BOT_COMMAND_INVALID")
		}
		if n := length(command.Description); n == 0 || n > maxCommandDescription {
			return nil, bad("BOT_COMMAND_DESCRIPTION_INVALID")
		}
	}
	c.bot.commands[c.commandScope()] = json.RawMessage(c.str("commands"))
	return true, nil
}

func isCommand(name string) bool {
	for _, r := range name {
		if (r < 'a' || r > 'z') && (r < '0' || r > '9') && r != '_' {
			return false
		}
	}
	return name != "" && len(name) <= maxCommandName
}

func (c *call) commandScope() string {
	if c.str("scope") == `{"type":"default"}` {
		return " " + c.str("language_code")
	}
	return c.str("scope") + " " + c.str("language_code")
}

func getMyCommands(c *call) (any, error) {
	if commands, ok := c.bot.commands[c.commandScope()]; ok {
		return commands, nil
	}
	return []models.BotCommand{}, nil
}

func deleteMyCommands(c *call) (any, error) {
	delete(c.bot.commands, c.commandScope())
	return true, nil
}

func setMyText(field string) func(*call) (any, error) {
	return func(c *call) (any, error) {
		c.bot.texts[field+c.str("language_code")] = c.str(field)
		return true, nil
	}
}

func getMyText(field string) func(*call) (any, error) {
	return func(c *call) (any, error) {
		return map[string]string{field: c.bot.texts[field+c.str("language_code")]}, nil
	}
}

// unix is a moment in Telegram's seconds.
func unix(t time.Time) int { return int(t.Unix()) }
