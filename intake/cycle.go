package intake

import (
	"encoding/json"
	"time"
)

// A Cycle is a request's way through the service standard once: from its submission, or from being opened again, until
// nobody is asked any more. Its clocks run from its beginning; those that have not stopped are nil. Times are as the log has them: where the
// clocks of two machines differ, some are before its beginning.
type Cycle struct {
	Began         time.Time
	Station       string // that has it, or had it at last; empty: none
	WorkerStation string // of the worker who claimed it first; empty: nobody yet
	Claimed       *time.Time
	Answered      *time.Time // by a person: what the program says by itself is no answer
	Resolved      *time.Time
	Over          *time.Time // resolved, closed or taken back
	Outcome       *string
}

// cyclesOf folds a request's log, oldest first, into its cycles. A draft has none. The first event of a kind in a cycle
// is the one that counts: a request that is claimed, released and claimed again was claimed at first.
func cyclesOf(events []Event) []Cycle {
	var all []Cycle
	station, before := "", "" // whose queue the request is in, and was in before
	for _, e := range events {
		data := eventData(e)
		switch to := data.movedTo(e.Kind); {
		case to != "":
			station, before = to, station
		case data.Undo != nil:
			station = before
		}
		if e.Kind == "submitted" && len(all) == 0 || e.Kind == "reopened" {
			all = append(all, Cycle{Began: e.At})
		}
		if len(all) == 0 {
			continue
		}
		c := &all[len(all)-1]
		if c.Over == nil {
			c.Station = station
		}
		c.note(e, data)
	}
	return all
}

// loggedData is what of an event's data matters to figures.
type loggedData struct {
	Station string `json:"station"`
	To      string `json:"to"`
	Outcome string `json:"outcome"`
	Edits   int64  `json:"edits"` // of a message that was said before

	Undo *time.Time `json:"undo"` // the claim that was a slip of the thumb
}

func eventData(e Event) loggedData {
	var data loggedData
	_ = json.Unmarshal(e.Data, &data) // an event of another shape says nothing of these
	return data
}

// movedTo is the station into whose queue an event of this kind brings the request; empty: none.
func (d loggedData) movedTo(kind string) string {
	switch {
	case kind == "routed", kind == "claimed":
		return d.Station
	case kind == "transferred" && d.To != ToSupervisor:
		return d.To
	}
	return ""
}

// note stops the clocks that an event stops.
func (c *Cycle) note(e Event, data loggedData) {
	byPerson := e.Actor == ByWorker || e.Actor == BySupervisor
	switch e.Kind {
	case "claimed":
		if c.Claimed == nil {
			c.WorkerStation = data.Station
		}
		stop(&c.Claimed, e.At)
	case "released":
		if data.Undo != nil && c.Claimed != nil && data.Undo.Equal(*c.Claimed) {
			c.Claimed, c.WorkerStation = nil, ""
		}
	case "answered", "said":
		if byPerson && data.Edits == 0 {
			stop(&c.Answered, e.At)
		}
	case "resolved":
		stop(&c.Answered, e.At) // the outcome is an answer
		stop(&c.Resolved, e.At)
		stop(&c.Over, e.At)
		c.Outcome = &data.Outcome
	case "cancelled", "closed":
		stop(&c.Over, e.At)
	}
}

// since is a time of the cycle's that isn't before its beginning.
func (c *Cycle) since(at *time.Time) *time.Time {
	if at != nil && at.Before(c.Began) {
		return &c.Began
	}
	return at
}

// stop stops a clock that still runs.
func stop(clock **time.Time, at time.Time) {
	if *clock == nil {
		*clock = &at
	}
}
