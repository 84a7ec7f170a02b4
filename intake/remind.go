package intake

import (
	"strconv"
	"strings"
	"time"

	"onedoor/prompts"
)

const (
	// argDate asks for a date, and argAt begins a moment (see MomentArg).
	argDate = "date"
	argAt   = "t"
)

// remindAtHour is when a worker is reminded on a day that is named without a time.
const remindAtHour = 9

// Reminders are the days after which a button reminds.
func Reminders() []int { return []int{1, 3, 7} }

// remindMe has the worker reminded of a request. arg: in how many days, argDate, ArgOff, or argAt and a moment.
func remindMe(s *step, r *Request, arg string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	switch arg {
	case argDate:
		return s.askDate(r, modeRemind)
	case ArgOff:
		return s.stopReminding(r)
	}
	if at, ok := strings.CutPrefix(arg, argAt); ok {
		if at, ok := s.momentOf(at); ok {
			return s.remindAt(r, at)
		}
	}
	if days, err := strconv.Atoi(arg); err == nil && days > 0 && days <= 31 {
		now := s.now.In(s.zone(r))
		return s.remindAt(r, time.Date(now.Year(), now.Month(), now.Day()+days, remindAtHour, 0, 0, 0, now.Location()))
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

func (s *step) remindAt(r *Request, at time.Time) error {
	if err := s.follow(r, FollowRemind, "", at, at); err != nil {
		return err
	}
	s.endWriting()
	s.tell(NoticeFollowSet, r, Args{"what": FollowRemind, "at": at.UTC()})
	return s.redrawCards(r)
}

func (s *step) stopReminding(r *Request) error {
	stopped, err := s.stopFollowing(r, FollowRemind, "cancelled_at")
	if err != nil {
		return err
	}
	if !stopped {
		s.answer = Answer{Kind: NoticeStale}
	} else {
		s.logFollowed(r, Args{"what": FollowRemind, "how": "cancelled"})
	}
	if err := s.closeFollowing(r, FollowRemind); err != nil {
		return err
	}
	return s.redrawCards(r)
}

// askDate makes the worker's next words a date.
func (s *step) askDate(r *Request, mode string) error {
	s.setMode(mode, &r.ID)
	s.tell(NoticeAskDate, r, Args{"what": mode})
	return nil
}

// dateWritten takes a worker's words as a date, in the time zone of the station. One that may mean several, or no time of day
// for an appointment, is asked about.
func (s *step) dateWritten(r *Request, mode string, what said) error {
	if !s.mine(r) {
		return s.keepUnsent(r, what)
	}
	moments := prompts.Moments(what.text, s.now.In(s.zone(r)), s.chat.Language == "en")
	switch {
	case len(moments) == 0:
		s.tell(NoticeAskDate, r, Args{"what": mode, "again": true})
		return nil // and is waited for again
	case len(moments) == 1 && mode == modeRemind:
		return s.remindAt(r, moments[0].At)
	}
	s.endWriting()
	var at []time.Time
	for _, m := range moments {
		at = append(at, m.At.UTC())
	}
	s.tell(NoticeWhichDate, r, Args{"what": mode, "times": at, "clock": moments[0].Clock})
	return nil
}
