package admin_test

import (
	"net/http"
	"strings"
	"testing"

	"onedoor/intake"
)

const volunteerChat = 801

// volunteer makes one near Taiping who has a chat.
func (w *world) volunteer() {
	w.Helper()
	_, err := w.db.Exec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES ($1, $2, 'en', now())`, testBot, volunteerChat)
	w.must(err)
	_, err = w.db.Exec(`INSERT INTO partners (code, kind, name, tasks, lat, lon, bot_id, chat_id, joined_at) VALUES ('v-near', 'volunteer', '黎热心', '{shopping,visit}', 23.449, 113.482, $1, $2, now())`, testBot, volunteerChat)
	w.must(err)
}

// TestAskVolunteers: those near by are asked with the supervisor's words alone; who takes it stands on the page, can be written to,
// and it can be taken back. The worker who has the request stays answerable, and is told.
func TestAskVolunteers(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.volunteer()
	b := w.as("mei", "supervisor", taiping)
	ask := []string{"task", "shopping", "text", "每周买一次米 <b>"}
	b.post(path+"/volunteers", ask...).is(http.StatusConflict, "A worker must have it first")
	w.press(firstChat, intake.ActClaim, ref, "")
	b.post(path+"/volunteers", "task", "repairs", "text", "修门").is(http.StatusConflict, "No volunteer near by does such a task", "修门</textarea>", `value="repairs" selected`)
	if n := value[int](w, `SELECT count(*) FROM referrals`); n != 0 || strings.Contains(b.get(path).text(), "修门") {
		t.Errorf("asking nobody leaves %d referrals, or a note", n)
	}
	b.post(path+"/volunteers", ask...).leadsTo(path)
	if w.told(volunteerChat, "task") != 1 || w.told(firstChat, "referred") != 1 || w.told(1, "helped") != 0 {
		t.Errorf("the volunteer is asked %d times, the worker told %d times", w.told(volunteerChat, "task"), w.told(firstChat, "referred"))
	}
	b.post(path+"/volunteers", ask...).is(http.StatusConflict, "asked to do that already", "每周买一次米 &lt;b&gt;</textarea>")
	b.get(path).is(http.StatusOK, "shopping · nobody has accepted yet", "每周买一次米 &lt;b&gt;").lacks("<b>\n")
	id := value[string](w, `SELECT id::text FROM referrals`)
	b.post(path+"/helper", "referral", id, "text", "谢谢").is(http.StatusConflict, "谢谢") // nobody has it yet
	w.act(volunteerChat, intake.Pressed{Press: intake.Press{Action: intake.ActAccept, Arg: id}})
	b.get(path).is(http.StatusOK, "shopping · 黎热心 · accepted", "Write to them")
	b.post(path+"/helper", "referral", id, "text", "门口按铃").leadsTo(path)
	if w.told(volunteerChat, "partner_told") != 1 || w.told(1, "worker_said") != 0 {
		t.Errorf("the volunteer reads %d words, the resident %d", w.told(volunteerChat, "partner_told"), w.told(1, "worker_said"))
	}
	other := w.ask(2, "我爸爸没人照顾")
	for _, wrong := range []string{"", "0", "-1", "x", "999999999"} {
		b.post(path+"/recall", "referral", wrong).is(http.StatusNotFound)
	}
	b.post("/admin/requests/"+other+"/recall", "referral", id).is(http.StatusNotFound) // another request's
	w.as("far", "supervisor", another).post(path+"/recall", "referral", id).is(http.StatusNotFound)
	b.post(path+"/recall", "referral", id).leadsTo(path)
	b.post(path+"/recall", "referral", id).is(http.StatusConflict)
	if w.told(volunteerChat, "task") != 2 || w.told(firstChat, "referred") < 3 {
		t.Errorf("of its end the volunteer is told %d times, the worker of all %d", w.told(volunteerChat, "task"), w.told(firstChat, "referred"))
	}
	page := b.get(path).text()
	for _, want := range []string{"Referred supervisor mei asked · shopping", "accepted · shopping · 黎热心", "taken back · shopping"} {
		if !strings.Contains(page, want) {
			t.Errorf("the story lacks %q: %s", want, page)
		}
	}
	b.post(path+"/volunteers", "task", "", "text", "x").is(http.StatusNotFound)
	b.post(path+"/volunteers", "task", "shopping", "text", " ").is(http.StatusBadRequest)
	w.must(w.intake.Prioritise(t.Context(), intake.Supervisor{Name: "root", Sight: intake.Sight{All: true}}, ref, "emergency"))
	b.post(path+"/volunteers", ask...).is(http.StatusConflict, "where there is danger")
	w.as("boss", "administrator", "").get("/admin/audit").is(http.StatusOK, "asked volunteers", "took back what others were asked").lacks("买一次米", "门口")
}
