package intake

import (
	"errors"
	"strconv"
	"strings"
)

// WalkTo is the argument of ActWalk that shows a page of what lies in a place, from 0 on; the empty code is the top.
func WalkTo(code string, page int) string { return code + "." + strconv.Itoa(page) }

// readWalk reads what WalkTo writes. Anything else is false.
func readWalk(arg string) (code string, page int, ok bool) {
	code, number, ok := strings.Cut(arg, ".")
	page, err := strconv.Atoi(number)
	return code, page, ok && err == nil && page >= 0
}

// walk shows what lies in a place to choose from, or takes the place where nothing does. Without an argument it begins
// in the county of the chat's last place, and where that isn't known at the top.
func walk(s *step, r *Request, arg string) error {
	code, page, ok := readWalk(arg)
	if arg == "" {
		code, ok = s.Router.Served(value(s.chat.Place)), true
	}
	level, known := s.Router.Level(code)
	if !ok || !known || !r.State.wantsPlace() {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if len(level.Places) == 0 {
		return pickPlace(s, r, code)
	}
	s.setMode(modePlace, &r.ID) // a name can be written all the same
	return s.showLevel(r, code, page)
}

// walkByKey is the press of a key in the place of the letters, which names no request. It is words where no place is
// wanted, or where a worker is writing.
func (a Pressed) walkByKey(s *step) error {
	words := Said{Text: a.Key}
	if writes(s.chat.Mode) {
		return words.apply(s)
	}
	r, err := s.placeless()
	switch {
	case errors.Is(err, ErrNotFound):
		return words.apply(s)
	case err != nil:
		return err
	}
	return walk(s, r, "")
}

// showLevel lists what lies in a place: in the list whose button was pressed, or else in a new one.
func (s *step) showLevel(r *Request, code string, page int) error {
	args := Args{"place": code, "page": page}
	list, err := s.pressedList(r)
	if noRows(err) {
		s.tell(NoticeWalk, r, args)
		return nil
	}
	if err != nil {
		return wrap(err, "find the list of places")
	}
	s.redraw(list, r, args)
	return nil
}

// endWalk shows in the list whose button was pressed what was chosen.
func (s *step) endWalk(r *Request, code string) error {
	list, err := s.pressedList(r)
	if err == nil {
		s.redraw(list, r, Args{"place": code, "menu": "closed"})
	}
	if noRows(err) {
		return nil
	}
	return wrap(err, "find the list of places")
}

// pressedList is the list of places whose button was pressed; no row when it was another message's.
func (s *step) pressedList(r *Request) (p posted, err error) {
	err = s.tx.GetContext(s.ctx, &p, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.edits IS NULL AND n.request_id = $4 AND n.message_id = $3 AND n.kind = $5`,
		s.chat.Bot, s.chat.ID, s.update.MessageID, r.ID, NoticeWalk)
	return p, err
}

// narrow lists what lies in a place that is too wide to say which station is near; false where it isn't.
func (s *step) narrow(r *Request, code string) (bool, error) {
	level, ok := s.Router.Level(code)
	if !ok || level.Whole || len(level.Places) == 0 {
		return false, nil
	}
	s.setMode(modePlace, &r.ID)
	if err := r.save(s.ctx, s.tx); err != nil {
		return true, err
	}
	return true, s.showLevel(r, code, 0)
}
