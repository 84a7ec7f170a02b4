package intake

import (
	"slices"

	"onedoor/prompts"
)

// Who is told by the clock that a request is late, as its log says.
const (
	toCalled      = "called"      // those of its station, and of those that it is offered to
	toSupervisors = "supervisors" // of its station
	toCounty      = "county"      // supervisors of its county, and of the stations that it is offered to
)

// What is late, as notices say.
const (
	lateClaim   = "claim"
	lateResolve = "resolve"
	lateHalf    = "half" // half of the time to resolve is over
	lateAsk     = "ask"  // half of the time to answer is over: is the worker on it?
)

// nobodyClaimed takes the next step of those by which a request that nobody has claimed is heard of by ever more.
func (s *step) nobodyClaimed(r *Request) error {
	r.ClaimLevel = s.claimClock(r).step(s.now)
	if r.Urgency == prompts.Emergency {
		return s.alarm(r)
	}
	var err error
	if r.ClaimLevel == levelHalf {
		err = s.remindCalled(r)
	} else {
		err = s.askFurther(r)
	}
	if err != nil {
		return err
	}
	s.awaitClaim(r)
	return r.save(s.ctx, s.tx)
}

// remindCalled reminds those who could claim a request. Where none of them can be told, it is offered on.
func (s *step) remindCalled(r *Request) error {
	before := len(s.notices)
	if _, err := s.tellCalled(r, NoticeUnclaimed); err != nil {
		return err
	}
	told := len(s.notices) - before
	s.logReminded(r, toCalled, lateClaim, told)
	if told > 0 {
		return nil
	}
	_, err := s.offerOn(r)
	return err
}

// askFurther offers a request that nobody has claimed in time to the next station too, tells the resident so honestly,
// and the supervisors.
func (s *step) askFurther(r *Request) error {
	station, err := s.offerOn(r)
	if err != nil {
		return err
	}
	if station != "" {
		s.tellResident(r, NoticeOfferedOn, Args{"station": station})
	} else if err := s.tellOnce(r, NoticeWaiting); err != nil {
		return err
	}
	if r.Triage == "" {
		r.Triage = TriageUnclaimed
	}
	if r.ClaimLevel == levelDouble {
		if _, err := s.tellCalled(r, NoticeUnclaimed); err != nil {
			return err
		}
	}
	return s.tellSupervisors(r, lateClaim, r.ClaimLevel)
}

// alarm tells everybody who could claim an emergency once more, and others beside them; supervisors, too, once its time
// to be claimed is over. It has no end but that somebody claims it.
func (s *step) alarm(r *Request) error {
	if _, err := s.callOthers(r); err != nil {
		return err
	}
	if err := s.sound(r); err != nil {
		return err
	}
	if r.ClaimLevel >= levelWhole {
		if err := s.tellSupervisors(r, lateClaim, r.ClaimLevel); err != nil {
			return err
		}
	}
	if r.Triage == "" {
		r.Triage = TriageUnclaimed
	}
	s.awaitClaim(r)
	return r.save(s.ctx, s.tx)
}

// notResolved reminds the worker of a request that is answered and not resolved, when half of the time is over, when all
// of it is, and daily from then on; supervisors are told as levels are reached. Who can't be reminded has it no longer.
func (s *step) notResolved(r *Request) error {
	before := r.ResolveLevel
	r.ResolveLevel = s.resolveClock(r).step(s.now)
	late := lateResolve
	if r.ResolveLevel == levelHalf {
		late = lateHalf
	}
	s.log(r, "reminded", BySystem, "", Args{"who": ByWorker, "of": late})
	if told, err := s.tellWorker(r, NoticeLate, Args{"what": late}); err != nil {
		return err
	} else if !told {
		return s.handBack(r)
	}
	if r.ResolveLevel >= levelWhole && r.ResolveLevel > before {
		if err := s.tellSupervisors(r, lateResolve, r.ResolveLevel); err != nil {
			return err
		}
	}
	r.next(actResolve, s.resolveClock(r).next(s.now))
	return r.save(s.ctx, s.tx)
}

// tellSupervisors writes to the supervisors of the request's station, on duty or not, that it is late; from levelDouble on
// to those of its county and of the stations that it is offered to. Whoever has it, or is called to it in this step anyway,
// is left out.
func (s *step) tellSupervisors(r *Request, what string, level int) error {
	to := toSupervisors
	if level >= levelDouble {
		to = toCounty
	}
	var all []Worker
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT `+workerColumns+` FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
			JOIN stations t ON t.code = w.station
		WHERE w.role = 'supervisor' AND w.active AND c.unreachable_at IS NULL AND w.code IS DISTINCT FROM $2
		  AND (w.station = $1 OR $3 AND (w.station IN (SELECT o.station FROM offers o WHERE o.request_id = $4)
			OR t.county_code <> '' AND t.county_code = (SELECT q.county_code FROM stations q WHERE q.code = $1)))
		ORDER BY w.code`, r.Station, r.Worker, to == toCounty, r.ID)
	if err != nil {
		return wrap(err, "find the supervisors")
	}
	all = slices.DeleteFunc(all, func(w Worker) bool { return s.calls(&w, r) })
	for _, w := range all {
		s.tellChat(*w.Bot, *w.Chat, NoticeEscalated, r, Args{"what": what, "to": to})
	}
	s.logReminded(r, to, what, len(all))
	return nil
}

// calls tells whether the step has a card or an alarm for a worker about the request.
func (s *step) calls(w *Worker, r *Request) bool {
	return slices.ContainsFunc(s.notices, func(n notice) bool {
		return n.Bot == *w.Bot && n.Chat == *w.Chat && n.Request != nil && *n.Request == r.ID && n.Edits == nil &&
			(n.Kind == NoticeCard || n.Kind == NoticeAlarm)
	})
}

func (s *step) logReminded(r *Request, who, of string, told int) {
	s.log(r, "reminded", BySystem, "", Args{"who": who, "of": of, "told": told})
}
