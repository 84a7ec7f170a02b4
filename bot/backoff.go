package bot

import (
	"context"
	"log/slog"
	"time"
)

// backoff waits longer after each failure in a row, and logs the first and the end of them, not a thousand.
type backoff struct {
	failures int
}

// wait sleeps for as long as asked or, when that is zero, twice as long as the last time.
func (w *backoff) wait(ctx context.Context, log *slog.Logger, what string, err error, asked time.Duration) {
	if w.failures == 0 {
		log.Error(what, "error", err)
	}
	w.failures++
	pause(ctx, max(asked, delay(w.failures)))
}

// over says that the failures have ended, if there were any.
func (w *backoff) over(log *slog.Logger, what string) {
	if w.failures > 0 {
		log.Info(what, "failures", w.failures)
	}
	w.failures = 0
}

// delay is 0.25 s after the first failure, twice as much after each further one, and at most maxWait.
func delay(failures int) time.Duration {
	return min(maxWait, 250*time.Millisecond<<min(failures-1, 10))
}

// finishing is a context for what is finished even when ctx ends: within limit, and then within grace.
func finishing(ctx context.Context, limit, grace time.Duration) (context.Context, context.CancelFunc) {
	going, cancel := context.WithTimeout(context.WithoutCancel(ctx), limit)
	stop := context.AfterFunc(ctx, func() {
		pause(going, grace)
		cancel()
	})
	return going, func() {
		stop()
		cancel()
	}
}

// pause sleeps, unless ctx ends first.
func pause(ctx context.Context, d time.Duration) {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
	case <-timer.C:
	}
}
