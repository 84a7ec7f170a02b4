package intake

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"onedoor/prompts"
	"onedoor/routing"
)

const (
	farAway       = 100.0 // km from all that we know: a position in the sea, or a slip
	maxCandidates = 6     // places to choose from in one message
	sentence      = 8     // letters from which on words are more than a place's name
	placeWords    = 4     // of a place's name in Latin script, at most
)

// said is the position as something said.
func (a Located) said() said {
	what := said{kind: KindLocation, text: strings.TrimSpace(fmt.Sprintf("%.5f, %.5f %s", a.Lat, a.Lon, clean(a.Name)))}
	if a.Live {
		what.live = &routing.Point{Lat: a.Lat, Lon: a.Lon}
	}
	return what
}

// apply handles a shared position.
func (a Located) apply(s *step) error {
	p := routing.Point{Lat: a.Lat, Lon: a.Lon}
	if a.Edit { // the phone's own doing: nobody has said anything
		return s.moved(p)
	}
	if err := s.endQuiet(); err != nil {
		return err
	}
	what := a.said()
	if s.worker != nil {
		if done, err := s.workerAt(what); done || err != nil {
			return err
		}
	}
	r, err := s.placeless()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if crisis := s.Offline.Crisis(clean(a.Name)); crisis != "" && (r == nil || r.Urgency != prompts.Emergency) {
		return s.dangerAt(r, p, what, crisis)
	}
	if !s.shared(p) {
		return s.farOff(r, p, what)
	}
	if r == nil {
		kept, err := s.keepPosition(what)
		if kept {
			s.tell(NoticePlaceKept, nil, nil)
		}
		return err
	}
	if _, err := s.keep(r, ByResident, what); err != nil {
		return err
	}
	return s.placed(r)
}

// shared makes a shared position the chat's place; false if it is far from all that we know.
func (s *step) shared(p routing.Point) bool {
	if !s.Router.Knows(p, farAway) {
		return false
	}
	s.setPlace(nil, p, "location")
	if near, _, ok := s.Router.Gazetteer().Near(p); ok {
		s.setPlace(&near.Code, p, "location")
	}
	return true
}

// dangerAt answers danger that the name of a shared position speaks of, at that position. r is the draft or what else
// waits for a place, or nil.
func (s *step) dangerAt(r *Request, p routing.Point, what said, crisis prompts.Crisis) error {
	if s.shared(p) && r != nil {
		s.takePlace(r)
		if err := r.save(s.ctx, s.tx); err != nil {
			return err
		}
	}
	return s.emergency(what, crisis)
}

// keepPosition keeps a position that no request waits for: with the one that a station has, or else, which it tells,
// with none.
func (s *step) keepPosition(what said) (bool, error) {
	active, err := s.active()
	switch {
	case err == nil:
		return false, s.addToRequest(active, what)
	case !errors.Is(err, ErrNotFound):
		return false, err
	}
	_, err = s.keep(nil, ByResident, what)
	return err == nil, err
}

// placed goes on with a request whose place is what the chat now has.
func (s *step) placed(r *Request) error {
	s.endPlaceQuestion(r)
	s.takePlace(r)
	if r.State == Draft {
		return s.proceed(r)
	}
	if r.Station != nil || r.State != Open || r.Urgency == prompts.Emergency { // else they read which station has it
		s.tell(NoticePlaceTold, r, nil)
	}
	return s.goOnPlaced(r)
}

// goOnPlaced has a request that is filed be where it is to be, now that its place is known or known better.
func (s *step) goOnPlaced(r *Request) error {
	switch {
	case r.State == Open && r.Urgency == prompts.Emergency:
		return s.dispatchAnew(r)
	case r.State == Open && r.Station == nil:
		return s.dispatch(r)
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if r.Worker != nil {
		if err := s.alarmThere(r); err != nil {
			return err
		}
		return s.tellHolder(r, NoticeCard, nil)
	}
	return s.redrawCards(r)
}

// takePlace gives the request the chat's place.
func (s *step) takePlace(r *Request) {
	s.putAt(r, s.chat.Place, s.chat.Lat, s.chat.Lon, s.placeSource(r), ByResident, "")
}

// locate finds a request's place without asking, in the order of what is surest: a position or a village's
// link from just now, a place named in the words, the last place. One that is only supposed may be better known.
func (s *step) locate(r *Request) error { return s.locateBy(r, r.Text) }

// locateBy is locate where these words of the request's count.
func (s *step) locateBy(r *Request, words string) error {
	if _, ok := r.Point(); ok && !r.Supposed() {
		return nil
	}
	fresh := s.toldLately() && (s.chat.PlaceSource == "location" || s.chat.PlaceSource == "link")
	if !fresh {
		meant, denied := s.named(r, words, func(words string) []routing.Place { return s.Router.Gazetteer().Meant(words, maxCandidates) })
		if denied { // what was told a while ago in this talk is no surer than what was told long before
			s.chat.ToldAt, s.chat.ToldAs, s.chat.changed = nil, "", true
		}
		if i := slices.IndexFunc(meant, s.wasIn); i >= 0 && s.Router.Gazetteer().MeantAlone(words, meant[i].Code) { // of many of one name
			meant = meant[i : i+1]
		}
		if len(meant) > 0 && fine(meant[0]) {
			if len(meant) > 1 {
				s.tell(NoticeCandidates, r, Args{"places": codes(meant)})
				s.setMode(modePlace, &r.ID)
				return nil
			}
			if s.choosePlace(meant[0], "text") {
				s.takePlace(r)
				return nil
			}
		}
	}
	if s.chat.PlaceSource != "" && (s.toldLately() || !r.Supposed()) {
		s.takePlace(r)
	}
	return nil
}

// wasIn tells whether a place is the chat's last one.
func (s *step) wasIn(p routing.Place) bool { return p.Code == value(s.chat.Place) }

// fine tells whether a place is small enough to say which station is the nearest.
func fine(p routing.Place) bool {
	return p.Level == "county" || p.Level == "township" || p.Level == "village"
}

// placeAnew takes a place that words name for a draft which has one already. A place's name alone always counts; a
// place named in a sentence counts unless the draft's was shared or linked, and is then found by think. It is true
// when nothing else was said.
func (s *step) placeAnew(r *Request, text string) (bool, error) {
	if _, placed := r.Point(); !placed {
		return false, nil
	}
	if s.isNeed(text) {
		named := s.Router.Gazetteer().Mentioned(text)
		if len(named) > 0 && fine(named[0]) && r.PlaceSource != "location" && r.PlaceSource != "link" {
			r.Place, r.Lat, r.Lon, r.PlaceSource = nil, nil, nil, ""
		}
		return false, nil
	}
	found := s.Router.Gazetteer().Find(text, s.lastPoint(), maxCandidates)
	if len(found) == 1 {
		if wide, err := s.narrow(r, found[0].Code); wide || err != nil {
			return true, err
		}
	}
	switch {
	case len(found) == 1 && s.choosePlace(found[0], "text"):
		s.takePlace(r)
		return true, s.proceed(r)
	case len(found) > 1:
		s.tell(NoticeCandidates, r, Args{"places": codes(found)})
		s.setMode(modePlace, &r.ID)
		return true, nil
	}
	return false, nil
}

// isNeed tells words that say what is needed from the name of a place.
func (s *step) isNeed(text string) bool {
	return len([]rune(text)) >= sentence && s.Offline.Classify(text).Confidence >= unsure
}

func codes(places []routing.Place) []string {
	list := make([]string, len(places))
	for i, p := range places {
		list[i] = p.Code
	}
	return list
}

// choosePlace makes a place of the gazetteer the chat's own; false if nobody knows where it is.
func (s *step) choosePlace(p routing.Place, source string) bool {
	at, _, ok := s.Router.Gazetteer().Position(p.Code)
	if !ok {
		return false
	}
	s.setPlace(&p.Code, at, source)
	return true
}

// At is a request as it would be at a place of the gazetteer that says well enough where it is; false for any other.
func (s *Service) At(r Request, code string) (Request, bool) {
	level, known := s.Router.Level(code)
	at, _, ok := s.Router.Gazetteer().Position(code)
	r.Place, r.Lat, r.Lon, r.PlaceSource = &code, &at.Lat, &at.Lon, "choice"
	return r, known && ok && level.Whole
}

// lastPoint is where the chat's last place is, or nil: of many places of one name the nearest is likeliest.
func (s *step) lastPoint() *routing.Point {
	if s.chat.Lat == nil || s.chat.Lon == nil {
		return nil
	}
	return &routing.Point{Lat: *s.chat.Lat, Lon: *s.chat.Lon}
}
