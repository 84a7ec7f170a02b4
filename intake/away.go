package intake

import (
	"context"
	"errors"
	"strconv"
	"time"

	"github.com/jmoiron/sqlx"
)

// isAway is the condition that the absence a is under way.
const isAway = `a.began_at IS NOT NULL AND a.ended_at IS NULL`

// An Absence is a time at which a worker isn't there.
type Absence struct {
	ID       int64      `db:"id"`
	Worker   string     `db:"worker"`
	StartsAt time.Time  `db:"starts_at"`
	EndsAt   *time.Time `db:"ends_at"` // nil: until they say
	StandIn  *string    `db:"stand_in"`
	BeganAt  *time.Time `db:"began_at"`
	EndedAt  *time.Time `db:"ended_at"`

	WorkerName  string `db:"worker_name"`
	Station     string `db:"station"`
	StandInName string `db:"stand_in_name"` // or empty
}

const absenceSelect = `SELECT a.id, a.worker, a.starts_at, a.ends_at, a.stand_in, a.began_at, a.ended_at,
	w.name AS worker_name, w.station, coalesce(i.name, '') AS stand_in_name
	FROM absences a JOIN workers w ON w.code = a.worker LEFT JOIN workers i ON i.code = a.stand_in `

// AbsenceOf is the absence of a worker's that is planned or under way, or ErrNotFound.
func (s *Service) AbsenceOf(ctx context.Context, worker string) (Absence, error) {
	return absence(ctx, s.DB, `a.worker = $1 AND a.ended_at IS NULL`, worker)
}

// Absence loads one, also one that is over; ErrNotFound when there is none.
func (s *Service) Absence(ctx context.Context, id int64) (Absence, error) {
	return absence(ctx, s.DB, `a.id = $1`, id)
}

func absence(ctx context.Context, db sqlx.QueryerContext, condition string, arg any) (Absence, error) {
	var a Absence
	err := sqlx.GetContext(ctx, db, &a, absenceSelect+`WHERE `+condition, arg)
	if noRows(err) {
		return Absence{}, ErrNotFound
	}
	return a, wrap(err, "load an absence")
}

// away says from when to when the worker is away, as they write it; without a word it shows what is known, or asks.
func away(s *step, arg string) error {
	if arg == "" {
		s.tell(NoticeAway, nil, nil)
		return nil
	}
	from, to, ok := s.awayDates(arg)
	if !ok {
		s.tell(NoticeAway, nil, Args{"menu": "dates", "why": "unknown"})
		return nil
	}
	if err := s.setAway(s.worker.Code, from, to); err != nil {
		return err
	}
	s.tell(NoticeAway, nil, nil)
	return nil
}

// AwayBack is the button's word for being back.
const AwayBack = "back"

// pressedAway is a button's choice of dates, or opens them again.
func pressedAway(s *step, arg string) error {
	if arg == AwayBack {
		return back(s, "")
	}
	from, to, ok := s.awayDates(arg)
	if !ok {
		return s.rewritePressed(NoticeAway, menuArgs("dates"))
	}
	if err := s.setAway(s.worker.Code, from, to); err != nil {
		return err
	}
	return s.rewritePressed(NoticeAway, nil)
}

// awayDates reads from when to when, in the time of the worker's station.
func (s *step) awayDates(text string) (from time.Time, to *time.Time, ok bool) {
	zone := time.UTC
	if at, known := s.Router.Station(s.worker.Station); known {
		zone = at.Zone()
	}
	return parseAway(text, s.now.In(zone))
}

// setAway keeps when a worker is away: one absence, whose stand-in stays where its dates change.
func (s *step) setAway(worker string, from time.Time, to *time.Time) error {
	var id int64
	err := s.tx.GetContext(s.ctx, &id, `
		INSERT INTO absences AS a (worker, starts_at, ends_at, began_at)
		VALUES ($1, $2, $3, CASE WHEN CAST($2 AS timestamptz) <= $4 THEN CAST($4 AS timestamptz) END)
		ON CONFLICT (worker) WHERE ended_at IS NULL
		DO UPDATE SET starts_at = EXCLUDED.starts_at, ends_at = EXCLUDED.ends_at, began_at = EXCLUDED.began_at
		RETURNING id`, worker, from, to, s.now)
	if err != nil {
		return wrap(err, "keep an absence")
	}
	if err := s.settleDuty(worker); err != nil {
		return err
	}
	return s.tellStandIn(id)
}

// tellStandIn tells whoever stands in during an absence, if anybody does.
func (s *step) tellStandIn(id int64) error {
	a, err := absence(s.ctx, s.tx, `a.id = $1`, id)
	if err != nil || a.StandIn == nil {
		return err
	}
	return s.tellCode(*a.StandIn, NoticeStandIn, Args{"absence": id})
}

// tellCode writes a notice about no request to a worker, unless they are dismissed or have no chat.
func (s *step) tellCode(worker, kind string, args Args) error {
	w, err := s.member(worker)
	if err == nil && w.Active && w.Chat != nil {
		s.tellChat(*w.Bot, *w.Chat, kind, nil, args)
	}
	return err
}

// chooseStandIn is the worker's choice of who stands in; nobody where it names none.
func chooseStandIn(s *step, colleague string) error {
	a, err := absence(s.ctx, s.tx, `a.worker = $1 AND a.ended_at IS NULL`, s.worker.Code)
	if err == nil {
		err = s.setStandIn(a, colleague)
	}
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	return s.rewritePressed(NoticeAway, menuArgs("closed"))
}

// setStandIn has a colleague of the same station stand in, who is told and may decline. ErrNotFound when there is none who can.
func (s *step) setStandIn(a Absence, colleague string) error {
	if value(a.StandIn) == colleague {
		return nil
	}
	if colleague != "" {
		var can bool
		if err := s.tx.GetContext(s.ctx, &can, `SELECT EXISTS (SELECT FROM workers w WHERE w.code = $2 AND `+canStandIn+`)`,
			a.Worker, colleague); err != nil {
			return wrap(err, "look who can stand in")
		} else if !can {
			return ErrNotFound
		}
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE absences SET stand_in = nullif($2, '') WHERE id = $1`, a.ID, colleague); err != nil {
		return wrap(err, "keep who stands in")
	}
	if a.StandIn != nil {
		if err := s.tellCode(*a.StandIn, NoticeStandInOver, Args{"worker": a.WorkerName}); err != nil {
			return err
		}
	}
	return s.tellStandIn(a.ID)
}

// canStandIn is the condition that w can stand in for the worker $1: a colleague of the same station who can be told, and
// isn't away.
const canStandIn = `w.code <> $1 AND w.active AND w.station = (SELECT station FROM workers WHERE code = $1)
	AND NOT EXISTS (SELECT FROM absences a WHERE a.worker = w.code AND ` + isAway + `)
	AND EXISTS (SELECT FROM chats c WHERE c.bot_id = w.bot_id AND c.id = w.chat_id AND c.unreachable_at IS NULL)`

// CanStandIn are those who can stand in for a worker, whoever is on duty first.
func (s *Service) CanStandIn(ctx context.Context, worker string, limit int) ([]Worker, error) {
	var all []Worker
	err := s.DB.SelectContext(ctx, &all, `SELECT `+workerColumns+` FROM workers w
		WHERE `+canStandIn+` ORDER BY w.on_duty DESC, w.name, w.code LIMIT $2`, worker, limit)
	return all, wrap(err, "find who can stand in")
}

// decline is a stand-in who can't: the worker who is away hears of it, and may ask another.
func decline(s *step, arg string) error {
	id, err := strconv.ParseInt(arg, 10, 64)
	if err != nil {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	left, err := s.dropStandIn(`id = $2`, s.worker.Code, id)
	if err != nil {
		return err
	}
	if len(left) == 0 {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.rewritePressed(NoticeStandIn, Args{"absence": id})
}

// dropStandIn has a colleague stand in no more during those absences that the condition picks, and tells who is away.
func (s *step) dropStandIn(condition, colleague string, args ...any) (left []string, err error) {
	err = s.tx.SelectContext(s.ctx, &left, `UPDATE absences SET stand_in = NULL WHERE stand_in = $1 AND ended_at IS NULL
		AND `+condition+` RETURNING worker`, append([]any{colleague}, args...)...)
	if err != nil {
		return nil, wrap(err, "drop a stand-in")
	}
	w, err := s.member(colleague)
	if err != nil {
		return nil, err
	}
	for _, worker := range left {
		if err := s.tellCode(worker, NoticeAway, Args{"worker": w.Name}); err != nil {
			return nil, err
		}
	}
	return left, nil
}

// back ends the worker's absence.
func back(s *step, _ string) error {
	ended, err := s.endAbsences(`worker = $2`, s.worker.Code)
	if err != nil {
		return err
	}
	if len(ended) == 0 {
		s.tell(NoticeDuty, nil, nil)
	}
	return nil
}

// keepAbsences ends and begins those that it is time for. What was due while nobody looked at the clock is over.
func (s *step) keepAbsences() error {
	if _, err := s.endAbsences(`ends_at <= $2`, s.now); err != nil {
		return err
	}
	var begun []string
	err := s.tx.SelectContext(s.ctx, &begun, `UPDATE absences SET began_at = $1
		WHERE began_at IS NULL AND ended_at IS NULL AND starts_at <= $1 RETURNING worker`, s.now)
	if err != nil {
		return wrap(err, "begin absences")
	}
	for _, worker := range begun {
		if err := s.settleDuty(worker); err != nil {
			return err
		}
		if err := s.tellCode(worker, NoticeAway, nil); err != nil {
			return err
		}
	}
	return nil
}

// endAbsences ends those that the condition picks: their workers are there again, and whoever stood in is told.
func (s *step) endAbsences(condition string, args ...any) ([]Absence, error) {
	var ended []Absence
	err := s.tx.SelectContext(s.ctx, &ended, `
		WITH ended AS (UPDATE absences SET ended_at = $1 WHERE ended_at IS NULL AND `+condition+` RETURNING id)
		`+absenceSelect+`JOIN ended e ON e.id = a.id`, append([]any{s.now}, args...)...)
	if err != nil {
		return nil, wrap(err, "end absences")
	}
	for _, a := range ended {
		if err := s.settleDuty(a.Worker); err != nil {
			return nil, err
		}
		if err := s.tellCode(a.Worker, NoticeDuty, Args{"back": true}); err != nil {
			return nil, err
		}
		if a.StandIn == nil {
			continue
		}
		if err := s.tellCode(*a.StandIn, NoticeStandInOver, Args{"worker": a.WorkerName}); err != nil {
			return nil, err
		}
	}
	return ended, nil
}
