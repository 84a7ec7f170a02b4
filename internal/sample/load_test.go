package sample_test

import (
	"testing"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/prompts"
)

// taxonomy tells which category keys exist.
func taxonomy(t testing.TB) func(string) bool {
	t.Helper()
	loaded, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	return func(key string) bool { _, ok := loaded.Category(key); return ok }
}

// content is how much is in the database, and the transaction that last wrote any of it.
type content struct {
	Places, Stations, Workers, Organisations, Replies int
	Newest                                            string
}

func read(t *testing.T, db *database.DB) (c content) {
	t.Helper()
	if err := db.GetContext(t.Context(), &c, `
		SELECT (SELECT count(*) FROM places) AS places, (SELECT count(*) FROM stations) AS stations,
			(SELECT count(*) FROM workers) AS workers, (SELECT count(*) FROM organisations) AS organisations,
			(SELECT count(*) FROM canned_replies) AS replies,
			(SELECT max(xmin::text::bigint)::text FROM (SELECT xmin FROM places UNION ALL SELECT xmin FROM stations
				UNION ALL SELECT xmin FROM workers UNION ALL SELECT xmin FROM organisations UNION ALL SELECT xmin FROM canned_replies) AS r) AS newest`); err != nil {
		t.Fatal(err)
	}
	return c
}

func TestLoadTwiceIsOnce(t *testing.T) {
	t.Parallel()
	db, known := databasetest.New(t), taxonomy(t)
	if err := sample.Load(t.Context(), db, known); err != nil {
		t.Fatal(err)
	}
	first := read(t, db)
	if err := sample.Load(t.Context(), db, known); err != nil {
		t.Fatal(err)
	}
	if second := read(t, db); second != first {
		t.Errorf("the second time made %+v of %+v", second, first)
	}
	if want := (content{len(gazetteer(t)), 200, 940, 42, 21, first.Newest}); first != want {
		t.Errorf("loaded %+v, want %+v", first, want)
	}
}

func TestLoadRefusesUnknownCategories(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	if err := sample.Load(t.Context(), db, func(string) bool { return false }); err == nil {
		t.Error("stations of categories that don't exist were loaded")
	}
	if got := read(t, db); got.Stations != 0 || got.Workers != 0 {
		t.Errorf("%d stations and %d workers were loaded, want none", got.Stations, got.Workers)
	}
}

// BenchmarkLoad is the demo's first start.
func BenchmarkLoad(b *testing.B) {
	known := taxonomy(b)
	for b.Loop() {
		b.StopTimer()
		db := databasetest.New(b)
		b.StartTimer()
		if err := sample.Load(b.Context(), db, known); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkLoadAgain is every later start.
func BenchmarkLoadAgain(b *testing.B) {
	db, known := databasetest.New(b), taxonomy(b)
	for b.Loop() {
		if err := sample.Load(b.Context(), db, known); err != nil {
			b.Fatal(err)
		}
	}
}
