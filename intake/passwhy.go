package intake

import (
	"encoding/json"
	"slices"
	"strings"
)

// PassReasons are why a worker passes a request on to another station, as they are offered: it isn't their area, they lack the
// service, the other is nearer to the resident. ReasonOther is one in the worker's own words.
func PassReasons() []string { return []string{"area", "service", "nearer"} }

// ReasonOther is a reason for which there is no button.
const ReasonOther = "other"

// MenuWhy begins the menu of a card that asks why it is to go to a station, whose code follows.
const MenuWhy = "why:"

// WhyPass is the argument of ActWhy.
func WhyPass(reason, station string) string { return reason + ":" + station }

// reason is why a request is passed on: one of PassReasons, or ReasonOther with the message that says it. The zero value is
// none.
type reason struct {
	Key     string
	Message int64
}

// data adds the reason to an event's data.
func (w reason) data(args Args) Args {
	if w.Key != "" {
		args["reason"] = w.Key
	}
	if w.Message != 0 {
		args["message"] = w.Message
	}
	return args
}

// passWhy hands an open request, or the worker's own, to another station for a reason, or asks for one in words. The clock
// goes on.
func passWhy(s *step, r *Request, arg string) error {
	if r.State != Open && !s.mine(r) {
		return s.redrawCards(r)
	}
	key, to, _ := strings.Cut(arg, ":")
	station, ok := s.Router.Station(to)
	switch {
	case !ok, !station.Active, to == value(r.Station), key != ReasonOther && !slices.Contains(PassReasons(), key):
		s.answer = Answer{Kind: NoticeStale}
		return nil
	case key == ReasonOther:
		s.tell(NoticeAskWhy, r, Args{"station": to})
		s.putAside(r, asideWhy, to)
		return nil
	}
	return s.transfer(r, to, ByWorker, s.worker.Code, reason{Key: key})
}

// passForWords hands a request to another station for the reason that the worker has written, which is for colleagues.
func (s *step) passForWords(r *Request, to string, what said) error {
	station, ok := s.Router.Station(to)
	if !ok || !station.Active || to == value(r.Station) || r.State != Open && !s.mine(r) {
		return s.keepUnsent(r, what)
	}
	id, err := s.keep(r, ByWorker, what.asNote())
	if err != nil {
		return err
	}
	return s.transfer(r, to, ByWorker, s.worker.Code, reason{ReasonOther, id})
}

// movedColumn is why the request was passed on to the station that has it.
const movedColumn = `coalesce((SELECT jsonb_build_object('from', e.data -> 'from', 'reason', e.data -> 'reason',
	  'words', (SELECT m.text FROM messages m WHERE m.id = CAST(e.data ->> 'message' AS bigint)))
	FROM events e WHERE e.request_id = r.id AND e.kind = 'transferred' AND e.data ->> 'to' = r.station
	ORDER BY e.id DESC LIMIT 1), '{}') AS moved`

// Moved is why another station has passed a request on.
type Moved struct {
	From, Reason string
	Words        string // of ReasonOther
}

// MovedHere is why another station has passed the request on to the one that has it; false where none has, or for no reason.
func (v *View) MovedHere() (m Moved, ok bool) {
	err := json.Unmarshal(v.Moved, &m)
	return m, err == nil && m.Reason != ""
}
