package intake

import "context"

// Answer brings a supervisor's words to the resident of a request that isn't over, as a worker's would come, and stops the
// clock of the first answer. Who has the request reads them, too. Words without a character to be read are ErrRefused.
func (s *Service) Answer(ctx context.Context, by Supervisor, ref, words string) error {
	return s.answer(ctx, by, ref, said{kind: KindText, text: clean(words)}, false)
}

// AnswerTranslated is Answer with what a machine makes of the words in the resident's language, where that is another one.
func (s *Service) AnswerTranslated(ctx context.Context, by Supervisor, ref, words string) error {
	return s.answer(ctx, by, ref, said{kind: KindText, text: clean(words)}, true)
}

func (s *Service) answer(ctx context.Context, by Supervisor, ref string, what said, translated bool) error {
	return s.decide(ctx, by, ref, `(`+decided+` OR `+answering+`)`, nil, func(st *step, r *Request) error {
		if !r.State.Active() || what.text == "" && what.content == nil {
			return ErrRefused
		}
		if what.content != nil {
			if err := st.takesFile(r); err != nil {
				return err
			}
		}
		id, err := st.keep(r, BySupervisor, what)
		if err != nil {
			return err
		}
		if err := st.relay(r, id, id, what.text); err != nil {
			return err
		}
		if err := st.tellOfSupervisor(r, SupervisedSaid, id); err != nil {
			return err
		}
		if err := st.translateAlso(r, id, translated); err != nil {
			return err
		}
		return st.redrawCards(r)
	})
}

// Note keeps a supervisor's words for colleagues with a request, whatever has become of it.
func (s *Service) Note(ctx context.Context, by Supervisor, ref, words string) error {
	what := said{kind: KindText, text: clean(words)}
	by.Seen = 0 // a note is true whatever else happens
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		if what.text == "" {
			return ErrRefused
		}
		id, err := st.keep(r, BySupervisor, what.asNote())
		if err != nil {
			return err
		}
		if err := st.noted(r, id); err != nil || !r.State.InHand() {
			return err
		}
		return st.tellOfSupervisor(r, SupervisedNoted, id)
	})
}

// ReferTo has an organisation help with a request that a worker has, who stays answerable: it is offered to who answers for
// the organisation in chat, with words for them alone; or, without words, the organisation has agreed to it by phone. Words of which nothing is left
// once they are clean are ErrRefused.
func (s *Service) ReferTo(ctx context.Context, by Supervisor, ref, organisation, words string) error {
	what := said{kind: KindText, text: clean(words)}
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		switch {
		case !r.State.Active():
			return ErrRefused
		case !r.State.InHand():
			return RefusedNobody
		}
		why, err := st.refuses(r, ToOrganisation, organisation)
		switch err := errorOr(err, refusedFor(why)); {
		case err != nil:
			return err
		case words == "":
			return theyTake(st, r, organisation)
		case what.text == "":
			return ErrRefused
		}
		o, err := st.lockOrganisation(organisation)
		if err != nil {
			return err
		}
		if !o.Answers {
			return RefusedPartner
		}
		return st.refer(r, ToOrganisation, organisation, what)
	})
}

// refusedFor is the refusal that an answer of refuses is to a supervisor.
func refusedFor(why string) error {
	switch why {
	case "":
		return nil
	case NoticeOrganisationFull:
		return RefusedNoRoom
	case NoticeReferredAlready:
		return RefusedRunning
	case NoticeNotForVolunteers:
		return RefusedNotFor
	}
	return ErrNotFound
}
