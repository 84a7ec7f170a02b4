package intake

import (
	"context"

	"github.com/lib/pq"
)

// A Hand is a worker to whom a request can be assigned.
type Hand struct {
	Worker
	Has int `db:"has"` // what counts for the limit of claims
}

// Hands are the workers of stations who can be told, station by station in this order; on duty first, then those with the least to do.
func (s *Service) Hands(ctx context.Context, stations ...string) ([]Hand, error) {
	var all []Hand
	err := s.DB.SelectContext(ctx, &all, `
		SELECT `+workerColumns+`, (SELECT count(*) FROM requests h WHERE h.worker = w.code AND h.state = 'claimed' AND h.urgency <> 'emergency') AS has
		FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		WHERE w.station = ANY ($1) AND w.active AND c.unreachable_at IS NULL
		ORDER BY array_position(CAST($1 AS text[]), w.station), w.on_duty DESC, away, has, w.name, w.code`, pq.Array(stations))
	return all, wrap(err, "load whom a request can be assigned to")
}

// Assign gives a request to a worker of a station that can take it (see Sight.Takes), as if they had claimed it, within the limit of
// what one may have; what no station has is sent to theirs in the same step. Who has it already loses it, where the supervisor
// knew of that.
func (s *Service) Assign(ctx context.Context, by Supervisor, ref, worker string) error {
	return s.decide(ctx, by, ref, decided, staffInSight(worker, by.Sight), func(st *step, r *Request) error {
		v, err := st.withOffers(r)
		switch {
		case err != nil:
			return err
		case !r.State.Active():
			return ErrRefused
		case st.worker == nil || !by.Sight.Takes(v, st.worker.Station):
			return RefusedWorker
		case value(r.Worker) == st.worker.Code, r.State.InHand() && by.Seen == 0:
			return RefusedHeld
		}
		if err := st.takenFrom(r); err != nil {
			return err
		}
		if err := st.stationed(r); err != nil {
			return err
		}
		won, err := st.winClaim(r)
		if err == nil && !won {
			err = RefusedFull
		}
		if err != nil {
			return err
		}
		st.tell(NoticeSupervised, r, Args{"what": SupervisedAssigned, "worker": by.Name})
		return st.claimed(r)
	})
}

// stationed sends a request that no station has to that of the worker who is given it. They alone hear of it.
func (s *step) stationed(r *Request) error {
	if r.Station != nil {
		return nil
	}
	if to, ok := s.Router.Station(s.worker.Station); !ok || !to.Active {
		return RefusedWorker
	}
	s.log(r, "transferred", BySupervisor, s.supervisor, Args{"from": r.Station, "to": s.worker.Station})
	r.Station, r.Triage = &s.worker.Station, ""
	if err := s.takeBackOffer(r); err != nil {
		return err
	}
	return r.save(s.ctx, s.tx)
}

// takenFrom makes a request that somebody has open again, for another.
func (s *step) takenFrom(r *Request) error {
	if !r.State.InHand() {
		return nil
	}
	if err := s.tellOfSupervisor(r, SupervisedReleased, 0); err != nil {
		return err
	}
	if err := s.leave(r); err != nil {
		return err
	}
	r.State, r.Worker, r.ClaimedAt = Open, nil, nil
	s.awaitClaim(r)
	s.log(r, "released", BySupervisor, s.supervisor, nil)
	return r.save(s.ctx, s.tx)
}

// Release takes a request from the worker who has it: it waits in its station's queue again.
func (s *Service) Release(ctx context.Context, by Supervisor, ref string) error {
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		if !r.State.InHand() {
			return ErrRefused
		}
		if err := st.tellOfSupervisor(r, SupervisedReleased, 0); err != nil {
			return err
		}
		return release(st, r, "")
	})
}

// Assigned tells whether a supervisor has given a request to who has it now.
func (s *Service) Assigned(ctx context.Context, r *Request) (yes bool, err error) {
	err = s.DB.GetContext(ctx, &yes, `SELECT EXISTS (SELECT FROM events e
		WHERE e.request_id = $1 AND e.kind = 'claimed' AND e.at = $2 AND e.actor = 'supervisor')`, r.ID, r.ClaimedAt)
	return yes, wrap(err, "look whether it was assigned")
}

// Called is what a worker, a partner or an organisation is called.
type Called struct {
	Code         string `db:"code"`
	Name         string `db:"name"`
	NameEN       string `db:"name_en"` // of an organisation, and it may be missing
	Organisation bool   `db:"organisation"`
}

// Names are what workers, partners and organisations are called, by code.
func (s *Service) Names(ctx context.Context, codes []string) (map[string]Called, error) {
	var all []Called
	err := s.DB.SelectContext(ctx, &all, `SELECT code, name, name_en, TRUE AS organisation FROM organisations WHERE code = ANY ($1)
		UNION ALL SELECT code, name, '', FALSE FROM partners WHERE code = ANY ($1)
		UNION ALL SELECT code, name, '', FALSE FROM workers WHERE code = ANY ($1)`, pq.Array(codes))
	names := map[string]Called{}
	for _, one := range all {
		names[one.Code] = one
	}
	return names, wrap(err, "load names")
}
