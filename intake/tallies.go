package intake

import (
	"context"
	"database/sql"
	"fmt"
	"slices"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// tallying sums up what a scope has, by group: what is kept of its whole days, months and years, and one by one what isn't.
type tallying struct {
	*Service
	tx     *sqlx.Tx
	scope  Scope
	by     string
	now    time.Time
	groups map[string]*tally
	only   map[string]bool       // the groups that are asked for; nil: all
	total  *tally                // what is counted one by one, of all groups; nil where nobody asks for it
	county map[string]string     // of a station
	open   map[string]*openUntil // by hours
	opens  map[string]*openUntil // by station
}

// tallies are those of a scope, by what each group is called; ErrNotFound for an unknown grouping.
func (s *Service) tallies(ctx context.Context, scope Scope, by string) (all map[string]*tally, err error) {
	err = s.tally(ctx, scope, by, func(t *tallying) error {
		all = t.groups
		return t.sum(ctx)
	})
	return all, err
}

// tally lets do sum up a scope. All that it reads is of one moment.
func (s *Service) tally(ctx context.Context, scope Scope, by string, do func(*tallying) error) error {
	if by != byStationUrgency && !slices.Contains(Groupings(), by) {
		return fmt.Errorf("report by %q: %w", by, ErrNotFound)
	}
	if err := s.Fold(ctx); err != nil {
		return err
	}
	err := s.look(ctx, func(tx *sqlx.Tx) error {
		t := &tallying{Service: s, tx: tx, scope: s.inMoments(scope), by: by, now: s.Now(), groups: map[string]*tally{}, county: map[string]string{},
			open: map[string]*openUntil{}, opens: map[string]*openUntil{}}
		for _, station := range s.Router.Stations() {
			t.county[station.Code] = station.County
		}
		return do(t)
	})
	return wrap(err, "compute the report")
}

// look lets do read figures. All that it reads is of one moment, and each query is planned for what it asks: one day is read in another
// way than three years.
func (s *Service) look(ctx context.Context, do func(*sqlx.Tx) error) error {
	tx, err := s.DB.BeginTxx(ctx, &sql.TxOptions{Isolation: sql.LevelRepeatableRead, ReadOnly: true})
	if err != nil {
		return fmt.Errorf("begin to read figures: %w", err)
	}
	defer func() { _ = tx.Rollback() }()
	if _, err := tx.ExecContext(ctx, `SET LOCAL plan_cache_mode = force_custom_plan; SET LOCAL jit = off`); err != nil {
		return fmt.Errorf("begin to read figures: %w", err)
	}
	return do(tx)
}

// sum adds up all that is in the scope.
func (t *tallying) sum(ctx context.Context) error {
	periods, err := t.periods(ctx)
	if err != nil {
		return err
	}
	if err := t.addCycles(ctx, periods); err != nil {
		return err
	}
	return t.addKept(ctx, periods)
}

// addCycles adds, beside the figures that are kept of periods, the cycles of the scope that those don't have.
func (t *tallying) addCycles(ctx context.Context, periods []period) error {
	from, to := t.scope.From, t.scope.From // within which what is kept counts
	if len(periods) > 0 {
		from, to = periods[0].starts, periods[len(periods)-1].end()
	}
	for _, part := range []struct {
		from, to          time.Time
		source, condition string
		undone            bool
	}{
		{t.scope.From, from, `cycles c`, `c.over_at IS NOT NULL`, false},
		{from, to, `cycles c`, `c.over_at IS NOT NULL AND NOT c.kept`, false},
		{from, to, `figures_undone u, jsonb_populate_record(CAST(NULL AS cycles), u.cycle) c`, `TRUE`, true},
		{to, t.scope.To, `cycles c`, `c.over_at IS NOT NULL`, false},
	} {
		if !part.from.Before(part.to) {
			continue
		}
		if err := t.addEach(ctx, part.from, part.to, part.source, part.condition, part.undone); err != nil {
			return err
		}
	}
	return t.addRunning(ctx)
}

// cube is the one that parts by what is asked for.
func (t *tallying) cube() string {
	station := t.scope.Stations != nil || t.scope.WorkerStation != "" || t.scope.workers != nil || slices.Contains([]string{"station", "worker_station", "county", byStationUrgency}, t.by)
	category := t.scope.Category != "" || t.by == "category"
	switch {
	case station && category:
		return cubeBoth
	case station:
		return cubeStation
	case category:
		return cubeCategory
	}
	return cubeAll
}

// periods are those of the scope of which figures are kept, and that lie in one group each.
func (t *tallying) periods(ctx context.Context) ([]period, error) {
	var first, last *time.Time
	if err := t.tx.QueryRowContext(ctx, `SELECT min(starts), max(starts) FROM figures_kept WHERE cube = 'all' AND grain = 'year'`).Scan(&first, &last); err != nil {
		return nil, wrap(err, "look since when figures are kept")
	}
	if first == nil {
		return nil, nil
	}
	from, to := t.scope.From, t.scope.To
	if begin := time.Date(first.Year(), time.January, 1, 0, 0, 0, 0, China); from.Before(begin) {
		from = begin
	}
	if end := time.Date(last.Year()+1, time.January, 1, 0, 0, 0, 0, China); to.After(end) {
		to = end
	}
	lengths := slices.DeleteFunc(grains(t.cube()), func(grain string) bool {
		return grain == grainYear && t.by == "month" || grain != grainDay && (t.by == "day" || t.by == "week")
	})
	return spans(from, to, lengths), nil
}

// kept is the condition that figures c are those of periods of the scope.
func (t *tallying) kept(periods []period) *where {
	var lengths, starts []string
	for _, p := range periods {
		lengths, starts = append(lengths, p.grain), append(starts, p.starts.Format(time.DateOnly))
	}
	w := new(where)
	t.scope.narrow(w)
	w.and(`c.cube = ? AND (c.grain, c.starts) IN (SELECT * FROM unnest(?::text[], ?::date[]))`, t.cube(), pq.Array(lengths), pq.Array(starts))
	return w
}

// addKept adds what is kept of periods.
func (t *tallying) addKept(ctx context.Context, periods []period) error {
	if len(periods) == 0 {
		return nil
	}
	w := t.kept(periods)
	figures := `coalesce(c.whole, c.figures)`
	if t.parted() {
		figures = `c.figures`
	}
	rows, err := t.tx.QueryContext(ctx, `SELECT to_char(c.starts, 'YYYY-MM-DD'), c.category, c.station, c.worker_station, `+figures+`
		FROM figures_kept c WHERE `+w.text(), w.args...)
	if err != nil {
		return fmt.Errorf("read kept figures: %w", err)
	}
	defer rows.Close()
	var k key
	var day string
	var kept sql.RawBytes
	for rows.Next() {
		if err := rows.Scan(&day, &k.Category, &k.Station, &k.WorkerStation, &kept); err != nil {
			return fmt.Errorf("read kept figures: %w", err)
		}
		if err := readParts(kept, func(p part) *tally {
			if p == whole {
				return t.group(k, day)
			}
			k.Urgency, k.Setting = p.urgency(), p.setting()
			if t.scope.Urgency != "" && t.scope.Urgency != k.Urgency || t.scope.Setting != "" && noneIsEmpty(t.scope.Setting) != k.Setting {
				return nil
			}
			return t.group(k, day)
		}); err != nil {
			return err
		}
	}
	return wrap(rows.Err(), "read kept figures")
}

// addEach adds the cycles of the scope that began in [from, to) and are over one by one, or subtracts them.
func (t *tallying) addEach(ctx context.Context, from, to time.Time, source, condition string, undone bool) error {
	w := t.scope.within(from, to).where()
	w.and(condition)
	return eachCounted(ctx, t.tx, func(c *counted) {
		for _, sum := range []*tally{t.group(c.key, c.Day), t.total} {
			switch {
			case sum == nil:
			case undone:
				sum.subtract(c)
			default:
				sum.add(c, 0, nil)
			}
		}
	}, `SELECT `+countedColumns+` FROM `+source+` WHERE `+w.text(), w.args...)
}

// parted tells whether figures are asked for by what is a part of each cell.
func (t *tallying) parted() bool {
	return t.scope.Urgency != "" || t.scope.Setting != "" || t.by == "urgency" || t.by == "setting" || t.by == byStationUrgency
}

// group is the tally of what has such keys and a day; nil where that isn't asked for.
func (t *tallying) group(k key, day string) *tally {
	name := t.name(k, day)
	found := t.groups[name]
	if found == nil && (t.only == nil || t.only[name]) {
		found = new(tally)
		t.groups[name] = found
	}
	return found
}

// name is what the group is called.
func (t *tallying) name(k key, day string) string {
	switch t.by {
	case "station":
		return k.Station
	case "worker_station":
		return k.WorkerStation
	case "category":
		return k.Category
	case "urgency":
		return k.Urgency
	case "setting":
		return k.Setting
	case byStationUrgency:
		return stationUrgency(k.Station, k.Urgency)
	case "county":
		return t.county[k.Station]
	case "day":
		return day
	case "month":
		return day[:len("2006-01")]
	case "week":
		return week(day)
	}
	return "all"
}

// week is the ISO week of a day.
func week(day string) string {
	at, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return day
	}
	year, n := at.ISOWeek()
	return fmt.Sprintf("%d-W%02d", year, n)
}
