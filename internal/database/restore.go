package database

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"
)

const (
	// othersLeave is how long programs that are ending may take to let go of the database.
	othersLeave = 2 * time.Second
	othersEvery = 100 * time.Millisecond
)

// Restore makes the database what it was when Backup wrote the file: all of it in one transaction, or nothing.
// A database in which anything is, is an error unless it may be replaced; so is one that another program uses,
// and a backup whose schema is newer than ours. An older one is left for Migrate.
func (d *DB) Restore(ctx context.Context, path string, replace bool) error {
	if err := d.alone(ctx); err != nil {
		return err
	}
	if err := d.mayRestore(ctx, replace); err != nil {
		return err
	}
	c, err := d.client(ctx)
	if err != nil {
		return err
	}
	newest, err := d.newestMigration()
	if err != nil {
		return err
	}
	if err := c.load(ctx, path, begin(replace), commit(newest)); err != nil {
		return fmt.Errorf("nothing was changed: %w", err)
	}
	return nil
}

// begin begins the transaction of a restore.
func begin(replace bool) string {
	text := "SET client_min_messages = warning;\nBEGIN;\nSET LOCAL lock_timeout = '30s';\n"
	if replace {
		text += "DROP SCHEMA public CASCADE;\nCREATE SCHEMA public;\n"
	}
	return text
}

// commit ends the transaction of a restore, unless what was restored isn't OneDoor's or is newer than us.
func commit(newest int64) string {
	return fmt.Sprintf(`
DO $$ BEGIN
	IF to_regclass('public.goose_db_version') IS NULL OR to_regclass('public.requests') IS NULL THEN
		RAISE EXCEPTION 'the file is not a backup of OneDoor''s';
	ELSIF (SELECT max(version_id) FROM public.goose_db_version) > %d THEN
		RAISE EXCEPTION 'the backup was made by a newer onedoor: use that one, or a newer one still';
	END IF;
END $$;
COMMIT;
`, newest)
}

// newestMigration is the version of our schema.
func (d *DB) newestMigration() (int64, error) {
	provider, err := d.provider()
	if err != nil {
		return 0, err
	}
	sources := provider.ListSources()
	return sources[len(sources)-1].Version, nil
}

// alone refuses when others are connected to the database, after giving those who are ending a moment.
func (d *DB) alone(ctx context.Context) error {
	for end := time.Now().Add(othersLeave); ; {
		var others []string
		// Who may not see more of another user's session sees at least these columns.
		err := d.SelectContext(ctx, &others, `
			SELECT DISTINCT coalesce(nullif(application_name, ''), 'a program without a name') FROM pg_stat_activity
			WHERE datname = current_database() AND pid <> pg_backend_pid() AND usesysid IS NOT NULL
			  AND coalesce(backend_type, 'client backend') = 'client backend' ORDER BY 1`)
		if err != nil {
			return fmt.Errorf("ask who uses the database: %w", err)
		}
		if len(others) == 0 {
			return nil
		}
		if time.Now().After(end) {
			return fmt.Errorf("others are connected to the database (%s): stop `onedoor serve` and whatever else uses it, and try again",
				strings.Join(others, ", "))
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(othersEvery):
		}
	}
}

// mayRestore refuses a database in which anything is.
func (d *DB) mayRestore(ctx context.Context, replace bool) error {
	var things int
	err := d.GetContext(ctx, &things, `
		SELECT count(*) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
		WHERE n.nspname <> 'information_schema' AND n.nspname !~ '^pg_' AND c.relkind IN ('r', 'p', 'v', 'm', 'S', 'f')`)
	if err != nil {
		return fmt.Errorf("look what is in the database: %w", err)
	}
	if things > 0 && !replace {
		return errors.New("the database is not empty: restore into an empty one, or have all that is in it replaced with --replace (take a backup of it first)")
	}
	return nil
}

// load runs the SQL that a backup is, between some before it and some after. What comes after, and with it the
// commit, runs only when all of the backup could be read.
func (c *client) load(ctx context.Context, path, before, after string) error {
	sql := c.program(ctx, "psql", "--no-psqlrc", "--quiet", "--no-password", "--set=ON_ERROR_STOP=1",
		"--set=VERBOSITY=terse", "--set=SHOW_CONTEXT=never", "--file=-") // more would quote rows
	in, err := sql.StdinPipe()
	if err != nil {
		return fmt.Errorf("run psql: %w", err)
	}
	if err := sql.Start(); err != nil {
		return fmt.Errorf("run psql: %w", err)
	}
	_, err = io.WriteString(in, before)
	if err == nil {
		read := c.program(ctx, "pg_restore", "--file=-", "--no-owner", "--no-privileges", path)
		read.Stdout = in
		err = read.why(read.Run())
	}
	if err == nil {
		_, err = io.WriteString(in, after)
	}
	in.Close()
	if failed := sql.why(sql.Wait()); failed != nil {
		return failed // and what could not be written to it is no news
	}
	return err
}
