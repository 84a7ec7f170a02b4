package main

import (
	"reflect"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/routing"
)

// hours sets a station's hours, and waits until routing knows whether it is open.
func (w *world) hours(station, hours string, open bool) {
	w.Helper()
	if _, err := w.server.db.Exec(`UPDATE stations SET hours = $2 WHERE code = $1`, station, hours); err != nil {
		w.Fatal(err)
	}
	parsed, err := routing.ParseHours(hours)
	if err != nil {
		w.Fatal(err)
	}
	w.eventually("routing knows the hours", func() bool {
		s, _ := w.server.intake.Router.Station(station)
		return reflect.DeepEqual(s.Hours.On(nil), parsed) && s.Hours.Open(time.Now().In(s.Zone())) == open
	})
}

// minute lets the minute's job look at the clock, in several processes at the same time, and waits until all is told.
func (w *world) minute() {
	w.Helper()
	var group sync.WaitGroup
	for range 4 {
		group.Go(func() {
			if err := w.server.intake.KeepDuty(w.ctx); err != nil {
				w.Error(err)
			}
		})
	}
	group.Wait()
	w.rests()
}

// onDuty tells whether a worker is on duty, and routing counts so.
func (w *world) onDuty(code string) bool {
	w.Helper()
	var on bool
	if err := w.server.db.Get(&on, `SELECT on_duty FROM workers WHERE code = $1`, code); err != nil {
		w.Fatal(err)
	}
	w.eventually("routing knows of it", func() bool { return w.routed(code) })
	return on
}

// beijing is the stations' time zone.
var beijing = time.FixedZone("CST", 8*60*60)

// allDay are hours that are open all of today, if the calendar has no day off.
func allDay() string { return weekday(0) + " 00:00-24:00" }

// weekday is the day of the week so many days from now, as hours name it.
func weekday(days int) string {
	return time.Now().In(beijing).AddDate(0, 0, days).Weekday().String()[:2]
}

// TestDutyByTimetable: who keeps to the timetable is on duty while the station is open, without a press, and is told once
// in a shift and without a sound; who has chosen by hand stays as they are.
func TestDutyByTimetable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.exec(`DELETE FROM calendar_days`)
	keeps, hand := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-2-2")
	w.hours("st-440117-2", allDay(), true)
	keeps.send("/duty")
	keeps.see("By hand")
	keeps.press("By timetable")
	keeps.see("By timetable")
	if shown := keeps.seeButton("✓ By timetable"); !strings.Contains(shown.Text, "You are on duty") {
		t.Errorf("it shows %q", shown.Text)
	}
	w.exec(`INSERT INTO calendar_days (date, kind) SELECT CAST(now() AT TIME ZONE 'Asia/Shanghai' AS date) + n, 'off' FROM generate_series(-1, 1) n`)
	w.eventually("the days off are known", func() bool {
		s, _ := w.server.intake.Router.Station("st-440117-2")
		return !s.Hours.Open(time.Now().In(s.Zone()))
	})
	w.minute()
	if w.onDuty("w-440117-2-1") || !w.onDuty("w-440117-2-2") {
		t.Error("on a day off, who keeps to the timetable is on duty, or who doesn't is off")
	}
	if keeps.texts("shift") > 0 || hand.texts("shift") > 0 {
		t.Error("somebody is told that a shift ends, though nothing is left behind")
	}
	ref := requestOf(w.person(1, "May", "en"), "I need a wheelchair for my father")
	hand.see(ref)
	w.exec(`DELETE FROM calendar_days`)
	w.hours("st-440117-2", allDay(), true)
	for range 2 { // the second time in the same shift
		w.minute()
		if !w.onDuty("w-440117-2-1") {
			t.Error("the station is open, and who keeps to its hours off duty")
		}
		w.exec(`UPDATE workers SET on_duty = false WHERE code = 'w-440117-2-1'`)
	}
	if n := keeps.texts("Your shift has begun"); n != 1 || hand.texts("Your shift") > 0 {
		t.Errorf("it is told %d times that the shift has begun, want once", n)
	}
	if keeps.texts(ref) > 0 {
		t.Error("who was off duty was told of a request")
	}
	silent := 0
	for _, c := range w.telegram.Calls() {
		if c.Method == "sendMessage" && strings.Contains(c.Params["text"], "Your shift has begun") && c.Params["disable_notification"] == "true" {
			silent++
		}
	}
	if silent != 1 {
		t.Error("the shift begins with a sound")
	}
	hand.send("/duty auto")
	hand.see("By timetable: until")
	hand.send("/duty off")
	hand.see("You are off duty")
	w.minute()
	if w.onDuty("w-440117-2-2") {
		t.Error("who is off by hand is put on duty by the timetable")
	}
}

// TestEmergencyGoesOnByTimetable: where the timetable has everybody off, an emergency goes to the nearest station with
// somebody there.
func TestEmergencyGoesOnByTimetable(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	near, next := w.worker(901, "w-440117-2-1"), w.worker(902, "w-440117-1-1")
	near.send("/duty auto")
	near.see("By timetable")
	w.hours("st-440117-2", "Mo-Su off", false)
	w.minute()
	if w.onDuty("w-440117-2-1") {
		t.Fatal("somebody is on duty at a closed station")
	}
	p := w.person(1, "May", "en")
	p.send(onFire)
	p.see("Conghua District Social Work Station is alarmed")
	next.see("Emergency")
	w.rests()
	if near.texts("Emergency") > 0 {
		t.Error("who is off duty is told at once though another is there")
	}
	w.hours("st-440117-2", "", true)
	w.minute()
	w.onDuty("w-440117-2-1")
	w.person(2, "Lin", "en").send("my house in Taiping Town, Conghua is on fire")
	near.see("Emergency")
}

// TestOffDutyWithAnEmergency: whoever goes off duty with emergencies open is warned, by hand, by the timetable and for a holiday.
func TestOffDutyWithAnEmergency(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	w.hours("st-440117-2", "", true)
	worker.send("/duty off")
	worker.see("You are off duty")
	w.rests()
	if worker.texts("still need somebody") > 0 {
		t.Error("a warning of nothing")
	}
	worker.send("/duty auto")
	p := w.person(1, "May", "en")
	p.send(onFire)
	worker.press("Claim")
	worker.seeButton("Resolve")
	w.rests()
	worker.send("/duty off")
	if m := worker.see("still need somebody"); len(m.ReplyMarkup.Rows) < 3 {
		t.Errorf("the emergency can't be opened from there: %v", m.ReplyMarkup)
	}
	worker.send("/duty auto")
	w.rests()
	w.hours("st-440117-2", "Mo-Su off", false)
	w.minute()
	worker.see("Your shift has ended")
	w.rests()
	before := worker.texts("still need somebody")
	worker.send("/away today")
	w.eventually("it warns once more", func() bool { return worker.texts("still need somebody") == before+1 })
}

// TestNobodyThere: a resident reads that nobody is on duty though the station is open, and when it opens next.
func TestNobodyThere(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.exec(`DELETE FROM calendar_days`)
	worker := w.worker(901, "w-440117-2-1")
	worker.send("/duty off")
	worker.see("You are off duty")
	w.hours("st-440117-2", "", true)
	if w.onDuty("w-440117-2-1") {
		t.Fatal("on duty")
	}
	ask := func(id int64) string {
		p := w.person(id, "May", "en")
		p.send("/start 440117111")
		p.send("My mother needs a wheelchair")
		return p.seeButton("Confirm").Text
	}
	if text := ask(10); !strings.Contains(text, "Conghua District is away now, answers by") {
		t.Errorf("an always open station without anybody says %q", text)
	}
	now := time.Now().In(beijing)
	w.hours("st-440117-2", allDay()+"; "+weekday(2)+" 09:00-10:00", true)
	if text, want := ask(11), "Conghua District is back "+now.AddDate(0, 0, 2).Weekday().String()+" 09:00, answers by"; !strings.Contains(text, want) {
		t.Errorf("it says %q, want %q", text, want)
	}
	worker.send("/duty on")
	worker.see("You are on duty")
	w.onDuty("w-440117-2-1")
	if text := ask(12); !strings.Contains(text, "Conghua District answers by") {
		t.Errorf("somebody is there, and it says %q", text)
	}
}

// TestAnotherPhone: a worker with a new phone has it bound by a new link. The old chat is told, its cards lose their words
// and its buttons do nothing; what the worker has stays theirs.
func TestAnotherPhone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, old, ref := claimed(w)
	other := requestOf(w.person(2, "Lin", "en"), "I need a wheelchair for my mother")
	card := old.seeButton("Claim")
	old.send("/duty off")
	old.see("You are off duty")
	start := strings.TrimSpace(strings.SplitN(w.run("invite", "w-440117-2-1"), "?start=", 2)[1])
	phone := w.person(903, "new", "en")
	phone.send("/start " + start)
	phone.see("You are off duty, as you have chosen")
	phone.see("In your hands: 1")
	old.see("You now work with OneDoor in another chat")
	w.rests()
	if old.texts("wheelchair") > 0 {
		t.Error("the cards in the old chat still have the residents' words")
	}
	old.PressData(card, "claim:"+other+":")
	old.PressData(card, "reply:"+ref+":")
	old.PressData(card, "duty::on")
	w.rests()
	if w.state(other) != "open" || w.onDuty("w-440117-2-1") || old.texts("your words go to the resident") > 0 {
		t.Error("the old chat's buttons still do something")
	}
	phone.press(ref + " Care for old and disabled")
	phone.press("Reply")
	phone.see("your words go to the resident")
	phone.send("I come on Monday")
	resident.see("I come on Monday")
}

// TestDismissed: whoever is dismissed is out at once, and what they had waits again; whoever is taken back is a worker again.
func TestDismissed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	colleague := w.worker(902, "w-440117-2-2")
	worker.press("Reply")
	worker.see("your words go to the resident")
	if err := w.server.intake.Dismiss(w.ctx, "w-440117-2-1"); err != nil {
		t.Fatal(err)
	}
	worker.see("You no longer work with OneDoor")
	colleague.seeButton("Claim")
	w.rests()
	if w.state(ref) != "open" || worker.texts("wheelchair") > 0 {
		t.Errorf("the request is %s, and %d cards are readable", w.state(ref), worker.texts("wheelchair"))
	}
	worker.send("I am on my way to you")
	worker.send("/queue")
	w.rests()
	if resident.texts("on my way") > 0 || worker.texts("waiting, the most pressing") > 0 {
		t.Error("who is dismissed still works")
	}
	if err := w.server.intake.Dismiss(w.ctx, "w-440117-2-1"); err == nil {
		t.Error("dismissed twice")
	}
	if _, err := w.server.intake.Invite(w.ctx, "w-440117-2-1"); err == nil {
		t.Error("who is dismissed is invited")
	}
	if err := w.server.intake.TakeBack(w.ctx, "w-440117-2-1"); err != nil {
		t.Fatal(err)
	}
	w.eventually("they are welcome", func() bool { return worker.texts("You are now on duty at") == 2 })
	worker.send("/mine")
	worker.see("You hold no request")
	if err := w.server.intake.TakeBack(w.ctx, "w-440117-2-1"); err == nil {
		t.Error("taken back twice")
	}
}

// TestImportCalendar: an administrator imports the work calendar, and stations keep to it at once.
func TestImportCalendar(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.hours("st-440117-2", allDay(), !dayOff(t, w))
	today := time.Now().In(beijing).Format(time.DateOnly)
	w.run("import", "calendar", write(t, "calendar.csv", "date,kind,name\n"+today+",off,Holiday\n"))
	w.eventually("it is closed", func() bool {
		s, _ := w.server.intake.Router.Station("st-440117-2")
		return !s.Hours.Open(time.Now().In(s.Zone()))
	})
}

// dayOff tells whether today is one in the sample's calendar.
func dayOff(t *testing.T, w *world) bool {
	t.Helper()
	return w.count(`SELECT count(*) FROM calendar_days WHERE kind = 'off' AND date = CAST(now() AT TIME ZONE 'Asia/Shanghai' AS date)`) > 0
}
