package database_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

func TestTransactRollsBack(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	failure := errors.New("no")
	insert := func(tx *sqlx.Tx) { tx.MustExec(`INSERT INTO bots (id) VALUES (7)`) }

	if err := db.Transact(t.Context(), func(tx *sqlx.Tx) error { insert(tx); return failure }); !errors.Is(err, failure) {
		t.Errorf("got %v, want the error of the function", err)
	}
	func() {
		defer func() {
			if recover() == nil {
				t.Error("a panic was swallowed")
			}
		}()
		db.Transact(t.Context(), func(tx *sqlx.Tx) error { insert(tx); panic("!") })
	}()
	if count := bots(t, db); count != 0 {
		t.Errorf("%d bots after a failure and a panic, want none", count)
	}
	if open := db.Stats().InUse; open != 0 {
		t.Errorf("%d connections are still in use", open)
	}
}

func TestTransactCommits(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	err := db.Transact(t.Context(), func(tx *sqlx.Tx) error {
		_, err := tx.Exec(`INSERT INTO bots (id) VALUES (7)`)
		return err
	})
	if count := bots(t, db); err != nil || count != 1 {
		t.Errorf("%d bots (error %v), want 1", count, err)
	}
}

// TestTransactRunsAgain changes a row behind a transaction's back, once.
func TestTransactRunsAgain(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	db.MustExec(`INSERT INTO bots (id, username) VALUES (7, '')`)
	tries := 0
	err := db.Transact(t.Context(), func(tx *sqlx.Tx) error {
		tries++
		tx.MustExec(`SET TRANSACTION ISOLATION LEVEL REPEATABLE READ`)
		var name string
		if err := tx.Get(&name, `SELECT username FROM bots`); err != nil {
			return err
		}
		if tries == 1 {
			db.MustExec(`UPDATE bots SET username = 'somebody'`)
		}
		_, err := tx.Exec(`UPDATE bots SET username = $1`, name+" and I")
		return err
	})
	var name string
	if err := errors.Join(err, db.Get(&name, `SELECT username FROM bots`)); err != nil {
		t.Fatal(err)
	}
	if tries != 2 || name != "somebody and I" {
		t.Errorf("got %q after %d tries, want both changes after 2", name, tries)
	}
}

func TestTransactGivesUp(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	for _, test := range []struct {
		code  string
		tries int
	}{
		{"40001", 10}, {"40P01", 10}, {"40003", 1}, {"23505", 1},
	} {
		tries := 0
		err := db.Transact(t.Context(), func(tx *sqlx.Tx) error {
			tries++
			_, err := tx.Exec(`DO $$ BEGIN RAISE EXCEPTION 'no' USING ERRCODE = '` + test.code + `'; END $$`)
			return fmt.Errorf("wrapped: %w", err)
		})
		if database.CodeOf(err) != test.code || tries != test.tries {
			t.Errorf("got %v after %d tries, want %s after %d", err, tries, test.code, test.tries)
		}
	}
}

// bots counts.
func bots(t *testing.T, db *database.DB) (count int) {
	t.Helper()
	if err := db.Get(&count, `SELECT count(*) FROM bots`); err != nil {
		t.Fatal(err)
	}
	return count
}
