package intake_test

import (
	"context"
	"flag"
	"log/slog"
	"slices"
	"strconv"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/bulk"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/prompts"
	"onedoor/routing"
)

var (
	searchRows = flag.Int("search-rows", 20_000, "how many requests BenchmarkFind looks among")
	searchDir  = flag.String("search-dir", "", "a directory that `make fill` has filled, for BenchmarkFind to look in instead")
)

// searched is a database with many requests.
func searched(b *testing.B) *database.DB {
	if *searchDir == "" {
		return databasetest.New(b)
	}
	db, err := database.Open(b.Context(), database.Config{DataDir: *searchDir, Existing: true, Volatile: true})
	if err == nil {
		b.Cleanup(func() { db.Close() })
		err = db.Migrate(b.Context())
	}
	if err != nil {
		b.Fatal(err)
	}
	return db
}

// BenchmarkFind measures what a page of the search waits for: median, 95th percentile and the longest. With -search-rows, or in
// what was filled before with -search-dir; every kind of search is made by those who see all, a county and a station.
func BenchmarkFind(b *testing.B) {
	db := searched(b)
	must := func(err error) {
		b.Helper()
		if err != nil {
			b.Fatal(err)
		}
	}
	taxonomy, err := prompts.Load()
	must(err)
	if *searchDir == "" {
		must(sample.Load(b.Context(), db, func(string) bool { return true }))
	}
	router, err := routing.New(b.Context(), db.DB, slog.Default())
	must(err)
	if *searchDir == "" {
		must(bulk.Fill(b.Context(), db, router, taxonomy, bulk.Options{Requests: *searchRows, Seed: 1}))
	}
	service := intake.New(intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Log: slog.Default()})
	var last struct{ Ref, Station, County, Worker string }
	must(db.Get(&last, `SELECT r.ref, s.code AS station, s.county_code AS county, r.worker FROM requests r JOIN stations s ON s.code = r.station
		WHERE r.worker IS NOT NULL ORDER BY r.id LIMIT 1`))
	sights := map[string]intake.Sight{"all": everything, "county": service.SightOf("", last.County), "station": service.SightOf(last.Station, "")}
	for name, f := range map[string]intake.Filter{
		"newest": {}, "pressing": {Pressing: true}, "overdue": {Overdue: true}, "reference": {Words: last.Ref}, "worker": {Worker: last.Worker},
		"common word": {Words: "照顾"}, "commonest character": {Words: "我"}, "two words": {Words: "我妈妈 轮椅"}, "rare word": {Words: "穿山甲"},
		"rarer in traditional": {Words: "龍舟 低保"}, "English": {Words: "lychees"}, "rare English": {Words: "vermiculite"}, "nobody's word": {Words: "量子力学"},
		"phone": {Words: "138" + strconv.Itoa(10_000_000+12_345)}, "phone's end": {Words: "4321"}, "common and rare filter": {Words: "照顾", Urgency: "emergency"},
		"rating": {Unhappy: true}, "unnamed": {Unnamed: true}, "cancelled of a service": {State: "cancelled", Category: "health"},
		"days long ago": {From: time.Now().AddDate(-2, -1, 0), To: time.Now().AddDate(-2, 0, 0)}, "word long ago": {Words: "照顾", To: time.Now().AddDate(-2, 0, 0)},
		"triage": {Triage: "unclaimed"}, "impossible": {Unhappy: true, State: "cancelled"},
	} {
		for who, sight := range sights {
			b.Run(name+"/"+who, func(b *testing.B) {
				var took []time.Duration
				var found intake.Found
				for b.Loop() {
					began := time.Now()
					found, err = service.Find(context.Background(), sight, f, "", 50)
					took = append(took, time.Since(began))
					must(err)
				}
				slices.Sort(took)
				ms := func(share float64) float64 {
					return float64(took[int(share*float64(len(took)-1))].Microseconds()) / 1000
				}
				b.ReportMetric(ms(0.5), "ms/p50")
				b.ReportMetric(ms(0.95), "ms/p95")
				b.ReportMetric(ms(1), "ms/max")
				b.ReportMetric(float64(found.Count), "found")
				b.ReportMetric(0, "ns/op")
			})
		}
	}
}
