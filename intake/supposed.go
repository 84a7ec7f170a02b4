package intake

import (
	"slices"
	"strings"

	"onedoor/prompts"
	"onedoor/routing"
)

// Supposed tells whether an emergency's place is only supposed: it is the resident's from an earlier request, and nobody has said
// that they are there now. The alarm is raised there all the same.
func (r *Request) Supposed() bool {
	return r.Urgency == prompts.Emergency && r.PlaceSource == "last"
}

// sourceArea is how the place of a request is known of which nobody has said where it is: it is that of the system that filed it.
const sourceArea = "area"

// Somewhere tells whether only the area is known in which the request is.
func (r *Request) Somewhere() bool { return r.PlaceSource == sourceArea }

// toldLately tells whether the chat's place was said in this talk.
func (s *step) toldLately() bool {
	return s.chat.ToldAt != nil && !s.chat.ToldAt.Before(s.now.Add(-talkWhile))
}

// placeSource is how the place of a request that takes the chat's is known. In danger it counts when it was said: in this talk it is
// as sure as it was then, and from before it is the last one, however it was said.
func (s *step) placeSource(r *Request) string {
	switch {
	case r.Urgency != prompts.Emergency:
		return s.chat.PlaceSource
	case s.toldLately():
		return s.chat.ToldAs
	}
	return "last"
}

// placeConfirmed keeps that the resident has confirmed a card that shows where they are.
func (s *step) placeConfirmed(r *Request) {
	if r.PlaceSource != "" && s.chat.ToldAs != "" {
		s.chat.ToldAt, s.chat.changed = &s.now, true
	}
}

// answersSupposed tells whether words may still answer whether a supposed place is right: for as long as nobody has the emergency, and in
// the talk in which it was told.
func (s *step) answersSupposed(r *Request) bool {
	return r.Supposed() && (r.State == Open || r.CycleAt != nil && !r.CycleAt.Before(s.now.Add(-talkWhile)))
}

// placeSupposed reads what is said after the question whether a supposed place is right. All of it is passed on, and much of it is
// about something else: that leaves the question open. To name a place where they are not says of none that they are there.
func (s *step) placeSupposed(r *Request, what said) error {
	if err := s.addToRequest(r, what); err != nil {
		return err
	}
	if prompts.SaysHere(what.text) {
		return s.stays(r)
	}
	found, denied := s.named(r, what.text, func(words string) []routing.Place {
		return s.Router.Gazetteer().Find(words, s.lastPoint(), maxCandidates)
	})
	switch {
	case denied && len(found) == 0:
		return s.askPlace(r, "change")
	case len(found) > 1 && !slices.ContainsFunc(found, r.isAt):
		s.tell(NoticeCandidates, r, Args{"places": codes(found)})
		return nil
	case slices.ContainsFunc(found, r.isAt):
		return s.stays(r)
	case len(found) == 0 && s.Router.Gazetteer().Unknown(what.text) != "":
		return s.askPlace(r, "unknown")
	case len(found) == 0:
		return nil
	}
	if wide, err := s.narrow(r, found[0].Code); wide || err != nil {
		return err
	}
	if !s.choosePlace(found[0], "text") {
		return s.askPlace(r, "unknown")
	}
	return s.placed(r)
}

// addOrMove adds words to a request that a station has or should have. An emergency that is where its resident told of before it, for
// something else and in this talk, is moved by words that say another place.
func (s *step) addOrMove(r *Request, what said) error {
	if s.toldBefore(r) && what.kind == KindText && s.namesElsewhere(r, what.text) {
		return s.placeSupposed(r, what)
	}
	return s.addToRequest(r, what)
}

// toldBefore tells whether an emergency that nobody has took a place that was told in this talk, before it. A position is sure.
func (s *step) toldBefore(r *Request) bool {
	return r.Urgency == prompts.Emergency && r.State == Open && r.Place != nil && r.PlaceSource != "location" && r.CycleAt != nil &&
		s.toldLately() && s.chat.ToldAt.Before(*r.CycleAt)
}

// namesElsewhere tells whether words mean a place that isn't the request's, nor around it, and don't say that they are not there.
func (s *step) namesElsewhere(r *Request, words string) bool {
	words, _ = prompts.WithoutDenied(words)
	meant := s.Router.Gazetteer().Meant(words, maxCandidates)
	return len(meant) > 0 && !slices.ContainsFunc(meant, func(p routing.Place) bool {
		return strings.HasPrefix(value(r.Place), strings.TrimSuffix(p.Code, "00"))
	})
}

// named are the places that words name by a rule. Who says that they aren't in the one where they are supposed to be, or would be without
// a word of theirs, or in what it lies in, names others only: denied tells that.
func (s *step) named(r *Request, words string, find func(words string) []routing.Place) (found []routing.Place, denied bool) {
	var supposed string
	switch _, placed := r.Point(); {
	case r.Supposed():
		supposed = value(r.Place)
	case !placed && r.Urgency == prompts.Emergency:
		supposed = value(s.chat.Place)
	}
	is := func(p routing.Place) bool { return p.Code == supposed }
	found = find(words)
	if !slices.ContainsFunc(found, func(p routing.Place) bool { return is(p) || s.Router.Gazetteer().Lies(supposed, p.Code) }) {
		return found, false
	}
	if words, denied = prompts.WithoutDenied(words); denied {
		found = slices.DeleteFunc(find(words), is)
	}
	return found, denied
}

// isAt tells whether the request is in a place, by its code.
func (r *Request) isAt(p routing.Place) bool { return value(r.Place) == p.Code }

// stays takes a supposed place for right.
func (s *step) stays(r *Request) error {
	at, ok := r.Point()
	if !ok || !r.Supposed() {
		return nil
	}
	s.setPlace(r.Place, at, "choice")
	s.endPlaceQuestion(r)
	s.takePlace(r)
	s.tell(NoticePlaceTold, r, nil)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// tellMoved tells the station that had an emergency before that another has it now, for it is elsewhere.
func (s *step) tellMoved(r *Request, before *string) error {
	if before == nil || r.Station == nil || *before == *r.Station {
		return nil
	}
	_, err := s.tellStation(r, *before, NoticeElsewhere)
	return err
}

// alarmThere offers an emergency that somebody has to the station of its place, too, where that is another one: whoever has it may be
// far off. They read along until it is over. Those who were asked before somebody had it hear of it once more: it seemed far from them.
func (s *step) alarmThere(r *Request) error {
	p, ok := r.Point()
	if !ok || r.Urgency != prompts.Emergency {
		return nil
	}
	d := s.Router.Route(routing.Query{At: p, Category: value(r.Category), Emergency: true})
	if d.Station == "" || d.Station == value(r.Station) {
		return nil
	}
	return s.offerThere(r, d)
}

// offerThere is offer, of what somebody has, once.
func (s *step) offerThere(r *Request, d routing.Decision) error {
	var asked struct{ Any, Since bool }
	err := s.tx.GetContext(s.ctx, &asked, `SELECT count(*) > 0 AS any, coalesce(bool_or(offered_at >= $3), false) AS since
		FROM offers WHERE request_id = $1 AND station = $2`, r.ID, d.Station, r.ClaimedAt)
	switch {
	case err != nil || asked.Since:
		return wrap(err, "look whether a station is asked")
	case asked.Any:
		if _, err := s.tx.ExecContext(s.ctx, `DELETE FROM offers WHERE request_id = $1 AND station = $2`, r.ID, d.Station); err != nil {
			return wrap(err, "ask a station once more")
		}
	}
	_, err = s.offer(r, d)
	return err
}

// missPlace asks once more where an emergency is whose words name a place that nobody here knows.
func (s *step) missPlace(r *Request, words string) error {
	if _, placed := r.Point(); placed || s.Router.Gazetteer().Unknown(words) == "" || !r.State.wantsPlace() {
		return nil
	}
	return s.askPlace(r, "unknown")
}
