package bot

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"runtime/debug"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"golang.org/x/sync/errgroup"

	"onedoor/intake"
	"onedoor/internal/database"
)

const (
	parallelChats = 16 // chats of a batch that are handled at the same time
	maxTries      = 4  // of an update that the domain can't handle, before it is set aside: two seconds in which its batch waits
	handleTimeout = 8 * time.Second
	pingTimeout   = 2 * time.Second
	answerTimeout = 5 * time.Second
	maxAnswers    = 64 // to pressed buttons, under way at the same time
)

// raw is an update as it came. Update is nil when it can't be decoded; why says so then.
type raw struct {
	id      int64
	text    json.RawMessage
	update  *models.Update
	why     error
	trouble int64 // the trouble that it is, when somebody wants it tried again; else 0
	reply   reply // how a pressed button is answered; nil: not at all
}

// reply ends the waiting sign on a pressed button, with a word where there is one.
type reply func(ctx context.Context, query *models.CallbackQuery, answer intake.Answer)

// decode reads an update. Only one without an id is an error: nothing could be recorded about it.
func decode(text json.RawMessage) (raw, error) {
	var update models.Update
	why := json.Unmarshal(text, &update)
	if why == nil && update.ID != 0 {
		return raw{id: update.ID, text: text, update: &update}, nil
	}
	var head struct {
		ID int64 `json:"update_id"`
	}
	if err := json.Unmarshal(text, &head); err != nil || head.ID == 0 {
		return raw{}, fmt.Errorf("an update without an update_id: %w", err)
	}
	return raw{id: head.ID, text: text, why: fmt.Errorf("the update %w: %w", intake.ErrUnreadable, why)}, nil
}

// chat is the chat an update belongs to, or 0: those of one chat are handled in their order.
func (u raw) chat() int64 {
	if u.update == nil {
		return glimpse(u).Chat
	}
	return chatOf(u.update)
}

// receiveBatch handles a batch of a poll in order within a chat and in parallel across chats. It returns when all of it
// is committed or set aside, or ctx ended.
func (b *Bot) receiveBatch(ctx context.Context, batch []raw) error {
	chats := map[int64][]raw{}
	for _, u := range batch {
		u.reply = b.answerLater
		chats[u.chat()] = append(chats[u.chat()], u)
	}
	var group errgroup.Group
	group.SetLimit(parallelChats)
	for _, updates := range chats {
		group.Go(func() error {
			for _, u := range updates {
				if err := b.receive(ctx, u); err != nil {
					return err
				}
			}
			return nil
		})
	}
	return group.Wait()
}

// receive takes one update for good: when it returns nil, its effects are committed or it is set aside.
// While the database is away it tries for as long as ctx lasts.
func (b *Bot) receive(ctx context.Context, u raw) error {
	if u.why != nil {
		return b.setAside(ctx, u, u.why)
	}
	var trouble backoff
	for tries := 0; ; {
		err := b.handle(ctx, u)
		if err != nil {
			tries += b.counts(ctx, err)
		}
		switch {
		case err == nil:
			trouble.over(b.Log, "handling updates works again")
			b.metrics.updates.WithLabelValues("handled").Inc()
			return nil
		case ctx.Err() != nil:
			return ctx.Err()
		case tries >= maxTries:
			return b.setAside(ctx, u, err)
		}
		trouble.wait(ctx, b.Log, "handling an update fails; trying again", err, 0)
	}
}

// counts is how many of an update's tries a failure uses up: none where the database is away. One that takes too long
// though the database answers counts double, because everything else waits for it meanwhile.
func (b *Bot) counts(ctx context.Context, err error) int {
	if !database.Unavailable(err) {
		return 1
	}
	ctx, cancel := context.WithTimeout(ctx, pingTimeout)
	defer cancel()
	if errors.Is(err, context.DeadlineExceeded) && b.DB.PingContext(ctx) == nil {
		return 2
	}
	return 0
}

// handle translates an update, lets the domain act on it and answers a pressed button. A panic is an error.
// What was begun is finished even when ctx ends: the process stops only with its hands empty.
func (b *Bot) handle(ctx context.Context, u raw) (err error) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), handleTimeout)
	defer cancel()
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	act, ok := b.translate(u.update)
	var answer intake.Answer
	switch {
	case ok && u.trouble == 0:
		answer, err = b.Intake.Handle(ctx, act)
	case ok:
		answer, err = b.Intake.HandleAgain(ctx, u.trouble, act)
	case u.trouble != 0:
		err = b.Intake.Solved(ctx, u.trouble)
	}
	if err != nil {
		return err
	}
	if query := u.update.CallbackQuery; query != nil && ok && u.reply != nil {
		u.reply(ctx, query, answer)
	}
	return nil
}

// answerLater answers a pressed button beside the receiving, which must not wait for Telegram. While too many
// answers are under way it does without: they say nothing that isn't also shown otherwise.
func (b *Bot) answerLater(ctx context.Context, query *models.CallbackQuery, answer intake.Answer) {
	select {
	case b.answers <- struct{}{}:
		go func() {
			defer func() { <-b.answers }()
			b.answerPress(context.WithoutCancel(ctx), query, answer)
		}()
	default:
	}
}

// endAnswers waits for the answers under way, and lets no more begin.
func (b *Bot) endAnswers() {
	for range maxAnswers {
		b.answers <- struct{}{}
	}
}

// answerPress is what answerLater does.
func (b *Bot) answerPress(ctx context.Context, query *models.CallbackQuery, answer intake.Answer) {
	ctx, cancel := context.WithTimeout(ctx, answerTimeout)
	defer cancel()
	_, err := b.api.AnswerCallbackQuery(ctx, b.pressAnswer(ctx, query, answer))
	if err != nil && !errors.Is(err, telegram.ErrorBadRequest) {
		b.Log.Warn("answer a pressed button", "error", hideToken(err, b.Token))
	}
}

// pressAnswer is what Telegram is told of a pressed button.
func (b *Bot) pressAnswer(ctx context.Context, query *models.CallbackQuery, answer intake.Answer) *telegram.AnswerCallbackQueryParams {
	text := ""
	if answer.Kind != "" {
		text = b.toast(ctx, answer)
	}
	return &telegram.AnswerCallbackQueryParams{CallbackQueryID: query.ID, Text: text, ShowAlert: text != ""}
}

// setAside stores an update that can't be handled, for a person to look at. Its sender is told.
func (b *Bot) setAside(ctx context.Context, u raw, why error) error {
	b.metrics.updates.WithLabelValues("set_aside").Inc()
	b.Log.Error("an update is set aside", "update", u.id, "error", why)
	return b.Intake.SetAside(ctx, b.legible(u), string(u.text), why)
}
