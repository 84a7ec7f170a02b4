package intake_test

import (
	"testing"
	"time"

	"onedoor/intake"
)

// steps are those of a live location, that of a message.
func (w *world) steps(chat, message int64, lat float64) {
	w.Helper()
	w.update++
	u := w.by(chat, w.update, intake.Located{Lat: lat, Lon: 113, Live: true, Edit: true})
	u.MessageID = message
	_, err := w.Handle(w.Context(), u)
	w.must(err)
}

// TestLiveBetweenStations: a live location that goes to and fro between two stations, as on a road along a border or from a phone that
// is made to, calls nobody again and again: the request goes along, and who was called twice within two minutes reads it on their card.
func TestLiveBetweenStations(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(10, "n1")
	w.join(20, "f1")
	w.act(1, intake.Said{Text: "my house is on fire, hurry"})
	w.act(1, intake.Located{Lat: 23.04, Lon: 113, Live: true})
	message := w.update
	ref := w.text(`SELECT ref FROM requests WHERE chat_id = 1`)
	sounds := func() int {
		return w.count(`SELECT count(*) FROM notices n WHERE n.chat_id IN (10, 20) AND n.request_id IS NOT NULL AND n.edits IS NULL`)
	}
	at := func(want string) {
		t.Helper()
		if v := w.view(ref); v.Station == nil || *v.Station != want {
			t.Errorf("it is at %v, not %s", v.Station, want)
		}
	}
	at("n")
	w.now = w.now.Add(10 * time.Second)
	w.steps(1, message, 23.06)
	at("f")
	before := sounds()
	for range 10 {
		w.now = w.now.Add(time.Second)
		w.steps(1, message, 23.04)
		at("n")
		w.now = w.now.Add(time.Second)
		w.steps(1, message, 23.06)
		at("f")
	}
	if n := sounds() - before; n > 4 {
		t.Errorf("20 steps within 20 seconds have sounded %d times", n)
	}
	w.now = w.now.Add(3 * time.Minute)
	before = sounds()
	w.tick()
	if n := sounds() - before; n < 2 {
		t.Errorf("after the alarm's time %d are told again", n)
	}
	w.press(20, intake.ActClaim, ref, "")
	before = sounds()
	for range 10 {
		w.now = w.now.Add(time.Second)
		w.steps(1, message, 23.04)
		w.now = w.now.Add(time.Second)
		w.steps(1, message, 23.06)
	}
	if n := sounds() - before; n > 3 {
		t.Errorf("20 steps of what somebody has have sounded %d times", n)
	}
}

// TestLiveOfWhatIsOver: what is over by the time that its live location moves it stays where it was, and nobody hears of it.
func TestLiveOfWhatIsOver(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(10, "n1")
	w.join(20, "f1")
	w.act(1, intake.Said{Text: "my house is on fire, hurry"})
	w.act(1, intake.Located{Lat: 23.04, Lon: 113, Live: true})
	message := w.update
	ref := w.text(`SELECT ref FROM requests WHERE chat_id = 1`)
	w.press(10, intake.ActClaim, ref, "")
	told := w.told(20, intake.NoticeCard, ref)
	tx, err := w.db.Beginx()
	w.must(err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(`UPDATE requests SET state = 'resolved', outcome = 'solved', resolved_at = $2, next_action = 'close', next_action_at = $2 WHERE ref = $1`, ref, w.now)
	w.must(err)
	moved := make(chan struct{})
	go func() {
		defer close(moved)
		w.steps(1, message, 23.09)
	}()
	for w.count(`SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND datname = current_database()`) == 0 {
		time.Sleep(10 * time.Millisecond)
	}
	w.must(tx.Commit())
	<-moved
	if v := w.view(ref); *v.Lat != 23.04 || w.told(20, intake.NoticeCard, ref) != told {
		t.Errorf("what is %s is at %v, and others are told of it", v.State, *v.Lat)
	}
}
