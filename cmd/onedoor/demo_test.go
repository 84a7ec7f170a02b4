package main

import (
	"log/slog"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/database/databasetest"
)

// TestDemoHasAPast: a fresh demo has weeks behind it, by which each page of figures has something to say, and nothing to do: none of its
// requests waits, is in anybody's hands, or stands on the board.
func TestDemoHasAPast(t *testing.T) {
	t.Parallel()
	db, log := databasetest.New(t), slog.New(slog.NewTextHandler(t.Output(), nil))
	for range 2 { // each start begins afresh
		if err := loadSample(t.Context(), db, log); err != nil {
			t.Fatal(err)
		}
	}
	d, err := newDomain(t.Context(), db, log, true)
	if err != nil {
		t.Fatal(err)
	}
	var all, toDo, troubled, later int
	if err := db.QueryRow(`SELECT count(*), count(*) FILTER (WHERE state NOT IN ('resolved', 'closed', 'cancelled')), count(*) FILTER (WHERE triage <> ''),
		count(*) FILTER (WHERE greatest(submitted_at, claimed_at, answered_at, resolved_at, closed_at) > now()) FROM requests`).Scan(&all, &toDo, &troubled, &later); err != nil {
		t.Fatal(err)
	}
	if all != pastRequests || toDo+troubled+later > 0 {
		t.Errorf("%d requests, of which %d are to do, %d for a supervisor, and %d of later", all, toDo, troubled, later)
	}
	picture, err := d.intake.NewBoard().Look(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if items := picture.Items(d.intake.SightOf("", "")); len(items) > 0 {
		t.Errorf("on the board are %d", len(items))
	}
	scope := intake.Scope{From: time.Now().AddDate(0, 0, -30), To: time.Now()}
	figures, err := d.intake.Report(t.Context(), scope, "station")
	if err != nil {
		t.Fatal(err)
	}
	equity, err := d.intake.Equity(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	for _, clock := range equity.Clocks {
		if !clock.Enough {
			t.Errorf("of %d and %d requests there aren't enough to compare town and country", clock.Rural, clock.Urban)
		}
	}
	staffed, err := d.intake.Staffing(t.Context(), scope)
	if err != nil {
		t.Fatal(err)
	}
	if len(figures) < 150 || len(staffed) < 50 {
		t.Errorf("in 30 days are figures of %d stations, and enough to say who is missing of %d", len(figures), len(staffed))
	}
}
