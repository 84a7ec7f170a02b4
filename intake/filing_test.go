package intake_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/prompts"
	"onedoor/routing"
)

// system is another program that may file requests anywhere.
func (w *world) system(name string) *intake.System {
	w.Helper()
	_, key, err := w.NewSystem(context.Background(), name, "", false, "boss")
	w.must(err)
	s, err := w.SystemByKey(context.Background(), key)
	w.must(err)
	return s
}

// fileFor files an ordinary request near the station n, and returns its reference.
func (w *world) fileFor(s *intake.System, f intake.Filing) string {
	w.Helper()
	f.Service, f.At = "elderly_disabled_care", &routing.Point{Lat: 22.99, Lon: 113}
	ref, err := w.FileFor(context.Background(), s, f)
	w.must(err)
	return ref
}

// TestFiledGoesThroughItsLife: the clock calls, reminds and closes as with anybody's request, and tells nobody who isn't there.
func TestFiledGoesThroughItsLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(901, "n1")
	w.join(902, "f1")
	ref := w.fileFor(w.system("Hotline"), intake.Filing{Words: "I need a wheelchair", Phone: "139 0000 0001"})
	if w.told(901, intake.NoticeCard, ref) != 1 {
		t.Error("the nearest station isn't called")
	}
	w.until(ref)
	w.until(ref)
	if w.told(902, intake.NoticeCard, ref) != 1 {
		t.Error("the next station isn't called when nobody claims it")
	}
	w.press(901, intake.ActClaim, ref, "")
	w.press(901, intake.ActAppoint, ref, "home."+intake.MomentArg(w.now.Add(48*time.Hour)))
	w.press(901, intake.ActAwait, ref, "")
	w.press(901, intake.ActRelease, ref, "")
	w.press(901, intake.ActClaim, ref, "")
	w.press(901, intake.ActOutcome, ref, "solved")
	w.until(ref)
	if v := w.view(ref); v.State != intake.Closed || v.Triage != "" {
		t.Errorf("it is %s, triage %q", v.State, v.Triage)
	}
	if n := w.count(`SELECT count(*) FROM notices WHERE bot_id < 0`); n != 0 {
		t.Errorf("%d notices are for nobody", n)
	}
	if _, err := w.db.Exec(`INSERT INTO notices (bot_id, chat_id, kind, created_at, next_try_at) SELECT bot_id, id, 'help', now(), now() FROM chats WHERE bot_id < 0`); err == nil {
		t.Error("the database takes a notice for nobody")
	}
}

// TestFiledIsErased: what a system filed is erased like all else, with the system's own words for who asked.
func TestFiledIsErased(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(901, "n1")
	s := w.system("Hotline")
	ref := w.fileFor(s, intake.Filing{Words: "I need a wheelchair", Address: "12 River Road", Name: "Chen", Phone: "139 0000 0001", Account: "a-1", Device: "d-1", Repeat: "k-1"})
	w.press(901, intake.ActClaim, ref, "")
	w.press(901, intake.ActOutcome, ref, "solved")
	w.until(ref)
	w.Keep = 24 * time.Hour
	w.now = w.now.Add(30 * 24 * time.Hour)
	w.must(w.Retain(context.Background()))
	for what, query := range map[string]string{
		"a message":  `SELECT count(*) FROM messages WHERE bot_id < 0`,
		"a chat":     `SELECT count(*) FROM chats WHERE bot_id < 0 AND id <> 0`,
		"an account": `SELECT count(*) FROM filings WHERE account <> '' OR device <> '' OR repeat_key <> '' OR digest <> ''`,
		"words":      `SELECT count(*) FROM requests WHERE text <> ''`,
	} {
		if n := w.count(query); n != 0 {
			t.Errorf("%s is left, %d times", what, n)
		}
	}
	all, err := w.Follow(context.Background(), s, intake.Following{Refs: []string{ref}})
	w.must(err)
	if len(all) != 1 || all[0].Words != "" || all[0].Address != "" || all[0].Lat != nil {
		t.Errorf("the system reads %+v", all)
	}
}

// TestModelHearsDangerInWhatIsFiled: what only the model takes for a danger is one, though the request was filed meanwhile.
func TestModelHearsDangerInWhatIsFiled(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(901, "n1")
	ref := w.fileFor(w.system("Hotline"), intake.Filing{Words: "it smells strange in the kitchen"})
	v := w.view(ref)
	w.must(w.Settle(context.Background(), v.ID, v.Text, prompts.Understanding{Crisis: prompts.Fire, Category: "fire_safety", Urgency: prompts.Emergency}))
	if v := w.view(ref); v.Urgency != prompts.Emergency || w.told(901, intake.NoticeCard, ref) != 2 {
		t.Errorf("it is %s, and its worker is shown it %d times", v.Urgency, w.told(901, intake.NoticeCard, ref))
	}
}

// TestSwitchedOffMeanwhile: a system that is switched off files nothing more, whatever it still holds.
func TestSwitchedOffMeanwhile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.system("Hotline")
	_, err := w.SwitchSystem(context.Background(), s.ID, false)
	w.must(err)
	if _, err := w.FileFor(context.Background(), s, intake.Filing{Service: "health", Words: "There is a fire, hurry"}); !errors.Is(err, intake.ErrNotFound) {
		t.Errorf("it is answered %v", err)
	}
}
