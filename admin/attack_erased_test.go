package admin_test

import (
	"testing"

	"onedoor/intake"
)

// TestErasedIsLinkedToNothing: that a request was linked to another says where it was; when it is erased, no log says so any more,
// and what else was done to the other one stays.
func TestErasedIsLinkedToNothing(t *testing.T) {
	t.Parallel()
	w, near, path := staffed(t)
	ref, third := w.ask(2, "路灯坏了"), w.ask(3, "水管漏水")
	b := w.as("mei", "supervisor", taiping)
	b.post(path+"/link", "ref", ref).leadsTo(path)
	b.post("/admin/requests/" + ref + "/unlink").leadsTo("/admin/requests/" + ref)
	b.post(path+"/link", "ref", third).leadsTo(path)
	w.act(2, intake.Command{Name: "forget"})
	w.act(2, intake.Pressed{Press: intake.Press{Action: intake.ActForget, Arg: "yes"}})
	if n := value[int](w, `SELECT count(*) FROM requests WHERE ref = $1 AND erased_at IS NOT NULL`, ref); n != 1 {
		t.Fatal("it is not erased")
	}
	if n := value[int](w, `SELECT count(*) FROM events WHERE data->>'with' = $1 OR data->>'with' = $2
		AND request_id = (SELECT id FROM requests WHERE ref = $1)`, ref, near); n != 0 {
		t.Errorf("the log says %d times what was the same", n)
	}
	if n := value[int](w, `SELECT count(*) FROM events WHERE kind = 'linked' AND data->>'with' IN ($1, $2)`, near, third); n != 2 {
		t.Errorf("of the others the log says it %d times, want 2", n)
	}
}
