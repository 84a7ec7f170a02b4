package bot

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/go-telegram/bot/models"

	"onedoor/intake"
	"onedoor/internal/database"
)

// followTroubles tries updates again that were set aside, whenever somebody wants one to be, until ctx ends.
// Only the process that leads does.
func (b *Bot) followTroubles(ctx context.Context) {
	var trouble backoff
	for ctx.Err() == nil {
		if err := b.Intake.FollowTroubles(ctx, func() { b.tryAllAgain(ctx) }); err != nil {
			trouble.wait(ctx, b.Log, "listening for what is to be tried again fails; trying again", err, 0)
		}
	}
}

// tryAllAgain tries what waits to be tried again, one after the other.
func (b *Bot) tryAllAgain(ctx context.Context) {
	var trouble backoff
	for ctx.Err() == nil {
		t, err := b.Intake.NextAgain(ctx, b.ID)
		if errors.Is(err, intake.ErrNotFound) {
			return
		}
		if err == nil {
			err = b.tryUpdateAgain(ctx, t)
		}
		if err != nil && ctx.Err() == nil {
			trouble.wait(ctx, b.Log, "trying again what was set aside fails; trying until it does not", err, 0)
		}
	}
}

// tryUpdateAgain takes a raw update in like one that has just come, once. It returns an error only when it
// could not record how that ended.
func (b *Bot) tryUpdateAgain(ctx context.Context, t intake.Trouble) error {
	u, err := decode(json.RawMessage(t.Raw))
	if err == nil {
		err = u.why
	}
	if err == nil {
		u.trouble = t.ID
		err = b.handle(ctx, u)
	}
	switch {
	case err == nil:
		b.metrics.updates.WithLabelValues("handled").Inc()
		return nil
	case database.Unavailable(err):
		return err
	}
	b.Log.Error("an update fails again", "update", u.id, "error", err)
	return b.Intake.StillTrouble(ctx, t.ID, err)
}

// legible is what can be said of an update that could not be handled.
func (b *Bot) legible(u raw) (act intake.Update) {
	defer func() {
		if recover() != nil || act.Act == nil {
			act = glimpse(u)
		}
		act.Bot, act.ID = b.ID, u.id
	}()
	if u.update == nil {
		return intake.Update{}
	}
	act, _ = b.translate(u.update)
	return act
}

// seen is what matters most of a message.
type seen struct {
	ID   int64 `json:"message_id"`
	Chat struct {
		ID   int64           `json:"id"`
		Type models.ChatType `json:"type"`
	} `json:"chat"`
	From    person `json:"from"`
	Text    string `json:"text"`
	Caption string `json:"caption"`
}

type person struct {
	ID       int64  `json:"id"`
	IsBot    bool   `json:"is_bot"`
	Language string `json:"language_code"`
}

// glimpse reads of an update that can't be decoded whose it is and their words, where it is a person's. Chat is
// 0 where it isn't.
func glimpse(u raw) intake.Update {
	var all struct {
		Message *seen `json:"message"`
		Edited  *seen `json:"edited_message"`
		Query   *struct {
			From    person `json:"from"`
			Message seen   `json:"message"`
		} `json:"callback_query"`
	}
	_ = json.Unmarshal(u.text, &all) // what has an unexpected form is left out
	m := all.Message
	if m == nil {
		m = all.Edited
	}
	switch {
	case m == nil && all.Query != nil && all.Query.Message.Chat.ID < 0: // in a group there is nobody to tell
		return intake.Update{ID: u.id}
	case m == nil && all.Query != nil:
		return intake.Update{ID: u.id, Chat: all.Query.From.ID, Language: all.Query.From.Language}
	case m == nil || m.Chat.Type != models.ChatTypePrivate || m.From.IsBot || m.From.ID == 0:
		return intake.Update{ID: u.id}
	}
	act := intake.Update{ID: u.id, Chat: m.Chat.ID, MessageID: m.ID, Language: m.From.Language, Act: intake.Said{Text: m.Text}}
	if m.Text == "" {
		act.Act = intake.Sent{Kind: "other", Text: m.Caption}
	}
	return act
}
