package intake_test

import (
	"testing"

	"onedoor/intake"
)

// TestHandoverWithNote: one note on several requests stands in the file of each, once, and is lost with none.
func TestHandoverWithNote(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(11, "n1")
	w.join(12, "n2")
	refs := []string{w.ask(100), w.ask(101), w.ask(102)}
	for _, ref := range refs {
		w.press(11, intake.ActClaim, ref, "")
	}
	handOver := func(before func()) {
		w.act(11, intake.Command{Name: "handover"})
		w.press(11, intake.ActHandover, "", intake.ArgTo+"n2")
		before()
		w.act(11, intake.Said{Text: "ring twice"})
	}
	handOver(func() {})
	for _, ref := range refs {
		if n := w.count(`SELECT count(*) FROM messages m JOIN requests r ON r.id = m.request_id
			WHERE r.ref = $1 AND r.worker = 'n2' AND m.kind = 'note' AND m.text = 'ring twice'`, ref); n != 1 {
			t.Errorf("%s has the note %d times", ref, n)
		}
		if n := w.told(12, intake.NoticeHandedOver, ref); n != 1 {
			t.Errorf("the colleague is told %d times of %s", n, ref)
		}
	}

	last := w.ask(103)
	w.press(11, intake.ActClaim, last, "")
	handOver(func() { w.press(103, intake.ActCancel, last, "") })
	if n := w.count(`SELECT count(*) FROM messages WHERE kind = 'note' AND text = 'ring twice' AND request_id IS NULL`); n != 1 {
		t.Errorf("the note on what nobody needs any more is kept %d times", n)
	}
}
