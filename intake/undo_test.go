package intake_test

import (
	"testing"
	"time"

	"onedoor/intake"
)

// TestUndoOfTheOwn: only a claim of the worker's own is undone, never what a colleague has passed on a moment ago.
func TestUndoOfTheOwn(t *testing.T) {
	t.Parallel()
	for name, pass := range map[string]func(w *world, ref string){
		"handed over": func(w *world, _ string) {
			w.act(11, intake.Command{Name: "handover"})
			w.press(11, intake.ActHandover, "", intake.ArgTo+"n2")
			w.press(11, intake.ActHandover, "", intake.ArgSend)
		},
		"taken on": func(w *world, ref string) {
			w.press(11, intake.ActAsk, ref, "n2")
			w.press(12, intake.ActTake, ref, w.text(`SELECT max(id) FROM handoffs`))
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			w.UndoFor = intake.Undo
			w.join(11, "n1")
			w.join(12, "n2")
			ref := w.ask(100)
			w.press(11, intake.ActClaim, ref, "")
			pass(w, ref)
			if v := w.view(ref); v.Worker == nil || *v.Worker != "n2" {
				t.Fatalf("%v has it", v.Worker)
			}
			if answer := w.press(12, intake.ActUnclaim, ref, ""); answer.Kind != "undo_late" {
				t.Errorf("the answer is %q", answer.Kind)
			}
			if v := w.view(ref); v.State != intake.Claimed {
				t.Errorf("it is %s", v.State)
			}
		})
	}
}

// TestUndoOfTakingUp: taking a resolved request up is one claim in its log; when it is undone, the station is called.
func TestUndoOfTakingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.UndoFor = intake.Undo
	w.join(11, "n1")
	w.join(12, "n2")
	ref := w.ask(100)
	w.press(11, intake.ActClaim, ref, "")
	w.press(11, intake.ActOutcome, ref, "solved")
	w.now = w.now.Add(time.Hour)
	w.press(11, intake.ActTakeUp, ref, "")
	if n := w.count(`SELECT count(*) FROM events e JOIN requests r ON r.id = e.request_id WHERE r.ref = $1 AND e.kind = 'claimed'`, ref); n != 2 {
		t.Errorf("%d claims are in the log, and not two", n)
	}
	cards := w.told(12, intake.NoticeCard, ref)
	if answer := w.press(11, intake.ActUnclaim, ref, ""); answer.Kind != "undone" {
		t.Fatalf("the answer is %q", answer.Kind)
	}
	if v := w.view(ref); v.State != intake.Open || v.Station == nil || *v.Station != "n" {
		t.Errorf("it is %s at %v", v.State, v.Station)
	}
	if w.told(12, intake.NoticeCard, ref) != cards+1 {
		t.Error("nobody is called to what is open again")
	}
}

// TestUndoEndsTheQuestion: a colleague who was asked to take on what was claimed by a slip is asked no longer.
func TestUndoEndsTheQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.UndoFor = intake.Undo
	w.join(11, "n1")
	w.join(12, "n2")
	ref := w.ask(100)
	w.press(11, intake.ActClaim, ref, "")
	w.press(11, intake.ActAsk, ref, "n2")
	w.press(11, intake.ActUnclaim, ref, "")
	if answer := w.press(12, intake.ActTake, ref, w.text(`SELECT max(id) FROM handoffs`)); answer.Kind != "now" {
		t.Errorf("the answer is %q", answer.Kind)
	}
	if v := w.view(ref); v.State != intake.Open || v.Worker != nil {
		t.Errorf("it is %s with %v", v.State, v.Worker)
	}
}
