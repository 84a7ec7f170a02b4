package intake_test

import (
	"context"
	"errors"
	"testing"

	"onedoor/intake"
)

// turn switches a station off or on, as an administrator.
func (w *world) turn(station string, on bool) {
	w.Helper()
	reg, err := w.Register("stations")
	w.must(err)
	w.must(w.Switch(context.Background(), intake.Sight{All: true}, reg, station, on, "boss"))
}

// TestStationSwitchedOff: what waits there and what somebody has go on to the next station, or to a supervisor where there is
// none; nothing waits at a station that is switched off, whenever it comes there.
func TestStationSwitchedOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(11, "n1")
	w.join(12, "f1")
	waiting, inHand, resolved := w.ask(1), w.ask(2), w.ask(3)
	w.press(11, intake.ActClaim, inHand, "")
	w.press(11, intake.ActClaim, resolved, "")
	w.press(11, intake.ActOutcome, resolved, "solved")
	due := w.view(waiting).ClaimDue
	w.turn("n", false)
	for _, ref := range []string{waiting, inHand} {
		if v := w.view(ref); v.State != intake.Open || v.Worker != nil || v.Station == nil || *v.Station != "f" {
			t.Errorf("request %s is %s at %v", ref, v.State, v.Station)
		}
		if w.told(12, intake.NoticeCard, ref) != 1 {
			t.Errorf("the next station isn't told of %s", ref)
		}
	}
	if !w.view(waiting).ClaimDue.Equal(*due) {
		t.Error("the clock begins anew")
	}
	w.press(3, intake.ActReopen, resolved, "")
	if v := w.view(resolved); v.State != intake.Open || v.Station == nil || *v.Station != "f" {
		t.Errorf("what was resolved there and is opened again is %s at %v", v.State, v.Station)
	}
	w.turn("f", false)
	w.turn("x", false)
	if v := w.view(waiting); v.State != intake.Open || v.Station != nil || v.Triage != intake.TriageNoStation {
		t.Errorf("with no station left it is %s at %v, triage %q", v.State, v.Station, v.Triage)
	}
	if n := w.count(`SELECT count(*) FROM requests r JOIN stations s ON s.code = r.station WHERE NOT s.active AND r.state = 'open'`); n != 0 {
		t.Errorf("%d requests wait at a station that is switched off", n)
	}
}

// TestStationSwitchedOffUnheard: a process whose routing has not heard of it yet leaves nothing there.
func TestStationSwitchedOffUnheard(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(11, "n1")
	w.join(12, "f1")
	w.exec(`UPDATE stations SET active = false WHERE code = 'n'`)
	w.act(1, intake.Said{Text: "I need a wheelchair for my father"})
	w.act(1, intake.Located{Lat: 22.99, Lon: 113})
	ref := w.text(`SELECT ref FROM requests WHERE chat_id = 1`)
	w.press(1, intake.ActConfirm, ref, "")
	if v := w.view(ref); v.Station == nil || *v.Station != "f" {
		t.Errorf("the request is at %v", v.Station)
	}
}

// TestSwitchedOnlyInSight: who doesn't keep a station can't switch it, nor twice.
func TestSwitchedOnlyInSight(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	reg, err := w.Register("stations")
	w.must(err)
	for _, sight := range []intake.Sight{{}, {Stations: []string{"n"}}, {Places: []string{"2"}}} {
		if err := w.Switch(t.Context(), sight, reg, "n", false, "mei"); !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("%+v: %v", sight, err)
		}
	}
	w.turn("n", false)
	if err := w.Switch(t.Context(), intake.Sight{All: true}, reg, "n", false, "boss"); !errors.Is(err, intake.ErrRefused) {
		t.Errorf("again: %v", err)
	}
}
