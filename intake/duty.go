package intake

import (
	"context"
	"slices"

	"github.com/lib/pq"
)

// What a worker can choose to be: on or off until they say otherwise, or on duty while their station is open.
const (
	DutyOn        = "on"
	DutyOff       = "off"
	DutyTimetable = "timetable"
)

// DutyChoices are all of them, in the order in which they are offered.
func DutyChoices() []string { return []string{DutyOn, DutyOff, DutyTimetable} }

// duty shows whether the worker is on duty, after what they have chosen with it.
func duty(s *step, arg string) error {
	if err := s.chooseDuty(arg); err != nil {
		return err
	}
	s.tell(NoticeDuty, nil, nil)
	return nil
}

// pressedDuty is a button's choice, shown in the place of what was shown.
func pressedDuty(s *step, arg string) error {
	if err := s.chooseDuty(arg); err != nil {
		return err
	}
	return s.rewritePressed(NoticeDuty, nil)
}

// chooseDuty keeps a choice, which stands until there is another. What is none changes nothing.
func (s *step) chooseDuty(choice string) error {
	if choice == "auto" {
		choice = DutyTimetable
	}
	if !slices.Contains(DutyChoices(), choice) {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE workers SET duty = $2, on_duty = on_duty AND $2 <> 'off' WHERE code = $1`,
		s.worker.Code, choice)
	if err != nil {
		return wrap(err, "keep the choice of duty")
	}
	return s.settleDuty(s.worker.Code)
}

// settleDuty puts a worker on or off duty as follows from what they have chosen, whether they are away, and their
// station's hours. Nobody is on duty who has not joined or is dismissed.
func (s *step) settleDuty(worker string) error {
	var w struct {
		Station string `db:"station"`
		Duty    string `db:"duty"`
	}
	err := s.tx.GetContext(s.ctx, &w, `SELECT station, duty FROM workers WHERE code = $1 FOR NO KEY UPDATE`, worker)
	if err != nil {
		return wrap(err, "load the worker's duty")
	}
	_, err = s.tx.ExecContext(s.ctx, `
		UPDATE workers w SET on_duty = $2 AND active AND chat_id IS NOT NULL AND NOT EXISTS (SELECT FROM absences a
			WHERE a.worker = w.code AND `+isAway+`) WHERE code = $1`, worker, w.Duty == DutyOn || w.Duty == DutyTimetable && s.openNow(w.Station))
	return wrap(err, "set duty")
}

// openNow tells whether a station's hours say that somebody is there.
func (s *step) openNow(station string) bool {
	at, ok := s.Router.Station(station)
	return ok && at.Hours.Open(s.now.In(at.Zone()))
}

// KeepDuty ends and begins what it is time for: absences, and the duty of those who keep to the timetable. Any number of
// processes may call it at the same time, as often as they like: each change is made, and told, once.
func (s *Service) KeepDuty(ctx context.Context) error {
	err := s.transact(ctx, func(st *step) error {
		if err := st.keepAbsences(); err != nil {
			return err
		}
		return st.keepTimetable()
	})
	return wrap(err, "keep duty")
}

// keepTimetable puts those who keep to it on duty where their station has opened, and off where it has closed.
func (s *step) keepTimetable() error {
	var all []Worker
	err := s.tx.SelectContext(s.ctx, &all, `SELECT `+workerColumns+` FROM workers w
		WHERE w.duty = 'timetable' AND w.active AND w.chat_id IS NOT NULL`)
	if err != nil {
		return wrap(err, "load who keeps to the timetable")
	}
	var begin, end []string
	for _, w := range all {
		switch on := s.openNow(w.Station) && !w.Away; {
		case on && !w.OnDuty:
			begin = append(begin, w.Code)
		case !on && w.OnDuty:
			end = append(end, w.Code)
		}
	}
	for _, change := range []struct {
		workers []string
		on      bool
		tell    func(*Worker) error
	}{{end, false, s.shiftEnds}, {begin, true, s.shiftBegins}} {
		if err := s.changeShift(change.workers, change.on, change.tell); err != nil {
			return err
		}
	}
	return nil
}

// changeShift puts workers on or off duty who still keep to the timetable, and tells each of them.
func (s *step) changeShift(workers []string, on bool, tell func(*Worker) error) error {
	if len(workers) == 0 {
		return nil
	}
	var changed []Worker
	err := s.tx.SelectContext(s.ctx, &changed, `
		WITH due AS (SELECT code FROM workers WHERE code = ANY ($1) ORDER BY code FOR NO KEY UPDATE)
		UPDATE workers w SET on_duty = $2 FROM due WHERE w.code = due.code AND w.on_duty <> $2
		  AND w.duty = 'timetable' AND w.active AND w.chat_id IS NOT NULL RETURNING `+workerColumns, pq.Array(workers), on)
	if err != nil {
		return wrap(err, "change the shift")
	}
	for i := range changed {
		if err := tell(&changed[i]); err != nil {
			return err
		}
	}
	return nil
}

// shiftBegins tells a worker so, once in a shift.
func (s *step) shiftBegins(w *Worker) error {
	at, _ := s.Router.Station(w.Station)
	since := at.Hours.Since(s.now.In(at.Zone()))
	var told bool
	err := s.tx.GetContext(s.ctx, &told, `SELECT EXISTS (SELECT FROM notices
		WHERE bot_id = $1 AND chat_id = $2 AND kind = $3 AND created_at >= $4)`, w.Bot, w.Chat, NoticeShift, since)
	if err == nil && !told {
		s.tellChat(*w.Bot, *w.Chat, NoticeShift, nil, nil)
	}
	return wrap(err, "look what the worker was told")
}

// shiftEnds warns a worker who leaves emergencies behind.
func (s *step) shiftEnds(w *Worker) error {
	var left bool
	err := s.tx.GetContext(s.ctx, &left, `SELECT EXISTS (SELECT FROM requests r WHERE `+leftBehind+`)`, w.Code, w.Station)
	if err == nil && left {
		s.tellChat(*w.Bot, *w.Chat, NoticeShiftEnd, nil, nil)
	}
	return wrap(err, "look for emergencies")
}

// leftBehind are the emergencies that the worker $1 of the station $2 leaves when going off duty: those they have, and
// those that wait there.
const leftBehind = `r.urgency = 'emergency' AND (r.state IN ('claimed', 'referred') AND r.worker = $1 OR r.state = 'open' AND r.station = $2)`

// LeftBehind are the emergencies that a worker leaves when going off duty, their own first.
func (s *Service) LeftBehind(ctx context.Context, w *Worker, limit int) ([]View, error) {
	return s.views(ctx, leftBehind+` ORDER BY r.state, r.claim_due, r.id LIMIT $3`, w.Code, w.Station, limit)
}

// ownActions are the buttons of workers that are about no request.
func ownActions() map[string]command {
	return map[string]command{ActDuty: pressedDuty, ActAway: pressedAway, ActStandIn: chooseStandIn, ActDecline: decline}
}

// rewritePressed shows a notice about no request anew in the message whose button was pressed, or at the end of the chat
// where that isn't known.
func (s *step) rewritePressed(kind string, args Args) error {
	var p posted
	err := s.tx.GetContext(s.ctx, &p, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.kind = $3 AND n.edits IS NULL AND n.message_id = $4
		ORDER BY n.id DESC LIMIT 1`, s.chat.Bot, s.chat.ID, kind, s.update.MessageID)
	if noRows(err) {
		s.tell(kind, nil, args)
		return nil
	}
	if err != nil {
		return wrap(err, "find the pressed message")
	}
	if args == nil {
		args = Args{}
	}
	s.rewrite(p, kind, args)
	return nil
}
