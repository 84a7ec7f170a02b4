package admin_test

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// followed are a request's events on what is to come of it.
func (w *world) followed() string {
	w.Helper()
	return value[string](w, `SELECT coalesce(string_agg(concat_ws(' ', actor, actor_id, data ->> 'what', data ->> 'how'), '; ' ORDER BY id), '') FROM events WHERE kind = 'followed'`)
}

// TestAppointment: a supervisor agrees on a time in the place of the worker, changes it and calls it off; both are told each time,
// what the resident answers stands on the page, and it is the first answer.
func TestAppointment(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	day := w.intake.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	when := []string{"day", day, "clock", "10:30", "where", "home"}
	b.post(path+"/appointment", when...).is(http.StatusConflict, "A worker must have it first")
	w.press(firstChat, intake.ActClaim, ref, "")
	b.get(path).is(http.StatusOK, `action="`+path+`/appointment"`).lacks("Call it off")
	b.post(path+"/appointment", when...).leadsTo(path)
	f, err := w.intake.Appointment(t.Context(), w.view(ref).ID)
	at, _ := time.Parse(time.RFC3339, day+"T10:30:00+08:00")
	if err != nil || !f.At.Equal(at) || f.Place != "home" || f.Due == nil || w.view(ref).AnsweredAt == nil || w.told(1, "appointment") != 1 || w.told(firstChat, "supervised") != 1 {
		t.Errorf("it is %+v, %v; the resident is told %d times, the worker %d", f, err, w.told(1, "appointment"), w.told(firstChat, "supervised"))
	}
	seen := b.get(path).is(http.StatusOK, "📅 "+day, "10:30", "at their home", "Planned what comes next", "Call it off").seen("appointment")
	w.press(1, intake.ActUnfit, ref, value[string](w, `SELECT id::text FROM follow_ups`))
	b.get(path).is(http.StatusOK, "doesn&#39;t suit the resident")
	b.post(path+"/appointment", "day", day, "clock", "15:00", "where", "phone", "seen", seen).leadsTo(path)
	b.post(path+"/appointment", "day", day, "clock", "16:00", "where", "station", "seen", seen).is(http.StatusConflict, "Somebody else was quicker", `value="16:00"`, `value="station" selected`)
	b.post(path+"/calloff", "seen", seen).is(http.StatusConflict, "Somebody else was quicker")
	b.post(path+"/calloff", "seen", b.get(path).seen("calloff")).leadsTo(path)
	b.post(path + "/calloff").is(http.StatusConflict)
	if w.told(1, "appointment_off") != 1 || w.told(firstChat, "supervised") != 3 {
		t.Errorf("of its end the resident is told %d times, the worker of all %d", w.told(1, "appointment_off"), w.told(firstChat, "supervised"))
	}
	if got, want := w.followed(), "supervisor mei appointment set; resident  appointment unfit; supervisor mei appointment set; supervisor mei appointment cancelled"; got != want {
		t.Errorf("the log says %q", got)
	}
	for _, bad := range [][]string{{"day", "", "clock", "10:00", "where", "home"}, {"day", day, "clock", "25:00", "where", "home"}, {"day", "\x00", "clock", "<b>", "where", "home"}} {
		b.post(path+"/appointment", bad...).is(http.StatusBadRequest, "Choose a day and a time").lacks("<b>\"")
	}
	b.post(path+"/appointment", "day", "2020-01-01", "clock", "10:00", "where", "home").is(http.StatusConflict, "within a year")
	b.post(path+"/appointment", "day", "9999-01-01", "clock", "10:00", "where", "home").is(http.StatusConflict, "within a year")
	b.post(path+"/appointment", "day", day, "clock", "10:00", "where", "moon").is(http.StatusNotFound)
	w.as("far", "supervisor", another).post(path+"/appointment", when...).is(http.StatusNotFound)
	w.as("an", "auditor", "").post(path+"/appointment", when...).is(http.StatusForbidden)
	w.as("boss", "administrator", "").get("/admin/audit").is(http.StatusOK, "made an appointment", "called off an appointment")
}

// TestAppointmentIsHeardOf: an appointment is made, or called off, for who has the request. Where they can't be told any more somebody
// else is to have it, and know.
func TestAppointmentIsHeardOf(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	day := w.intake.Now().AddDate(0, 0, 3).Format(time.DateOnly)
	gone := func(chat int64, action string, fields ...string) {
		t.Helper()
		w.must(w.execute(`UPDATE chats SET unreachable_at = now() WHERE id = $1`, chat))
		b.post(path+"/"+action, fields...).leadsTo(path)
		if v := w.view(ref); v.State != intake.Open || v.Worker != nil {
			t.Errorf("after %s it is %s with %v", action, v.State, v.Worker)
		}
		w.must(w.execute(`UPDATE chats SET unreachable_at = NULL WHERE id = $1`, chat))
	}
	w.press(firstChat, intake.ActClaim, ref, "")
	gone(firstChat, "appointment", "day", day, "clock", "10:30", "where", "home")
	if n := w.told(secondChat, "card"); n != 2 {
		t.Errorf("the other worker has %d cards, want another one", n)
	}
	w.press(secondChat, intake.ActClaim, ref, "")
	gone(secondChat, "calloff")
	if w.told(1, "appointment") != 1 || w.told(1, "appointment_off") != 1 {
		t.Error("the resident doesn't hear of both")
	}
}

// TestRemindAndWait: whoever has the request is reminded when the day comes; while it waits for its resident they can be reminded,
// and what they say ends that.
func TestRemindAndWait(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.press(firstChat, intake.ActClaim, ref, "")
	b := w.as("mei", "supervisor", taiping)
	day := w.intake.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	b.post(path+"/remind", "day", day).leadsTo(path)
	b.get(path).is(http.StatusOK, "⏰ "+day, "No reminder")
	_, err := w.db.Exec(`UPDATE follow_ups SET due_at = now() - interval '1 second'`)
	w.must(err)
	for more := true; more; {
		more, err = w.intake.Due(t.Context())
		w.must(err)
	}
	if w.told(firstChat, "follow_due") != 1 || w.told(1, "follow_due") != 0 {
		t.Errorf("the worker is reminded %d times", w.told(firstChat, "follow_due"))
	}
	b.post(path+"/remind", "day", day).leadsTo(path)
	b.post(path+"/remind", "off", "yes").leadsTo(path)
	b.get(path).is(http.StatusOK).lacks("No reminder")
	b.post(path+"/remind", "day", "x").is(http.StatusBadRequest)

	b.post(path+"/wait", "change", "nudge").is(http.StatusConflict) // it doesn't wait
	b.post(path + "/wait").leadsTo(path)
	b.get(path).is(http.StatusOK, "Waits for the resident since")
	b.post(path+"/wait", "change", "nudge").leadsTo(path)
	if w.told(1, "waits_for_you") != 1 {
		t.Errorf("the resident is reminded %d times", w.told(1, "waits_for_you"))
	}
	b.post(path+"/wait", "change", "off").leadsTo(path)
	b.post(path+"/wait", "change", "later").is(http.StatusNotFound)
	b.get(path).is(http.StatusOK, "Wait for the resident").lacks("Waits for the resident since")
	if got := w.followed(); !strings.HasSuffix(got, "supervisor mei wait set; supervisor mei wait more") {
		t.Errorf("the log says %q", got)
	}
}
