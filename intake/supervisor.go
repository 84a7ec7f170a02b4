package intake

import (
	"context"

	"github.com/lib/pq"
)

// A Supervisor is an account of the web that decides on a request. What it does goes by the same rules as what workers do in
// chat, and in the same steps.
type Supervisor struct {
	Name  string
	Sight Sight // of what is only offered to it, they decide like a worker there: it is theirs to end once a worker of theirs has it
	Seen  int64 // the Seen of the request that the decision rests on; 0: on none, whatever has changed
}

// A Refusal is an ErrRefused that says why, by a key.
type Refusal string

// Why a supervisor's decision is refused.
const (
	RefusedChanged    Refusal = "changed"     // somebody has decided otherwise since the supervisor looked
	RefusedHeld       Refusal = "held"        // a worker has it by now
	RefusedFull       Refusal = "full"        // the worker has as many requests as one may have
	RefusedWorker     Refusal = "worker"      // who can't be told, or is none of the station's
	RefusedFar        Refusal = "far"         // a position far from all that we know
	RefusedNobody     Refusal = "nobody"      // no worker has it who could answer for what others do
	RefusedPartner    Refusal = "partner"     // nobody answers in chat for the organisation
	RefusedRunning    Refusal = "running"     // somebody is asked already
	RefusedNoRoom     Refusal = "no_room"     // the organisation has as many as it can
	RefusedReason     Refusal = "reason"      // an outcome that says nothing without more
	RefusedDuplicate  Refusal = "duplicate"   // no such request to be the same as
	RefusedLinked     Refusal = "linked"      // to that one already
	RefusedLate       Refusal = "too_late"    // to be opened again
	RefusedMoment     Refusal = "moment"      // not to come within a year
	RefusedNotFor     Refusal = "not_for"     // volunteers: there is danger
	RefusedTask       Refusal = "task"        // that volunteers are asked to do already
	RefusedNobodyNear Refusal = "nobody_near" // volunteers for such a task
	RefusedSent       Refusal = "sent"        // words that can't be taken back any more
	RefusedForeign    Refusal = "foreign"     // words that no machine can translate for their reader
	RefusedOffered    Refusal = "offered"     // only, to a station of theirs
	RefusedNoChat     Refusal = "no_chat"     // of the resident's, in which a file could come
)

// Refusals are all of them.
func Refusals() []Refusal {
	return []Refusal{RefusedChanged, RefusedHeld, RefusedFull, RefusedWorker, RefusedFar, RefusedNobody, RefusedPartner, RefusedRunning,
		RefusedNoRoom, RefusedReason, RefusedDuplicate, RefusedLinked, RefusedLate, RefusedMoment,
		RefusedNotFor, RefusedTask, RefusedNobodyNear, RefusedSent, RefusedForeign, RefusedOffered, RefusedNoChat}
}

func (r Refusal) Error() string { return "refused: " + string(r) }

// Is makes each an ErrRefused.
func (r Refusal) Is(target error) bool { return target == ErrRefused }

// decided is the condition that an event e of a request is a decision on it, which the next one must know of.
const decided = `(e.kind IN ('submitted', 'claimed', 'released', 'reclassified', 'prioritised', 'transferred', 'linked', 'resolved', 'reopened',
	'cancelled', 'closed', 'erased') OR e.kind = 'placed' AND e.actor = 'supervisor')`

// answering is the condition that an event e is what somebody of ours says to the resident, which the next who answers must
// know of.
const answering = `(e.kind IN ('answered', 'said') AND e.actor IN ('worker', 'supervisor'))`

// planning is the condition that an event e is somebody's decision on what is to come of a request, which the next one on that
// must know of.
const planning = `(e.kind = 'followed' AND e.actor IN ('worker', 'supervisor'))`

// Seen is what a supervisor's decision on a request rests on, and what their answer or plan does: the number of the last event
// that matters to it.
func (s *Service) Seen(ctx context.Context, request int64) (decision, answer int64, err error) {
	var seen struct {
		Decision int64 `db:"decision"`
		Answer   int64 `db:"answer"`
	}
	err = s.DB.GetContext(ctx, &seen, `SELECT coalesce(max(e.id) FILTER (WHERE `+decided+`), 0) AS decision,
		coalesce(max(e.id), 0) AS answer FROM events e WHERE e.request_id = $1 AND (`+decided+` OR `+answering+` OR `+planning+`)`, request)
	return seen.Decision, seen.Answer, wrap(err, "look what was decided last")
}

// decide runs one step of a supervisor's on a request in their sight, with the chat locked first that the step acts in: that
// of its resident (see residentChat), of a worker, or none. ErrNotFound where the request is out of sight, ErrRefused where
// it is a draft or erased, and RefusedChanged where something that matters has happened since the supervisor looked.
func (s *Service) decide(ctx context.Context, by Supervisor, ref, matters string, lock func(*step, int64) error, do func(*step, *Request) error) error {
	err := s.transact(ctx, func(st *step) error {
		st.supervisor, st.chat = by.Name, &chat{}
		id, err := st.numberOf(ref)
		if err != nil {
			return err
		}
		if lock != nil {
			if err := lock(st, id); err != nil {
				return err
			}
		}
		r, err := lockRequest(ctx, st.tx, `r.id = $1`, id)
		if err == nil {
			err = st.reads(r, by.Sight)
		}
		switch {
		case err != nil:
			return err
		case r.State == Draft || r.ErasedAt != nil:
			return ErrRefused
		}
		if err := st.unchanged(r, matters, by.Seen); err != nil {
			return err
		}
		st.update.Bot, st.update.Chat = r.Bot, r.Chat // where a message of theirs stands
		return do(st, r)
	})
	return wrap(err, "decide on request "+ref)
}

// reads is ErrNotFound where a request isn't in sight, nor offered to a station that is.
func (s *step) reads(r *Request, sight Sight) error {
	if sight.Sees(r) {
		return nil
	}
	v, err := s.withOffers(r)
	if err == nil && !sight.Reads(v) {
		err = ErrNotFound
	}
	return err
}

// withOffers is a request with the stations that are offered it, beside its own.
func (s *step) withOffers(r *Request) (*View, error) {
	v := &View{Request: *r}
	err := s.tx.SelectContext(s.ctx, &v.OfferedTo, `SELECT station FROM offers WHERE request_id = $1`, r.ID)
	return v, wrap(err, "load to whom a request is offered")
}

func (s *step) numberOf(ref string) (id int64, err error) {
	err = s.tx.GetContext(s.ctx, &id, `SELECT id FROM requests WHERE ref = $1`, NormalRef(ref))
	if noRows(err) {
		return 0, ErrNotFound
	}
	return id, wrap(err, "find a request")
}

// residentChat has a step of a supervisor's act in the chat of the request's resident.
func residentChat(s *step, request int64) error { return s.lockChatOf(request) }

// unchanged is RefusedChanged where an event that matters came after the one seen.
func (s *step) unchanged(r *Request, matters string, seen int64) error {
	if seen == 0 {
		return nil
	}
	var changed bool
	err := s.tx.GetContext(s.ctx, &changed, `SELECT EXISTS (SELECT FROM events e WHERE e.request_id = $1 AND e.id > $2 AND `+matters+`)`, r.ID, seen)
	return errorOr(wrap(err, "look what has changed"), refuseIf(changed, RefusedChanged))
}

func refuseIf(yes bool, why Refusal) error {
	if yes {
		return why
	}
	return nil
}

// tellOfSupervisor tells the worker who has a request what a supervisor has done to it.
func (s *step) tellOfSupervisor(r *Request, what string, message int64) error {
	args := Args{"what": what, "worker": s.supervisor}
	if message != 0 {
		args["message"] = message
	}
	_, err := s.tellWorker(r, NoticeSupervised, args)
	return err
}

// What a supervisor does to a request of a worker's, as a NoticeSupervised names it.
const (
	SupervisedAssigned  = "assigned"
	SupervisedReleased  = "released"
	SupervisedSaid      = "said"
	SupervisedNoted     = "noted"
	SupervisedResolved  = "resolved"
	SupervisedAppointed = "appointed"  // at and place: an appointment of theirs
	SupervisedCalledOff = "called_off" // at: that of one
)

// SupervisedKinds are all of them.
func SupervisedKinds() []string {
	return []string{SupervisedAssigned, SupervisedReleased, SupervisedSaid, SupervisedNoted, SupervisedResolved, SupervisedAppointed, SupervisedCalledOff}
}

// staffInSight is the worker with this code who can be told, of a station in sight, with their chat locked as a press of theirs
// would: so the count of what they have holds.
func staffInSight(code string, sight Sight) func(*step, int64) error {
	return func(s *step, _ int64) error {
		var w Worker
		err := s.tx.GetContext(s.ctx, &w, `SELECT `+workerColumns+` FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
			WHERE w.code = $1 AND w.active AND c.unreachable_at IS NULL AND ($2 OR w.station = ANY ($3))
			FOR NO KEY UPDATE OF c`, code, sight.All, pq.Array(sight.Stations))
		if noRows(err) {
			return nil // see Assign
		}
		if err != nil {
			return wrap(err, "lock the worker's chat")
		}
		s.worker = &w
		err = s.tx.GetContext(s.ctx, s.chat, `SELECT `+chatColumns+` FROM chats c WHERE c.bot_id = $1 AND c.id = $2`, w.Bot, w.Chat)
		return wrap(err, "load the worker's chat")
	}
}
