package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/intake"
)

// TestRefusedFormsAreLooks: a form that comes back shows the request that it is about, and so is a look at it; as a redraw, of one that
// is on record it is none.
func TestRefusedFormsAreLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := "/admin/requests/" + w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	for _, action := range []string{"appointment", "calloff", "place", "note"} {
		a := b.post(path + "/" + action)
		if a.StatusCode != http.StatusBadRequest && a.StatusCode != http.StatusConflict || !strings.Contains(a.body, "没人照顾") {
			t.Errorf("%v", a)
		}
	}
	if n := value[int](w, `SELECT count(*) FROM audit WHERE account = 'mei' AND action = 'GET /admin/requests/{ref}'`); n != 1 {
		t.Errorf("looking is on record %d times", n)
	}
	if n := value[int](w, `SELECT count(*) FROM audit WHERE account = 'mei' AND action LIKE 'POST /admin/requests/{ref}/%'`); n != 0 {
		t.Errorf("%d things are on record that were not done", n)
	}
}

// TestDeskOfAFiledRequest: what is done for a request that a system has filed is done, or refused with a sentence.
func TestDeskOfAFiledRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(firstChat, first)
	w.must(w.intake.Router.Reload(t.Context()))
	_, key, err := w.intake.NewSystem(t.Context(), "Hotline", "", false, "boss")
	w.must(err)
	system, err := w.intake.SystemByKey(t.Context(), key)
	w.must(err)
	ref, err := w.intake.FileFor(t.Context(), system, intake.Filing{Service: "health", Words: "没人照顾我妈妈", Place: "440117111", Name: "Chen", Phone: "139 0000 0001"})
	w.must(err)
	w.translated("words")
	b := w.as("mei", "administrator", "")
	path := "/admin/requests/" + ref
	day := w.intake.Now().AddDate(0, 0, 3).Format("2006-01-02")
	all := [][]string{{"appointment", "day", day, "clock", "10:00", "where", "home"}, {"calloff"}, {"remind", "day", day}, {"remind", "off", "yes"}, {"wait"}, {"wait", "change", "nudge"},
		{"wait", "change", "more"}, {"wait", "change", "off"}, {"volunteers", "task", "shopping", "text", "please"}, {"recall", "referral", "1"}, {"helper", "referral", "1", "text", "x"},
		{"translate"}, {"answer", "text", "我们明天上午来看您", "translate", "yes"}, {"translate", "message", "MSG"}, {"takeback", "message", "MSG"}}
	run := func() {
		for _, form := range all {
			for i := range form {
				if form[i] == "MSG" {
					form[i] = value[string](w, `SELECT coalesce(max(id), 1)::text FROM messages WHERE author = 'supervisor'`)
				}
			}
			a := b.post(path+"/"+form[0], form[1:]...)
			if a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%v: %v", form, a)
			}
		}
		if a := b.get(path); a.StatusCode != http.StatusOK {
			t.Errorf("%v", a)
		}
	}
	run()
	w.press(firstChat, intake.ActClaim, ref, "")
	run()
}
