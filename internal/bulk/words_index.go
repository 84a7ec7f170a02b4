package bulk

import (
	"context"
	"fmt"
	"log/slog"

	"golang.org/x/sync/errgroup"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/prompts"
	"onedoor/routing"
)

// wordedAtOnce is how many requests one transaction words here, where nobody waits.
const wordedAtOnce = 5000

// writeWords makes what was said findable, as the program does it; the index is made at the end.
func writeWords(ctx context.Context, db *database.DB, router *routing.Router, taxonomy *prompts.Taxonomy) error {
	var index string
	if err := db.GetContext(ctx, &index, `SELECT pg_get_indexdef('request_words_words'::regclass)`); err != nil {
		return fmt.Errorf("read the index of words: %w", err)
	}
	if err := run(ctx, db, `DROP INDEX request_words_words`, `INSERT INTO unworded (request_id) SELECT id FROM requests WHERE submitted_at IS NOT NULL`,
		`ANALYZE unworded`); err != nil {
		return err
	}
	service := intake.New(intake.Options{DB: db, Router: router, Taxonomy: taxonomy, Log: slog.Default()})
	group, ctx := errgroup.WithContext(ctx)
	for range 2 {
		group.Go(func() error {
			for {
				if n, err := service.WriteWords(ctx, wordedAtOnce); err != nil || n == 0 {
					return err
				}
			}
		})
	}
	if err := group.Wait(); err != nil {
		return err
	}
	return run(context.WithoutCancel(ctx), db, index, `VACUUM (ANALYZE) request_words`, `VACUUM (ANALYZE) unworded`)
}
