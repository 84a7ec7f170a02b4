package database_test

import (
	"errors"
	"testing"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

func TestEventsAreAppendOnly(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	db.MustExec(`INSERT INTO bots (id) VALUES (1)`)
	db.MustExec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, 2, 'en', now())`)
	db.MustExec(`INSERT INTO requests (ref, bot_id, chat_id, text, created_at, next_action, next_action_at) VALUES ('R', 1, 2, '', now(), 'remind', now())`)
	db.MustExec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'drafted', 'resident' FROM requests`)
	for _, change := range []string{`UPDATE events SET kind = 'closed'`, `DELETE FROM events`, `TRUNCATE events`} {
		if _, err := db.Exec(change); database.CodeOf(err) != "23001" {
			t.Errorf("%s: got %v, want it refused", change, err)
		}
	}
}

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
	var count int
	if err := db.Get(&count, `SELECT count(*) FROM bots`); err != nil || count != 0 {
		t.Errorf("%d bots (error %v) after a failure and a panic, want none", count, err)
	}
}

func TestConstraintsAreNamed(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	_, err := db.Exec(`INSERT INTO workers (code, name, station) VALUES ('w', 'W', 'nowhere')`)
	if got := database.ConstraintOf(err); got != "workers_station_fkey" {
		t.Errorf("got constraint %q of %v", got, err)
	}
}
