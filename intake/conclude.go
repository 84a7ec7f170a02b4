package intake

import (
	"context"
	"fmt"
	"slices"
)

// An End is how a supervisor ends a request: with an Outcome, and as far as that needs it a reason of Reasons, the reference of
// the request that asks for the same, or a sentence, which the resident reads with the outcome.
type End struct {
	Outcome, Reason, SameAs, Sentence string
}

// Resolve ends a request, whoever has it, as its worker would.
func (s *Service) Resolve(ctx context.Context, by Supervisor, ref string, end End) error {
	reasons := Reasons(end.Outcome)
	if !slices.Contains(Outcomes(), end.Outcome) || end.Reason != "" && !slices.Contains(reasons, end.Reason) {
		return fmt.Errorf("resolve request %s: outcome %q for %q: %w", ref, end.Outcome, end.Reason, ErrNotFound)
	}
	what := said{kind: KindText, text: clean(end.Sentence)}
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		switch {
		case !r.State.Active():
			return ErrRefused
		case !by.Sight.Sees(r):
			return RefusedOffered
		case len(reasons) > 0 && end.Reason == "" && what.text == "":
			return RefusedReason
		}
		var same, words *int64
		if end.Outcome == outcomeDuplicate {
			other, err := st.otherInSight(r, end.SameAs, by.Sight)
			if err != nil {
				return err
			}
			same = &other.ID
		}
		if what.text != "" {
			id, err := st.keep(r, BySupervisor, what)
			if err != nil {
				return err
			}
			words = &id
		}
		if err := st.tellOfSupervisor(r, SupervisedResolved, 0); err != nil {
			return err
		}
		return st.resolveAs(r, end.Outcome, end.Reason, words, same)
	})
}

// otherInSight is another request that a supervisor reads, or RefusedDuplicate. It is locked: whoever links two locks both.
func (s *step) otherInSight(r *Request, ref string, sight Sight) (*Request, error) {
	other, err := lockRequest(s.ctx, s.tx, `r.ref = $1 AND r.state <> 'draft' AND r.erased_at IS NULL`, NormalRef(clean(ref)))
	if err == nil {
		err = s.reads(other, sight)
	}
	if noSuch(err) || err == nil && other.ID == r.ID {
		return nil, RefusedDuplicate
	}
	return other, err
}

// Reopen opens a resolved request again, as when its resident says that it isn't solved.
func (s *Service) Reopen(ctx context.Context, by Supervisor, ref string) error {
	return s.decide(ctx, by, ref, decided, residentChat, func(st *step, r *Request) error {
		if !st.canReopen(r) {
			return errorOr(refuseIf(r.ResolvedAt != nil, RefusedLate), ErrRefused)
		}
		return st.reopened(r, BySupervisor, by.Name)
	})
}

// Close ends a resolved request for good before its week is over. Its resident can have it opened again all the same.
func (s *Service) Close(ctx context.Context, by Supervisor, ref string) error {
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		if r.State != Resolved {
			return ErrRefused
		}
		if err := st.closed(r); err != nil {
			return err
		}
		return st.redrawCards(r)
	})
}
