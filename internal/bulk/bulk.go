// Package bulk fills a database with as many requests as a province has in years, to see what is slow, and a demo with some weeks of
// them. They are invented, and
// spread over the stations, workers and places that are there (see package sample): each with its first words, its log from
// the submission on, its cycles as intake folds them, ratings and referrals to organisations. What waits now is what came
// lately, about a thousandth of three years; or nothing, where all is to be over. The same seed and moment make the same.
//
// For its speed it takes the indexes and foreign keys of the tables that it fills away, and puts them back at the end, when
// PostgreSQL checks them all: a database in which that failed half-way is good for nothing.
package bulk

import (
	"context"
	"errors"
	"fmt"
	"time"

	"golang.org/x/sync/errgroup"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/prompts"
	"onedoor/routing"
)

// Options say what to make.
type Options struct {
	Requests int
	Years    int // over how many they came
	Days     int // and days beside that; 0 both: three years
	Seed     uint64
	Now      time.Time                   // the moment at which they are as they are; zero: now
	Settled  bool                        // all of them are over at that moment: those that came lately, too
	Say      func(what string, a ...any) // hears how far it is; nil: nobody does
}

// Fill makes requests in a migrated database that has stations, workers and places, and no requests yet.
func Fill(ctx context.Context, db *database.DB, router *routing.Router, taxonomy *prompts.Taxonomy, o Options) error {
	if o.Years == 0 && o.Days == 0 {
		o.Years = 3
	}
	if o.Now.IsZero() {
		o.Now = time.Now()
	}
	if o.Say == nil {
		o.Say = func(string, ...any) {}
	}
	var taken bool
	if err := db.GetContext(ctx, &taken, `SELECT EXISTS (SELECT FROM requests)`); err != nil {
		return fmt.Errorf("look for requests: %w", err)
	}
	if taken {
		return errors.New("the database has requests already: only one without is filled")
	}
	w, err := newWorld(ctx, db, router, taxonomy, o)
	if err != nil {
		return err
	}
	s, err := strip(ctx, db)
	if err != nil {
		return err
	}
	o.Say("copying %d requests", o.Requests)
	if err := w.copy(ctx, db.URL()); err != nil {
		return err
	}
	if err := s.restore(ctx, db, o.Say); err != nil {
		return err
	}
	if err := run(ctx, db, `INSERT INTO referred_requests SELECT c.request_id, c.category, c.urgency, c.setting FROM cycles c
		WHERE c.n = 1 AND c.request_id IN (SELECT request_id FROM referrals WHERE kind = 'organisation')`, `VACUUM (ANALYZE) referred_requests`); err != nil {
		return err
	}
	o.Say("words")
	if err := writeWords(ctx, db, router, taxonomy); err != nil {
		return err
	}
	o.Say("figures")
	service := intake.New(intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Now: func() time.Time { return w.Now }})
	if err := service.KeepAllFigures(ctx); err != nil {
		return err
	}
	_, err = db.ExecContext(ctx, `VACUUM (ANALYZE) figures_kept`)
	if err != nil {
		return fmt.Errorf("gather statistics: %w", err)
	}
	return nil
}

// tables are those that are filled, with the columns that are.
func tables() [][2]string {
	return [][2]string{
		{"chats", "bot_id, id, language, phone, created_at"},
		{"requests", `id, ref, bot_id, chat_id, state, text, category, urgency, crisis, groups, place_code, lat, lon, place_source, station, worker,
			outcome, triage, update_id, created_at, submitted_at, claimed_at, answered_at, resolved_at, closed_at, claim_due, answer_due,
			resolve_due, next_action, next_action_at, claim_level, resolve_level`},
		{"messages", "id, bot_id, chat_id, message_id, update_id, request_id, author, kind, text, said_at"},
		{"events", "id, request_id, at, kind, actor, actor_id, data"},
		{"cycles", `request_id, n, began_at, day, station, worker_station, category, urgency, claim_due, answer_due, resolve_due, claimed_at,
			answered_at, resolved_at, over_at, claim_open, answer_open, resolve_open, outcome, setting, score, over_open, kept`},
		{"ratings", "request_id, resolved_at, score, rated_at"},
		{"referrals", `id, request_id, kind, organisation, worker, state, why, outcome, offered_at, accepted_at, ended_at, expires_at, next_at`},
	}
}

// copy makes all rows, each table's on a connection of its own.
func (w *world) copy(ctx context.Context, url string) error {
	group, ctx := errgroup.WithContext(ctx)
	streams := map[string]*stream{}
	for _, t := range tables() {
		s, err := newStream(ctx, group, url, t[0], t[1])
		if err != nil {
			return err
		}
		streams[t[0]] = s
	}
	group.Go(func() error {
		err := w.write(streams)
		for _, s := range streams {
			err = errors.Join(err, s.close(err))
		}
		return err
	})
	return group.Wait()
}
