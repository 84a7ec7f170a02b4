package bot

import (
	"context"
	"errors"
	"fmt"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	telegram "github.com/go-telegram/bot"
	"golang.org/x/time/rate"

	"onedoor/intake"
	"onedoor/internal/database"
)

const (
	sendTimeout   = 15 * time.Second
	recordTimeout = 5 * time.Second
	stopGrace     = 4 * time.Second // for what is under way when the process stops
	complainEvery = time.Minute     // about sends that fail
	lookEvery     = time.Second     // for notices of other processes, beside being woken
	parallelSends = 24
	batchSize     = 60 // heads looked at in one go: about two seconds of what a bot may send
)

// delivery is the sending of notices while this process leads.
type delivery struct {
	*Bot
	limits *limiter
	slots  chan struct{}
	done   chan struct{} // a send has ended
	mu     sync.Mutex
	busy   map[int64]bool // chats with a message under way
	group  sync.WaitGroup

	complaint *rate.Limiter
}

// deliver sends notices until ctx ends, then waits for those under way.
func (b *Bot) deliver(ctx context.Context) {
	d := &delivery{Bot: b, limits: newLimiter(b.Limits), slots: make(chan struct{}, parallelSends),
		done: make(chan struct{}, 1), busy: map[int64]bool{}, complaint: rate.NewLimiter(rate.Every(complainEvery), 1)}
	defer d.group.Wait()
	var trouble backoff
	for ctx.Err() == nil {
		wait, err := d.round(ctx)
		if err != nil {
			if ctx.Err() == nil {
				trouble.wait(ctx, b.Log, "looking for notices fails; trying again", err, 0)
			}
			continue
		}
		trouble.over(b.Log, "looking for notices works again")
		d.sleep(ctx, wait)
	}
}

// sleep waits until there may be something to send.
func (d *delivery) sleep(ctx context.Context, wait time.Duration) {
	timer := time.NewTimer(wait)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-d.wake:
	case <-d.done:
	case <-timer.C:
	}
}

// round starts sending what may be sent now, and returns how long to wait for more.
func (d *delivery) round(ctx context.Context) (time.Duration, error) {
	resting, wait := d.limits.resting(time.Now())
	heads, err := d.heads(ctx, append(resting, d.busyChats()...), batchSize)
	if err != nil {
		return 0, err
	}
	for _, n := range heads {
		if err := d.limits.all.Wait(ctx); err != nil {
			return 0, err
		}
		if d.limits.take(n.Chat, n.Edits != nil, time.Now()) == 0 {
			d.start(ctx, n)
		}
	}
	return min(wait, lookEvery), nil
}

// start sends one notice in the background; its chat is busy meanwhile, which keeps the order.
func (d *delivery) start(ctx context.Context, n notice) {
	d.mark(n.Chat, true)
	d.slots <- struct{}{}
	d.group.Go(func() {
		defer func() {
			<-d.slots
			d.mark(n.Chat, false)
			select {
			case d.done <- struct{}{}:
			default:
			}
		}()
		d.record(ctx, n, d.send(ctx, n))
	})
}

// outcome writes down what became of a notice.
type outcome func(context.Context) error

// record writes an outcome down, trying for as long as this process leads: what isn't written down is sent again.
func (d *delivery) record(ctx context.Context, n notice, what outcome) {
	for try := 1; ; try++ {
		finish, cancel := finishing(ctx, recordTimeout, stopGrace)
		err := what(finish)
		cancel()
		if err == nil {
			return
		}
		if !database.Unavailable(err) || ctx.Err() != nil {
			d.Log.Error("recording what became of a notice", "notice", n.ID, "kind", n.Kind, "error", err)
			return
		}
		pause(ctx, delay(try))
	}
}

func (d *delivery) mark(chat int64, busy bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if busy {
		d.busy[chat] = true
	} else {
		delete(d.busy, chat)
	}
}

func (d *delivery) busyChats() []int64 {
	d.mu.Lock()
	defer d.mu.Unlock()
	chats := make([]int64, 0, len(d.busy))
	for chat := range d.busy {
		chats = append(chats, chat)
	}
	slices.Sort(chats)
	return chats
}

// send renders a notice and sends it. What is under way is finished when the process stops, so that it isn't
// repeated by the next one.
func (d *delivery) send(ctx context.Context, n notice) outcome {
	if n.Edits != nil && n.Message == nil {
		return d.dropped(n, "what it edits was not sent")
	}
	sending, cancel := finishing(ctx, sendTimeout, stopGrace)
	defer cancel()
	out, err := d.renderSafely(sending, n)
	switch {
	case errors.Is(err, intake.ErrNotFound):
		return d.dropped(n, "what it is about is gone")
	case err != nil && n.Attempts+1 >= maxTries && !database.Unavailable(err):
		return d.giveUp(n, "failed", err)
	case err != nil:
		return d.again(n, err)
	}
	if out.uploads() {
		sending, cancel = finishing(ctx, uploadTimeout, stopGrace)
		defer cancel()
	}
	message, err := d.post(sending, n, out)
	if err == nil {
		d.listCommands(sending, n)
	}
	return d.settle(n, message, err)
}

// renderSafely is render, with a panic as an error.
func (b *Bot) renderSafely(ctx context.Context, n notice) (out message, err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return b.render(ctx, n)
}

// settle decides by the kind of failure what becomes of a notice.
func (d *delivery) settle(n notice, message int64, err error) outcome {
	if err != nil {
		d.metrics.notices.WithLabelValues("delayed").Inc()
	}
	var tooMany *telegram.TooManyRequestsError
	var moved *telegram.MigrateError
	switch {
	case n.Kind == intake.NoticeForgotten && (err == nil || errors.Is(err, telegram.ErrorBadRequest)):
		d.metrics.notices.WithLabelValues("sent").Inc()
		return func(ctx context.Context) error { return d.Intake.LetGo(ctx, n.Bot, n.Chat) }
	case err == nil:
		return d.sent(n, message)
	case errors.As(err, &tooMany):
		d.limits.pause(n.Chat, time.Now().Add(time.Duration(tooMany.RetryAfter)*time.Second))
		return func(context.Context) error { return nil }
	case errors.As(err, &moved):
		return func(ctx context.Context) error {
			return d.Intake.Moved(ctx, n.Bot, n.Chat, int64(moved.MigrateToChatID))
		}
	case unreachable(err), n.Chat < 0 && mute(err):
		return func(ctx context.Context) error { return d.Intake.Unreachable(ctx, n.Bot, n.Chat) }
	case errors.Is(err, telegram.ErrorBadRequest) && n.Edits != nil && nothingToEdit(err):
		return d.dropped(n, err.Error())
	case errors.Is(err, telegram.ErrorBadRequest):
		return d.giveUp(n, "refused", err)
	default:
		return d.again(n, err)
	}
}

// again has a notice tried later. Of failures that come by the hundred, one a minute is logged.
func (d *delivery) again(n notice, err error) outcome {
	err = hideToken(err, d.Token)
	if d.complaint.Allow() {
		d.Log.Error("sending fails; trying again", "notice", n.ID, "kind", n.Kind, "error", err)
	}
	return d.tryAgain(n, err)
}

// unreachable tells whether the person has shut the bot out or has gone. Telegram has no code for the latter.
func unreachable(err error) bool {
	return errors.Is(err, telegram.ErrorForbidden) ||
		errors.Is(err, telegram.ErrorBadRequest) && strings.Contains(err.Error(), "chat not found")
}

// nothingToEdit recognises the edits and deletions that Telegram refuses because there is nothing to do. It has no codes for
// them, only these descriptions.
func nothingToEdit(err error) bool {
	for _, description := range []string{"message to delete not found", "message can't be deleted", "message is not modified", "message to edit not found", "message can't be edited",
		"there is no text in the message to edit", "there is no caption in the message to edit"} {
		if strings.Contains(err.Error(), description) {
			return true
		}
	}
	return false
}
