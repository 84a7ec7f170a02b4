package intake

import (
	"errors"
	"fmt"
	"strings"

	"onedoor/prompts"
	"onedoor/routing"
)

const (
	farAway       = 100.0 // km from all that we know: a position in the sea, or a slip
	maxCandidates = 6     // places to choose from in one message
	sentence      = 8     // letters from which on words are more than a place's name
)

// apply handles a shared position.
func (a Located) apply(s *step) error {
	p := routing.Point{Lat: a.Lat, Lon: a.Lon}
	what := said{kind: KindLocation, text: strings.TrimSpace(fmt.Sprintf("%.5f, %.5f %s", a.Lat, a.Lon, clean(a.Name)))}
	if s.worker != nil && s.chat.Mode == modeReply {
		_, err := s.workerSaid(what)
		return err
	}
	r, err := s.placeless()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	if crisis := s.Offline.Crisis(clean(a.Name)); crisis != "" && (r == nil || r.Urgency != prompts.Emergency) {
		return s.dangerAt(r, p, what, crisis)
	}
	if r != nil {
		if _, err := s.keep(r, ByResident, what); err != nil {
			return err
		}
	}
	if !s.shared(p) {
		if r == nil {
			s.tell(NoticeAskPlace, nil, Args{"why": "far"})
			return nil
		}
		return s.askPlace(r, "far")
	}
	return s.placed(r, what)
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

// placeless is the request for which a place is awaited: the one asked about, or else the draft.
func (s *step) placeless() (*Request, error) {
	if s.chat.Mode == modePlace && s.chat.Request != nil {
		return lockRequest(s.ctx, s.tx, `r.id = $1`, *s.chat.Request)
	}
	return s.draft()
}

// placed goes on with the place that the chat now has. Without a request to place, what was said may
// belong to one that a worker has.
func (s *step) placed(r *Request, what said) error {
	if r == nil {
		active, err := s.active()
		switch {
		case err == nil:
			return s.addToRequest(active, what)
		case !errors.Is(err, ErrNotFound):
			return err
		}
		if _, err := s.keep(nil, ByResident, what); err != nil {
			return err
		}
		s.tell(NoticePlaceKept, nil, nil)
		return nil
	}
	s.setMode(modeNone, nil)
	s.takePlace(r)
	switch {
	case r.State == Draft:
		return s.proceed(r)
	case r.State.Active() && r.Worker == nil && r.Station == nil:
		if r.Urgency == prompts.Emergency {
			s.tell(NoticePlaceTold, r, nil)
		}
		return s.dispatch(r)
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if !r.State.Active() {
		return nil
	}
	s.tell(NoticePlaceTold, r, nil)
	if r.Worker != nil {
		_, err := s.tellWorker(r, NoticeCard, nil)
		return err
	}
	return s.redrawCards(r)
}

// takePlace gives the request the chat's place.
func (s *step) takePlace(r *Request) {
	r.Place, r.Lat, r.Lon, r.PlaceSource = s.chat.Place, s.chat.Lat, s.chat.Lon, s.chat.PlaceSource
	s.log(r, "placed", ByResident, "", Args{"place": r.Place, "source": r.PlaceSource})
	if r.Triage == TriageNoPlace {
		r.Triage = ""
	}
}

// locate finds a draft's place without asking, in the order of what is surest: a position or a village's
// link from just now, a place named in the words, the last place.
func (s *step) locate(r *Request) error {
	if _, ok := r.Point(); ok {
		return nil
	}
	fresh := s.chat.PlaceSource == "location" || s.chat.PlaceSource == "link"
	if !fresh {
		if named := s.Router.Gazetteer().Mentioned(r.Text); len(named) > 0 && fine(named[0]) {
			same := sameLevel(named)
			if len(same) > 1 {
				s.tell(NoticeCandidates, r, Args{"places": codes(same)})
				s.setMode(modePlace, &r.ID)
				return nil
			}
			if s.choosePlace(same[0], "text") {
				s.takePlace(r)
				return nil
			}
		}
	}
	if s.chat.PlaceSource != "" {
		s.takePlace(r)
	}
	return nil
}

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

// sameLevel is the run of places at the head that are of one level, as many as can be offered.
func sameLevel(places []routing.Place) []routing.Place {
	for i, p := range places {
		if p.Level != places[0].Level || i == maxCandidates {
			return places[:i]
		}
	}
	return places
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

// askPlace asks where the request is. why is empty, "unknown" (a name we don't know) or "far".
func (s *step) askPlace(r *Request, why string) error {
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	s.tell(NoticeAskPlace, r, Args{"why": why})
	s.setMode(modePlace, &r.ID)
	return nil
}

// placeNamed reads words as the name of the place that was asked for. Words that name none are kept
// with the request: they may be the need itself, said on.
func (s *step) placeNamed(what said) error {
	r, err := s.placeless()
	if err != nil {
		return err
	}
	if r.State.Finished() || r.State == Resolved {
		s.setMode(modeNone, nil)
		return s.residentSaid(what)
	}
	if r.Station != nil { // somebody has it meanwhile: what is said is for them
		s.setMode(modeNone, nil)
		return s.addToRequest(r, what)
	}
	if _, err := s.keep(r, ByResident, what); err != nil {
		return err
	}
	found := s.Router.Gazetteer().Find(what.text, s.lastPoint(), maxCandidates)
	need := s.isNeed(what.text)
	if need || len(found) == 0 {
		if filed, err := s.saidOn(r, what.text, need); filed || err != nil {
			return err
		}
	}
	switch {
	case len(found) == 1 && s.choosePlace(found[0], "text"):
		return s.placed(r, what)
	case len(found) > 1:
		s.tell(NoticeCandidates, r, Args{"places": codes(found)})
		return r.save(s.ctx, s.tx)
	case need:
		return s.askPlace(r, "") // not a place's name but the need, said on
	}
	return s.askPlace(r, "unknown")
}

// saidOn adds what was said in answer to the question for the place to the words of the request. It is true when
// these speak of danger now, which is filed.
func (s *step) saidOn(r *Request, text string, need bool) (bool, error) {
	r.Text = joinWords(r.Text, text)
	if r.State != Draft || !need && r.Category != nil {
		return false, nil
	}
	u := s.Offline.Classify(r.Text)
	if u.Crisis != "" {
		return true, s.fileEmergency(r, u.Crisis)
	}
	_, err := s.understood(r, u)
	return false, err
}

// lastPoint is where the chat's last place is, or nil: of many places of one name the nearest is likeliest.
func (s *step) lastPoint() *routing.Point {
	if s.chat.Lat == nil || s.chat.Lon == nil {
		return nil
	}
	return &routing.Point{Lat: *s.chat.Lat, Lon: *s.chat.Lon}
}

// pickPlace is the press of one of the places offered.
func pickPlace(s *step, r *Request, code string) error {
	p, ok := s.Router.Gazetteer().Lookup(code)
	if !ok || !s.choosePlace(p, "choice") {
		return s.askPlace(r, "unknown")
	}
	return s.placed(r, said{})
}

// changePlace is the press of "Change place".
func changePlace(s *step, r *Request, _ string) error {
	return s.askPlace(r, "")
}

// skipPlace goes on without a place: a person will ask.
func skipPlace(s *step, r *Request, _ string) error {
	if r.State != Draft {
		s.setMode(modeNone, nil)
		return nil
	}
	return submit(s, r, "")
}
