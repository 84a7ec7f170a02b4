package routing_test

import (
	"context"
	"fmt"
	"log/slog"
	"testing"
	"time"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/routing"
)

const stationsCSV = `code,name,county_code,lat,lon,datum,phone,categories,hours,name_en
near,从化站,440117,23.55,113.59,,12345,,Mo-Fr 08:30-17:30,Conghua Station
far,白云站,440111,23.16,113.27,wgs84,020-8765 4321,health;fire_safety,,
`

const placesCSV = `code,name,level,parent,lat,lon,datum,name_en
440117102,太平镇,township,440117,,,,
440117,从化区,county,,23.55,113.59,,Conghua District
`

func known(key string) bool { return key == "health" || key == "fire_safety" }

// filled is a database with two stations and two places, and a router that follows it.
func filled(t *testing.T) (*database.DB, *routing.Router) {
	t.Helper()
	db := databasetest.New(t)
	importStations(t, db, stationsCSV)
	importPlaces(t, db, placesCSV)
	router, err := routing.New(t.Context(), db.DB, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan error, 1)
	go func() { done <- router.Follow(ctx, db.URL()) }()
	t.Cleanup(func() {
		cancel()
		if err := <-done; err != nil {
			t.Errorf("follow: %v", err)
		}
	})
	return db, router
}

func must(t testing.TB, db *database.DB, statement string, args ...any) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

// await waits until the router has followed so far.
func await(t *testing.T, what string, done func() bool) {
	t.Helper()
	deadline := time.Now().Add(20 * time.Second)
	for !done() {
		if time.Now().After(deadline) {
			t.Fatalf("the router doesn't know: %s", what)
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// listening waits until the router hears of changes.
func listening(t *testing.T, db *database.DB, router *routing.Router) {
	t.Helper()
	for workers := range 2 { // the first may be read because the router has begun to listen just then
		must(t, db, `INSERT INTO workers (code, name, station) VALUES ($1, '王', 'near')`, fmt.Sprint("listening", workers))
		await(t, "it listens", func() bool { s, _ := router.Station("near"); return s.Workers == workers+1 })
	}
}

func TestRouterLoads(t *testing.T) {
	_, router := filled(t)
	s, ok := router.Station("far")
	if !ok || s.Name != "白云站" || s.Workers != 0 || !s.Active || !s.Serves("health") || s.Serves("education") || s.Zone().String() != "Asia/Shanghai" {
		t.Errorf("%+v, %v", s, ok)
	}
	if all := router.Stations(); len(all) != 2 || all[0].Code != "far" || all[1].Code != "near" {
		t.Errorf("%+v", all)
	}
	if near, _ := router.Station("near"); !near.Serves("education") || near.Hours.Open(time.Date(2026, 6, 7, 12, 0, 0, 0, near.Zone())) {
		t.Errorf("%+v", near)
	}
	if _, ok := router.Station("none"); ok {
		t.Error("there is no such station")
	}
	if at, approximate, ok := router.Gazetteer().Position("440117102"); !ok || !approximate || at.Lat != 23.55 {
		t.Errorf("%v, %v, %v", at, approximate, ok)
	}
	d := router.Route(routing.Query{At: routing.Point{Lat: 23.5, Lon: 113.5}})
	if d.Station != "near" || !d.Unstaffed {
		t.Errorf("%+v", d)
	}
}

// TestRouterFollows: each change in the database decides the next request.
func TestRouterFollows(t *testing.T) {
	db, router := filled(t)
	query := routing.Query{At: routing.Point{Lat: 23.5, Lon: 113.5}}
	goesTo := func(station string) func() bool {
		return func() bool { return router.Route(query).Station == station }
	}
	must(t, db, `INSERT INTO workers (code, name, station) VALUES ('w', '王', 'far')`)
	await(t, "a worker has come", goesTo("far"))
	must(t, db, `UPDATE workers SET station = 'near' WHERE code = 'w'`)
	await(t, "the worker has moved", func() bool {
		far, _ := router.Station("far")
		return goesTo("near")() && far.Workers == 0
	})
	must(t, db, `INSERT INTO workers (code, name, station) VALUES ('x', '谢', 'far')`)
	must(t, db, `UPDATE stations SET active = false WHERE code = 'near'`)
	await(t, "the nearest is switched off", goesTo("far"))
	must(t, db, `INSERT INTO stations (code, name, lat, lon) VALUES ('new', '新站', 23.5, 113.5)`)
	must(t, db, `INSERT INTO workers (code, name, station) VALUES ('y', '杨', 'new')`)
	await(t, "a nearer one has come", goesTo("new"))
	must(t, db, `UPDATE stations SET lat = 0, lon = 1 WHERE code = 'new'`)
	await(t, "it has moved away", goesTo("far"))
	must(t, db, `DELETE FROM workers WHERE code = 'y'`)
	must(t, db, `DELETE FROM stations WHERE code = 'new'`)
	await(t, "it is gone", func() bool { _, ok := router.Station("new"); return !ok })
	must(t, db, `INSERT INTO places (code, name, level) VALUES ('p', '新丰县', 'county')`)
	await(t, "a place has come", func() bool { return len(router.Gazetteer().Find("新丰", nil, 2)) == 1 })
}

func TestRouterFollowsDuty(t *testing.T) {
	db, router := filled(t)
	must(t, db, `INSERT INTO bots (id) VALUES (1)`)
	must(t, db, `INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, 2, 'en', now())`)
	must(t, db, `INSERT INTO workers (code, name, station, bot_id, chat_id, joined_at) VALUES ('w', '王', 'far', 1, 2, now())`)
	for _, on := range []bool{true, false} {
		must(t, db, `UPDATE workers SET on_duty = $1`, on)
		await(t, fmt.Sprint("on duty: ", on), func() bool {
			s, _ := router.Station("far")
			return s.Workers == 1 && (s.OnDuty == 1) == on
		})
	}
	must(t, db, `UPDATE workers SET on_duty = true`)
	for _, blocked := range []bool{true, false} {
		must(t, db, `UPDATE chats SET unreachable_at = CASE WHEN $1 THEN now() END`, blocked)
		await(t, fmt.Sprint("out of reach: ", blocked), func() bool {
			s, _ := router.Station("far")
			return (s.OnDuty == 0 && s.Reachable == 0) == blocked
		})
	}
}

// TestRouterFollowsManyChanges: so many at once that reading all is quicker.
func TestRouterFollowsManyChanges(t *testing.T) {
	db, router := filled(t)
	listening(t, db, router)
	must(t, db, `INSERT INTO stations (code, name, lat, lon) SELECT 'n' || i, '站', 20 + i / 1000.0, 110 FROM generate_series(1, 500) i`)
	await(t, "500 stations have come", func() bool { return len(router.Stations()) == 502 })
}

// TestRouterSurvivesLostConnection: what changed while nobody listened is read once somebody does again.
func TestRouterSurvivesLostConnection(t *testing.T) {
	db, router := filled(t)
	listening(t, db, router)
	tx, err := db.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	// One transaction ends the listener's connection, and makes changes that are told to nobody.
	for _, statement := range []string{
		`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE 'LISTEN%'`,
		`ALTER TABLE stations DISABLE TRIGGER stations_tell`,
		`UPDATE stations SET name = '新名'`,
		`ALTER TABLE stations ENABLE TRIGGER stations_tell`,
	} {
		if _, err := tx.ExecContext(t.Context(), statement); err != nil {
			t.Fatalf("%s: %v", statement, err)
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	await(t, "the new names", func() bool { s, _ := router.Station("near"); return s.Name == "新名" })
}

func TestReload(t *testing.T) {
	db := databasetest.New(t)
	router, err := routing.New(t.Context(), db.DB, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	if d := router.Route(routing.Query{At: routing.Point{Lat: 23, Lon: 113}}); d.Station != "" {
		t.Errorf("there are no stations, and yet %+v", d)
	}
	importStations(t, db, stationsCSV)
	if err := router.Reload(t.Context()); err != nil {
		t.Fatal(err)
	}
	if len(router.Stations()) != 2 {
		t.Errorf("%+v", router.Stations())
	}
}
