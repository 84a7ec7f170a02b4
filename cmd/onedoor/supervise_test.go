package main

import (
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// TestSupervisorAtTheDesk: a supervisor places a request that nobody knew the place of, gives it to a worker, answers its resident
// and ends it; the phones of both show that, and so does the request's page.
func TestSupervisorAtTheDesk(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	resident := w.person(1, "Li", "en")
	resident.send("My mother has nobody to care for her")
	resident.see("Where is it?")
	ref := w.refOf(resident)
	resident.forge("Where is it?", "skipplace:"+ref+":")
	resident.see("A supervisor will look at it")
	path := "/admin/requests/" + ref
	mei := w.supervisor()
	if page := mei.get(path + "?find=太平"); !strings.Contains(page, "Taiping Town, Conghua") {
		t.Fatalf("Taiping can't be chosen: %s", page)
	}
	mei.post(path+"/place", "lat", "23.449", "lon", "113.482")
	resident.see("Taiping Town Social Work Station")
	worker.seeButton("Claim")
	mei.post(path+"/category", "category", "elderly_disabled_care")
	mei.post(path+"/assign", "worker", "w-440117-2-1")
	worker.see("A supervisor (mei) gives " + ref + " to you")
	worker.seeButton("Resolve")
	if n := worker.withButton("Undo"); n != 0 {
		t.Error("what was given can be undone as if it had been a slip of the thumb")
	}
	resident.see("has taken on your request " + ref)
	mei.post(path+"/answer", "text", "Somebody comes tomorrow at nine.")
	said := resident.see("Somebody comes tomorrow at nine.")
	if !strings.HasPrefix(said.Text, "Taiping Town Social Work Station") || strings.Contains(said.Text, "mei") {
		t.Errorf("the resident reads %q", said.Text)
	}
	worker.see("A supervisor (mei) has written to the resident of " + ref)
	resident.send("Thank you")
	worker.see("Thank you")
	mei.post(path+"/note", "text", "Bring the form.")
	worker.see("A supervisor (mei) has made a note on " + ref)
	if note := worker.see("🔒"); !strings.Contains(note.Text, "Bring the form.") {
		t.Errorf("the worker reads %q", note.Text)
	}
	day := time.Now().AddDate(0, 0, 2).Format(time.DateOnly)
	mei.post(path+"/appointment", "day", day, "clock", "10:30", "where", "home")
	resident.see("comes to your home")
	if told := worker.see("A supervisor (mei) has made an appointment for you with the resident of " + ref); !strings.Contains(told.Text, "Home visit") || !strings.Contains(told.Text, "10:30") {
		t.Errorf("the worker reads %q", told.Text)
	}
	mei.post(path + "/wait")
	mei.post(path+"/wait", "change", "nudge")
	resident.see("Conghua District waits for your answer about " + ref)
	mei.post(path + "/calloff")
	resident.see("Your appointment is cancelled")
	worker.see("A supervisor (mei) has called off your appointment with the resident of " + ref)
	w.rests()
	page := mei.get(path)
	for _, part := range []string{"Claimed", "these words · <span>arrived", "Somebody comes tomorrow at nine.", "Bring the form.", "who has it now · <span>arrived"} {
		if !strings.Contains(page, part) {
			t.Errorf("the page lacks %q: %s", part, page)
		}
	}
	if r := w.records()[0]; r["worker"] != "w-440117-2-1" || r["first_response_at"] == nil || r["claimed_at"] == nil {
		t.Errorf("the record is %v", r)
	}
	mei.post(path + "/release")
	worker.see("has taken " + ref + " from you")
	worker.seeButton("Claim")
	mei.post(path+"/resolve", "outcome", "referred.clinic", "sentence", "The clinic calls you.")
	resident.see("The clinic calls you.")
	if w.state(ref) != string(intake.Resolved) {
		t.Errorf("it is %s", w.state(ref))
	}
	mei.post(path + "/reopen")
	resident.see("Your request " + ref + " is open again")
	if resident.texts("Bring the form.") != 0 {
		t.Error("the resident reads the note")
	}
}
