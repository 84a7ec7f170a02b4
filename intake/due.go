package intake

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"time"

	"onedoor/internal/database"
)

// Due does one of the things whose time has come, and tells whether there was one. What nobody has claimed comes first,
// emergencies before all; then whoever has come on duty is shown what waits; then all else, the longest past its moment
// first; and then what others are asked to do for requests (dueAside), and what is to come of them (see FollowUp). Any number of
// processes may call it at the same time: what another has locked is skipped. A request on which nothing can be done is set aside
// with its error, and tried again later: it keeps no other waiting.
func (s *Service) Due(ctx context.Context) (bool, error) {
	for _, act := range []func(context.Context) (bool, error){s.dueUnclaimed, s.arrivals, s.dueRest, s.dueAside, s.dueFollowUp} {
		if done, err := act(ctx); done || err != nil {
			return done, err
		}
	}
	return false, nil
}

// The ranks of requests whose time has come; see dueRank.
const (
	rankEmergency = iota // that nobody has claimed
	rankUnclaimed
	rankRest
)

// dueRank is the expression that the index requests_due begins with.
const dueRank = `(CASE WHEN r.state = 'open' AND r.urgency = 'emergency' THEN 0 WHEN r.state = 'open' THEN 1 ELSE 2 END)`

func (s *Service) dueUnclaimed(ctx context.Context) (bool, error) {
	return s.due(ctx, rankEmergency, rankUnclaimed)
}

func (s *Service) dueRest(ctx context.Context) (bool, error) { return s.due(ctx, rankRest) }

// due acts on the request of the first of the ranks that has one, which has waited longest past its moment.
func (s *Service) due(ctx context.Context, ranks ...int) (bool, error) {
	var due *Request
	err := s.actOnDue(ctx, ranks, &due)
	if err != nil && due != nil && ctx.Err() == nil && !database.Unavailable(err) {
		err = s.setJobAside(ctx, due.ID, err)
	}
	return due != nil, wrap(err, "act on a request that is due")
}

// actOnDue does what is due on one request, which it names. A panic is an error.
func (s *Service) actOnDue(ctx context.Context, ranks []int, due **Request) (err error) {
	defer caught(&err)
	return s.transact(ctx, func(st *step) error {
		r, err := st.lockDue(ranks)
		if errors.Is(err, ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		*due = r
		if err := st.act(r); err != nil {
			return err
		}
		return st.jobWorks(r)
	})
}

// findDue is the most overdue request of a rank whose chat nobody is busy with, and locks that.
const findDue = `
	SELECT r.id, r.bot_id, r.chat_id FROM requests r JOIN chats c ON c.bot_id = r.bot_id AND c.id = r.chat_id
	WHERE ` + dueRank + ` = $2 AND r.next_action_at <= $1 ORDER BY r.next_action_at LIMIT 1 FOR NO KEY UPDATE OF c SKIP LOCKED`

// lockDue locks what findDue finds in the first of the ranks that has something; its chat first, as everywhere.
func (s *step) lockDue(ranks []int) (*Request, error) {
	s.chat = &chat{}
	var id int64
	for _, rank := range ranks {
		err := s.tx.QueryRowxContext(s.ctx, findDue, s.now, rank).Scan(&id, &s.chat.Bot, &s.chat.ID)
		if err == nil {
			break
		}
		if !noRows(err) {
			return nil, wrap(err, "find what is due")
		}
	}
	if id == 0 {
		return nil, ErrNotFound
	}
	if err := s.tx.GetContext(s.ctx, s.chat, `SELECT `+chatColumns+` FROM chats c WHERE c.bot_id = $1 AND c.id = $2`,
		s.chat.Bot, s.chat.ID); err != nil {
		return nil, wrap(err, "load the chat")
	}
	return lockRequest(s.ctx, s.tx, `r.id = $1 AND r.next_action_at <= $2`, id, s.now)
}

// keepUpdates is how long the ids of updates are known. Telegram repeats for a day, and after a week of silence
// it may begin anew anywhere, where an old id would hide a new update.
const keepUpdates = 3 * 24 * time.Hour

// keepRaw is how long what a person has closed under Troubles keeps the update as it came, with its words.
const keepRaw = 30 * 24 * time.Hour

// ForgetUpdates drops the ids of updates that Telegram no longer repeats, and the text of those in troubles that were
// closed long ago.
func (s *Service) ForgetUpdates(ctx context.Context) error {
	_, err := s.DB.ExecContext(ctx, `
		WITH forgotten AS (UPDATE troubles SET raw = '' WHERE closed_at < $2 AND raw <> '')
		DELETE FROM updates WHERE received_at < $1`, s.Now().Add(-keepUpdates), s.Now().Add(-keepRaw))
	return wrap(err, "forget old updates")
}

// act does the request's next action.
func (s *step) act(r *Request) error {
	switch value(r.NextAction) {
	case actUnderstand, actRemind, actFile, actWhich, actGather, actSubmit:
		return s.actOnDraft(r)
	case actCall:
		return s.callAll(r)
	case actCallRest:
		return s.callRest(r)
	case actClaim:
		return s.nobodyClaimed(r)
	case actAsk:
		return s.askHolder(r)
	case actAnswer:
		return s.notAnswered(r)
	case actResolve:
		return s.notResolved(r)
	case actClose:
		return s.closed(r)
	default:
		return fmt.Errorf("act on request %s: unknown action %q", r.Ref, value(r.NextAction))
	}
}

// closed ends a resolved request for good.
func (s *step) closed(r *Request) error {
	actor, id := s.actor()
	r.finish(Closed, s.now)
	s.log(r, "closed", actor, id, nil)
	return r.save(s.ctx, s.tx)
}

func (s *step) actOnDraft(r *Request) error {
	switch *r.NextAction {
	case actWhich:
		return s.assume(r)
	case actUnderstand:
		unheard, err := s.unheard(r)
		if err != nil {
			return err
		}
		if unheard { // nobody has written down in time what is said
			return s.fileUnheard(r)
		}
		// The model took too long: the offline answer stands.
		r.next(actRemind, s.now.Add(remindAfter))
		return s.proceed(r)
	case actRemind:
		r.next(actFile, s.now.Add(fileAfter))
		s.log(r, "reminded", BySystem, "", Args{"who": ByResident})
		s.tell(NoticeReminder, r, menuArgs(s.cardMenu(r)))
		return r.save(s.ctx, s.tx)
	case actGather:
		return s.gathered(r)
	case actSubmit:
		return s.fileOver(r)
	default:
		if put, err := s.putOff(r, actFile); put || err != nil {
			return err
		}
		r.Triage = TriageUnconfirmed
		update, err := s.lastUpdate(r)
		if err != nil {
			return err
		}
		return s.submitAs(r, BySystem, update)
	}
}

// fileUnheard files a draft that is only spoken, in the name of the update that brought it.
func (s *step) fileUnheard(r *Request) error {
	update, err := s.lastUpdate(r)
	if err != nil {
		return err
	}
	if update != nil {
		s.update.ID = *update
	}
	return s.fileSpoken(r)
}

// lastUpdate is the update that brought the last of the request's words.
func (s *step) lastUpdate(r *Request) (*int64, error) {
	var id sql.Null[int64]
	err := s.tx.GetContext(s.ctx, &id, `SELECT max(update_id) FROM messages WHERE request_id = $1`, r.ID)
	if !id.Valid {
		return nil, wrap(err, "find the request's last update")
	}
	return &id.V, wrap(err, "find the request's last update")
}

// cryAgain has everybody who could help hear that somebody in danger calls once more, whoever has the request:
// unless they have just heard of it.
func (s *step) cryAgain(r *Request) error {
	var heard bool
	err := s.tx.GetContext(s.ctx, &heard, `SELECT EXISTS (SELECT FROM events WHERE request_id = $1 AND at > $2
		AND kind IN ('submitted', 'offered', 'claimed', 'released', 'transferred', 'answered', 'alarmed'))`,
		r.ID, s.now.Add(-alarmEvery))
	switch {
	case err != nil:
		return wrap(err, "look when the alarm was raised last")
	case heard || !r.State.Active():
		return nil
	case r.State == Open:
		return s.alarm(r)
	}
	return s.sound(r)
}

// sound tells the request's station, and those it is offered to, of danger; not the worker who has it. At which stations how many
// workers are told is in the log.
func (s *step) sound(r *Request) error {
	told, err := s.tellCalled(r, NoticeAlarm)
	stations, workers := []string{}, 0
	for station, n := range told {
		stations, workers = append(stations, station), workers+n
	}
	slices.Sort(stations)
	s.log(r, "alarmed", BySystem, "", Args{"stations": stations, "told": workers})
	return err
}

// tellCalled writes a notice to those who are called to a request: of its station and of those it is offered to before
// now, but the worker who has it. It returns how many workers are told, of the stations where there are any.
func (s *step) tellCalled(r *Request, kind string) (told map[string]int, err error) {
	var stations []string
	if err := s.tx.SelectContext(s.ctx, &stations, `
		SELECT station FROM offers WHERE request_id = $1 AND offered_at < $2
		UNION SELECT station FROM requests WHERE id = $1 AND station IS NOT NULL`, r.ID, s.now); err != nil {
		return nil, wrap(err, "load who is called")
	}
	told = map[string]int{}
	for _, station := range stations {
		n, err := s.tellStation(r, station, kind)
		if err != nil {
			return nil, err
		}
		if n > 0 {
			told[station] = n
		}
	}
	return told, nil
}

func later(a, b time.Time) time.Time {
	if a.After(b) {
		return a
	}
	return b
}
