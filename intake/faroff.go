package intake

import (
	"errors"
	"fmt"
	"strconv"

	"onedoor/prompts"
	"onedoor/routing"
)

// farOff asks whether a position is right that is in the sea, or far from all that we know. It is kept, and passed on once
// the resident says so; in an emergency at once. r is what a place is wanted for, or nil.
func (s *step) farOff(r *Request, p routing.Point, what said) error {
	about := r
	if r == nil {
		active, err := s.active()
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		about = active
	}
	switch {
	case about == nil:
		_, err := s.keep(nil, ByResident, what)
		s.tell(NoticeAskPlace, nil, Args{"why": "far"})
		return err
	case about.State != Draft && about.Urgency == prompts.Emergency:
		if err := s.addToRequest(about, what); err != nil {
			return err
		}
		if err := s.redrawCards(about); err != nil { // they say that it may be wrong
			return err
		}
		return s.askPlace(about, "far")
	}
	id, err := s.keep(nil, ByResident, what)
	if err != nil {
		return err
	}
	if err := s.askAgain(about, "far"); err != nil {
		return err
	}
	args := Args{"why": "far"}
	if p.Valid() {
		args["message"] = id
	}
	s.tell(NoticeAskPlace, about, args)
	if r != nil {
		s.setMode(modePlace, &r.ID)
	}
	return nil
}

// there is the press that says that a position is right: it is the request's place where one is wanted, and whoever has
// the request reads it.
func there(s *step, r *Request, message string) error {
	id, p, err := s.positionSaid(message)
	if errors.Is(err, ErrNotFound) || err == nil && r.State != Draft && !r.State.Active() {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET request_id = $2 WHERE id = $1`, id, r.ID); err != nil {
		return wrap(err, "give a position to its request")
	}
	asked, err := s.shown(r, NoticeAskPlace)
	if err != nil {
		return err
	}
	if err := s.takeAway(r, asked); err != nil {
		return err
	}
	if r.State != Draft {
		if err := s.takeOver(r, "", []int64{id}, ByResident); err != nil {
			return err
		}
	}
	if _, placed := r.Point(); placed && !s.asked(r) {
		return nil
	}
	s.setPlace(nil, p, "location")
	return s.placed(r)
}

// positionSaid is a position that this chat has sent, and that no request has; or ErrNotFound.
func (s *step) positionSaid(message string) (id int64, p routing.Point, err error) {
	if id, err = strconv.ParseInt(message, 10, 64); err != nil {
		return 0, p, ErrNotFound
	}
	var text string
	err = s.tx.GetContext(s.ctx, &text, `SELECT text FROM messages WHERE id = $1 AND bot_id = $2 AND chat_id = $3
		AND author = 'resident' AND kind = 'location' AND request_id IS NULL`, id, s.chat.Bot, s.chat.ID)
	if noRows(err) {
		return 0, p, ErrNotFound
	}
	if err != nil {
		return 0, p, wrap(err, "find a position")
	}
	if n, _ := fmt.Sscanf(text, "%f, %f", &p.Lat, &p.Lon); n != 2 || !p.Valid() {
		return 0, p, ErrNotFound
	}
	return id, p, nil
}
