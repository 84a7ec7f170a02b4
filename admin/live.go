package admin

import (
	"context"
	"fmt"
	"log/slog"
	"net/http"
	"sync"
	"time"

	"onedoor/internal/database"
)

const (
	lookEvery = 500 * time.Millisecond // at the event logs, while a board is open
	keepAlive = 20 * time.Second       // a line that keeps proxies from ending a silent stream
)

// live tells open boards that something has changed. However many are open, the event logs are looked at once.
type live struct {
	db       *database.DB
	log      *slog.Logger
	ctx      context.Context
	close    context.CancelFunc
	mu       sync.Mutex
	boards   map[chan struct{}]bool
	watching bool
}

func newLive(db *database.DB, log *slog.Logger) *live {
	ctx, cancel := context.WithCancel(context.Background())
	return &live{db: db, log: log, ctx: ctx, close: cancel, boards: map[chan struct{}]bool{}}
}

// join is told of changes until leave is called; at first of those between the page's drawing and now.
func (l *live) join() (changes chan struct{}, leave func()) {
	changes = make(chan struct{}, 1)
	changes <- struct{}{}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.boards[changes] = true
	if !l.watching {
		l.watching = true
		go l.watch()
	}
	return changes, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		delete(l.boards, changes)
	}
}

// watch looks at the event logs, requests' and troubles', for as long as a board is open. Events are numbered before they can be seen, so
// that one with a lower number may come later: the sum of the newest numbers grows with that one too.
func (l *live) watch() {
	var last, newest int64
	for l.tell(newest != last) {
		last = newest
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		ctx, cancel := context.WithTimeout(l.ctx, 5*time.Second)
		if err := l.db.GetContext(ctx, &newest, `
			SELECT CAST(coalesce(sum(id), 0) AS bigint) FROM ((SELECT id FROM events ORDER BY id DESC LIMIT 1000)
				UNION ALL (SELECT id FROM trouble_events ORDER BY id DESC LIMIT 1000)) AS newest`); err != nil {
			newest = last
			l.log.Debug("look at the event log for open boards", "error", err)
		}
		cancel()
	}
}

// tell lets every board know, if there is something; it is false when none is open any more.
func (l *live) tell(changed bool) bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	for board := range l.boards {
		if !changed {
			break
		}
		select {
		case board <- struct{}{}:
		default:
		}
	}
	l.watching = len(l.boards) > 0
	return l.watching
}

// stream sends an event whenever something has changed, until the page is closed.
func (a *Admin) stream(w http.ResponseWriter, r *http.Request) error {
	changes, leave := a.live.join()
	defer leave()
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK) // keeps the session now: kept at the end, one that was ended meanwhile would live again
	out := http.NewResponseController(w)
	if err := out.SetReadDeadline(time.Time{}); err != nil { // the page stays open for longer than a request may take to arrive
		a.Log.Debug("keep a stream open", "error", err)
	}
	alive := time.NewTicker(keepAlive)
	defer alive.Stop()
	for {
		if err := out.Flush(); err != nil {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-a.live.ctx.Done():
			return nil
		case <-changes:
			fmt.Fprint(w, "event: change\ndata: {}\n\n")
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		}
	}
}
