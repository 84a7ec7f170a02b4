package bot

import (
	"context"
	"errors"
	"sync"
	"time"
)

// becomeLeader is how often a process that doesn't lead tries to.
const becomeLeader = time.Second

// Run identifies the bot, sees to its webhook, and then leads whenever no other process does, until ctx ends.
// What is under way then is finished first. It keeps trying while Telegram or the database is away; a token
// that Telegram refuses is an error.
func (b *Bot) Run(ctx context.Context) error {
	var trouble backoff
	for ctx.Err() == nil {
		err := b.prepare(ctx)
		if err == nil {
			trouble.over(b.Log, "Telegram has answered")
			break
		}
		if errors.Is(err, errRefused) {
			return err
		}
		if ctx.Err() == nil {
			trouble.wait(ctx, b.Log, "Telegram does not answer; trying again until it does", err, 0)
		}
	}
	defer b.endAnswers()
	for ctx.Err() == nil {
		b.lead(ctx)
		pause(ctx, becomeLeader)
	}
	return nil
}

// prepare makes the bot known to the database, and its webhook or the lack of one to Telegram.
func (b *Bot) prepare(ctx context.Context) error {
	if err := b.Identify(ctx); err != nil {
		return err
	}
	if err := b.setCommands(ctx); err != nil {
		b.Log.Warn("telling Telegram the commands", "error", err)
	}
	if b.WebhookURL != "" {
		return b.setWebhook(ctx)
	}
	return b.deleteWebhook(ctx)
}

// lead holds the bot's lock, if it is free, delivers, tries again what is to be (and polls, without a
// webhook) for as long as it is held.
func (b *Bot) lead(ctx context.Context) {
	lock, held, err := b.DB.TryLock(ctx, b.ID)
	if err != nil || !held {
		return
	}
	defer lock.Release()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	go func() {
		select {
		case <-lock.Lost():
			b.Log.Warn("the bot's lock is lost; another process may lead")
			cancel()
		case <-ctx.Done():
		}
	}()
	var group sync.WaitGroup
	group.Go(func() { b.deliver(ctx) })
	group.Go(func() { b.followTroubles(ctx) })
	if b.WebhookURL == "" {
		group.Go(func() { b.poll(ctx) })
	}
	group.Wait()
}
