package intake

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/prompts"
)

// foldBatch bounds what one transaction folds.
const foldBatch = 500

// Fold brings the cycles up to the event log. Any number of processes may do it at the same time, and again.
func (s *Service) Fold(ctx context.Context) error {
	for {
		var n int
		err := s.DB.Transact(ctx, func(tx *sqlx.Tx) (err error) {
			n, err = s.foldSome(ctx, tx)
			return err
		})
		if err != nil || n < foldBatch {
			return wrap(err, "fold the event log")
		}
	}
}

// folding is a request as its cycles need it.
type folding struct {
	ID         int64           `db:"id"`
	Category   string          `db:"category"`
	Urgency    prompts.Urgency `db:"urgency"`
	ClaimDue   *time.Time      `db:"claim_due"`
	AnswerDue  *time.Time      `db:"answer_due"`
	ResolveDue *time.Time      `db:"resolve_due"`
	Place      *string         `db:"place_code"`
}

// foldSome folds the logs of a batch of requests and returns how many there were. What another process folds is left to it.
func (s *Service) foldSome(ctx context.Context, tx *sqlx.Tx) (int, error) {
	var ids pq.Int64Array
	if err := tx.SelectContext(ctx, &ids, `DELETE FROM unfolded WHERE request_id IN (
		SELECT request_id FROM unfolded ORDER BY request_id LIMIT $1 FOR UPDATE SKIP LOCKED) RETURNING request_id`, foldBatch); err != nil || len(ids) == 0 {
		return 0, err
	}
	var requests []folding
	if err := tx.SelectContext(ctx, &requests, `SELECT id, coalesce(category, '') AS category, urgency, claim_due, answer_due, resolve_due, place_code
		FROM requests WHERE id = ANY ($1) AND submitted_at IS NOT NULL`, ids); err != nil {
		return 0, err
	}
	logs, err := logsOf(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	scores, err := scoresOf(ctx, tx, ids)
	if err != nil {
		return 0, err
	}
	var rows []cycleRow
	for _, r := range requests {
		cycles := cyclesOf(logs[r.ID])
		for i, c := range cycles {
			row := s.cycleRow(r, i, c, i == len(cycles)-1)
			row.Score = scores[resolution{r.ID, unixMicro(c.Resolved)}]
			rows = append(rows, row)
		}
	}
	if err := writeCycles(ctx, tx, rows); err != nil {
		return 0, err
	}
	return len(ids), writeReferred(ctx, tx, ids)
}

func logsOf(ctx context.Context, tx *sqlx.Tx, requests pq.Int64Array) (map[int64][]Event, error) {
	var all []struct {
		Event
		Request int64 `db:"request_id"`
	}
	err := tx.SelectContext(ctx, &all, `SELECT request_id, at, kind, actor, data FROM events WHERE request_id = ANY ($1) ORDER BY request_id, id`, requests)
	logs := map[int64][]Event{}
	for _, e := range all {
		logs[e.Request] = append(logs[e.Request], e.Event)
	}
	return logs, err
}

// A resolution is one of the times that a request was resolved, in microseconds since 1970.
type resolution struct{ request, at int64 }

func unixMicro(at *time.Time) int64 {
	if at == nil {
		return 0
	}
	return at.UnixMicro()
}

// scoresOf are how well requests were solved, each time.
func scoresOf(ctx context.Context, tx *sqlx.Tx, requests pq.Int64Array) (map[resolution]*int, error) {
	var all []struct {
		Request  int64     `db:"request_id"`
		Resolved time.Time `db:"resolved_at"`
		Score    int       `db:"score"`
	}
	err := tx.SelectContext(ctx, &all, `SELECT request_id, resolved_at, score FROM ratings WHERE request_id = ANY ($1)`, requests)
	scores := map[resolution]*int{}
	for _, r := range all {
		scores[resolution{r.Request, r.Resolved.UnixMicro()}] = &r.Score
	}
	return scores, err
}

// cycleRow is one row to be of the table.
type cycleRow struct {
	Request       int64           `json:"request_id"`
	N             int             `json:"n"`
	Began         time.Time       `json:"began_at"`
	Day           string          `json:"day"`
	Station       string          `json:"station"`
	WorkerStation string          `json:"worker_station"`
	Category      string          `json:"category"`
	Urgency       prompts.Urgency `json:"urgency"`
	ClaimDue      time.Time       `json:"claim_due"`
	AnswerDue     time.Time       `json:"answer_due"`
	ResolveDue    time.Time       `json:"resolve_due"`
	Claimed       *time.Time      `json:"claimed_at"`
	Answered      *time.Time      `json:"answered_at"`
	Resolved      *time.Time      `json:"resolved_at"`
	Over          *time.Time      `json:"over_at"`
	ClaimOpen     *float64        `json:"claim_open"`
	AnswerOpen    *float64        `json:"answer_open"`
	ResolveOpen   *float64        `json:"resolve_open"`
	Outcome       *string         `json:"outcome"`
	Setting       string          `json:"setting"`
	Score         *int            `json:"score"`
	OverOpen      *float64        `json:"over_open"`
	Kept          bool            `json:"kept"` // not yet
}

// cycleColumns are those of a cycleRow.
const cycleColumns = `request_id, n, began_at, day, station, worker_station, category, urgency, claim_due, answer_due, resolve_due,
	claimed_at, answered_at, resolved_at, over_at, claim_open, answer_open, resolve_open, outcome, setting, score, over_open, kept`

// cycleRow is a cycle as the table has it. The last one's deadlines are the request's; those of earlier ones are counted
// anew from the standard of what the request is about.
func (s *Service) cycleRow(r folding, i int, c Cycle, last bool) cycleRow {
	standard := s.Standard(r.Category, r.Urgency, c.Began)
	row := cycleRow{Request: r.ID, N: i + 1, Began: c.Began, Day: s.dayAt(c.Station, c.Began), Station: c.Station, WorkerStation: c.WorkerStation,
		Category: r.Category, Urgency: r.Urgency, ClaimDue: c.Began.Add(standard.Claim), AnswerDue: c.Began.Add(standard.Answer),
		ResolveDue: c.Began.Add(standard.Resolve), Claimed: c.since(c.Claimed), Answered: c.since(c.Answered), Resolved: c.since(c.Resolved), Over: c.since(c.Over),
		Outcome: c.Outcome}
	if last && r.ClaimDue != nil {
		row.ClaimDue, row.AnswerDue, row.ResolveDue = *r.ClaimDue, *r.AnswerDue, *r.ResolveDue
	}
	row.ClaimOpen = s.openSeconds(c.Station, c.Began, row.Claimed)
	row.AnswerOpen = s.openSeconds(c.Station, c.Began, row.Answered)
	row.ResolveOpen = s.openSeconds(c.Station, c.Began, row.Resolved)
	row.OverOpen = s.openSeconds(c.Station, c.Began, row.Over)
	if r.Place != nil {
		row.Setting = s.setting(*r.Place)
	}
	return row
}

// setting tells where a place's people live: urban, rural, or empty where that isn't known.
func (s *Service) setting(place string) string {
	switch urban, known := s.Router.Gazetteer().Urban(place); {
	case !known:
		return ""
	case urban:
		return "urban"
	}
	return "rural"
}

// dayAt is the date at a moment where a station is.
func (s *Service) dayAt(station string, at time.Time) string {
	return at.In(s.zoneOf(station)).Format(time.DateOnly)
}

// zoneOf is a station's time zone; China's where there is none.
func (s *Service) zoneOf(station string) *time.Location {
	if found, ok := s.Router.Station(station); ok {
		return found.Zone()
	}
	return China
}

// China is the time zone of what no station has.
var China = time.FixedZone("CST", 8*60*60)

// openSeconds are those of a station's opening hours between two moments; nil where the second isn't there yet.
func (s *Service) openSeconds(station string, from time.Time, to *time.Time) *float64 {
	if to == nil {
		return nil
	}
	seconds := to.Sub(from).Seconds()
	if found, ok := s.Router.Station(station); ok {
		seconds = found.Hours.During(from.In(found.Zone()), to.In(found.Zone())).Seconds()
	}
	return &seconds
}

// writeCycles writes rows of the table. Where somebody lived stays known when the place is erased, or only what it lay in is left.
func writeCycles(ctx context.Context, tx *sqlx.Tx, rows []cycleRow) error {
	if len(rows) == 0 {
		return nil
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO cycles AS c (`+cycleColumns+`) SELECT `+cycleColumns+` FROM jsonb_populate_recordset(CAST(NULL AS cycles), $1)
		ON CONFLICT (request_id, n) DO UPDATE SET (began_at, day, station, worker_station, category, urgency, claim_due, answer_due,
			resolve_due, claimed_at, answered_at, resolved_at, over_at, claim_open, answer_open, resolve_open, outcome,
			setting, score, over_open)
			= (EXCLUDED.began_at, EXCLUDED.day, EXCLUDED.station, EXCLUDED.worker_station, EXCLUDED.category, EXCLUDED.urgency,
			EXCLUDED.claim_due, EXCLUDED.answer_due, EXCLUDED.resolve_due, EXCLUDED.claimed_at, EXCLUDED.answered_at, EXCLUDED.resolved_at,
			EXCLUDED.over_at, EXCLUDED.claim_open, EXCLUDED.answer_open, EXCLUDED.resolve_open, EXCLUDED.outcome,
			CASE WHEN EXCLUDED.setting = '' OR c.setting <> '' AND EXISTS (SELECT FROM requests q WHERE q.id = c.request_id AND q.erased_at IS NOT NULL)
				THEN c.setting ELSE EXCLUDED.setting END, EXCLUDED.score, EXCLUDED.over_open)`, toDocument(rows))
	return err
}
