package intake

import "onedoor/prompts"

// think finds out what a draft means and goes on with it, unless the model is asked first.
func (s *step) think(r *Request) error {
	u, filed, err := s.classify(r)
	if filed || err != nil {
		return err
	}
	if r.Undecided() {
		return s.askWhich(r)
	}
	chosen, err := s.understood(r, u)
	if err != nil {
		return err
	}
	if err := s.locate(r); err != nil {
		return err
	}
	r.next(actRemind, s.now.Add(remindAfter))
	if s.Model != nil && r.Text != "" && !chosen {
		if err := s.askModel(r); err != nil {
			return err
		}
	}
	return s.proceed(r)
}

// classify says what a draft means, or is true where it tells of danger, and is filed. Danger of which another request is
// makes this one urgent only.
func (s *step) classify(r *Request) (u prompts.Understanding, filed bool, err error) {
	if u = s.Offline.Classify(r.Text); u.Crisis == "" {
		return u, false, nil
	}
	known, err := s.alarmedAlready(r)
	switch {
	case err != nil:
		return u, false, err
	case !known:
		return u, true, s.fileEmergency(r, u.Crisis)
	}
	u.Urgency = prompts.Urgent
	return u, false, nil
}

// alarmedAlready tells whether a draft's danger is that of the emergency from which its resident has asked for a further
// service: its words are the same. Those that are added were looked at when they came.
func (s *step) alarmedAlready(r *Request) (known bool, err error) {
	err = s.tx.GetContext(s.ctx, &known, `SELECT EXISTS (SELECT FROM events e JOIN requests o ON o.id = CAST(e.data ->> 'from' AS bigint)
		WHERE e.request_id = $1 AND e.kind = 'drafted' AND o.crisis <> '')`, r.ID)
	return known, wrap(err, "look whether the danger is known")
}

// proceed asks for what is missing, or shows what was understood. It saves the draft.
func (s *step) proceed(r *Request) error {
	if r.Undecided() {
		return s.askWhich(r)
	}
	if !r.Pending() {
		if asked, err := s.askRepeated(r); asked || err != nil {
			return err
		}
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if _, ok := r.Point(); !ok {
		if s.asked(r) {
			return nil
		}
		return s.askPlace(r, "")
	}
	if r.Pending() {
		return nil // the model's answer, or the clock, goes on from here
	}
	return s.showAtEnd(r, NoticeUnderstood, menuArgs(s.cardMenu(r)))
}

// firstWords understands the first written words of a request that waits for somebody to listen to it, and does nothing
// about any others. The urgency stays: they may be the lesser part of it.
func (s *step) firstWords(r *Request, text string) {
	if r.Worker != nil || r.Text != "" || r.Category != nil || text == "" {
		return
	}
	u := s.Offline.Classify(text)
	urgency := r.Urgency
	r.understood(u)
	if urgency != prompts.Normal {
		r.Urgency = urgency
	}
	if r.Category == nil {
		return
	}
	if r.Triage == TriageUnclear {
		r.Triage = ""
	}
	s.log(r, "understood", BySystem, "", understoodData(u))
}

// understood takes over what a classifier says, but for a service that the resident chose, which it tells, and for whom they
// said that it is.
func (s *step) understood(r *Request, u prompts.Understanding) (chosen bool, err error) {
	var who string
	err = s.tx.QueryRowxContext(s.ctx, `SELECT coalesce(bool_or(kind = 'reclassified'), false),
			coalesce((array_agg(data ->> 'for' ORDER BY id DESC) FILTER (WHERE kind = 'understood'))[1], '')
		FROM events WHERE request_id = $1 AND actor = 'resident'`, r.ID).Scan(&chosen, &who)
	if err != nil {
		return false, wrap(err, "look what the resident chose")
	}
	choice := r.Category
	r.understood(u)
	r.needs(who)
	if chosen {
		r.Category = choice
	}
	s.log(r, "understood", BySystem, "", understoodData(u))
	return chosen, nil
}

// understood takes over what a classifier says.
func (r *Request) understood(u prompts.Understanding) {
	r.Category = nil
	if u.Category != "" && u.Confidence >= unsure {
		r.Category = &u.Category
	}
	if r.Crisis = u.Crisis; u.Urgency != prompts.Emergency { // another request is about it
		r.Crisis = ""
	}
	r.Urgency, r.Groups, r.Summary = u.Urgency, u.Groups, u.Summary
	r.Understanding = toDocument(u)
}

func understoodData(u prompts.Understanding) Args {
	return Args{"category": u.Category, "confidence": u.Confidence, "urgency": u.Urgency, "source": u.Source}
}
