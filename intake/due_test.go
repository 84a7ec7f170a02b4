package intake_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// backlog files as many requests of a resident's as are in a worker's hands and overdue, for hours.
func (w *world) backlog(n int) {
	w.Helper()
	w.exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 4242, i, 'en', $2 FROM generate_series(100001, 100000 + $1) i`, n, w.now)
	w.exec(`INSERT INTO requests (ref, bot_id, chat_id, text, category, station, worker, state, created_at, submitted_at, claimed_at, answered_at,
			claim_due, answer_due, resolve_due, next_action, next_action_at)
		SELECT 'B' || i, 4242, i, 'words', 'health', 'n', 'n1', 'claimed', $2, $2, $2, $2, $2, $2, $2, 'resolve', CAST($2 AS timestamptz) - interval '9 hours'
		FROM generate_series(100001, 100000 + $1) i`, n, w.now)
}

// TestUnclaimedComeFirst: an emergency that nobody has claimed is what the clock does first, then what else waits, however
// many are in somebody's hands and have waited for longer.
func TestUnclaimedComeFirst(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(11, "n1")
	w.backlog(3000)
	calm := w.ask(1)
	w.act(2, intake.Said{Text: "there is a fire in my house"})
	danger := w.text(`SELECT ref FROM requests WHERE chat_id = 2`)
	w.tick()
	w.now = w.now.Add(13 * time.Hour)
	w.exec(`UPDATE requests SET next_action_at = $1 WHERE state = 'claimed'`, w.now.Add(-9*time.Hour))
	for _, want := range []string{danger, calm, "B"} {
		before := w.count(`SELECT coalesce(max(id), 0) FROM events`)
		if more, err := w.Due(context.Background()); err != nil || !more {
			t.Fatal(more, err)
		}
		got := w.text(`SELECT r.ref FROM events e JOIN requests r ON r.id = e.request_id WHERE e.id > $1 ORDER BY e.id LIMIT 1`, before)
		if !strings.HasPrefix(got, want) {
			t.Errorf("the clock acts on %s, want %s", got, want)
		}
	}
}

// TestDueReadsItsIndex: finding what is due reads no more than the index, however many requests there are.
func TestDueReadsItsIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(11, "n1")
	w.backlog(5000)
	w.exec(`ANALYZE`)
	for rank := range 3 {
		var plan []string
		query := strings.NewReplacer("$1", "now()", "$2", fmt.Sprint(rank)).Replace(intake.FindDue)
		w.must(w.db.Select(&plan, `EXPLAIN `+query))
		if all := strings.Join(plan, "\n"); strings.Contains(all, "Seq Scan") || !strings.Contains(all, "requests_due") || strings.Contains(all, "Sort") {
			t.Errorf("rank %d: %s", rank, all)
		}
	}
}

// TestOutage: after ten days in which the program was down, each step is taken once, in order, and with a pause between.
func TestOutage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(10, "n0")
	w.join(11, "n1")
	w.join(20, "f0")
	ref := w.ask(1)
	w.now = w.now.Add(240 * time.Hour)
	for level := 1; level <= 3; level++ {
		w.until(ref)
		w.tick()
		v := w.view(ref)
		if v.ClaimLevel != level || v.NextActionAt.Sub(w.now) < 2*time.Hour {
			t.Errorf("the clock is at level %d and acts again after %v, want level %d", v.ClaimLevel, v.NextActionAt.Sub(w.now), level)
		}
	}
	for chat, want := range map[int64][2]int{10: {2, 2}, 11: {2, 0}, 20: {1, 1}} { // reminders, escalations
		if got := [2]int{w.told(chat, "unclaimed", ref), w.told(chat, "escalated", ref)}; got != want {
			t.Errorf("%d is told %v, want %v", chat, got, want)
		}
	}
}

// TestTouchesGiveNoTime: whatever is done to a request that waits or is worked on, but answering and resolving it, the clock
// acts on it no later.
func TestTouchesGiveNoTime(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(11, "n1")
	w.join(21, "f1")
	ref := w.ask(1)
	moment := func() time.Time { return *w.view(ref).NextActionAt }
	for range 3 {
		w.until(ref)
	}
	at := moment() // the morning after the last level
	for at.Sub(w.now) > 2*time.Hour {
		w.now = w.now.Add(time.Hour)
		to := "f"
		if *w.view(ref).Station == "f" {
			to = "n"
		}
		w.must(w.SendTo(context.Background(), ref, to, "mei"))
		w.must(w.Reclassify(context.Background(), ref, []string{"health", "education"}[w.now.Hour()%2], "mei"))
		w.act(1, intake.Said{Text: "please hurry"})
		if got := moment(); !got.Equal(at) {
			t.Fatalf("the clock acts at %v instead of %v", got, at)
		}
	}
	w.must(w.SendTo(context.Background(), ref, "n", "mei"))
	w.press(11, intake.ActClaim, ref, "")
	at = moment()
	for range 3 {
		w.now = w.now.Add(time.Hour)
		w.press(11, intake.ActNote, ref, "")
		w.act(11, intake.Said{Text: "he sounds confused"})
		w.press(11, intake.ActResolve, ref, "")
		w.press(11, intake.ActUndo, ref, "")
		w.press(11, intake.ActMeant, ref, "health")
		w.press(11, intake.ActReply, ref, "")
		w.act(1, intake.Said{Text: "please hurry"})
		if got := moment(); !got.Equal(at) {
			t.Fatalf("the worker is asked at %v instead of %v", got, at)
		}
	}
}
