package texts

import (
	"context"
	"fmt"
	"strings"

	"github.com/jmoiron/sqlx"
)

// Saved are the changes that the database has and that can be said, by language and key.
func (c *Catalogue) Saved(ctx context.Context, db sqlx.QueryerContext) (map[[2]string]string, error) {
	var changes []Change
	if err := sqlx.SelectContext(ctx, db, &changes, `SELECT language, key, text FROM texts`); err != nil {
		return nil, fmt.Errorf("read the changed texts: %w", err)
	}
	saved := map[[2]string]string{}
	for _, change := range changes {
		if c.Check(change) == nil {
			saved[[2]string{change.Language, change.Key}] = change.Text
		}
	}
	return saved, nil
}

// SaveAll keeps changes in the name of an account, and restores the texts that they say as the program brings them. One that
// fails Check is refused with that error.
func (c *Catalogue) SaveAll(ctx context.Context, tx *sqlx.Tx, account string, changes []Change) error {
	for _, change := range changes {
		var err error
		original, _ := c.Original(change.Language, change.Key)
		if change.Text == strings.TrimSpace(original) {
			err = restore(ctx, tx, change.Language, change.Key)
		} else if err = c.Check(change); err == nil {
			err = save(ctx, tx, account, change)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
