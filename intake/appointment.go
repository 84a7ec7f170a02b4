package intake

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"
)

const (
	// eveningBefore is the hour at which both sides are reminded of tomorrow's appointment, and shortlyBefore how long before
	// it they are once more.
	eveningBefore = 18
	shortlyBefore = time.Hour
)

// AppointmentPlaces are where a worker meets a resident: at the resident's home, at the station, on the telephone.
func AppointmentPlaces() []string { return []string{"home", "station", "phone"} }

// appoint makes an appointment with the resident. arg: nothing or argDate to ask when, argAt and a moment to ask where, a
// place with a dot and a moment to make it, ArgOff to take it back.
func appoint(s *step, r *Request, arg string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	switch arg {
	case "", argDate:
		return s.askDate(r, modeAppoint)
	case ArgOff:
		return s.cancelAppointment(r)
	}
	if moment, ok := strings.CutPrefix(arg, argAt); ok {
		if at, ok := s.momentOf(moment); ok {
			s.tell(NoticeWhichDate, r, Args{"what": modeAppoint, "times": []time.Time{at.UTC()}, "clock": true})
			return nil
		}
	}
	place, moment, _ := strings.Cut(arg, ".")
	if at, ok := s.momentOf(moment); ok && slices.Contains(AppointmentPlaces(), place) {
		return s.appointAt(r, place, at)
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

// appointAt keeps an appointment, in the place of an earlier one, and tells the resident, who may say that it fits.
func (s *step) appointAt(r *Request, place string, at time.Time) error {
	now, err := s.toCome(r, FollowAppointment)
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return err
	case err == nil && now.At.Equal(at) && now.Place == place: // a second press
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err := s.follow(r, FollowAppointment, place, at, nextReminder(at.In(s.zone(r)), s.now)); err != nil {
		return err
	}
	if err := s.redrawPosted(r, NoticeAppointment, "", `TRUE`); err != nil {
		return err
	}
	s.answered(r, Args{"what": FollowAppointment})
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	s.tellResident(r, NoticeAppointment, Args{"worker": s.signature()})
	s.tell(NoticeFollowSet, r, Args{"what": FollowAppointment, "place": place, "at": at.UTC()})
	return s.redrawCards(r)
}

// nextReminder is when the clock acts next on an appointment, which is in the time zone of those who meet: the evening before,
// shortly before, and when it is over.
func nextReminder(at, now time.Time) time.Time {
	evening := time.Date(at.Year(), at.Month(), at.Day()-1, eveningBefore, 0, 0, 0, at.Location())
	for _, due := range []time.Time{evening, at.Add(-shortlyBefore)} {
		if due.After(now) {
			return due
		}
	}
	return at
}

// cancelAppointment takes an appointment back, and tells the resident.
func (s *step) cancelAppointment(r *Request) error {
	f, err := s.toCome(r, FollowAppointment)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return s.redrawCards(r)
	}
	if err != nil {
		return err
	}
	if _, err := s.stopFollowing(r, FollowAppointment, "cancelled_at"); err != nil {
		return err
	}
	s.logFollowed(r, Args{"what": FollowAppointment, "how": "cancelled"})
	if err := s.closeFollowing(r, FollowAppointment); err != nil {
		return err
	}
	if err := s.redrawPosted(r, NoticeAppointment, "", `TRUE`); err != nil {
		return err
	}
	s.tellResident(r, NoticeAppointmentOff, Args{"at": f.At.UTC()})
	return s.redrawCards(r)
}

// answerAppointment is the resident's word on whether an appointment fits, which they may change until it is over. arg: its
// number.
func answerAppointment(answer string) action {
	return func(s *step, r *Request, arg string) error {
		f, err := s.toCome(r, FollowAppointment)
		if err != nil && !errors.Is(err, ErrNotFound) {
			return err
		}
		if err != nil || strconv.FormatInt(f.ID, 10) != arg || !f.At.After(s.now) {
			s.answer = Answer{Kind: NoticeStale}
			return s.redrawPosted(r, NoticeAppointment, "", `TRUE`)
		}
		if f.Answered == answer {
			return nil
		}
		if _, err := s.tx.ExecContext(s.ctx, `UPDATE follow_ups SET answered = $2 WHERE id = $1`, f.ID, answer); err != nil {
			return wrap(err, "keep whether the appointment fits")
		}
		s.log(r, "followed", ByResident, "", Args{"what": FollowAppointment, "how": answer})
		if err := s.redrawPosted(r, NoticeAppointment, "", `TRUE`); err != nil {
			return err
		}
		if err := s.tellFollower(r, NoticeAppointmentAnswer, Args{"what": answer, "at": f.At.UTC()}); err != nil {
			return err
		}
		return s.redrawCards(r)
	}
}

// tellFollower tells whoever has a request or, where nobody has, those of its station who may claim it.
func (s *step) tellFollower(r *Request, kind string, args Args) error {
	if r.Worker != nil {
		return s.tellHolder(r, kind, args)
	}
	if r.Station == nil {
		return nil
	}
	workers, err := s.calledAt(r, *r.Station)
	for _, w := range workers {
		s.tellChat(*w.Bot, *w.Chat, kind, r, args)
	}
	return err
}
