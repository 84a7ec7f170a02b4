// Command fill makes a database with the sample's stations and workers and as many requests as it is told, to measure with: in
// the database at DATABASE_URL, or in a private one in a directory, both without requests so far.
package main

import (
	"context"
	"flag"
	"fmt"
	"log"
	"log/slog"
	"os"
	"time"

	"onedoor/internal/bulk"
	"onedoor/internal/database"
	"onedoor/internal/sample"
	"onedoor/prompts"
	"onedoor/routing"
)

func main() {
	requests := flag.Int("n", 100_000, "how many requests")
	years := flag.Int("years", 3, "over how many years they came")
	seed := flag.Uint64("seed", 1, "the same seed makes the same")
	dir := flag.String("dir", "", "the directory of a private database, where DATABASE_URL isn't set")
	flag.Parse()
	if *dir == "" && os.Getenv("DATABASE_URL") == "" {
		log.Fatal("fill: set DATABASE_URL, or name a directory with -dir")
	}
	if err := fill(context.Background(), database.Config{URL: os.Getenv("DATABASE_URL"), DataDir: *dir, Volatile: true},
		bulk.Options{Requests: *requests, Years: *years, Seed: *seed, Say: say(time.Now())}); err != nil {
		log.Fatal("fill: ", err)
	}
}

// say says on stderr what is done, and how long after the start.
func say(began time.Time) func(string, ...any) {
	return func(what string, a ...any) {
		fmt.Fprintf(os.Stderr, "%8s  %s\n", time.Since(began).Round(time.Second), fmt.Sprintf(what, a...))
	}
}

func fill(ctx context.Context, c database.Config, o bulk.Options) error {
	db, err := database.Open(ctx, c)
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Migrate(ctx); err != nil {
		return err
	}
	taxonomy, err := prompts.Load()
	if err != nil {
		return err
	}
	known := func(category string) bool { _, ok := taxonomy.Category(category); return ok }
	if err := sample.Load(ctx, db, known); err != nil {
		return err
	}
	router, err := routing.New(ctx, db.DB, slog.Default())
	if err != nil {
		return err
	}
	if err := bulk.Fill(ctx, db, router, taxonomy, o); err != nil {
		return err
	}
	o.Say("%d requests are there", o.Requests)
	return nil
}
