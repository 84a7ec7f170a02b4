package intake

import (
	"context"
)

// shownOnArrival is how many requests that wait a worker is shown who comes on duty, the most pressing; all are in the queue.
const shownOnArrival = 10

// arrivals shows a worker who has come on duty, in whatever way, what waits at their station and was not shown to them
// before. It tells whether there was one. That they have come is noted by the database: see workers.arrived.
func (s *Service) arrivals(ctx context.Context) (bool, error) {
	var came bool
	err := s.transact(ctx, func(st *step) error {
		var w Worker
		err := st.tx.GetContext(st.ctx, &w, `
			UPDATE workers w SET arrived = false WHERE w.code = (
				SELECT n.code FROM workers n WHERE n.arrived ORDER BY n.code LIMIT 1 FOR UPDATE SKIP LOCKED)
			RETURNING `+workerColumns)
		if came = err == nil; noRows(err) {
			return nil
		}
		if err != nil {
			return err
		}
		return st.showWaiting(&w)
	})
	return came, wrap(err, "show what waits to who has come on duty")
}

// showWaiting posts the cards of what waits at a worker's station, or is offered to it, and isn't in their chat yet, nor
// in the station's group where that is told in the place of its workers; but nothing of which others are asked first, until
// the clock calls the rest.
// What nobody could be told of is no supervisor's to look after any more.
func (s *step) showWaiting(w *Worker) error {
	if w.Chat == nil {
		return nil
	}
	var all []Request
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT `+requestColumns+` FROM requests r
		WHERE r.state = 'open' AND r.next_action NOT IN ('call', 'callrest') AND (r.station = $1
			OR r.id IN (SELECT o.request_id FROM offers o WHERE o.station = $1))
		  AND NOT EXISTS (SELECT FROM notices n WHERE n.request_id = r.id AND n.bot_id = $2 AND n.edits IS NULL AND n.state IN ('waiting', 'sent')
			AND (n.chat_id = $3 AND n.kind IN ('card', 'alarm') OR r.urgency <> 'emergency' AND n.kind = 'group_card'
				AND n.chat_id IN (SELECT g.chat_id FROM station_groups g WHERE g.station = $1 AND g.bot_id = $2)))`+
		queueOrder+`LIMIT $4`, w.Station, w.Bot, w.Chat, shownOnArrival)
	if err != nil {
		return wrap(err, "find what waits")
	}
	for i := range all {
		s.tellChat(*w.Bot, *w.Chat, NoticeCard, &all[i], nil)
	}
	_, err = s.tx.ExecContext(s.ctx, `UPDATE requests SET triage = '' WHERE station = $1 AND state = 'open' AND triage = 'unstaffed'`, w.Station)
	return wrap(err, "end the search for somebody who can be told")
}
