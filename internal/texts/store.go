package texts

import (
	"context"
	"fmt"
	"log/slog"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
)

// readAgain is when changes that could not be read are read again.
const readAgain = 5 * time.Second

// Save keeps a change in the name of an account; one that fails Check is refused with that error. The programs that Follow the
// database say it in a moment.
func (c *Catalogue) Save(ctx context.Context, db *database.DB, account string, change Change) error {
	if err := c.Check(change); err != nil {
		return err
	}
	return save(ctx, db, account, change)
}

func save(ctx context.Context, db sqlx.ExecerContext, account string, change Change) error {
	_, err := db.ExecContext(ctx, `INSERT INTO texts (language, key, text, account, changed_at) VALUES ($1, $2, $3, $4, now())
		ON CONFLICT (language, key) DO UPDATE SET text = EXCLUDED.text, account = EXCLUDED.account, changed_at = EXCLUDED.changed_at`,
		change.Language, change.Key, change.Text, account)
	if err != nil {
		return fmt.Errorf("keep a changed text: %w", err)
	}
	return nil
}

// Restore says the original again. Where nothing was changed it does nothing.
func (c *Catalogue) Restore(ctx context.Context, db *database.DB, lang, key string) error {
	return restore(ctx, db, lang, key)
}

func restore(ctx context.Context, db sqlx.ExecerContext, lang, key string) error {
	if _, err := db.ExecContext(ctx, `DELETE FROM texts WHERE language = $1 AND key = $2`, lang, key); err != nil {
		return fmt.Errorf("restore a text: %w", err)
	}
	return nil
}

// Read says what the database has. What a newer program no longer has, or fills with other values, is left out.
func (c *Catalogue) Read(ctx context.Context, db *database.DB) (refused []Change, err error) {
	var changes []Change
	if err := db.SelectContext(ctx, &changes, `SELECT language, key, text FROM texts`); err != nil {
		return nil, fmt.Errorf("read the changed texts: %w", err)
	}
	return c.Change(changes), nil
}

// Follow keeps the texts in step with what people change, in this process or another, until ctx ends.
func (c *Catalogue) Follow(ctx context.Context, db *database.DB, log *slog.Logger) error {
	read := func() {
		for ctx.Err() == nil {
			refused, err := c.Read(ctx, db)
			for _, change := range refused {
				log.Warn("a changed text no longer fits and isn't said", "language", change.Language, "key", change.Key)
			}
			if err == nil || ctx.Err() != nil {
				return
			}
			log.Warn("the changed texts can't be read; trying again", "error", err)
			select {
			case <-ctx.Done():
			case <-time.After(readAgain):
			}
		}
	}
	return database.Listen(ctx, db.URL(), "texts", read, func(string) { read() })
}
