package database_test

import (
	"testing"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database/databasetest"
)

// TestStatementsAreKept: a statement with parameters is prepared once on a connection, however often it runs.
func TestStatementsAreKept(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	conn, err := db.Connx(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 3 {
		var kept int
		if err := conn.GetContext(t.Context(), &kept, `SELECT count(*) FROM pg_prepared_statements WHERE statement LIKE $1`, "%pg_prepared_statements%"); err != nil || kept != 1 {
			t.Errorf("%d statements are kept (%v), want one", kept, err)
		}
	}
}

// TestSchemaChangesUnderAStatement: another process may migrate while this one has its statements prepared.
func TestSchemaChangesUnderAStatement(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	db.SetMaxOpenConns(1)
	db.MustExec(`CREATE TABLE things (name int); INSERT INTO things VALUES (7)`)
	read := func() (name string, err error) {
		err = db.Transact(t.Context(), func(tx *sqlx.Tx) error {
			return tx.GetContext(t.Context(), &name, `SELECT name FROM things WHERE true = $1`, true)
		})
		return name, err
	}
	for _, change := range []string{`SELECT 1`, `ALTER TABLE things ALTER name TYPE text`, `ALTER TABLE things ALTER name TYPE bigint USING name::bigint`} {
		db.MustExec(change)
		if name, err := read(); name != "7" || err != nil {
			t.Errorf("after %s it reads %q (%v)", change, name, err)
		}
	}
}
