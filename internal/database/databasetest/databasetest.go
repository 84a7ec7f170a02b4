// Package databasetest gives each test a migrated PostgreSQL database of its own. The server is a private one of
// the test's process, made at first use and ended with the process, however that ends: a watchdog waits for it. A
// machine without PostgreSQL makes tests fail, never be skipped.
package databasetest

import (
	"context"
	"database/sql"
	"fmt"
	"net/url"
	"sync"
	"testing"

	"github.com/peterldowns/pgtestdb"

	"onedoor/internal/database"
)

// New is a fresh, migrated database. It is dropped when the test has passed.
func New(t testing.TB) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{URL: URL(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// URL is the address of a fresh, migrated database, for programs that a test starts.
func URL(t testing.TB) string {
	t.Helper()
	return fresh(t, migrator{})
}

// EmptyURL is the address of a fresh database with nothing in it.
func EmptyURL(t testing.TB) string {
	t.Helper()
	return fresh(t, pgtestdb.NoopMigrator{})
}

// fresh makes a database. Its user may do there what a user with a database of their own may, and no more.
func fresh(t testing.TB, m pgtestdb.Migrator) string {
	t.Helper()
	address, err := server()
	if err != nil {
		t.Fatal(err)
	}
	return pgtestdb.Custom(t, pgtestdb.Config{
		DriverName:                "postgres",
		User:                      address.User.Username(),
		Password:                  "-", // everybody who gets to the socket is trusted
		Database:                  "postgres",
		Options:                   address.RawQuery,
		ForceTerminateConnections: true, // of programs that were killed by the test
	}, m).URL()
}

// server is the address of this process's server. The watchdog is kept with it: collected as garbage, it would
// take the end of its standard input for the end of the process.
var server = sync.OnceValues(func() (address struct {
	*url.URL
	watchdog *watchdog
}, err error) {
	if address.watchdog, err = watch(); err != nil {
		return address, err
	}
	db, err := database.Open(context.Background(), database.Config{DataDir: address.watchdog.dir, Volatile: true})
	if err != nil {
		return address, fmt.Errorf("tests need PostgreSQL: %w", err)
	}
	address.URL, err = url.Parse(db.URL())
	return address, err
})

// DataDir is a directory for private servers. They are ended and it is removed after the test, or when the
// process ends before that.
func DataDir(t testing.TB) string {
	t.Helper()
	w, err := watch()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(w.end)
	return w.dir
}

// migrator lets pgtestdb make its template by our own migrations.
type migrator struct{}

// Hash names the template: one for all tests of a process, whose migrations can't change.
func (migrator) Hash() (string, error) { return "onedoor", nil }

// Migrate fills the template.
func (migrator) Migrate(ctx context.Context, _ *sql.DB, config pgtestdb.Config) error {
	db, err := database.Open(ctx, database.Config{URL: config.URL()})
	if err != nil {
		return err
	}
	defer db.Close()
	return db.Migrate(ctx)
}
