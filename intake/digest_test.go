package intake_test

import (
	"encoding/json"
	"sync"
	"testing"
	"time"

	"onedoor/intake"
)

const supervisorChat, colleagueChat = 900, 901

// chinaTime is where the stations of a world are.
var chinaTime = time.FixedZone("CST", 8*60*60)

// inChina moves the time of a world.
func (w *world) inChina(day time.Month, date, hour, minute int) {
	w.now = time.Date(2026, day, date, hour, minute, 0, 0, chinaTime)
}

// mornings is a world whose station n has a supervisor and a worker in chat, and where digests are sent at eight.
func mornings(t *testing.T) *world {
	t.Helper()
	w := newWorld(t)
	w.DigestAt = &intake.TimeOfDay{Hour: 8}
	w.inChina(time.May, 20, 9, 0)
	w.join(supervisorChat, "n0")
	w.join(colleagueChat, "n1")
	return w
}

// asked files a request and, where minutes aren't 0, has it answered after as many.
func (w *world) asked(chat int64, minutes int) {
	w.Helper()
	at := w.now
	ref := w.ask(chat)
	if minutes > 0 {
		w.now = at.Add(time.Duration(minutes) * time.Minute)
		w.press(colleagueChat, intake.ActClaim, ref, "")
		w.press(colleagueChat, intake.ActReply, ref, "")
		w.act(colleagueChat, intake.Said{Text: "Tomorrow at nine"})
		w.act(colleagueChat, intake.Command{Name: "mine"})
	}
	w.now = at
}

// send has digests sent, and returns how many the chat was ever sent.
func (w *world) send(chat int64) int {
	w.Helper()
	w.must(w.SendDigests(w.Context()))
	return w.count(`SELECT count(*) FROM notices WHERE kind = 'digest' AND chat_id = $1`, chat)
}

// digest is the last one that a chat was sent.
func (w *world) digest(chat int64) (d intake.Digest) {
	w.Helper()
	text := w.text(`SELECT args ->> 'digest' FROM notices WHERE kind = 'digest' AND chat_id = $1 ORDER BY id DESC LIMIT 1`, chat)
	w.must(json.Unmarshal([]byte(text), &d))
	return d
}

// TestDigestFigures: those of yesterday by the station's calendar, beside the same weekday of four weeks before, and what is to do now.
func TestDigestFigures(t *testing.T) {
	t.Parallel()
	w := mornings(t)
	w.inChina(time.May, 26, 10, 0) // a Tuesday
	w.asked(1, 10)
	w.asked(2, 20)
	w.inChina(time.May, 27, 10, 0) // no such weekday
	w.asked(3, 55)
	w.inChina(time.June, 1, 23, 59)
	w.asked(4, 30)
	w.inChina(time.June, 2, 0, 0)
	w.asked(5, 4)
	w.inChina(time.June, 2, 23, 59)
	w.asked(6, 0)
	w.inChina(time.June, 3, 0, 0)
	w.asked(7, 0)
	w.exec(`UPDATE requests SET claim_due = $1 WHERE chat_id = 6`, w.now)                                    // too late to be claimed
	w.exec(`UPDATE requests SET claim_due = $1, answer_due = $1, resolve_due = $1 WHERE chat_id = 4`, w.now) // answered, to be resolved
	w.exec(`UPDATE requests SET claim_due = $1, answer_due = $1 WHERE chat_id = 5`, w.now)                   // as that, with time left
	w.inChina(time.June, 3, 7, 59)
	if n := w.send(supervisorChat); n != 0 {
		t.Fatalf("before eight there are %d", n)
	}
	w.inChina(time.June, 3, 8, 0)
	if n := w.send(supervisorChat); n != 1 {
		t.Fatalf("at eight there are %d", n)
	}
	d := w.digest(supervisorChat)
	day := d.Last()
	if len(d.Days) != 14 || day.Day.Format(time.DateOnly) != "2026-06-02" || d.Days[0].Day.Format(time.DateOnly) != "2026-05-20" {
		t.Errorf("the days are %+v", d.Days)
	}
	if day.Requests != 2 || day.Due != 1 || day.InTime != 1 || *day.Within() != 1 || d.Median == nil || *d.Median != 240 {
		t.Errorf("yesterday was %+v, median %v", day, d.Median)
	}
	if d.Days[6].Requests != 2 || d.Days[7].Requests != 1 || d.Days[12].Requests != 1 {
		t.Errorf("the days before are %+v", d.Days)
	}
	if d.Usual != 0.5 || d.UsualMedian == nil || *d.UsualMedian != 900 || d.UsualWithin == nil || *d.UsualWithin != 1 {
		t.Errorf("usual are %v, %v, %v", d.Usual, d.UsualMedian, d.UsualWithin)
	}
	if d.Waiting != 2 || d.Overdue != 2 {
		t.Errorf("%d wait, %d are overdue", d.Waiting, d.Overdue)
	}
	if n := w.send(colleagueChat); n != 0 {
		t.Errorf("a worker who is no supervisor has %d", n)
	}
	w.inChina(time.June, 3, 9, 30)
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("later in the morning there are %d", n)
	}
	w.inChina(time.June, 4, 8, 5)
	if n := w.send(supervisorChat); n != 2 || w.digest(supervisorChat).Last().Requests != 1 {
		t.Errorf("the next day there are %d", n)
	}
}

// TestDigestOnce: processes that look at the same moment send one between them.
func TestDigestOnce(t *testing.T) {
	t.Parallel()
	w := mornings(t)
	w.asked(1, 0)
	w.inChina(time.May, 21, 8, 0)
	other := intake.New(w.Options)
	var group sync.WaitGroup
	for i := range 16 {
		group.Go(func() {
			s := []*intake.Service{w.Service, other}[i%2]
			if err := s.SendDigests(t.Context()); err != nil {
				t.Error(err)
			}
		})
	}
	group.Wait()
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("there are %d", n)
	}
	w.inChina(time.May, 22, 10, 0) // as after a night and a morning without power
	if n := w.send(supervisorChat); n != 1 {
		t.Error("when the morning is over there comes another")
	}
}

// TestDigestNotWanted: who is away or wants none isn't told, a dismissed supervisor neither; what turns it on or off is the supervisor's.
func TestDigestNotWanted(t *testing.T) {
	t.Parallel()
	w := mornings(t)
	w.asked(1, 0)
	answer := func(chat int64) string {
		return w.text(`SELECT kind || coalesce(args ->> 'on', '') FROM notices WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, chat)
	}
	w.act(supervisorChat, intake.Command{Name: "digest"})
	if said := answer(supervisorChat); said != "digest_settrue" {
		t.Errorf("at first %s", said)
	}
	w.act(supervisorChat, intake.Command{Name: "digest", Arg: "off"})
	w.act(supervisorChat, intake.Command{Name: "digest", Arg: "maybe"})
	if said := answer(supervisorChat); said != "digest_setfalse" {
		t.Errorf("turned off, %s", said)
	}
	w.inChina(time.May, 21, 8, 0)
	if n := w.send(supervisorChat); n != 0 {
		t.Errorf("turned off, there are %d", n)
	}
	w.act(supervisorChat, intake.Command{Name: "digest", Arg: "on"})
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("turned on, there are %d", n)
	}
	w.inChina(time.May, 22, 7, 0)
	w.act(supervisorChat, intake.Command{Name: "away", Arg: "today"})
	w.must(w.KeepDuty(t.Context()))
	w.inChina(time.May, 22, 8, 0)
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("away, there are %d", n)
	}
	w.act(supervisorChat, intake.Command{Name: "back"})
	w.must(w.Dismiss(t.Context(), "n0"))
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("dismissed, there are %d", n)
	}
	for _, chat := range []int64{colleagueChat, 1} {
		w.act(chat, intake.Command{Name: "digest", Arg: "off"})
		if said := answer(chat); said == "digest_setfalse" || said == "digest_settrue" {
			t.Errorf("chat %d reads %s", chat, said)
		}
	}
	if n := w.count(`SELECT count(*) FROM digests WHERE worker <> 'n0'`); n != 0 {
		t.Errorf("%d others are on record", n)
	}
}

// TestDigestHasSomethingToSay: of a station with nothing yesterday and nothing open there is none, nor of another's requests.
func TestDigestHasSomethingToSay(t *testing.T) {
	t.Parallel()
	w := mornings(t)
	w.join(910, "f0")
	w.asked(1, 3)
	w.inChina(time.May, 21, 8, 0)
	if near, far := w.send(supervisorChat), w.send(910); near != 1 || far != 0 {
		t.Errorf("there are %d and, of another station, %d", near, far)
	}
	w.exec(`UPDATE requests SET resolve_due = $1`, w.now.AddDate(0, 1, 0))
	w.inChina(time.May, 22, 8, 0)
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("with nothing to say there are %d", n)
	}
	w.asked(2, 0)
	w.inChina(time.May, 22, 8, 1)
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("what came after eight is today's, but there are %d", n)
	}
	w.inChina(time.May, 23, 8, 0)
	w.DigestAt = nil
	if n := w.send(supervisorChat); n != 1 {
		t.Errorf("without a time there are %d", n)
	}
}

// TestDigestZones: eight is eight where the station is, and so is yesterday.
func TestDigestZones(t *testing.T) {
	t.Parallel()
	w := mornings(t)
	w.exec(`UPDATE stations SET time_zone = 'Asia/Kathmandu' WHERE code = 'n'`) // two and a quarter hours behind
	w.must(w.Router.Reload(t.Context()))
	w.inChina(time.May, 20, 2, 14) // the 19th, 23:59
	w.asked(1, 0)
	w.inChina(time.May, 20, 2, 15)
	w.asked(2, 0)
	w.inChina(time.May, 21, 10, 14)
	if n := w.send(supervisorChat); n != 0 {
		t.Errorf("at 07:59 there are %d", n)
	}
	w.inChina(time.May, 21, 10, 15)
	if n := w.send(supervisorChat); n != 1 {
		t.Fatalf("at 08:00 there are %d", n)
	}
	if d := w.digest(supervisorChat); d.Last().Requests != 1 || d.Last().Day.Format(time.DateOnly) != "2026-05-20" || d.Days[12].Requests != 1 {
		t.Errorf("the digest is %+v", d)
	}
}
