package intake_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/lib/pq"

	"onedoor/intake"
	"onedoor/internal/bulk"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/prompts"
	"onedoor/routing"
)

// many is a world with the sample's stations and many requests of three years, whose figures are summed up. Its days end at noon.
func many(t testing.TB, requests int) *world {
	t.Helper()
	w := &world{TB: t, db: databasetest.New(t), now: time.Date(2026, 6, 1, 4, 0, 0, 0, time.UTC)}
	taxonomy, err := prompts.Load()
	w.must(err)
	w.must(sample.Load(t.Context(), w.db, func(key string) bool { _, ok := taxonomy.Category(key); return ok }))
	w.exec(`UPDATE stations SET time_zone = 'Asia/Tokyo' WHERE code LIKE '%7-1'`) // days of its own
	router, err := routing.New(t.Context(), w.db.DB, slog.Default())
	w.must(err)
	w.Service = intake.New(intake.Options{DB: w.db, Router: router, Taxonomy: taxonomy, Log: slog.Default(), Now: func() time.Time { return w.now }})
	w.must(bulk.Fill(t.Context(), w.db, router, taxonomy, bulk.Options{Requests: requests, Seed: 7, Now: w.now}))
	return w
}

// counted is the report as it is counted from the cycles themselves, by PostgreSQL.
func (w *world) counted(scope intake.Scope, by string) []intake.Figures {
	w.Helper()
	var late []struct {
		Request int64     `db:"request_id" json:"request_id"`
		N       int       `db:"n" json:"n"`
		Station string    `db:"station" json:"-"`
		Began   time.Time `db:"began_at" json:"-"`
		Until   time.Time `db:"until" json:"-"`
		Open    float64   `db:"-" json:"open"`
	}
	w.must(w.db.Select(&late, `SELECT request_id, n, station, began_at, coalesce(over_at, $1) AS until FROM cycles WHERE resolved_at IS NULL`, w.now))
	for i, l := range late {
		late[i].Open = l.Until.Sub(l.Began).Seconds()
		if s, ok := w.Router.Station(l.Station); ok {
			late[i].Open = s.Hours.During(l.Began.In(s.Zone()), l.Until.In(s.Zone())).Seconds()
		}
	}
	lates, err := json.Marshal(late)
	w.must(err)
	group := map[string]string{"county": `coalesce((SELECT s.county_code FROM stations s WHERE s.code = c.station), '')`, "day": `to_char(c.day, 'YYYY-MM-DD')`,
		"week": `to_char(c.day, 'IYYY-"W"IW')`, "month": `to_char(c.day, 'YYYY-MM')`, "all": `'all'`}[by]
	if group == "" {
		group = "c." + by
	}
	clock := func(name, stop string) string {
		at, due := stop+`_at`, name+`_due`
		is := ` FILTER (WHERE ` + at + ` IS NOT NULL OR until > ` + due + `)`
		took, open := `extract(epoch FROM coalesce(`+at+`, until) - began_at)::float8`, `coalesce(`+name+`_open, late_open)`
		return fmt.Sprintf(`, jsonb_build_object('Stopped', count(%[1]s), 'Running', count(*) FILTER (WHERE %[1]s IS NULL AND over_at IS NULL),
			'Overdue', count(*) FILTER (WHERE %[1]s IS NULL AND over_at IS NULL AND until > %[2]s), 'Due', count(*) %[3]s, 'InTime', count(*) FILTER (WHERE %[1]s <= %[2]s),
			'Median', percentile_cont(0.5) WITHIN GROUP (ORDER BY %[4]s) %[3]s, 'P90', percentile_cont(0.9) WITHIN GROUP (ORDER BY %[4]s) %[3]s,
			'OpenMedian', percentile_cont(0.5) WITHIN GROUP (ORDER BY %[5]s) %[3]s, 'OpenP90', percentile_cont(0.9) WITHIN GROUP (ORDER BY %[5]s) %[3]s,
			'Within', avg((coalesce(%[1]s <= %[2]s, false))::int)%[3]s)`, at, due, is, took, open)
	}
	var rows []string
	w.must(w.db.Select(&rows, `
		WITH c AS (SELECT c.*, rt.score AS rated, l.open AS late_open, coalesce(c.over_at, $1) AS until FROM cycles c
			LEFT JOIN ratings rt ON rt.request_id = c.request_id AND rt.resolved_at = c.resolved_at
			LEFT JOIN jsonb_to_recordset($2) AS l (request_id bigint, n smallint, open float8) ON l.request_id = c.request_id AND l.n = c.n
			WHERE CASE WHEN $10 THEN c.day >= $11 AND c.day < $12 ELSE c.began_at >= $3 AND c.began_at < $4 END AND ($5::text[] IS NULL OR coalesce(nullif(c.station, ''), '-') = ANY ($5))
				AND $6 IN ('', coalesce(nullif(c.worker_station, ''), '-')) AND $7 IN ('', coalesce(nullif(c.category, ''), '-')) AND $8 IN ('', c.urgency)
				AND $9 IN ('', coalesce(nullif(c.setting, ''), '-')))
		SELECT jsonb_build_object('Group', grp, 'Requests', requests, 'Claim', claim, 'Answer', answer, 'Resolve', resolve, 'Answered', answered, 'Solved', solved,
			'Satisfied', satisfied, 'Rated', rated, 'SolvedCount', solved_count, 'SatisfiedCount', satisfied_count)::text
		FROM (SELECT `+group+` AS grp, count(*) AS requests`+clock("claim", "claimed")+` AS claim`+clock("answer", "answered")+` AS answer`+clock("resolve", "resolved")+` AS resolve,
			avg((answered_at IS NOT NULL)::int) FILTER (WHERE answered_at IS NOT NULL OR until > answer_due)::float8 AS answered,
			avg((outcome IN ('solved', 'partly', 'referred'))::int) FILTER (WHERE outcome NOT IN ('withdrawn', 'duplicate', 'false_alarm'))::float8 AS solved,
			avg((rated >= 4)::int) FILTER (WHERE rated IS NOT NULL)::float8 AS satisfied, count(rated) AS rated,
			count(*) FILTER (WHERE outcome IN ('solved', 'partly', 'referred')) AS solved_count, count(*) FILTER (WHERE rated >= 4) AS satisfied_count
			FROM c GROUP BY 1) g ORDER BY grp COLLATE "C"`, w.now, string(lates), scope.From, scope.To, pq.Array(scope.Stations), scope.WorkerStation, scope.Category,
		scope.Urgency, scope.Setting, scope.Days, scope.From.In(intake.China).Format(time.DateOnly), scope.To.In(intake.China).Format(time.DateOnly)))
	var all []intake.Figures
	for _, row := range rows {
		var f intake.Figures
		w.must(json.Unmarshal([]byte(row), &f))
		all = append(all, f)
	}
	return all
}

// near compares times to within one per cent, and to the second of those that are hardly any; all else is exact.
var near = cmp.Options{cmp.Comparer(func(a, b float64) bool {
	return a == b || math.Abs(a-b) <= 1e-12 || (a > 1 || b > 1) && math.Abs(a-b) <= 0.01*math.Abs(a)
})}

// agrees compares the report with what is counted.
func (w *world) agrees(scope intake.Scope, by string) {
	w.Helper()
	got, err := w.Report(w.Context(), scope, by)
	w.must(err)
	want := w.counted(scope, by)
	if diff := cmp.Diff(want, got, near); diff != "" {
		w.Fatalf("by %s of %+v, counted (-) and reported (+):\n%s", by, scope, diff)
	}
}

// scope is one of many.
func (w *world) scope(random *rand.Rand) intake.Scope {
	end := time.Date(2026, 6, 2, 0, 0, 0, 0, intake.China)
	s := intake.Scope{From: end.AddDate(0, 0, -random.IntN(1200)), To: end}
	switch random.IntN(4) {
	case 0:
		s.To = s.From.AddDate(0, 0, 1+random.IntN(100))
	case 1:
		s.From, s.To = s.From.Add(time.Duration(random.IntN(1e6))*time.Second), s.To.Add(-time.Duration(random.IntN(1e6))*time.Second)
	case 2:
		s.From, s.To = time.Time{}, time.Date(9000, 1, 1, 0, 0, 0, 0, time.UTC)
	}
	s.Days = random.IntN(2) == 0
	one := func(of ...string) string { return of[random.IntN(len(of))] }
	stations := w.Router.Stations()
	if random.IntN(3) == 0 {
		s.Stations = []string{intake.None}
		for range 1 + random.IntN(20) {
			s.Stations = append(s.Stations, stations[random.IntN(len(stations))].Code)
		}
	}
	if random.IntN(6) == 0 {
		s.WorkerStation = one(intake.None, stations[random.IntN(len(stations))].Code)
	}
	s.Category = one("", "", "", intake.None, "education", "health", "employment")
	s.Urgency = one("", "", "", "normal", "urgent", "emergency")
	s.Setting = one("", "", "", intake.None, "urban", "rural")
	return s
}

// happen lets something of seven happen to many requests, finished ones too.
func (w *world) happen(what int, random *rand.Rand) {
	w.Helper()
	event := func(kind, actor, data, of string) {
		w.exec(`INSERT INTO events (request_id, at, kind, actor, actor_id, data) SELECT id, $1, $2, $3, 'w-440117-2-1', CAST($4 AS jsonb) FROM requests r
			WHERE id % 41 = $5 AND `+of, w.now, kind, actor, data, random.IntN(41))
	}
	switch what {
	case 0:
		event("claimed", "worker", `{"station": "st-440117-2"}`, `state = 'open'`)
	case 1:
		event("answered", "worker", `{}`, `state IN ('open', 'claimed')`)
	case 2:
		event("resolved", "worker", `{"outcome": "partly"}`, `state IN ('claimed', 'referred')`)
	case 3:
		event("reopened", "resident", `{}`, `state = 'closed'`)
	case 4:
		w.exec(`UPDATE requests SET category = 'health' WHERE id % 17 = 3`)
		w.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, $1, 'reclassified', 'system' FROM requests WHERE id % 17 = 3`, w.now)
	case 5:
		w.exec(`UPDATE requests SET place_code = '440117001' WHERE id % 19 = 4`)
		w.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, $1, 'placed', 'system' FROM requests WHERE id % 19 = 4`, w.now)
	case 6:
		w.exec(`INSERT INTO ratings (request_id, resolved_at, score, rated_at) SELECT request_id, resolved_at, 1 + request_id % 5, $1 FROM cycles WHERE request_id % 13 = $2 AND resolved_at <= $1
			ON CONFLICT (request_id, resolved_at) DO UPDATE SET (score, rated_at) = (EXCLUDED.score, EXCLUDED.rated_at)`, w.now, random.IntN(13))
		w.exec(`INSERT INTO events (request_id, at, kind, actor) SELECT request_id, rated_at, 'rated', 'resident' FROM ratings WHERE rated_at = $1`, w.now)
	}
}

// TestKeptFiguresAreWhatIsCounted: whatever happens to requests that are summed up already or not yet, figures are what counting gives, by
// every grouping and within any filter.
func TestKeptFiguresAreWhatIsCounted(t *testing.T) {
	t.Parallel()
	w := many(t, 4000)
	for seed := range uint64(12) {
		random := rand.New(rand.NewPCG(seed, 0))
		if random.IntN(2) == 0 {
			w.must(w.KeepFigures(w.Context()))
		}
		w.now = w.now.Add(time.Duration(random.IntN(50)) * time.Hour)
		for _, what := range random.Perm(7)[:random.IntN(5)] {
			w.happen(what, random)
		}
		for _, by := range intake.Groupings() {
			w.agrees(w.scope(random), by)
		}
		for range 2 {
			w.pages(w.scope(random), intake.Groupings()[random.IntN(len(intake.Groupings()))], 15+random.IntN(40))
			w.lists(intake.Behind{Scope: w.scope(random), Clock: []string{"claim", "answer", "resolve"}[random.IntN(3)],
				Part: []string{"all", "stopped", "running", "overdue", "within", "late", "due", "solved", "rated", "satisfied"}[random.IntN(10)]}, 1+random.IntN(60))
		}
	}
	w.must(w.KeepFigures(w.Context()))
	if n := w.count(`SELECT (SELECT count(*) FROM figures_undone) + (SELECT count(*) FROM cycles WHERE NOT kept AND over_at IS NOT NULL AND station NOT LIKE '%7-1')`); n > 0 {
		t.Errorf("%d cycles that are over are not summed up", n)
	}
}

// pages compares a report that is read by pages with the whole.
func (w *world) pages(scope intake.Scope, by string, rows int) {
	w.Helper()
	want, wantAll, err := w.ReportAll(w.Context(), scope, by)
	w.must(err)
	var got []intake.Figures
	for page, more := 0, true; more; page++ {
		some, all, err := w.ReportPage(w.Context(), scope, by, func(names []string) []string {
			more = (page+1)*rows < len(names)
			return names[min(page*rows, len(names)):min((page+1)*rows, len(names))]
		})
		w.must(err)
		if diff := cmp.Diff(wantAll, all, near); diff != "" {
			w.Fatalf("all on page %d by %s of %+v (-whole +page):\n%s", page, by, scope, diff)
		}
		if len(some) > rows {
			w.Fatalf("%d rows on a page of %d", len(some), rows)
		}
		got = append(got, some...)
	}
	if diff := cmp.Diff(want, got, near); diff != "" {
		w.Fatalf("by %s of %+v (-whole +pages):\n%s", by, scope, diff)
	}
}

// lists compares what is behind a figure, page by page, with the list as a whole, and that with what the report counts.
func (w *world) lists(b intake.Behind, rows int) {
	w.Helper()
	whole, n, err := w.ListBehind(w.Context(), b, 0, 1_000_000)
	w.must(err)
	if len(whole) != n {
		w.Fatalf("%d rows are behind %s %s of %+v, which counts %d", len(whole), b.Part, b.Clock, b.Scope, n)
	}
	for offset := 0; offset < n+rows; offset += max(rows, n/5/rows*rows) {
		page, count, err := w.ListBehind(w.Context(), b, offset, rows)
		w.must(err)
		want := whole[min(offset, n):min(offset+rows, n)]
		if diff := cmp.Diff(want, page, cmpopts.EquateEmpty()); diff != "" || count != n {
			w.Fatalf("%d from %d of %d (%d) behind %s %s of %+v (-want +got):\n%s", rows, offset, count, n, b.Part, b.Clock, b.Scope, diff)
		}
	}
}
