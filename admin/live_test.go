package admin_test

import (
	"bufio"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"
)

// patience is how long a test waits for what must come; it is never a measure of speed.
const patience = 20 * time.Second

// stream is an open live stream: its lines, until it ends.
func (b *browser) stream(query ...string) (lines chan string, end func()) {
	b.w.Helper()
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodGet, b.w.server.URL+"/admin/live"+strings.Join(query, ""), nil)
	b.w.must(err)
	r.Header.Set("Accept-Language", b.Accept)
	patient := b.Client
	patient.Timeout = 0 // a stream lasts
	response, err := patient.Do(r)
	b.w.must(err)
	if kind := response.Header.Get("Content-Type"); response.StatusCode != http.StatusOK || kind != "text/event-stream" {
		b.w.Fatalf("the stream answers %s, %s", response.Status, kind)
	}
	lines = make(chan string, 100)
	go func() {
		defer close(lines)
		in := bufio.NewScanner(response.Body)
		in.Buffer(nil, 1<<20) // a board's news are one line
		for in.Scan() {
			lines <- in.Text()
		}
		io.Copy(io.Discard, response.Body)
	}()
	return lines, func() { response.Body.Close() }
}

// change waits for the stream to tell of one.
func (w *world) change(lines chan string) {
	w.Helper()
	for deadline := time.After(patience); ; {
		select {
		case line, open := <-lines:
			if !open {
				w.Fatal("the stream ended")
			}
			if line == "event: change" {
				return
			}
		case <-deadline:
			w.Fatal("the stream tells of no change")
		}
	}
}

// quiet waits until a stream has had nothing to tell for more than two looks at the event log.
func (w *world) quiet(lines chan string) {
	w.Helper()
	for {
		select {
		case _, open := <-lines:
			if !open {
				w.Fatal("the stream ended")
			}
		case <-time.After(1200 * time.Millisecond):
			return
		}
	}
}

func TestStreamTellsOfChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	one, two := w.as("mei", "administrator", ""), w.as("li", "auditor", "")
	first, end := one.stream()
	defer end()
	w.change(first) // of what may have happened since the page was drawn
	w.quiet(first)
	second, end := two.stream()
	defer end()
	w.change(second)
	w.quiet(second)
	select {
	case line := <-first:
		t.Errorf("nothing has changed, and the stream says %q", line)
	default:
	}
	one.post("/admin/requests/"+ref+"/station", "station", another)
	w.change(first)
	w.change(second)
}

// An event that is numbered early and committed late is a change too.
func TestStreamTellsOfLateChanges(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	w.ask(2, "我爸爸没人照顾")
	lines, end := w.as("mei", "administrator", "").stream()
	defer end()
	const say = `INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'said', 'resident' FROM requests WHERE chat_id = $1` // each of another request: steps of one wait for each other
	late, err := w.db.Beginx()
	w.must(err)
	defer late.Rollback()
	_, err = late.Exec(say, 1)
	w.must(err)
	_, err = w.db.Exec(say, 2)
	w.must(err)
	w.change(lines)
	w.quiet(lines)
	w.must(late.Commit())
	w.change(lines)
}

func TestStreamEndsWithTheAdmin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	lines, end := w.as("mei", "administrator", "").stream()
	defer end()
	w.change(lines)
	w.admin.Close()
	for deadline := time.After(patience); ; {
		select {
		case _, open := <-lines:
			if !open {
				return
			}
		case <-deadline:
			t.Fatal("the stream goes on")
		}
	}
}

// A board that was open when its session ended doesn't bring it back.
func TestStreamKeepsNoSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	thief := b.stolen()
	lines, _ := b.stream()
	b.post("/admin/logout").leadsTo("/admin/login")
	w.change(lines)
	w.admin.Close()
	for range lines { // until the stream has ended
	}
	thief.get("/admin/").leadsTo("/admin/login")
}

// TestStreamsAreBounded: an account has 20 pages kept live and no more, whatever its sessions; others have theirs, and one that is closed
// makes room.
func TestStreamsAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b, other := w.as("mei", "administrator", ""), w.as("li", "auditor", "")
	elsewhere := w.browser()
	elsewhere.login("mei", secret).leadsTo("/admin/")
	var ends []func()
	for i := range 20 {
		lines, end := []*browser{b, elsewhere}[i%2].stream("?board=1")
		w.news(lines)
		ends = append(ends, end)
	}
	for _, path := range []string{"/admin/live", "/admin/live?board=1"} {
		b.get(path).is(http.StatusTooManyRequests, "many pages open")
		elsewhere.get(path).is(http.StatusTooManyRequests, "many pages open")
	}
	lines, end := other.stream()
	w.change(lines)
	end()
	ends[3]()
	for began := time.Now(); b.opens("/admin/live") != http.StatusOK; {
		if time.Since(began) > patience {
			t.Fatal("one is closed, and there is no room")
		}
	}
	for _, end := range ends {
		end()
	}
}

// opens is what a stream answers; it is closed at once.
func (b *browser) opens(path string) int {
	b.w.Helper()
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodGet, b.w.server.URL+path, nil)
	b.w.must(err)
	response, err := b.Do(r)
	b.w.must(err)
	response.Body.Close()
	return response.StatusCode
}
