package intake_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/prompts"
	"onedoor/routing"
)

const worldBot = 4242

// world is the domain on a database of its own, with three stations of two counties in a row: n, f and x, of which each
// has a supervisor (n0) and workers (n1, n2). Nobody has joined. Its time stands still unless it is moved.
type world struct {
	testing.TB
	*intake.Service
	db     *database.DB
	now    time.Time
	update int64
}

// trained is the classifier that all worlds share.
var trained = sync.OnceValue(func() *prompts.Offline {
	taxonomy, err := prompts.Load()
	if err != nil {
		panic(err)
	}
	return prompts.NewOffline(taxonomy)
})

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, db: databasetest.New(t), now: time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC)}
	w.exec(`INSERT INTO bots (id, username) VALUES (4242, 'onedoor_test_bot')`)
	w.exec(`INSERT INTO stations (code, name, county_code, lat, lon) VALUES ('n', 'Near', '1', 23, 113), ('f', 'Far', '1', 23.1, 113), ('x', 'Else', '2', 23.2, 113)`)
	w.exec(`INSERT INTO workers (code, name, station, role) SELECT s.code || i, upper(s.code) || i, s.code, CASE i WHEN 0 THEN 'supervisor' ELSE 'worker' END
		FROM stations s, generate_series(0, 2) i`)
	taxonomy, err := prompts.Load()
	w.must(err)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	router, err := routing.New(context.Background(), w.db.DB, log)
	w.must(err)
	w.Service = intake.New(intake.Options{DB: w.db, Router: router, Taxonomy: taxonomy, Offline: trained().Fork(), Log: log,
		Limits: intake.Limits{PerMinute: 1000, PerDay: 1000}, Now: func() time.Time { return w.now }})
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	_, err := w.db.Exec(query, args...)
	w.must(err)
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	w.must(w.db.Get(&n, query, args...))
	return n
}

func (w *world) text(query string, args ...any) (text string) {
	w.Helper()
	w.must(w.db.Get(&text, query, args...))
	return text
}

// act does what a person does in a chat, and returns what they are answered.
func (w *world) act(chat int64, act intake.Act) intake.Answer {
	w.Helper()
	w.update++
	answer, err := w.Handle(context.Background(), w.by(chat, w.update, act))
	w.must(err)
	return answer
}

// by is an update of a chat.
func (w *world) by(chat, update int64, act intake.Act) intake.Update {
	return intake.Update{Bot: worldBot, ID: update, Chat: chat, MessageID: update, At: w.now, Language: "en", Act: act}
}

func (w *world) press(chat int64, action, ref, arg string) intake.Answer {
	w.Helper()
	return w.act(chat, intake.Pressed{Press: intake.Press{Action: action, Ref: ref, Arg: arg}})
}

// join makes a chat a worker's, which routing knows.
func (w *world) join(chat int64, code string) {
	w.Helper()
	invitation, err := w.Invite(context.Background(), code)
	w.must(err)
	w.act(chat, intake.Command{Name: "start", Arg: invitation})
	w.must(w.Router.Reload(context.Background()))
}

// ask files an ordinary request near the station n, and returns its reference.
func (w *world) ask(chat int64) string {
	w.Helper()
	w.act(chat, intake.Said{Text: "I need a wheelchair for my father"})
	w.act(chat, intake.Located{Lat: 22.99, Lon: 113})
	ref := w.text(`SELECT ref FROM requests WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, chat)
	w.press(chat, intake.ActConfirm, ref, "")
	if v := w.view(ref); v.State != intake.Open || v.Station == nil || *v.Station != "n" {
		w.Fatalf("the request is %s at %v", v.State, v.Station)
	}
	return ref
}

func (w *world) view(ref string) intake.View {
	w.Helper()
	v, err := w.ViewByRef(context.Background(), ref)
	w.must(err)
	return v
}

// until moves the time to the moment at which the clock looks at a request next, and lets it act.
func (w *world) until(ref string) {
	w.Helper()
	if at := *w.view(ref).NextActionAt; at.After(w.now) {
		w.now = at
	}
	w.tick()
}

// tick lets the clock do all that is due.
func (w *world) tick() {
	w.Helper()
	for range 10_000 {
		more, err := w.Due(context.Background())
		w.must(err)
		if !more {
			return
		}
	}
	w.Fatal("the clock finds no end")
}

// told is how many notices of a kind a chat has about a request, but for what is drawn anew.
func (w *world) told(chat int64, kind, ref string) int {
	w.Helper()
	return w.count(`SELECT count(*) FROM notices n JOIN requests r ON r.id = n.request_id
		WHERE n.chat_id = $1 AND n.kind = $2 AND r.ref = $3 AND n.edits IS NULL`, chat, kind, ref)
}
