package main

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/simulator"
)

// dueAt is the moment that what is to come of a kind is about, in China's time, or nothing.
func (w *world) dueAt(kind string) string {
	w.Helper()
	var at []string
	if err := w.server.db.Select(&at, `SELECT to_char(at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-DD HH24:MI') FROM follow_ups
		WHERE kind = $1 AND due_at IS NOT NULL`, kind); err != nil {
		w.Fatal(err)
	}
	return strings.Join(at, ", ")
}

// inDays is a day in China, so many from today, at a time of it.
func inDays(days int, clock string) string {
	return time.Now().In(time.FixedZone("CST", 8*60*60)).AddDate(0, 0, days).Format("2006-01-02 ") + clock
}

// isDueAt waits until what is to come of a kind is about a moment.
func (d *desk) isDueAt(kind, want string) {
	d.Helper()
	d.w.eventually(kind+" at "+want, func() bool { return d.w.dueAt(kind) == want })
	d.w.rests()
}

// TestRemindMe: by a button, and by words in any language; what is set last holds.
func TestRemindMe(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		d.more("button_follow")
		d.press("button_remind_3")
		d.isDueAt("remind", inDays(3, "09:00"))
		for _, words := range []string{"tomorrow 10:00", "明天上午十點", "聽日朝早十点"} {
			d.more("button_follow")
			d.press("button_remind_date")
			d.sees("ask_date_remind")
			d.w.rests()
			d.worker.send("whenever")
			d.worker.see(d.say("ask_date_again"))
			d.w.rests()
			d.worker.send(words)
			d.isDueAt("remind", inDays(1, "10:00"))
			d.more("button_follow")
			d.press("button_remind_7")
			d.isDueAt("remind", inDays(7, "09:00"))
		}
		d.w.comes()
		d.sees("follow_due_remind")
		if n := d.w.count(`SELECT count(*) FROM follow_ups WHERE done_at IS NOT NULL`); n != 1 || d.w.dueAt("remind") != "" {
			d.Errorf("%d reminders are done, and one is due at %q", n, d.w.dueAt("remind"))
		}
		if d.resident.texts("⏰") > 0 {
			d.Error("the resident reads what the worker wants to be reminded of")
		}
		d.worker.fits()
	})
}

// TestWhichDate: what may mean two days is shown as both, and one is chosen, or another named.
func TestWhichDate(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	_, worker, ref := claimed(w)
	day := time.Now().In(time.FixedZone("CST", 8*60*60)).AddDate(0, 0, 40)
	for day.Day() > 12 || day.Day() == int(day.Month()) {
		day = day.AddDate(0, 0, 1)
	}
	worker.more("Follow up")
	worker.press("⏰ On a date")
	worker.send(day.Format("2/1") + " 10:00")
	asked := worker.see(ref + ": which of these")
	if labels := asked.Labels(); len(labels) != 3 || !strings.Contains(labels[0], day.Format("Monday 2 Jan 10:00")) {
		t.Errorf("it offers %q for %s", labels, day.Format("2/1"))
	}
	worker.press("Another time")
	worker.see("When shall we remind you")
	w.rests()
	worker.PressData(asked, "remindme:"+ref+":t"+buttonArg(t, asked, day.Format("Monday 2 Jan 10:00")))
	w.eventually("it is set", func() bool { return w.dueAt("remind") == day.Format("2006-01-02 ")+"10:00" })
}

// buttonArg is the moment in a button's data.
func buttonArg(t *testing.T, m simulator.Message, label string) string {
	t.Helper()
	b, ok := m.Button(label)
	if !ok {
		t.Fatalf("no button %q", label)
	}
	_, arg, _ := strings.Cut(b.Data, ":t")
	return arg
}

// makesAppointment has the worker meet the resident at a time.
func (d *desk) makesAppointment(words, place string) {
	d.Helper()
	d.more("button_follow")
	d.press("button_appoint")
	d.sees("ask_date_appoint")
	d.w.rests()
	d.worker.send(words)
	d.press(place)
}

// TestAppointment: the resident is told when, where and by whom in their language, says whether it fits, and both are
// reminded; it can be changed and taken back.
func TestAppointment(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		d.makesAppointment("3 days later", "button_back") // not understood: nothing happens
		if n := d.w.count(`SELECT count(*) FROM follow_ups`); n != 0 {
			d.Errorf("%d follow-ups of nothing", n)
		}
		d.makesAppointment("tomorrow 15:00", "place_home")
		d.isDueAt("appointment", inDays(1, "15:00"))
		name := d.w.nameOf("w-440117-2-1")
		told := d.resident.see(d.say("appointment_ask"))
		for _, want := range []string{name, d.ref} {
			if !strings.Contains(told.Text, want) {
				d.Errorf("the resident isn't told %q: %s", want, told.Text)
			}
		}
		d.resident.press(d.say("button_unfit"))
		d.worker.seeButton(d.say("button_change"))
		d.resident.see(d.say("appointment_unfit"))
		d.makesAppointment("tomorrow 16:30", "place_station")
		d.isDueAt("appointment", inDays(1, "16:30"))
		d.resident.see(d.station())
		d.resident.press(d.say("button_fits"))
		d.resident.see(d.say("appointment_fits"))
		d.worker.see(d.say("card_fits"))
		d.w.rests()
		before := d.resident.texts("📅")
		d.w.comes()
		d.w.eventually("the resident is reminded", func() bool { return d.resident.texts("📅") == before+1 })
		d.worker.see(d.say("place_station"))
		if n := d.w.count(`SELECT count(*) FROM follow_ups WHERE due_at > now() AND reminded_at IS NOT NULL`); n != 1 {
			d.Errorf("%d appointments are reminded of and still to come", n)
		}
		d.resident.send("/status")
		d.resident.see("📅")
		d.more("button_follow")
		d.worker.press("appoint:" + d.ref + ":off")
		d.resident.see(d.off())
		d.w.rests()
		if at := d.w.dueAt("appointment"); at != "" {
			d.Errorf("it is still at %s", at)
		}
		d.resident.fits()
		d.worker.fits()
	})
}

// off is what the resident reads of the appointment that was taken back, as far as it names no time.
func (d *desk) off() string {
	before, _, _ := strings.Cut(d.say("appointment_off", "Time", "|", "Ref", d.ref), "|")
	return before
}

// station is 太平镇's station as the resident reads it.
func (d *desk) station() string {
	return map[string]string{"English": "Taiping Town Social Work Station", "中文（普通话）": "从化区太平镇社会工作服务站",
		"中文（廣東話）": "從化區太平鎮社會工作服務站"}[d.say("language_name")]
}

// soonArg is tomorrow at this time in a button's data.
func soonArg() string { return intake.MomentArg(time.Now().Add(24 * time.Hour).Truncate(time.Minute)) }

// TestAppointmentIsOver: at its time it is done, and nobody is told of it late.
func TestAppointmentIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	worker.more("Follow up")
	worker.press("📅 Appointment")
	worker.send("tomorrow 15:00")
	worker.press("Phone call")
	resident.see("calls you")
	resident.see("Please write us your number")
	w.rests()
	w.exec(`UPDATE follow_ups SET at = now() - interval '1 second'`)
	before := resident.texts("📅")
	w.comes()
	if n := w.count(`SELECT count(*) FROM follow_ups WHERE done_at IS NOT NULL AND due_at IS NULL`); n != 1 {
		t.Error("it isn't done")
	}
	if resident.texts("📅") > before || worker.texts("Phone call, today") > 0 {
		t.Error("somebody is reminded of what is over")
	}
	resident.press("It suits me")
	resident.toast("no longer applies")
}

// TestDiscreetAppointment: whose phone others may read is told when, and nothing else; the worker is told to go in twos.
func TestDiscreetAppointment(t *testing.T) {
	t.Parallel()
	inEachLanguage(t, func(t *testing.T, tag string, say phrasebook) {
		w := newWorld(t, nil)
		worker, resident := w.worker(901, "w-440117-2-1"), w.person(1, "May", tag)
		worker.speaks(say)
		resident.send("/start 440117111")
		w.rests()
		seen := len(resident.Chat(w.bot))
		resident.send("my husband is beating me")
		worker.press(say("button_claim"))
		d := &desk{T: t, w: w, say: say, worker: worker, resident: resident}
		w.rests()
		d.ref = w.records()[0]["ref"].(string)
		d.makesAppointment("tomorrow 15:00", "place_home")
		d.isDueAt("appointment", inDays(1, "15:00"))
		resident.see(say("appointment_ask"))
		if worker.texts(say("card_dangerous")) < 2 { // the card, and what confirms the appointment
			t.Error("the worker isn't told to go in twos")
		}
		worker.send("/mine")
		worker.see(say("mark_twos"))
		w.comes()
		d.more("button_follow")
		d.press("button_await")
		w.rests()
		resident.send("/status")
		resident.see(say("status_waits"))
		w.comes()
		d.press("button_nudge")
		resident.see(say("discreet_waits_for_you", "Ref", d.ref))
		d.more("button_follow")
		d.worker.press("appoint:" + d.ref + ":off")
		w.rests()
		for _, m := range resident.Chat(w.bot)[seen:] {
			for _, word := range w.givesAway() {
				if m.FromBot() && strings.Contains(m.Words()+strings.Join(m.Labels(), " "), word) {
					t.Errorf("%q gives away %q", m.Words(), word)
				}
			}
		}
	})
}

// TestQuietAppointment: a quiet chat gets nothing of it before its resident writes, and then nothing of what is over.
func TestQuietAppointment(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, _ := claimed(w)
	resident.send("/quiet")
	worker.see("asked for no messages")
	w.rests()
	before := resident.fromBot()
	worker.more("Follow up")
	worker.press("📅 Appointment")
	worker.send("tomorrow 15:00")
	worker.press("Home visit")
	worker.see("The resident is being told")
	w.comes()
	if now := resident.fromBot(); now != before {
		t.Errorf("in the quiet comes %q", strings.TrimPrefix(now, before))
	}
	worker.press("Take it back")
	w.rests()
	resident.send("I am back")
	resident.see("is cancelled")
	w.rests()
	if n := resident.texts("comes to your home"); n > 0 {
		t.Errorf("%d messages tell of an appointment that was taken back", n)
	}
}

// TestFollowsTheRequest: who has the request by then is reminded, its station where nobody has it, and nobody once it is over.
func TestFollowsTheRequest(t *testing.T) {
	t.Parallel()
	setUp := func(t *testing.T) (w *world, resident, first, second *person, ref string) {
		w = newWorld(t, nil)
		resident, first, ref = claimed(w)
		second = w.worker(902, "w-440117-2-2")
		first.more("Follow up")
		first.press("⏰ Tomorrow")
		first.see("we remind you on")
		w.rests()
		return w, resident, first, second, ref
	}
	t.Run("another has it", func(t *testing.T) {
		t.Parallel()
		w, _, first, second, ref := setUp(t)
		first.press("Release")
		second.press("Claim")
		w.eventually("it is claimed", func() bool { return w.state(ref) == "claimed" })
		w.comes()
		second.see("it is time to go on with it")
		if first.texts("it is time") > 0 {
			t.Error("who had it before is reminded")
		}
	})
	t.Run("nobody has it", func(t *testing.T) {
		t.Parallel()
		w, _, first, second, ref := setUp(t)
		first.press("Release")
		w.eventually("it is open", func() bool { return w.state(ref) == "open" })
		w.comes()
		second.see("it is time to go on with it")
	})
	for name, end := range map[string]func(w *world, resident, worker *person, ref string){
		"resolved": func(_ *world, _, worker *person, _ string) { worker.press("Resolve"); worker.press("Solved") },
		"taken back": func(w *world, resident, _ *person, ref string) {
			resident.forge("Your request has number", "cancel:"+ref+":")
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, resident, first, second, ref := setUp(t)
			end(w, resident, first, ref)
			w.eventually("it is over", func() bool { return w.count(`SELECT count(*) FROM follow_ups WHERE cancelled_at IS NOT NULL`) == 1 })
			w.comes()
			if first.texts("it is time")+second.texts("it is time") > 0 {
				t.Error("somebody is reminded of what is over")
			}
		})
	}
}

// TestWaitsForResident: it says so to all, ends when the resident writes, and after a week the worker is asked.
func TestWaitsForResident(t *testing.T) {
	atDesk(t, "I need a wheelchair for my father", func(d *desk) {
		waits := func() {
			d.Helper()
			d.more("button_follow")
			d.press("button_await")
			d.w.eventually("it waits", func() bool {
				return d.w.count(`SELECT count(*) FROM follow_ups WHERE kind = 'wait' AND due_at IS NOT NULL`) == 1
			})
			d.w.rests()
		}
		due := d.w.count(`SELECT CAST(extract(epoch FROM next_action_at) AS int) FROM requests`)
		waits()
		if now := d.w.count(`SELECT CAST(extract(epoch FROM next_action_at) AS int) FROM requests`); now != due {
			d.Error("it has stopped a clock")
		}
		if n := d.w.count(`SELECT count(*) FROM follow_ups WHERE due_at BETWEEN now() + interval '6 days 23 hours' AND now() + interval '7 days'`); n != 1 {
			d.Error("the worker isn't asked after 7 days")
		}
		d.worker.send("/mine")
		d.worker.see(d.say("mark_waits"))
		d.resident.send("/status")
		d.resident.see(d.say("status_waits"))
		d.resident.send("it is for my left leg")
		d.w.eventually("it waits no more", func() bool { return d.w.count(`SELECT count(*) FROM follow_ups WHERE due_at IS NOT NULL`) == 0 })
		waits()
		d.w.comes()
		d.sees("follow_due_wait")
		d.press("button_nudge")
		d.resident.see(d.say("waits_for_you", "Ref", d.ref, "Worker", d.w.nameOf("w-440117-2-1")))
		d.w.comes()
		d.press("button_wait_more")
		d.sees("waits")
		d.press("button_give_up")
		d.becomes("resolved")
		d.resident.see(d.say("outcome_withdrawn"))
		d.resident.fits()
	})
}

// TestForgedFollowUps: only who has the request, and only its resident, and only what there is.
func TestForgedFollowUps(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	resident, worker, ref := claimed(w)
	colleague, eve := w.worker(902, "w-440117-2-2"), w.person(2, "Eve", "en")
	eve.send("/help")
	for _, data := range []string{"remindme:" + ref + ":3", "appoint:" + ref + ":home.zzzzz", "await:" + ref + ":", "follow:" + ref + ":", "remindme:" + ref + ":off"} {
		colleague.forge("on duty", data)
		resident.forge("Your request has number", data)
		eve.forge("Write or say", data)
	}
	for _, arg := range []string{"-1", "0", "32", "x", "t", "t1", "tzzzzzzzzzzzz", "99999999999999999999"} {
		worker.forge("on duty", "remindme:"+ref+":"+arg)
	}
	for _, arg := range []string{"t", "home", "home.", "home.1", "moon." + soonArg(), "home.zzzzzzzzzzzz", "station.-5", "off"} {
		worker.forge("on duty", "appoint:"+ref+":"+arg)
	}
	for _, arg := range []string{"more", "nudge", "for ever"} { // it doesn't wait
		worker.forge("on duty", "await:"+ref+":"+arg)
	}
	if n := w.count(`SELECT count(*) FROM follow_ups`); n > 0 {
		t.Fatalf("%d follow-ups are forged", n)
	}
	worker.forge("on duty", "appoint:"+ref+":home."+soonArg())
	worker.forge("on duty", "appoint:"+ref+":home."+soonArg()) // pressed twice
	resident.seeButton("It suits me")
	w.rests()
	id := w.count(`SELECT max(id) FROM follow_ups`)
	if n := w.count(`SELECT count(*) FROM follow_ups`); n != 1 {
		t.Errorf("two presses made %d", n)
	}
	eve.forge("Write or say", "fits:"+ref+":"+strconv.Itoa(id))
	worker.forge("on duty", "fits:"+ref+":"+strconv.Itoa(id))
	resident.forge("Your request has number", "fits:"+ref+":"+strconv.Itoa(id+1))
	if n := w.count(`SELECT count(*) FROM follow_ups WHERE answered <> ''`); n > 0 {
		t.Error("somebody else has answered")
	}
	if n := w.count(`SELECT count(*) FROM troubles`); n > 0 {
		t.Errorf("%d troubles", n)
	}
}
