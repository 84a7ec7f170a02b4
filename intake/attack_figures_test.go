package intake_test

import (
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
)

// figures are those of all requests together.
func (w *world) figures() intake.Figures {
	w.Helper()
	all, err := w.Report(w.Context(), intake.Scope{From: w.now.AddDate(0, 0, -2), To: w.now.AddDate(0, 0, 2)}, "all")
	w.must(err)
	if len(all) != 1 {
		w.Fatalf("%d groups of all", len(all))
	}
	return all[0]
}

// TestFiguresByClocksThatDiffer: a machine whose clock is behind that of where a request was filed takes a claim back, ends it and has it rated:
// that counts as it does by one clock.
func TestFiguresByClocksThatDiffer(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.UndoFor = intake.Undo
	w.join(10, "n1")
	behind := func(do func()) {
		ahead := w.now
		w.now = w.now.Add(-5 * time.Minute)
		do()
		w.now = ahead
	}
	undone := w.ask(1)
	behind(func() {
		w.press(10, intake.ActClaim, undone, "")
		if w.press(10, intake.ActUnclaim, undone, ""); w.view(undone).State != intake.Open {
			t.Fatal("the claim isn't taken back")
		}
	})
	if f := w.figures(); f.Claim.Stopped != 0 || f.Claim.Running != 1 {
		t.Errorf("%d claims, %d waiting, of one that was taken back", f.Claim.Stopped, f.Claim.Running)
	}
	behind(func() {
		w.press(10, intake.ActClaim, undone, "")
		w.press(10, intake.ActOutcome, undone, "solved")
		w.press(1, intake.ActRate, undone, "5")
	})
	if n := w.count(`SELECT count(*) FROM ratings`); n != 1 {
		t.Fatalf("%d ratings", n)
	}
	for range 2 {
		if f := w.figures(); f.Rated != 1 || f.Satisfied == nil || *f.Satisfied != 1 {
			t.Errorf("%d ratings count", f.Rated)
		}
		w.must(w.KeepFigures(w.Context()))
	}
}

// TestFiguresOfAnotherUrgency: what a supervisor makes more or less urgent counts as that at once, and by the deadlines that it has now.
func TestFiguresOfAnotherUrgency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(10, "n1")
	ref := w.ask(1)
	w.press(10, intake.ActClaim, ref, "")
	w.figures()
	by := intake.Supervisor{Name: "a", Sight: intake.Sight{All: true}}
	for _, urgency := range []prompts.Urgency{prompts.Urgent, prompts.Emergency, prompts.Normal} {
		w.must(w.Prioritise(w.Context(), by, ref, urgency))
		all, err := w.Report(w.Context(), intake.Scope{From: w.now.AddDate(0, 0, -2), To: w.now.AddDate(0, 0, 2)}, "urgency")
		w.must(err)
		if len(all) != 1 || all[0].Group != string(urgency) {
			t.Errorf("what is %s counts as %v", urgency, all)
		}
		if n := w.count(`SELECT count(*) FROM cycles c JOIN requests r ON r.id = c.request_id WHERE c.answer_due = r.answer_due AND c.resolve_due = r.resolve_due`); n != 1 {
			t.Errorf("what is %s now counts by other deadlines than it has", urgency)
		}
	}
}

// TestFiguresOfWhatIsForgotten: where somebody lived counts as before when they have had it erased, village and all.
func TestFiguresOfWhatIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec(`INSERT INTO places (code, name, level, parent, lat, lon) VALUES ('1', '县', 'county', NULL, 23, 113), ('1t', '镇', 'township', '1', 23, 113),
		('1v', '社区', 'village', '1t', 22.99, 113)`)
	w.must(w.Router.Reload(w.Context()))
	ref := w.ask(1)
	town := func(when string) {
		t.Helper()
		all, err := w.Report(w.Context(), intake.Scope{From: w.now.AddDate(0, 0, -2), To: w.now.AddDate(0, 0, 2)}, "setting")
		w.must(err)
		if len(all) != 1 || all[0].Group != "urban" {
			t.Errorf("%s: it counts as %v", when, all)
		}
	}
	if p := w.view(ref).Place; p == nil || *p != "1v" {
		t.Fatalf("it is in %v", p)
	}
	town("asked")
	w.act(1, intake.Command{Name: "forget"})
	w.act(1, intake.Pressed{Press: intake.Press{Action: intake.ActForget, Arg: "yes"}})
	if w.view(ref).ErasedAt == nil {
		t.Fatal("it isn't erased")
	}
	town("erased")
	w.must(w.KeepFigures(w.Context()))
	town("kept")
}
