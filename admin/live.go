package admin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/routing"
)

const (
	lookEvery = 500 * time.Millisecond // at what has changed, while a page is open
	lookLimit = 5 * time.Second
)

// scene is what all open boards show a part of, at one moment.
type scene struct {
	picture  *intake.Picture
	present  present
	troubles int   // how many wait
	mark     int64 // grows with whatever becomes of a trouble
	stations any   // routing's mark of them
}

// live tells open pages what has changed. However many are open, it is read once, and so is who of them may still read.
type live struct {
	board    *intake.Board
	router   *routing.Router
	presence presence
	db       *database.DB
	log      *slog.Logger
	seen     *gathering // by who looks at boards
	ctx      context.Context
	close    context.CancelFunc

	mu       sync.Mutex
	viewers  map[*viewer]bool
	watching bool
	last     *scene

	told    *scene    // of which pages were last told; like what follows, the watch's own
	missed  bool      // they could not be
	renewed time.Time // when it was last said who is where
}

func newLive(db *database.DB, service *intake.Service, log *slog.Logger) *live {
	ctx, cancel := context.WithCancel(context.Background())
	return &live{board: service.NewBoard(), router: service.Router, presence: presence{db}, db: db, log: log,
		seen: &gathering{db: db, log: log, sessions: map[string]*boardSeen{}}, ctx: ctx, close: cancel, viewers: map[*viewer]bool{}}
}

// maxStreams is how many pages of one account are kept live at the same time, by each process.
const maxStreams = 20

// errStreams is one more than those.
var errStreams = errors.New("too many pages of the account are open")

// join has a page told of changes until it leaves; at first of those between its drawing and now. It is errStreams where the account
// has as many as are kept live: those that are open stay so, for one that is ended would only ask anew.
func (l *live) join(v *viewer) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	own := 0
	for o := range l.viewers {
		if o.page.Account.Name == v.page.Account.Name {
			own++
		}
	}
	if own >= maxStreams {
		return errStreams
	}
	v.wake <- struct{}{}
	l.viewers[v] = true
	if !l.watching {
		l.watching = true
		go l.watch()
	}
	return nil
}

// come says to who sees who is where that a page has been joined: one that is refused was nowhere.
func (l *live) come(ctx context.Context, v *viewer) error {
	if v.request == 0 {
		return nil
	}
	return l.presence.come(ctx, v.there())
}

// leave ends what join began, and says so to who sees who is where.
func (l *live) leave(v *viewer) {
	l.mu.Lock()
	delete(l.viewers, v)
	stays := slices.ContainsFunc(slices.Collect(maps.Keys(l.viewers)), func(o *viewer) bool { return o.there() == v.there() })
	l.mu.Unlock()
	if v.request == 0 || stays {
		return
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(l.ctx), lookLimit)
	defer cancel()
	if err := l.presence.leave(ctx, v.there()); err != nil {
		l.log.Debug("leave a request", "error", err)
	}
}

// goesOn tells whether the watch does: while a page is open, or something that one was sent isn't on record yet.
func (l *live) goesOn() bool {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.watching = len(l.viewers) > 0 || l.seen.waits()
	return l.watching
}

// now are the pages that are open at the moment.
func (l *live) now() []*viewer {
	l.mu.Lock()
	defer l.mu.Unlock()
	return slices.Collect(maps.Keys(l.viewers))
}

// watch looks at what has changed for as long as a page is open, and puts on record what boards were sent.
func (l *live) watch() {
	for l.goesOn() {
		select {
		case <-l.ctx.Done():
			return
		case <-time.After(lookEvery):
		}
		ctx, cancel := context.WithTimeout(l.ctx, lookLimit)
		if err := l.round(ctx); err != nil {
			l.log.Debug("look at what has changed for open pages", "error", err)
		}
		cancel()
		l.seen.writeDue(l.ctx, time.Now())
	}
}

// round is one look, and telling those whom it concerns. Who they are is asked after the look: whoever joins later draws what
// it has seen already.
func (l *live) round(ctx context.Context) error {
	if err := l.renew(ctx, l.now()); err != nil {
		return err
	}
	now, err := l.look(ctx)
	if err != nil {
		return err
	}
	news := l.newsSince(l.told, now)
	l.told = now
	concerned := slices.DeleteFunc(l.now(), func(v *viewer) bool { return !news.concerns(v) })
	if len(concerned) == 0 {
		return nil
	}
	err = l.tell(ctx, concerned)
	l.missed = err != nil
	return err
}

// renew says again who is where, for as long as their pages are open.
func (l *live) renew(ctx context.Context, open []*viewer) error {
	if time.Since(l.renewed) < presentAgain {
		return nil
	}
	var there []at
	for _, v := range open {
		if v.request != 0 {
			there = append(there, v.there())
		}
	}
	l.renewed = time.Now()
	if len(there) == 0 {
		return nil
	}
	return l.presence.come(ctx, there...)
}

// look is the scene as it is now.
func (l *live) look(ctx context.Context) (*scene, error) {
	picture, err := l.board.Look(ctx)
	if err != nil {
		return nil, err
	}
	now := &scene{picture: picture, stations: l.router.Mark()}
	if now.present, err = l.presence.all(ctx); err != nil {
		return nil, err
	}
	err = l.db.QueryRowxContext(ctx, `
		SELECT (SELECT count(*) FROM troubles WHERE closed_at IS NULL), (SELECT CAST(coalesce(sum(id), 0) AS bigint)
			FROM (SELECT id FROM trouble_events ORDER BY id DESC LIMIT 1000) newest)`).Scan(&now.troubles, &now.mark)
	if err != nil {
		return nil, fmt.Errorf("look at the troubles: %w", err)
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.last != nil && l.last.picture == picture && l.last.mark == now.mark && l.last.troubles == now.troubles && l.last.stations == now.stations &&
		maps.EqualFunc(l.last.present, now.present, slices.Equal[[]string]) {
		return l.last, nil
	}
	l.last = now
	return now, nil
}

// current is the scene as it was last looked at: while a page is open, just now.
func (l *live) current(ctx context.Context) (*scene, error) {
	l.mu.Lock()
	last := l.last
	l.mu.Unlock()
	if last != nil {
		return last, nil
	}
	return l.look(ctx)
}

// news is what is new between two looks.
type news struct {
	requests map[string]bool // that have changed, by reference
	all      bool            // anything may have
	troubles bool
	present  map[int64]bool // requests at which somebody has come or gone
	boards   bool           // they are to be drawn
}

func (l *live) newsSince(was, now *scene) news {
	n := news{present: map[int64]bool{}, boards: was != now}
	n.requests, n.all = l.board.Changed()
	if was == nil || l.missed {
		n.all = true
		return n
	}
	n.troubles = was.mark != now.mark
	for _, present := range []present{was.present, now.present} {
		for request := range present {
			n.present[request] = !slices.Equal(was.present[request], now.present[request])
		}
	}
	return n
}

// concerns tells whether a page shows something of what is new.
func (n news) concerns(v *viewer) bool {
	switch {
	case v.board:
		return n.boards || n.all
	case v.request != 0:
		return n.all || n.requests[v.ref] || n.present[v.request]
	}
	return n.all || n.troubles || len(n.requests) > 0
}
