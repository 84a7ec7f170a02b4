package intake

import (
	"errors"

	"onedoor/prompts"
	"onedoor/routing"
)

// liveStep is how far a live location must have moved to count, in km: a card shows no less.
const liveStep = 0.1

// startLive remembers where a live location begins.
func (s *step) startLive(message int64, at routing.Point) error {
	_, err := s.tx.ExecContext(s.ctx, `INSERT INTO live_locations (message_id, lat, lon, moved_at) VALUES ($1, $2, $3, $4)`,
		message, at.Lat, at.Lon, s.now)
	return wrap(err, "remember a live location")
}

// liveAt moves the live location of this update's message to a point, and returns where it was. It is ErrNotFound where it
// isn't one of the resident's, or has hardly moved.
func (s *step) liveAt(to routing.Point) (was routing.Point, err error) {
	var live struct {
		Message int64   `db:"message_id"`
		Lat     float64 `db:"lat"`
		Lon     float64 `db:"lon"`
	}
	err = s.tx.GetContext(s.ctx, &live, `
		SELECT l.message_id, l.lat, l.lon FROM live_locations l JOIN messages m ON m.id = l.message_id
		WHERE m.bot_id = $1 AND m.chat_id = $2 AND m.message_id = $3 AND m.author = 'resident' FOR UPDATE OF l`,
		s.chat.Bot, s.chat.ID, s.update.MessageID)
	was = routing.Point{Lat: live.Lat, Lon: live.Lon}
	switch {
	case noRows(err), err == nil && was.DistanceKM(to) < liveStep:
		return was, ErrNotFound
	case err != nil:
		return was, wrap(err, "find a live location")
	}
	_, err = s.tx.ExecContext(s.ctx, `UPDATE live_locations SET lat = $2, lon = $3, moved_at = $4 WHERE message_id = $1`,
		live.Message, to.Lat, to.Lon, s.now)
	return was, wrap(err, "move a live location")
}

// moved follows a live location. The chat and the requests that have their place from it move along, and the cards that
// show these; nobody is told, but of an emergency that goes to another station. It answers the question for a place that it did not answer before.
func (s *step) moved(to routing.Point) error {
	if !s.Router.Knows(to, farAway) {
		return nil
	}
	was, err := s.liveAt(to)
	if errors.Is(err, ErrNotFound) {
		return s.dropChat(s.chat.Bot, s.chat.ID) // of somebody who had all erased nothing is kept anew
	}
	if err != nil {
		return err
	}
	if at := s.lastPoint(); at == nil || *at == was {
		s.shared(to)
	}
	if err := s.moveRequests(was, to); err != nil {
		return err
	}
	r, err := s.placeless()
	if errors.Is(err, ErrNotFound) {
		return nil
	}
	if err != nil {
		return err
	}
	if _, placed := r.Point(); placed && !r.Supposed() {
		return nil
	}
	s.shared(to)
	return s.placed(r)
}

// moveRequests moves the requests of this chat that are where a live location was.
func (s *step) moveRequests(was, to routing.Point) error {
	const along = ` r.bot_id = $1 AND r.chat_id = $2 AND r.lat = $3 AND r.lon = $4
		AND r.place_source IN ('location', 'last') AND r.state IN ('draft', 'open', 'claimed', 'referred') `
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `SELECT r.id FROM requests r WHERE`+along+`ORDER BY r.id`, s.chat.Bot, s.chat.ID, was.Lat, was.Lon)
	if err != nil {
		return wrap(err, "find what moves along")
	}
	for _, id := range ids {
		r, err := lockRequest(s.ctx, s.tx, along+`AND r.id = $5`, s.chat.Bot, s.chat.ID, was.Lat, was.Lon, id)
		if errors.Is(err, ErrNotFound) { // somebody has ended it, or said where it is, meanwhile
			continue
		}
		if err != nil {
			return err
		}
		if err := s.moveRequest(r, to); err != nil {
			return err
		}
	}
	return nil
}

// moveRequest moves a request to a point. Its log says so where that is near another place. An emergency goes on at the station that
// is the nearest there; who was only supposed to be where they were is known to be here.
func (s *step) moveRequest(r *Request, to routing.Point) error {
	if r.Supposed() && s.shared(to) {
		return s.placed(r)
	}
	before := s.nearest(r)
	r.Lat, r.Lon, r.PlaceSource = &to.Lat, &to.Lon, "location"
	var place *string
	if near, _, ok := s.Router.Gazetteer().Near(to); ok {
		place = &near.Code
	}
	elsewhere := !equal(place, r.Place)
	if r.Place = place; elsewhere {
		s.log(r, "placed", ByResident, "", Args{"place": r.Place, "source": r.PlaceSource})
	}
	switch {
	case r.State == Draft:
		if err := r.save(s.ctx, s.tx); err != nil {
			return err
		}
		return s.redrawPosted(r, NoticeUnderstood, "", `TRUE`)
	case r.Urgency == prompts.Emergency && s.nearest(r) != before:
		return s.movedOn(r)
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// movesTold is how often within alarmEvery a station, or whoever has it, is told of an emergency because its live location moves.
const movesTold = 2

// movedOn has an emergency go on at the station that is the nearest by now. Who was told of it often enough just now reads it on their cards:
// a position may go to and fro between two stations, and what waits is told again by the clock.
func (s *step) movedOn(r *Request) error {
	often, err := s.toldOften(r)
	switch {
	case err != nil:
		return err
	case !often:
		return s.goOnPlaced(r)
	case r.State == Open:
		if err := s.leaveTo(r); err != nil {
			return err
		}
		s.route(r)
		if err := s.takeBackOffer(r); err != nil {
			return err
		}
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if r.State != Open {
		if err := s.alarmThere(r); err != nil {
			return err
		}
	}
	return s.redrawCards(r)
}

// toldOften tells whether an emergency was told movesTold times within alarmEvery to whoever has it or, while nobody has, at the nearest
// station.
func (s *step) toldOften(r *Request) (often bool, err error) {
	err = s.tx.GetContext(s.ctx, &often, `SELECT (SELECT count(*) FROM events e WHERE $3 = 'open' AND e.request_id = $1 AND e.at > $2
			AND (e.kind IN ('routed', 'offered') AND e.data ->> 'station' = $4 OR e.kind = 'alarmed' AND e.data -> 'stations' ? $4))
		+ (SELECT count(*) FROM notices n JOIN workers w ON w.bot_id = n.bot_id AND w.chat_id = n.chat_id
			WHERE n.request_id = $1 AND n.created_at > $2 AND n.kind = 'card' AND n.edits IS NULL AND w.code = $5) >= $6`,
		r.ID, s.now.Add(-alarmEvery), r.State, s.nearest(r), r.Worker, movesTold)
	return often, wrap(err, "look how often an emergency was told")
}

// nearest is the station to which a request would go now from where it is; "" without one.
func (s *step) nearest(r *Request) string {
	at, ok := r.Point()
	if !ok {
		return ""
	}
	return s.Router.Route(routing.Query{At: at, Category: value(r.Category), Emergency: r.Urgency == prompts.Emergency}).Station
}
