package database

import (
	"context"
	"database/sql"
	"embed"
	"errors"
	"fmt"
	"io/fs"

	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"github.com/riverqueue/river/rivermigrate"
)

//go:embed migrations/*.sql
var migrations embed.FS

const (
	// riverMigration is the number, among the schema's migrations, of the one that makes River's tables.
	riverMigration = 2
	// riverVersion is the version of River's tables that it makes. A River that wants newer ones needs a further
	// migration; a test tells.
	riverVersion = 8

	migrateLimit = 5 * 60 // seconds that another process may be at it
)

// Migrate brings the schema, and River's tables, to the newest version. Processes that start at the same time
// do it one after the other.
func (d *DB) Migrate(ctx context.Context) error {
	provider, err := d.provider()
	if err != nil {
		return err
	}
	done, err := provider.Up(ctx)
	if err != nil {
		return fmt.Errorf("migrate the database: %w", err)
	}
	for _, m := range done {
		d.log.InfoContext(ctx, "migrated the database", "version", m.Source.Version, "took", m.Duration)
	}
	return nil
}

// errNotMigrated is a schema older than the program's.
var errNotMigrated = errors.New("the database is not migrated")

// Migrated is nil when the database answers and its schema is at least this program's.
func (d *DB) Migrated(ctx context.Context) error {
	provider, err := d.provider()
	if err != nil {
		return err
	}
	pending, err := provider.HasPending(ctx)
	if err != nil {
		return fmt.Errorf("ask the database for its version: %w", err)
	}
	if pending {
		return errNotMigrated
	}
	return nil
}

func (d *DB) provider() (*goose.Provider, error) {
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return nil, fmt.Errorf("find the migrations: %w", err)
	}
	locker, err := lock.NewPostgresSessionLocker(lock.WithLockTimeout(1, migrateLimit))
	if err != nil {
		return nil, fmt.Errorf("set up the migrations: %w", err)
	}
	provider, err := goose.NewProvider(goose.DialectPostgres, d.DB.DB, files,
		goose.WithSessionLocker(locker), goose.WithGoMigrations(d.river()))
	if err != nil {
		return nil, fmt.Errorf("set up the migrations: %w", err)
	}
	return provider, nil
}

// river is the migration that makes and removes the tables of the jobs.
func (d *DB) river() *goose.Migration {
	step := func(direction rivermigrate.Direction, version int) *goose.GoFunc {
		return &goose.GoFunc{RunDB: func(ctx context.Context, db *sql.DB) error {
			migrator, err := d.riverMigrator(db)
			if err != nil {
				return err
			}
			if _, err := migrator.Migrate(ctx, direction, &rivermigrate.MigrateOpts{TargetVersion: version}); err != nil {
				return fmt.Errorf("migrate River's tables: %w", err)
			}
			return nil
		}}
	}
	return goose.NewGoMigration(riverMigration, step(rivermigrate.DirectionUp, riverVersion), step(rivermigrate.DirectionDown, -1))
}

func (d *DB) riverMigrator(db *sql.DB) (*rivermigrate.Migrator[*sql.Tx], error) {
	migrator, err := rivermigrate.New(riverdatabasesql.New(db), &rivermigrate.Config{Logger: d.log})
	if err != nil {
		return nil, fmt.Errorf("set up River's migrations: %w", err)
	}
	return migrator, nil
}
