package intake

import (
	"encoding/json"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
)

// begin is when the logs of TestCycles begin.
var begin = time.Date(2026, 3, 2, 9, 0, 0, 0, time.UTC)

// logged is an event so many minutes after begin.
func logged(minute int, kind, actor string, data Args) Event {
	text, err := json.Marshal(data)
	if err != nil {
		panic(err)
	}
	return Event{At: begin.Add(time.Duration(minute) * time.Minute), Kind: kind, Actor: actor, Data: text}
}

func at(minute int) *time.Time {
	t := begin.Add(time.Duration(minute) * time.Minute)
	return &t
}

func TestCycles(t *testing.T) {
	t.Parallel()
	solved := "solved"
	draft := logged(0, "drafted", ByResident, nil)
	asked := []Event{draft, logged(1, "submitted", ByResident, nil), logged(1, "routed", BySystem, Args{"station": "a"})}
	for name, c := range map[string]struct {
		log  []Event
		want []Cycle
	}{
		"a draft has none": {[]Event{draft, logged(3, "cancelled", ByResident, nil)}, nil},
		"asked":            {asked, []Cycle{{Began: *at(1), Station: "a"}}},
		"claimed, released, claimed again: the first claim counts": {append(asked[:3:3],
			logged(5, "claimed", ByWorker, Args{"station": "a"}), logged(6, "released", ByWorker, nil),
			logged(20, "claimed", ByWorker, Args{"station": "b"})),
			[]Cycle{{Began: *at(1), Station: "b", WorkerStation: "a", Claimed: at(5)}}},
		"a claim that was undone is none": {append(asked[:3:3], logged(5, "claimed", ByWorker, Args{"station": "b"}),
			logged(5, "released", ByWorker, Args{"undo": at(5)})), []Cycle{{Began: *at(1), Station: "a"}}},
		"nor does it hide the next": {append(asked[:3:3], logged(5, "claimed", ByWorker, Args{"station": "b"}),
			logged(5, "released", ByWorker, Args{"undo": at(5)}), logged(7, "claimed", ByWorker, Args{"station": "a"})),
			[]Cycle{{Began: *at(1), Station: "a", WorkerStation: "a", Claimed: at(7)}}},
		"what a machine says is no answer": {append(asked[:3:3],
			logged(2, "said", BySystem, nil), logged(3, "said", ByResident, nil), logged(4, "said", ByWorker, Args{"edits": 7}), logged(9, "answered", ByWorker, nil)),
			[]Cycle{{Began: *at(1), Station: "a", Answered: at(9)}}},
		"passed on": {append(asked[:3:3], logged(3, "transferred", ByWorker, Args{"to": ToSupervisor}), logged(4, "transferred", BySupervisor, Args{"to": "c"})),
			[]Cycle{{Began: *at(1), Station: "c"}}},
		"no station until a supervisor finds one": {[]Event{draft, logged(1, "submitted", ByResident, nil), logged(90, "transferred", BySupervisor, Args{"to": "c"})},
			[]Cycle{{Began: *at(1), Station: "c"}}},
		"the outcome is an answer": {append(asked[:3:3], logged(5, "claimed", ByWorker, Args{"station": "a"}), logged(8, "resolved", ByWorker, Args{"outcome": "solved"}),
			logged(9, "closed", BySystem, nil)),
			[]Cycle{{Began: *at(1), Station: "a", WorkerStation: "a", Claimed: at(5), Answered: at(8), Resolved: at(8), Over: at(8), Outcome: &solved}}},
		"taken back": {append(asked[:3:3], logged(7, "cancelled", ByResident, nil)), []Cycle{{Began: *at(1), Station: "a", Over: at(7)}}},
		"opened again after five idle days": {append(asked[:3:3], logged(5, "claimed", ByWorker, Args{"station": "a"}), logged(6, "answered", ByWorker, nil),
			logged(8, "resolved", ByWorker, Args{"outcome": "solved"}), logged(7208, "reopened", ByResident, nil),
			logged(7210, "claimed", ByWorker, Args{"station": "a"}), logged(7211, "said", ByWorker, nil)),
			[]Cycle{{Began: *at(1), Station: "a", WorkerStation: "a", Claimed: at(5), Answered: at(6), Resolved: at(8), Over: at(8), Outcome: &solved},
				{Began: *at(7208), Station: "a", WorkerStation: "a", Claimed: at(7210), Answered: at(7211)}}},
		"another machine's clock is behind": {append(asked[:3:3], logged(0, "claimed", ByWorker, Args{"station": "a"})),
			[]Cycle{{Began: *at(1), Station: "a", WorkerStation: "a", Claimed: at(0)}}},
		"and takes its claim back": {append(asked[:3:3], logged(0, "claimed", ByWorker, Args{"station": "a"}), logged(1, "released", ByWorker, Args{"undo": at(0)})),
			[]Cycle{{Began: *at(1), Station: "a"}}},
	} {
		if diff := cmp.Diff(c.want, cyclesOf(c.log)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
	}
}
