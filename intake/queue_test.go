package intake_test

import (
	"context"
	"encoding/json"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/prompts"
	"onedoor/routing"
)

// desk is the domain at work on the sample data, with a bot of which every worker has a chat.
type desk struct {
	testing.TB
	*intake.Service
	update int64
	mu     sync.Mutex
}

func newDesk(t testing.TB, db *database.DB) *desk {
	t.Helper()
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	if err := sample.Load(t.Context(), db, func(key string) bool { _, ok := taxonomy.Category(key); return ok }); err != nil {
		t.Fatal(err)
	}
	log := slog.New(slog.DiscardHandler)
	router, err := routing.New(t.Context(), db.DB, log)
	if err != nil {
		t.Fatal(err)
	}
	d := &desk{TB: t, Service: intake.New(intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Offline: trained().Fork(), Log: log, UndoFor: intake.Undo})}
	d.exec(`INSERT INTO bots (id) VALUES (9)`)
	d.exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 9, 9000000 + row_number() OVER (ORDER BY code), 'en', now() FROM workers`)
	d.exec(`UPDATE workers w SET bot_id = 9, chat_id = c.chat, joined_at = now(), on_duty = true
		FROM (SELECT code, 9000000 + row_number() OVER (ORDER BY code) AS chat FROM workers) c WHERE c.code = w.code`)
	return d
}

func (d *desk) exec(statement string, args ...any) {
	d.Helper()
	if _, err := d.DB.ExecContext(d.Context(), statement, args...); err != nil {
		d.Fatalf("%s: %v", statement, err)
	}
}

// does has somebody do something, and returns what they are answered at once.
func (d *desk) does(chat int64, act intake.Act) (intake.Answer, error) {
	d.mu.Lock()
	d.update++
	update := d.update
	d.mu.Unlock()
	return d.Handle(d.Context(), intake.Update{Bot: 9, ID: update, Chat: chat, MessageID: update, Language: "en", Act: act})
}

// fill makes requests of the past, and some that are at work.
func (d *desk) fill(past int) {
	d.Helper()
	if err := sample.Past(d.Context(), d.DB, past); err != nil {
		d.Fatal(err)
	}
	if err := sample.Present(d.Context(), d.DB, 12, 5); err != nil {
		d.Fatal(err)
	}
	d.exec(`VACUUM ANALYZE`)
}

// TestDeskReadsByIndex: with 100,000 requests behind it, nothing that a worker waits for reads a table from one end to the
// other, whether planned for its arguments or for any.
func TestDeskReadsByIndex(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	d.fill(100_000)
	var ids []int64
	if err := d.DB.Select(&ids, `SELECT id FROM requests WHERE station = 'st-440117-2' AND state = 'open' ORDER BY id LIMIT 10`); err != nil || len(ids) != 10 {
		t.Fatalf("%d requests wait (%v)", len(ids), err)
	}
	for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
		for statement, args := range intake.DeskStatements("st-440117-2", "w-440117-2-1", "00000001", ids) {
			if found := d.scanned(mode, statement, args); len(found) > 0 {
				t.Errorf("%s: %s reads all of %v", mode, statement, found)
			}
		}
	}
	if found := d.scanned("auto", `SELECT id FROM requests WHERE text LIKE $1`, []any{"%x%"}); len(found) != 1 {
		t.Errorf("the test does not see what it is for: %v", found)
	}
}

// plan is a part of a plan of PostgreSQL's.
type plan struct {
	Node     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Plans    []plan
}

// scanned are the tables that grow without end which a statement would read from one end to the other.
func (d *desk) scanned(mode, statement string, args []any) []string {
	d.Helper()
	return d.plan(mode, statement, args).scans("requests", "offers", "chats")
}

// plan is how PostgreSQL would do it.
func (d *desk) plan(mode, statement string, args []any) plan {
	d.Helper()
	tx, err := d.DB.BeginTxx(d.Context(), nil)
	if err != nil {
		d.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(d.Context(), `SET LOCAL plan_cache_mode = `+mode); err != nil {
		d.Fatal(err)
	}
	var text string
	if err := tx.GetContext(d.Context(), &text, `EXPLAIN (FORMAT JSON) `+statement, args...); err != nil {
		d.Fatalf("%s: %v", statement, err)
	}
	var plans []struct{ Plan plan }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		d.Fatal(err)
	}
	return plans[0].Plan
}

// scans are those of the tables that it reads from one end to the other.
func (p plan) scans(tables ...string) (found []string) {
	if p.Node == "Seq Scan" && slices.Contains(tables, p.Relation) {
		found = append(found, p.Relation)
	}
	for _, part := range p.Plans {
		found = append(found, part.scans(tables...)...)
	}
	return found
}

// TestAllWorkersClaim: 940 workers of 200 stations press Claim on 200 requests at the same moment. Each request has one
// winner, of its station, and nobody stays without an answer.
func TestAllWorkersClaim(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	if err := sample.Present(t.Context(), d.DB, 1, 0); err != nil {
		t.Fatal(err)
	}
	d.exec(`DELETE FROM offers`)
	won, lost := d.claimAll()
	if won != 200 || lost != 740 {
		t.Errorf("%d have won and %d were told that another was quicker, want 200 and 740", won, lost)
	}
	var claimed, logged, told int
	if err := d.DB.QueryRow(`SELECT (SELECT count(*) FROM requests r JOIN workers w ON w.code = r.worker WHERE r.state = 'claimed' AND w.station = r.station),
		(SELECT count(DISTINCT request_id) FROM events WHERE kind = 'claimed'), (SELECT count(*) FROM notices WHERE kind = 'claimed_by')`).Scan(&claimed, &logged, &told); err != nil {
		t.Fatal(err)
	}
	if claimed != 200 || logged != 200 || told != 200 {
		t.Errorf("%d requests are claimed, %d by the log, and %d residents are told; want 200 each", claimed, logged, told)
	}
}

// claimAll has each worker press Claim on all that waits at their station at once, and counts who has won and who was told
// that they have not.
func (d *desk) claimAll() (won, lost int) {
	d.Helper()
	var presses []struct {
		Chat int64
		Ref  string
	}
	if err := d.DB.Select(&presses, `SELECT w.chat_id AS chat, r.ref FROM workers w JOIN requests r ON r.station = w.station AND r.state = 'open'`); err != nil {
		d.Fatal(err)
	}
	start := make(chan struct{})
	var group sync.WaitGroup
	var mu sync.Mutex
	for _, p := range presses {
		group.Go(func() {
			<-start
			answer, err := d.does(p.Chat, intake.Pressed{Press: intake.Press{Action: intake.ActClaim, Ref: p.Ref}})
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				d.Errorf("%d has no answer: %v", p.Chat, err)
			case answer.Kind == "claim_lost":
				lost++
			case answer.Kind == "":
				won++
			}
		})
	}
	close(start)
	group.Wait()
	return won, lost
}

// TestNextNeverCollides: workers of one station who all take the next one at the same moment get one each.
func TestNextNeverCollides(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	if err := sample.Present(t.Context(), d.DB, 8, 0); err != nil {
		t.Fatal(err)
	}
	var chats []int64
	if err := d.DB.Select(&chats, `SELECT chat_id FROM workers WHERE station IN ('st-440117-1', 'st-440117-2')`); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	for _, chat := range chats {
		group.Go(func() {
			if _, err := d.does(chat, intake.Command{Name: "next", Text: "/next"}); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	var claimed, holders int
	if err := d.DB.QueryRow(`SELECT count(*), count(DISTINCT worker) FROM requests WHERE state = 'claimed'`).Scan(&claimed, &holders); err != nil {
		t.Fatal(err)
	}
	if claimed != len(chats) || holders != len(chats) {
		t.Errorf("%d workers have got %d requests, %d of them any", len(chats), claimed, holders)
	}
}

// waitsForALock waits until somebody waits for a lock.
func (d *desk) waitsForALock() {
	d.Helper()
	for range 1000 {
		var waits bool
		if err := d.DB.GetContext(d.Context(), &waits, `SELECT EXISTS (SELECT FROM pg_stat_activity
			WHERE datname = current_database() AND wait_event_type = 'Lock')`); err != nil {
			d.Fatal(err)
		}
		if waits {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	d.Fatal("nobody waits for a lock")
}

// TestNextWaitsForWhatIsWorkedOn: the only request isn't passed over because a process in the background works on it just now.
func TestNextWaitsForWhatIsWorkedOn(t *testing.T) {
	t.Parallel()
	for _, lock := range []string{"KEY SHARE", "UPDATE"} {
		t.Run(lock, func(t *testing.T) {
			t.Parallel()
			d := newDesk(t, databasetest.New(t))
			if err := sample.Present(t.Context(), d.DB, 1, 0); err != nil {
				t.Fatal(err)
			}
			var chat int64
			if err := d.DB.Get(&chat, `SELECT w.chat_id FROM workers w JOIN requests r USING (station) WHERE r.state = 'open' LIMIT 1`); err != nil {
				t.Fatal(err)
			}
			background, err := d.DB.Beginx()
			if err != nil {
				t.Fatal(err)
			}
			defer background.Rollback()
			if _, err := background.Exec(`SELECT FROM requests WHERE state = 'open' FOR ` + lock); err != nil {
				t.Fatal(err)
			}
			claimed := make(chan error)
			go func() {
				_, err := d.does(chat, intake.Command{Name: "next", Text: "/next"})
				claimed <- err
			}()
			if lock == "UPDATE" { // it must wait: let it come as far
				d.waitsForALock()
				if err := background.Rollback(); err != nil {
					t.Fatal(err)
				}
			}
			if err := <-claimed; err != nil {
				t.Fatal(err)
			}
			var n int
			if err := d.DB.Get(&n, `SELECT count(*) FROM requests WHERE state = 'claimed'`); err != nil || n != 1 {
				t.Errorf("%d requests are claimed (%v), want 1", n, err)
			}
		})
	}
}

// TestLimitHoldsAtOnce: 60 claims of one worker at the same moment, pressed and by the next one, are no more than the limit.
func TestLimitHoldsAtOnce(t *testing.T) {
	t.Parallel()
	d := newDesk(t, databasetest.New(t))
	if err := sample.Present(t.Context(), d.DB, 40, 0); err != nil {
		t.Fatal(err)
	}
	var chat int64
	var all []string
	if err := d.DB.Get(&chat, `SELECT chat_id FROM workers WHERE code = 'w-440117-2-1'`); err != nil {
		t.Fatal(err)
	}
	if err := d.DB.Select(&all, `SELECT ref FROM requests WHERE station = 'st-440117-2' AND state = 'open'`); err != nil {
		t.Fatal(err)
	}
	var group sync.WaitGroup
	act := func(a intake.Act) {
		group.Go(func() {
			if _, err := d.does(chat, a); err != nil {
				t.Error(err)
			}
		})
	}
	for _, ref := range all {
		act(intake.Pressed{Press: intake.Press{Action: intake.ActClaim, Ref: ref}})
	}
	for range 20 {
		act(intake.Command{Name: "next", Text: "/next"})
	}
	group.Wait()
	var n int
	if err := d.DB.Get(&n, `SELECT count(*) FROM requests WHERE worker = 'w-440117-2-1' AND state = 'claimed'`); err != nil || n != 15 {
		t.Errorf("the worker has %d requests (%v), want 15", n, err)
	}
}

// BenchmarkDesk measures what a worker waits for, with 10,000 and with 1,000,000 requests of the past and as much at hand: by
// turns, so that both meet the same weather.
func BenchmarkDesk(b *testing.B) {
	var waits [2]map[string]func(int)
	for i, past := range []int{10_000, 1_000_000} {
		d := newDesk(b, databasetest.New(b))
		d.fill(past)
		waits[i] = d.waits()
	}
	for name := range waits[0] {
		b.Run(name, func(b *testing.B) {
			var took [2]time.Duration
			for i := 0; b.Loop(); i++ {
				for j, wait := range waits {
					began := time.Now()
					wait[name](i)
					took[j] += time.Since(began)
				}
			}
			for j, unit := range []string{"ms/10k", "ms/1M"} {
				b.ReportMetric(float64(took[j].Microseconds())/1000/float64(b.N), unit)
			}
			b.ReportMetric(float64(took[1])/float64(took[0]), "times")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// waits is what a worker waits for, each by the number of its turn. What is taken is given back.
func (d *desk) waits() map[string]func(int) {
	var workers []struct {
		intake.Worker
		ChatID int64 `db:"chat"`
	}
	if err := d.DB.Select(&workers, `SELECT code, name, station, role, on_duty, bot_id, chat_id, chat_id AS chat FROM workers ORDER BY md5(code)`); err != nil {
		d.Fatal(err)
	}
	list := func(load func(context.Context, *intake.Worker, intake.Turn) (intake.List, error)) func(int) {
		return func(i int) {
			l, err := load(d.Context(), &workers[i%len(workers)].Worker, intake.Turn{})
			if err != nil || len(l.Views) == 0 {
				d.Fatalf("a list of %d: %v", len(l.Views), err)
			}
		}
	}
	command := func(name, arg string) func(int) {
		return func(i int) {
			if _, err := d.does(workers[i%len(workers)].ChatID, intake.Command{Name: name, Arg: arg, Text: "/" + name + " " + arg}); err != nil {
				d.Fatal(err)
			}
		}
	}
	next := command("next", "")
	return map[string]func(int){"queue": list(d.Queued), "mine": list(d.Held), "find": command("find", "轮椅"),
		"next": func(i int) {
			next(i)
			d.exec(`UPDATE requests SET state = 'open', worker = NULL, claimed_at = NULL, next_action = 'claim' WHERE worker = $1 AND state = 'claimed' AND next_action = 'answer'`,
				workers[i%len(workers)].Code)
		}}
}
