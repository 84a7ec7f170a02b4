package intake

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/lib/pq"

	"onedoor/routing"
)

// digestFor is how long after its time a digest is still sent: after that the morning is over.
const digestFor = 2 * time.Hour

// A TimeOfDay is one by the clock on a station's wall.
type TimeOfDay struct{ Hour, Minute int }

// ParseTimeOfDay reads one such as 08:00; nil where the text is empty.
func ParseTimeOfDay(text string) (*TimeOfDay, error) {
	if text == "" {
		return nil, nil
	}
	at, err := time.Parse("15:04", text)
	if err != nil {
		return nil, fmt.Errorf("%q is no time of day such as 08:00", text)
	}
	return &TimeOfDay{at.Hour(), at.Minute()}, nil
}

// SendDigests tells each supervisor in chat how their station fared yesterday and what it has to do, once a day: from DigestAt on, where
// their station is, for two hours. Who is away or wants none isn't told, nor is anybody of a station that has nothing to say. Any number
// of processes may call it at the same time, as often as they like.
func (s *Service) SendDigests(ctx context.Context) error {
	due, err := s.digestsDue(ctx)
	if err != nil {
		return err
	}
	var failed []error
	for _, d := range due {
		if err := s.sendDigest(ctx, d); err != nil {
			failed = append(failed, fmt.Errorf("send the digest of station %s: %w", d.station.Code, err))
		}
	}
	return errors.Join(failed...)
}

// digestDue is a station whose supervisors have had none on the day that begins at midnight.
type digestDue struct {
	station  routing.Station
	midnight time.Time
}

// wantsDigest is the condition that a worker w can be told of a day, and d is what was done about that.
const wantsDigest = `w.role = 'supervisor' AND w.active AND NOT coalesce(d.off, false) AND (d.day IS NULL OR d.day < %s)
	AND NOT EXISTS (SELECT FROM absences a WHERE a.worker = w.code AND ` + isAway + `)
	AND EXISTS (SELECT FROM chats c WHERE c.bot_id = w.bot_id AND c.id = w.chat_id AND c.unreachable_at IS NULL)`

// digestsDue are the stations where it is time for one, and somebody waits for it.
func (s *Service) digestsDue(ctx context.Context) (due []digestDue, err error) {
	if s.DigestAt == nil {
		return nil, nil
	}
	morning := map[string]digestDue{}
	var codes, days []string
	for _, station := range s.Router.Stations() {
		now := s.Now().In(station.Zone())
		midnight := time.Date(now.Year(), now.Month(), now.Day(), 0, 0, 0, 0, now.Location())
		at := time.Date(now.Year(), now.Month(), now.Day(), s.DigestAt.Hour, s.DigestAt.Minute, 0, 0, now.Location())
		if now.Before(at) || !now.Before(at.Add(digestFor)) {
			continue
		}
		morning[station.Code] = digestDue{station, midnight}
		codes, days = append(codes, station.Code), append(days, now.Format(time.DateOnly))
	}
	if len(codes) == 0 {
		return nil, nil
	}
	var waited []string
	err = s.DB.SelectContext(ctx, &waited, `
		SELECT DISTINCT w.station FROM workers w JOIN unnest($1::text[], $2::date[]) AS at (station, day) ON at.station = w.station
			LEFT JOIN digests d ON d.worker = w.code
		WHERE `+fmt.Sprintf(wantsDigest, `at.day`)+` ORDER BY w.station`, pq.Array(codes), pq.Array(days))
	for _, station := range waited {
		due = append(due, morning[station])
	}
	return due, wrap(err, "look who waits for a digest")
}

// sendDigest tells those of a station who wait for it, each in the same transaction that writes down that it was done.
func (s *Service) sendDigest(ctx context.Context, due digestDue) error {
	digest, err := s.digestOf(ctx, &due.station, due.midnight)
	if err != nil {
		return err
	}
	return s.transact(ctx, func(st *step) error {
		var to []string
		err := st.tx.SelectContext(ctx, &to, `
			INSERT INTO digests AS d (worker, day)
			SELECT w.code, CAST($2 AS date) FROM workers w LEFT JOIN digests d ON d.worker = w.code
			WHERE w.station = $1 AND `+fmt.Sprintf(wantsDigest, `CAST($2 AS date)`)+` ORDER BY w.code
			ON CONFLICT (worker) DO UPDATE SET day = EXCLUDED.day WHERE NOT d.off AND (d.day IS NULL OR d.day < EXCLUDED.day)
			RETURNING worker`, due.station.Code, due.midnight.Format(time.DateOnly))
		if err != nil || digest.empty() {
			return wrap(err, "write down whom a digest is sent to")
		}
		for _, worker := range to {
			if err := st.tellCode(worker, NoticeDigest, Args{"digest": digest}); err != nil {
				return err
			}
		}
		for i := range st.notices {
			st.notices[i].Priority = 2 // after all that somebody waits for
		}
		return nil
	})
}

// digestCommand turns a supervisor's digest on or off; without a word that it knows it says how it stands.
func digestCommand(s *step, arg string) error {
	if !s.worker.Supervises() {
		return help(s, "")
	}
	if arg == "on" || arg == "off" {
		_, err := s.tx.ExecContext(s.ctx, `INSERT INTO digests (worker, off) VALUES ($1, $2)
			ON CONFLICT (worker) DO UPDATE SET off = EXCLUDED.off`, s.worker.Code, arg == "off")
		if err != nil {
			return wrap(err, "turn the digest on or off")
		}
	}
	var off bool
	err := s.tx.GetContext(s.ctx, &off, `SELECT coalesce((SELECT off FROM digests WHERE worker = $1), false)`, s.worker.Code)
	if err == nil {
		s.tell(NoticeDigestSet, nil, Args{"on": !off})
	}
	return wrap(err, "look whether the digest is on")
}
