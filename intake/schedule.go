package intake

import (
	"time"

	"onedoor/prompts"
)

// How far the clock of a service standard has got. Each level is a step that the clock takes once.
const (
	levelHalf   = 1 // half of the time is over: whoever should act is reminded
	levelWhole  = 2 // all of it is: others are asked, the station's supervisors told
	levelDouble = 3 // twice as much is: the county's supervisors are told
)

const (
	// A step that comes late, because the program was down or somebody had the request meanwhile, comes a pause after the
	// one before it: a share of the time, and no more than maxPause. So none is left out, and they are no flood.
	pauseShare = 12
	maxPause   = 2 * time.Hour
	// morning is the hour at which what repeats daily does, where the station is.
	morning = 9
	// rested is how long after a step the next morning is one at which it is repeated.
	rested = 12 * time.Hour
)

// A clock is one of a request's two that raise their voice: until it is claimed, and until it is resolved.
type clock struct {
	due    time.Time     // the service standard's moment
	within time.Duration // the time that it allows
	level  int           // reached so far
	every  time.Duration // how often a step is taken in an emergency that nobody has claimed; else 0
	daily  bool          // a step is taken each morning once it is due; else only from levelDouble on
	zone   *time.Location
}

// moment is when a level is to be reached.
func (c clock) moment(level int) time.Time {
	switch level {
	case levelHalf:
		return c.due.Add(-c.within / 2)
	case levelWhole:
		return c.due
	default:
		return c.due.Add(c.within)
	}
}

// next is when the step after one at last is taken; the start is one.
func (c clock) next(last time.Time) time.Time {
	switch again := c.morningAfter(last); {
	case c.every > 0:
		return last.Add(c.every)
	case c.level == levelDouble, c.level == levelWhole && c.daily && again.Before(c.moment(levelDouble)):
		return again
	}
	return later(c.moment(c.level+1), last.Add(min(c.within/pauseShare, maxPause)))
}

// step is the level that a step at now reaches: one more, or the same where the step repeats the one before.
func (c clock) step(now time.Time) int {
	repeats := c.every > 0 || c.daily && c.level == levelWhole
	if c.level == levelDouble || repeats && c.moment(c.level+1).After(now) {
		return c.level
	}
	return c.level + 1
}

func (c clock) morningAfter(last time.Time) time.Time {
	t := last.Add(rested).In(c.zone)
	at := time.Date(t.Year(), t.Month(), t.Day(), morning, 0, 0, 0, c.zone)
	if at.Before(t) {
		at = time.Date(t.Year(), t.Month(), t.Day()+1, morning, 0, 0, 0, c.zone)
	}
	return at
}

// claimClock is the one that stops when the request is claimed.
func (s *step) claimClock(r *Request) clock {
	c := clock{due: *r.ClaimDue, within: s.standard(r).Claim, level: r.ClaimLevel, zone: s.zone(r)}
	if r.Urgency == prompts.Emergency {
		c.every = alarmEvery
	}
	return c
}

// resolveClock is the one that stops when the request is resolved.
func (s *step) resolveClock(r *Request) clock {
	return clock{due: *r.ResolveDue, within: s.standard(r).Resolve, level: r.ResolveLevel, daily: true, zone: s.zone(r)}
}

// china is the time zone of what has no station.
var china = time.FixedZone("CST", 8*60*60)

func (s *step) zone(r *Request) *time.Location {
	if station, ok := s.Router.Station(value(r.Station)); ok {
		return station.Zone()
	}
	return china
}

// answerTime is until when a worker who claims a request at a moment has time for its first answer: until the service
// standard's moment, and where that is near or past, a share of its time.
func answerTime(r *Request, standard prompts.Standard, claimed time.Time) time.Time {
	grace := standard.Answer / 8
	if r.Urgency == prompts.Emergency {
		grace = standard.Answer / 2
	}
	return later(*r.AnswerDue, claimed.Add(grace))
}

// awaitClaim sets when the clock looks at an open request again.
func (s *step) awaitClaim(r *Request) {
	r.next(actClaim, s.claimClock(r).next(s.now))
}

// goOnWaiting is awaitClaim for a request that may wait already: whose clock goes on as it did.
func (s *step) goOnWaiting(r *Request) {
	if value(r.NextAction) != actClaim {
		s.awaitClaim(r)
	}
}

// awaitWork sets when the clock looks at a claimed request again: half of the worker's time for the first answer is over
// then or, where that was given in this cycle of the service standard, the clock of the resolution takes its next step.
func (s *step) awaitWork(r *Request) {
	if r.AnsweredAt != nil && !r.AnsweredAt.Before(s.began(r)) {
		s.awaitResolution(r)
		return
	}
	r.next(actAsk, s.now.Add(answerTime(r, s.standard(r), s.now).Sub(s.now)/2))
}

// awaitResolution sets when the clock looks at a request again whose worker has answered.
func (s *step) awaitResolution(r *Request) {
	r.next(actResolve, s.resolveClock(r).next(s.now))
}
