package admin

import (
	"context"
	"log/slog"
	"sync"
	"time"

	"onedoor/internal/database"
)

// When what open boards were sent is put on record: once that is so many requests of one reader, or so old, or when none of their boards
// has been open for a while, as one that is only opened anew has not.
const (
	gatherMost  = 50
	gatherFor   = 15 * time.Minute
	gatherAfter = 5 * time.Second
)

// boardSeen is what the open boards of one session were sent, and is not on record yet.
type boardSeen struct {
	account string
	refs    []string // each once
	known   map[string]bool
	since   time.Time // when the first of them was sent
	open    int       // boards
	left    time.Time // when the last of them was closed
}

// gathering keeps what open boards are sent until it is put on record: of all of them with one statement, so that no change
// costs more than that, however many boards are open. What it holds is lost where the program dies.
type gathering struct {
	db  *database.DB
	log *slog.Logger

	mu       sync.Mutex
	sessions map[string]*boardSeen
	closed   bool
}

// come says that a board of a session is open.
func (g *gathering) come(session, account string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.sessions[session] == nil {
		g.sessions[session] = &boardSeen{account: account, known: map[string]bool{}}
	}
	g.sessions[session].open++
}

// leave says that one is closed.
func (g *gathering) leave(session string, now time.Time) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.sessions[session]
	s.open--
	s.left = now
	if s.open == 0 && len(s.refs) == 0 {
		delete(g.sessions, session)
	}
}

// sends says what a board that is open is about to be sent; false: nothing more is to be sent, for it would not be put on record.
func (g *gathering) sends(session string, now time.Time, refs ...string) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.closed {
		return false
	}
	s := g.sessions[session]
	for _, ref := range refs {
		if s.known[ref] {
			continue
		}
		if len(s.refs) == 0 {
			s.since = now
		}
		s.known[ref] = true
		s.refs = append(s.refs, ref)
	}
	return true
}

// waits tells whether there is something to be put on record.
func (g *gathering) waits() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, s := range g.sessions {
		if len(s.refs) > 0 {
			return true
		}
	}
	return false
}

// due tells whether what a session's boards were sent is to be put on record.
func (s *boardSeen) due(now time.Time) bool {
	switch {
	case len(s.refs) == 0:
		return false
	case s.open == 0 && now.Sub(s.left) >= gatherAfter:
		return true
	}
	return len(s.refs) >= gatherMost || now.Sub(s.since) >= gatherFor
}

// writeDue puts what has been gathered on record if some of it is due: then all of it, for it is one statement either way.
func (g *gathering) writeDue(ctx context.Context, now time.Time) {
	g.mu.Lock()
	due := false
	for _, s := range g.sessions {
		due = due || s.due(now)
	}
	g.mu.Unlock()
	if due {
		g.write(ctx)
	}
}

// write puts all that has been gathered on record.
func (g *gathering) write(ctx context.Context) {
	looks := g.take()
	if len(looks) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, recordWithin)
	defer cancel()
	if err := putLists(ctx, g.db, looks); err != nil {
		g.log.Error("admin: putting on record what open boards were sent fails", "boards", len(looks), "error", err)
	}
}

// close puts all that has been gathered on record, and has nothing sent any more.
func (g *gathering) close() {
	g.mu.Lock()
	g.closed = true
	g.mu.Unlock()
	g.write(context.Background())
}

// boardAction is a look at the board, as it is on record: opened, or sent what was new while it was open, which says since when.
const boardAction = "GET /admin/{$}" + wasListed

// take is what has been gathered, which then is no longer.
func (g *gathering) take() (looks []listLook) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for session, s := range g.sessions {
		if len(s.refs) > 0 {
			looks = append(looks, listLook{Account: s.account, Action: boardAction, Detail: map[string]string{"since": s.since.UTC().Format(time.RFC3339)},
				Session: session, Refs: s.refs, Again: true})
		}
		if s.refs, s.known = nil, map[string]bool{}; s.open == 0 {
			delete(g.sessions, session)
		}
	}
	return looks
}
