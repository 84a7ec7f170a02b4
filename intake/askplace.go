package intake

import (
	"errors"
	"strings"
	"unicode"

	"onedoor/prompts"
)

// askPlace asks where the request is. why is empty, "unknown" (a name we don't know), "far", "change" or "supposed" (whether it is
// where its resident was before).
func (s *step) askPlace(r *Request, why string) error {
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	s.tell(NoticeAskPlace, r, Args{"why": why})
	s.setMode(modePlace, &r.ID)
	return s.askAgain(r, why)
}

// wantPlace asks where a request is unless that is known, or asked already; of an emergency whose words name a place that we don't
// know, it says so.
func (s *step) wantPlace(r *Request) error {
	_, placed := r.Point()
	switch {
	case s.asked(r) || placed && !r.Supposed():
		return nil
	case placed:
		return s.askPlace(r, "supposed")
	case r.Urgency == prompts.Emergency && s.Router.Gazetteer().Unknown(r.Text) != "":
		return s.askPlace(r, "unknown")
	}
	return s.askPlace(r, "")
}

// placeless is the request for which a place is awaited: the one asked about, or else the draft, or else one that a
// station has or should have: an emergency, whose place may always be better known, one without a place, or one that
// took the last place of its resident. It is ErrNotFound when there is none.
func (s *step) placeless() (*Request, error) {
	r, err := s.askedAbout()
	if errors.Is(err, ErrNotFound) {
		r, err = s.draft()
	}
	if errors.Is(err, ErrNotFound) {
		r, err = lockRequest(s.ctx, s.tx, `r.id = (
			SELECT q.id FROM requests q
			WHERE q.bot_id = $1 AND q.chat_id = $2 AND q.state IN ('open', 'claimed', 'referred')
			  AND (q.urgency = 'emergency' OR q.lat IS NULL OR q.place_source = 'last')
			ORDER BY q.urgency = 'emergency' DESC, q.id DESC LIMIT 1)`, s.chat.Bot, s.chat.ID)
	}
	return r, err
}

// askedAbout is the request whose place was asked for. A question for what is done or taken back is let go of, and
// ErrNotFound.
func (s *step) askedAbout() (*Request, error) {
	if s.chat.Mode != modePlace || s.chat.Request == nil {
		return nil, ErrNotFound
	}
	r, err := lockRequest(s.ctx, s.tx, `r.id = $1`, *s.chat.Request)
	if err == nil && !r.State.wantsPlace() {
		s.endPlaceQuestion(r)
		return nil, ErrNotFound
	}
	return r, err
}

// asked tells whether the chat's open question is the one for r's place.
func (s *step) asked(r *Request) bool {
	return s.chat.Mode == modePlace && equal(s.chat.Request, &r.ID)
}

// endPlaceQuestion lets go of the question for r's place, and of no other request's.
func (s *step) endPlaceQuestion(r *Request) {
	if s.asked(r) {
		s.setMode(modeNone, nil)
	}
}

// placeNamed reads words as the name of the place that was asked for. Words that name none are kept
// with the request: they may be the need itself, said on.
func (s *step) placeNamed(what said) error {
	r, err := s.askedAbout()
	switch {
	case errors.Is(err, ErrNotFound):
		return s.residentSaid(what) // nothing is asked any more
	case err != nil:
		return err
	case s.answersSupposed(r):
		return s.placeSupposed(r, what)
	case r.Station != nil: // somebody has it meanwhile: what is said is for them
		s.endPlaceQuestion(r)
		return s.addToRequest(r, what)
	}
	found := s.Router.Gazetteer().Find(what.text, s.lastPoint(), maxCandidates)
	if rest, unsaid := prompts.WithoutNowhere(what.text); unsaid && len(found) == 0 {
		return s.placeUnsaid(r, what, rest)
	}
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	need := s.isNeed(what.text) || len(found) == 0 && !mayBePlace(what.text)
	if need || len(found) == 0 || r.State != Draft {
		if filed, err := s.saidOn(r, id, what.text, need); filed || err != nil {
			return err
		}
	}
	if len(found) == 1 {
		if wide, err := s.narrow(r, found[0].Code); wide || err != nil {
			return err
		}
	}
	switch {
	case len(found) == 1 && s.choosePlace(found[0], "text"):
		return s.placed(r)
	case len(found) > 1:
		s.tell(NoticeCandidates, r, Args{"places": codes(found)})
		return r.save(s.ctx, s.tx)
	case need && r.Urgency != prompts.Emergency:
		return s.askPlace(r, "") // not a place's name but the need, said on
	}
	return s.askPlace(r, "unknown")
}

// mayBePlace tells words that may name a place nobody here knows from words that say on what is needed.
func mayBePlace(text string) bool {
	if strings.ContainsAny(text, "村镇鎮乡鄉县縣区區市屯庄莊寨街路巷州省") {
		return true
	}
	words := strings.Fields(text)
	named := func(word string) bool { return unicode.IsUpper([]rune(word)[0]) }
	return len(words) > 0 && len(words) <= placeWords && named(words[0]) && named(words[len(words)-1])
}

// saidOn adds what was said in answer to the question for the place to the words of the request, which those who have
// been told of it read. It is true when these speak of danger now, which is filed.
func (s *step) saidOn(r *Request, message int64, text string, need bool) (bool, error) {
	if r.State != Draft {
		s.log(r, "said", ByResident, "", Args{"message": message})
		if need {
			s.firstWords(r, text)
		}
		r.Text = joinWords(r.Text, text)
		return false, s.redrawCards(r)
	}
	r.Text = joinWords(r.Text, text)
	if !need && r.Category != nil {
		return false, nil
	}
	u, filed, err := s.classify(r)
	if filed || err != nil {
		return filed, err
	}
	_, err = s.understood(r, u)
	return false, err
}

// pickPlace is the press of one of the places offered. One that is too wide offers what lies in it.
func pickPlace(s *step, r *Request, code string) error {
	if !r.State.wantsPlace() {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if wide, err := s.narrow(r, code); wide || err != nil {
		return err
	}
	p, ok := s.Router.Gazetteer().Lookup(code)
	if !ok || !s.choosePlace(p, "choice") {
		return s.askPlace(r, "unknown")
	}
	if err := s.endWalk(r, code); err != nil {
		return err
	}
	return s.placed(r)
}

// changePlace is the press of "Change place". The card no longer confirms the place that it shows.
func changePlace(s *step, r *Request, _ string) error {
	for _, kind := range []string{NoticeUnderstood, NoticeReminder} {
		if err := s.redrawPosted(r, kind, MenuPlace, `TRUE`); err != nil {
			return err
		}
	}
	return s.askPlace(r, "change")
}

// keepPlace ends the question for another place, and gives the card its buttons back.
func keepPlace(s *step, r *Request, _ string) error {
	if !s.asked(r) {
		return s.redrawPosted(r, NoticeUnderstood, "", `TRUE`)
	}
	s.endPlaceQuestion(r)
	asked, err := s.shown(r, NoticeAskPlace, NoticeWalk, NoticeCandidates)
	if err != nil {
		return err
	}
	if err := s.takeAway(r, asked); err != nil {
		return err
	}
	return s.proceed(r)
}

// placeUnsaid goes on without a place, as the button does, when words say that nobody can tell it; rest is what else they say. In
// danger the question stays open: a place named later counts.
func (s *step) placeUnsaid(r *Request, what said, rest string) error {
	if r.State != Draft {
		if r.Urgency != prompts.Emergency {
			s.endPlaceQuestion(r)
		}
		return s.addToRequest(r, what)
	}
	id, err := s.keep(r, ByResident, what)
	if err != nil {
		return err
	}
	if filed, err := s.saidOn(r, id, what.text, s.isNeed(rest)); filed || err != nil {
		return err
	}
	return skipPlace(s, r, "")
}

// skipPlace goes on without a place: a person will ask. A place that is there already is kept.
func skipPlace(s *step, r *Request, arg string) error {
	if _, placed := r.Point(); placed && r.State == Draft {
		return keepPlace(s, r, arg)
	}
	s.endPlaceQuestion(r)
	if r.State != Draft {
		return nil
	}
	return submit(s, r, "")
}
