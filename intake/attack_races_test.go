package intake_test

import (
	"context"
	"errors"
	"fmt"
	"sync"
	"sync/atomic"
	"testing"

	"onedoor/intake"
	"onedoor/prompts"
)

// atOnce runs all at the same time. What is refused, or isn't there any more, is no fault.
func (w *world) atOnce(all ...func(ctx context.Context) error) {
	w.Helper()
	start := make(chan struct{})
	var done sync.WaitGroup
	errs := make([]error, len(all))
	for i, do := range all {
		done.Go(func() {
			<-start
			errs[i] = do(context.Background())
		})
	}
	close(start)
	done.Wait()
	for i, err := range errs {
		if err != nil && !errors.Is(err, intake.ErrRefused) && !errors.Is(err, intake.ErrNotFound) {
			w.Errorf("the act number %d: %v", i, err)
		}
	}
}

// TestForgottenAtOnce: who has all erased while others claim their request, write of it, assign, refer and prioritise it, has all erased, and
// nothing of it comes back; whoever was first.
func TestForgottenAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.others()
	for i, code := range []string{"n0", "n1", "n2"} {
		w.join(int64(10+i), code)
	}
	var number atomic.Int64
	number.Store(10_000)
	does := func(chat int64, act intake.Act) func(context.Context) error {
		return func(ctx context.Context) error {
			_, err := w.Handle(ctx, w.by(chat, number.Add(1), act))
			return err
		}
	}
	press := func(chat int64, action, ref, arg string) func(context.Context) error {
		return does(chat, intake.Pressed{Press: intake.Press{Action: action, Ref: ref, Arg: arg}})
	}
	by := intake.Supervisor{Name: "mei", Sight: intake.Sight{All: true}}
	for round := range int64(12) {
		chat := 1000 + round
		ref := w.ask(chat)
		w.act(chat, intake.Command{Name: "forget"})
		if round%2 == 0 {
			w.press(11, intake.ActClaim, ref, "")
			w.press(11, intake.ActNote, ref, "")
		}
		secret := fmt.Sprintf("xyzzy%d", round)
		w.atOnce(
			press(chat, intake.ActForget, "", "yes"),
			press(10, intake.ActClaim, ref, ""), does(11, intake.Said{Text: secret}), does(12, intake.Command{Name: "next"}),
			does(chat, intake.Said{Text: secret + " and a wheelchair for my mother, too"}),
			func(ctx context.Context) error { return w.Assign(ctx, by, ref, "n2") },
			func(ctx context.Context) error { return w.Answer(ctx, by, ref, secret) },
			func(ctx context.Context) error { return w.Note(ctx, by, ref, secret) },
			func(ctx context.Context) error { return w.ReferTo(ctx, by, ref, "o1", secret) },
			func(ctx context.Context) error { return w.AskVolunteers(ctx, by, ref, "shopping", secret) },
			func(ctx context.Context) error { return w.Prioritise(ctx, by, ref, prompts.Urgent) },
			func(ctx context.Context) error { return w.Close(ctx, by, ref) },
			func(ctx context.Context) error { _, err := w.WriteWords(ctx, 100); return err },
			w.KeepFigures,
		)
		v := w.view(ref)
		if v.ErasedAt == nil {
			t.Errorf("round %d: the request is %s, and not erased", round, v.State)
			continue
		}
		if v.Text+v.Summary != "" || v.Chat != 0 || v.Lat != nil || v.State.Active() || v.Unnamed {
			t.Errorf("round %d: it is %s, of %d, with %q", round, v.State, v.Chat, v.Text)
		}
		_, err := w.WriteWords(t.Context(), 1000)
		w.must(err)
		for what, query := range map[string]string{
			"messages": `SELECT count(*) FROM messages WHERE request_id = $1`, "words": `SELECT count(*) FROM request_words WHERE request_id = $1`,
			"referrals":   `SELECT count(*) FROM referrals WHERE request_id = $1 AND (words <> '' OR state IN ('offered', 'accepted'))`,
			"corrections": `SELECT count(*) FROM corrections WHERE request_id = $1`,
			"hands":       `SELECT count(*) FROM requests WHERE id = $1 AND state IN ('open', 'claimed', 'referred')`,
		} {
			if n := w.count(query, v.ID); n != 0 {
				t.Errorf("round %d: %d %s of it are left", round, n, what)
			}
		}
	}
}

// TestSupervisorsAtOnce: of supervisors and workers who decide on one request at once, by what they all saw, one decides; it is in one
// pair of hands, and the log says of no more than happened.
func TestSupervisorsAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i, code := range []string{"n0", "n1", "n2"} {
		w.join(int64(10+i), code)
	}
	var number atomic.Int64
	number.Store(10_000)
	for round := range 10 {
		ref := w.ask(int64(1000 + round))
		v := w.view(ref)
		seen, _, err := w.Seen(t.Context(), v.ID)
		w.must(err)
		by := intake.Supervisor{Name: "mei", Sight: intake.Sight{All: true}, Seen: seen}
		next := func(ctx context.Context) error {
			_, err := w.Handle(ctx, w.by(10+number.Add(1)%3, number.Add(1), intake.Command{Name: "next"}))
			return err
		}
		w.atOnce(next, next, next,
			func(ctx context.Context) error { return w.Assign(ctx, by, ref, "n1") },
			func(ctx context.Context) error { return w.Assign(ctx, by, ref, "n2") },
			func(ctx context.Context) error { return w.Close(ctx, by, ref) },
			func(ctx context.Context) error { return w.Resolve(ctx, by, ref, intake.End{Outcome: "solved"}) },
		)
		if n := w.count(`SELECT count(*) FROM events WHERE request_id = $1 AND kind IN ('claimed', 'resolved', 'cancelled')
			AND actor IN ('worker', 'supervisor')`, v.ID); n != 1 && n != 2 { // what is resolved is claimed before, or not
			t.Errorf("round %d: %d decisions", round, n)
		}
		var claims, supervised int
		w.must(w.db.Get(&claims, `SELECT count(*) FROM events WHERE request_id = $1 AND kind = 'claimed'`, v.ID))
		w.must(w.db.Get(&supervised, `SELECT count(*) FROM events WHERE request_id = $1 AND actor = 'supervisor' AND kind <> 'answered'`, v.ID))
		if claims > 1 || supervised > 1 {
			t.Errorf("round %d: %d claims, %d of supervisors", round, claims, supervised)
		}
	}
}
