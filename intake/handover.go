package intake

import (
	"encoding/json"
	"errors"
	"slices"
	"strings"
)

// What the buttons of a hand-over mean; one that names a request chooses it, or no longer.
const (
	ArgWho  = "who"  // show to whom
	ArgTo   = "to."  // begins the colleague's code
	ArgSend = "send" // without a note
	ArgBack = "back" // to the requests
)

// A handover is one in the making. Its notice's arguments are where it is kept: nothing happens before it is sent.
type handover struct {
	posted
	Chosen []int64 `json:"chosen"`
	To     string  `json:"to"`
}

// args are those that draw a hand-over with a menu: "", "who", "note", "closed".
func (h *handover) args(menu string) Args {
	return Args{"chosen": h.Chosen, "to": h.To, "menu": menu}
}

// handOver shows what the worker has, to choose from what a colleague shall take over. All of it is chosen at first.
func handOver(s *step, _ string) error {
	h := handover{Chosen: []int64{}}
	if err := s.tx.SelectContext(s.ctx, &h.Chosen, `SELECT id FROM requests WHERE worker = $1 AND state IN ('claimed', 'referred') ORDER BY id`,
		s.worker.Code); err != nil {
		return wrap(err, "find what the worker has")
	}
	s.tell(NoticeHandover, nil, h.args(""))
	return nil
}

// handingOver is the hand-over that this chat has begun last, or ErrNotFound.
func (s *step) handingOver() (*handover, error) {
	var found struct {
		posted
		Args []byte `db:"args"`
	}
	err := s.tx.GetContext(s.ctx, &found, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, coalesce((SELECT e.args FROM notices e WHERE e.edits = n.id ORDER BY e.id DESC LIMIT 1), n.args) AS args
		FROM notices n WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.kind = $3 AND n.edits IS NULL ORDER BY n.id DESC LIMIT 1`,
		s.chat.Bot, s.chat.ID, NoticeHandover)
	if noRows(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, wrap(err, "find the hand-over")
	}
	h := &handover{posted: found.posted}
	var menu struct {
		Menu string `json:"menu"`
	}
	if err := errors.Join(json.Unmarshal(found.Args, h), json.Unmarshal(found.Args, &menu)); err != nil {
		return nil, wrap(err, "read the hand-over")
	}
	if menu.Menu == "closed" {
		return nil, ErrNotFound
	}
	return h, nil
}

// pressedHandover is a press under a hand-over.
func (s *step) pressedHandover(press Press) error {
	h, err := s.handingOver()
	if errors.Is(err, ErrNotFound) || s.worker == nil {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	s.endWriting()
	to, names := strings.CutPrefix(press.Arg, ArgTo)
	switch {
	case press.Ref != "":
		return s.chooseForHandover(h, press.Ref)
	case press.Arg == ArgBack:
		return s.showHandover(h, "")
	case press.Arg == ArgWho && len(h.Chosen) > 0:
		return s.showHandover(h, "who")
	case names && len(h.Chosen) > 0:
		return s.handOverTo(h, to)
	case press.Arg == ArgSend && h.To != "":
		return s.sendHandover(h, nil)
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

func (s *step) showHandover(h *handover, menu string) error {
	s.rewrite(h.posted, NoticeHandover, h.args(menu))
	return nil
}

// chooseForHandover chooses a request of the worker's, or drops it from those that are.
func (s *step) chooseForHandover(h *handover, ref string) error {
	var id int64
	err := s.tx.GetContext(s.ctx, &id, `SELECT id FROM requests WHERE ref = $1 AND worker = $2 AND state IN ('claimed', 'referred')`, ref, s.worker.Code)
	if noRows(err) {
		s.answer = Answer{Kind: NoticeStale}
		return s.showHandover(h, "")
	}
	if err != nil {
		return wrap(err, "find the request to hand over")
	}
	if at := slices.Index(h.Chosen, id); at >= 0 {
		h.Chosen = slices.Delete(h.Chosen, at, at+1)
	} else {
		h.Chosen = append(h.Chosen, id)
	}
	return s.showHandover(h, "")
}

// handOverTo chooses who takes over, and asks for a note.
func (s *step) handOverTo(h *handover, code string) error {
	if _, err := s.colleagueOf(code); errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	} else if err != nil {
		return err
	}
	h.To = code
	s.setMode(modeHandover, nil)
	return s.showHandover(h, "note")
}

// handOverWith takes a worker's words as the note on what they hand over.
func (s *step) handOverWith(what *said) error {
	h, err := s.handingOver()
	s.endWriting()
	if errors.Is(err, ErrNotFound) || err == nil && h.To == "" {
		return s.keepUnsent(nil, *what)
	}
	if err != nil {
		return err
	}
	s.heedWorker(*what)
	return s.sendHandover(h, what)
}

// sendHandover passes the chosen requests on, each with the note, which may be nil.
func (s *step) sendHandover(h *handover, note *said) error {
	to, err := s.colleagueOf(h.To)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		if note != nil {
			if err := s.keepUnsent(nil, *note); err != nil {
				return err
			}
		}
		return s.showHandover(h, "who")
	}
	if err != nil {
		return err
	}
	passed, with := 0, handoverNote{words: note}
	for _, id := range h.Chosen {
		done, err := s.handOne(id, to.Code, &with)
		if err != nil {
			return err
		}
		if done {
			passed++
		}
	}
	if note != nil && with.kept == 0 {
		if err := s.keepUnsent(nil, *note); err != nil {
			return err
		}
	}
	s.tell(NoticeHandoverDone, nil, Args{"worker": to.Name, "count": passed})
	return s.showHandover(h, "closed")
}

// colleagueOf is a colleague whose code a button names, or ErrNotFound.
func (s *step) colleagueOf(code string) (*Worker, error) {
	all, err := stationWorkers(s.ctx, s.tx, s.worker.Station)
	for i, w := range all {
		if w.Code == code && w.Code != s.worker.Code {
			return &all[i], nil
		}
	}
	return nil, errors.Join(err, ErrNotFound)
}

// handoverNote is what a colleague should know of all that is passed on. It is kept with each request.
type handoverNote struct {
	words  *said // nil: there is none
	kept   int64 // the message with the first request, or 0
	copies int
}

// keepNote keeps the note with a request: with the first as the message that it is, with the others as copies. A copy has no
// update of its own, of which there is one a message, but a number that no update has. It is 0 where there is no note.
func (s *step) keepNote(r *Request, n *handoverNote) (id int64, err error) {
	switch {
	case n.words == nil:
		return 0, nil
	case n.kept == 0:
		n.kept, err = s.keep(r, ByWorker, n.words.asNote())
		id = n.kept
	default:
		n.copies++
		err = s.tx.GetContext(s.ctx, &id, `
			INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, worker, kind, text, file_id, said_at)
			SELECT bot_id, chat_id, message_id, -(id * 1000 + $3), $2, author, worker, kind, text, file_id, said_at FROM messages WHERE id = $1
			RETURNING id`, n.kept, r.ID, n.copies)
	}
	if err != nil {
		return 0, wrap(err, "keep the note with a request")
	}
	s.log(r, "noted", ByWorker, s.worker.Code, Args{"message": id})
	return id, nil
}

// handOne passes a request on, if the worker still has it.
func (s *step) handOne(id int64, to string, note *handoverNote) (bool, error) {
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1 AND r.worker = $2 AND r.state IN ('claimed', 'referred')`, id, s.worker.Code)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	message, err := s.keepNote(r, note)
	if err != nil {
		return false, err
	}
	return s.giveTo(r, to, message)
}

// giveTo passes a request of this worker's on to a colleague of the station, whom nobody asks at the end of a shift, with a
// note, which may be 0. It is false where the request or the colleague is no longer what it was.
func (s *step) giveTo(r *Request, colleague string, note int64) (bool, error) {
	to, err := s.colleagueOf(colleague)
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	err = s.tx.GetContext(s.ctx, r, `UPDATE requests r SET worker = $2
		WHERE r.id = $1 AND r.state IN ('claimed', 'referred') AND r.worker = $3 RETURNING `+requestColumns, r.ID, to.Code, s.worker.Code)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "pass the request on to a colleague")
	}
	if err := s.leave(r); err != nil {
		return false, err
	}
	data := Args{"giver": s.worker.Code, "taker": to.Code}
	if note != 0 {
		data["message"] = note
	}
	s.log(r, "transferred", ByWorker, s.worker.Code, data)
	s.tellResident(r, NoticeClaimedBy, Args{"worker": to.Name})
	s.tellChat(*to.Bot, *to.Chat, NoticeHandedOver, r, Args{"worker": s.worker.Name, "message": note})
	s.tellChat(*to.Bot, *to.Chat, NoticeCard, r, nil)
	return true, s.redrawCards(r)
}
