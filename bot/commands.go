package bot

import (
	"context"
	"fmt"
	"slices"
	"strings"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// setCommands shows people the commands they have, in their language. Telegram tells languages apart by two letters,
// which Cantonese has none of and Hong Kong shares: all who read Chinese get one list. Whoever's language isn't ours
// gets the English one, as in the chat.
func (b *Bot) setCommands(ctx context.Context) error {
	lists := map[string][]string{"": {"en"}}
	for _, language := range intake.Languages() {
		code, _, _ := strings.Cut(language, "-")
		lists[code] = append(lists[code], language)
	}
	for code, languages := range lists {
		if _, err := b.api.SetMyCommands(ctx, &telegram.SetMyCommandsParams{Commands: b.commands(languages), LanguageCode: code}); err != nil {
			return fmt.Errorf("set the bot's commands: %w", hideToken(err, b.Token))
		}
	}
	return nil
}

// commands are those of everybody.
func (b *Bot) commands(languages []string) []models.BotCommand {
	return b.described([]string{"new", "status", "language", "quiet", "privacy", "help"}, languages)
}

// described are commands in the words of each language, once where they are the same.
func (b *Bot) described(names, languages []string) (commands []models.BotCommand) {
	for _, name := range names {
		var words []string
		for _, language := range languages {
			if said := b.texts.Say(language, "command_"+name, nil); !slices.Contains(words, said) {
				words = append(words, said)
			}
		}
		commands = append(commands, models.BotCommand{Command: name, Description: strings.Join(words, " · ")})
	}
	return commands
}
