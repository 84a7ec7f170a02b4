package bulk_test

import (
	"log/slog"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"onedoor/intake"
	"onedoor/internal/bulk"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/prompts"
	"onedoor/routing"
)

// noon is when all that is made is as it is.
var noon = time.Date(2026, 11, 20, 4, 0, 0, 0, time.UTC)

// filled is a database with the sample and so many requests, and the domain on it.
func filled(t testing.TB, requests int, seed uint64) (*database.DB, *intake.Service) {
	t.Helper()
	db := databasetest.New(t)
	taxonomy, err := prompts.Load()
	must(t, err)
	must(t, sample.Load(t.Context(), db, func(key string) bool { _, ok := taxonomy.Category(key); return ok }))
	router, err := routing.New(t.Context(), db.DB, slog.Default())
	must(t, err)
	must(t, bulk.Fill(t.Context(), db, router, taxonomy, bulk.Options{Requests: requests, Seed: seed, Now: noon}))
	return db, intake.New(intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Log: slog.Default(), Now: func() time.Time { return noon }})
}

func must(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// lines are the rows of a query, each as text.
func lines(t testing.TB, db *database.DB, query string) []string {
	t.Helper()
	var all []string
	must(t, db.SelectContext(t.Context(), &all, query))
	return all
}

const cycles = `SELECT CAST(to_jsonb(c) - 'kept' AS text) FROM cycles c ORDER BY request_id, n`

// TestCyclesAreFolded: the cycles that are made are those that the program folds from the log.
func TestCyclesAreFolded(t *testing.T) {
	t.Parallel()
	db, service := filled(t, 1000, 1)
	made := lines(t, db, cycles)
	_, err := db.ExecContext(t.Context(), `DELETE FROM cycles`)
	must(t, err)
	_, err = db.ExecContext(t.Context(), `INSERT INTO unfolded (request_id) SELECT id FROM requests`)
	must(t, err)
	must(t, service.Fold(t.Context()))
	if diff := cmp.Diff(lines(t, db, cycles), made); diff != "" {
		t.Errorf("folded (-) and made (+):\n%s", diff)
	}
}

// TestTheSameSeedMakesTheSame, and another one something else; all kinds of lives are there.
func TestTheSameSeedMakesTheSame(t *testing.T) {
	t.Parallel()
	const all = `SELECT CAST(r AS text) FROM requests r UNION ALL SELECT CAST(e AS text) FROM events e UNION ALL SELECT CAST(r AS text) FROM ratings r
		UNION ALL SELECT CAST(r AS text) FROM referrals r UNION ALL SELECT CAST(m AS text) FROM messages m ORDER BY 1`
	a, _ := filled(t, 3000, 1)
	b, _ := filled(t, 3000, 1)
	c, _ := filled(t, 3000, 2)
	first := lines(t, a, all)
	if diff := cmp.Diff(first, lines(t, b, all)); diff != "" {
		t.Errorf("the second time it is:\n%s", diff)
	}
	if cmp.Equal(first, lines(t, c, all)) {
		t.Error("with another seed it is the same")
	}
	kinds := lines(t, a, `SELECT DISTINCT kind FROM events ORDER BY 1`)
	want := []string{"answered", "cancelled", "claimed", "closed", "rated", "referred", "reopened", "resolved", "routed", "said", "submitted", "transferred"}
	if diff := cmp.Diff(want, kinds); diff != "" {
		t.Errorf("the kinds of events are:\n%s", diff)
	}
}

// TestNothingIsMissingAfterwards: indexes, constraints and triggers are what they were, and new rows get numbers of their own.
func TestNothingIsMissingAfterwards(t *testing.T) {
	t.Parallel()
	const schema = `SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
		UNION ALL SELECT conrelid::regclass || ' ' || conname || ' ' || pg_get_constraintdef(oid) FROM pg_constraint WHERE connamespace = 'public'::regnamespace
		UNION ALL SELECT tgrelid::regclass || ' ' || tgname || ' ' || tgenabled::text FROM pg_trigger WHERE NOT tgisinternal ORDER BY 1`
	db, _ := filled(t, 1000, 1)
	if diff := cmp.Diff(lines(t, databasetest.New(t), schema), lines(t, db, schema)); diff != "" {
		t.Errorf("the schema was (-) and is (+):\n%s", diff)
	}
	_, err := db.ExecContext(t.Context(), `INSERT INTO events (request_id, at, kind, actor) VALUES (1, now(), 'noted', 'system')`)
	must(t, err)
}

// TestSettled: where all is to be over it is, in the days that were asked for, and each step still follows the one before it.
func TestSettled(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	taxonomy, err := prompts.Load()
	must(t, err)
	must(t, sample.Load(t.Context(), db, func(key string) bool { _, ok := taxonomy.Category(key); return ok }))
	router, err := routing.New(t.Context(), db.DB, slog.Default())
	must(t, err)
	must(t, bulk.Fill(t.Context(), db, router, taxonomy, bulk.Options{Requests: 2000, Days: 20, Seed: 1, Now: noon, Settled: true}))
	states := lines(t, db, `SELECT DISTINCT state FROM requests ORDER BY 1`)
	if diff := cmp.Diff([]string{"cancelled", "closed", "resolved"}, states); diff != "" {
		t.Errorf("the states are:\n%s", diff)
	}
	wrong := lines(t, db, `SELECT ref FROM requests WHERE submitted_at < timestamptz '2026-10-31 00:00Z' OR submitted_at > timestamptz '2026-11-20 04:00Z' OR triage <> ''
		UNION ALL SELECT CAST(request_id AS text) FROM cycles WHERE NOT (began_at <= coalesce(claimed_at, began_at) AND coalesce(claimed_at, began_at) <= coalesce(answered_at, claimed_at, began_at)
			AND coalesce(answered_at, claimed_at, began_at) <= coalesce(resolved_at, over_at) AND coalesce(resolved_at, over_at) <= timestamptz '2026-11-20 04:00Z')`)
	if len(wrong) > 0 {
		t.Errorf("of 2,000 are wrong %q", wrong)
	}
}
