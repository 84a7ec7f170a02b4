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

	"onedoor/intake"
	"onedoor/internal/database"
)

const (
	sendTimeout   = 15 * time.Second
	lookEvery     = time.Second // for notices of other processes, beside being woken
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
}

// deliver sends notices until ctx ends, then waits for those under way.
func (b *Bot) deliver(ctx context.Context) {
	d := &delivery{Bot: b, limits: newLimiter(b.Limits), slots: make(chan struct{}, parallelSends),
		done: make(chan struct{}, 1), busy: map[int64]bool{}}
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
	heads, err := d.heads(ctx, d.busyChats(), batchSize)
	if err != nil {
		return 0, err
	}
	wait, now := lookEvery, time.Now()
	for _, n := range heads {
		if until := n.NextTry.Sub(now); until > 0 {
			wait = min(wait, until)
			continue
		}
		if until := d.limits.take(n.Chat, n.Edits != nil, now); until > 0 {
			wait = min(wait, until)
			continue
		}
		if err := d.limits.all.Wait(ctx); err != nil {
			return 0, err
		}
		d.start(ctx, n)
	}
	return wait, nil
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
		// What is under way is finished when the process stops, so that it isn't repeated by the next one.
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), sendTimeout)
		defer cancel()
		if err := d.send(ctx, n); err != nil {
			d.Log.Error("delivering a notice", "notice", n.ID, "kind", n.Kind, "error", hideToken(err, d.Token))
		}
	})
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

// send renders a notice, sends it and records what became of it.
func (d *delivery) send(ctx context.Context, n notice) error {
	switch {
	case n.Edits != nil && n.MoreEdits:
		return d.dropped(ctx, n, "a later notice shows the same message")
	case n.Edits != nil && n.Message == nil:
		return d.dropped(ctx, n, "what it edits was not sent")
	}
	out, err := d.renderSafely(ctx, n)
	switch {
	case errors.Is(err, intake.ErrNotFound):
		return d.dropped(ctx, n, "what it is about is gone")
	case err != nil && n.Attempts+1 >= maxTries && !database.Unavailable(err):
		return errors.Join(err, d.failed(ctx, n, "failed", err))
	case err != nil:
		return errors.Join(err, d.tryAgain(ctx, n, err))
	}
	message, err := d.post(ctx, n, out)
	return d.settle(ctx, n, message, err)
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

// settle records the outcome of a send by what kind of failure it was.
func (d *delivery) settle(ctx context.Context, n notice, message int64, err error) error {
	if err != nil {
		d.metrics.notices.WithLabelValues("delayed").Inc()
	}
	var tooMany *telegram.TooManyRequestsError
	switch {
	case err == nil:
		return d.sent(ctx, n, message)
	case errors.As(err, &tooMany):
		d.limits.pause(n.Chat, time.Now().Add(time.Duration(tooMany.RetryAfter)*time.Second))
		return nil
	case errors.Is(err, telegram.ErrorForbidden):
		return d.Intake.Unreachable(ctx, n.Bot, n.Chat)
	case errors.Is(err, telegram.ErrorBadRequest) && n.Edits != nil && nothingToEdit(err):
		return d.dropped(ctx, n, err.Error())
	case errors.Is(err, telegram.ErrorBadRequest):
		return errors.Join(err, d.failed(ctx, n, "refused", err))
	default:
		err = hideToken(err, d.Token)
		return errors.Join(err, d.tryAgain(ctx, n, err))
	}
}

// nothingToEdit recognises the edits that Telegram refuses because there is nothing to do. It has no codes for
// them, only these descriptions.
func nothingToEdit(err error) bool {
	for _, description := range []string{"message is not modified", "message to edit not found", "message can't be edited"} {
		if strings.Contains(err.Error(), description) {
			return true
		}
	}
	return false
}
