package bot

import (
	"context"
	"errors"
	"fmt"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"

	"onedoor/intake"
)

// deskCommands are what a supervisor's chat lists.
func deskCommands() []string {
	return []string{"next", "queue", "mine", "find", "duty", "away", "handover", "stats", "digest", "admin", "language", "help"}
}

// listCommands has a chat list the commands of a supervisor once it is told that it is one's, and those of all when it is so no
// more. What fails is logged: the commands work all the same.
func (b *Bot) listCommands(ctx context.Context, n notice) {
	scope := &models.BotCommandScopeChat{ChatID: n.Chat}
	var err error
	switch n.Kind {
	case intake.NoticeJoined, intake.NoticeLoginLink:
		var w *intake.Worker
		if w, err = b.Intake.WorkerOfChat(ctx, n.Bot, n.Chat); err == nil && w.Supervises() {
			_, err = b.api.SetMyCommands(ctx, &telegram.SetMyCommandsParams{Commands: b.described(deskCommands(), []string{n.Language}), Scope: scope})
		}
	case intake.NoticeDismissed, intake.NoticeUnbound:
		_, err = b.api.DeleteMyCommands(ctx, &telegram.DeleteMyCommandsParams{Scope: scope})
	}
	if err != nil && !errors.Is(err, intake.ErrNotFound) {
		b.Log.Warn("list the commands of a chat", "error", fmt.Sprint(hideToken(err, b.Token)))
	}
}
