package database_test

import (
	"testing"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

func TestEventsAreAppendOnly(t *testing.T) {
	t.Parallel()
	db := withDraft(t)
	db.MustExec(`INSERT INTO events (request_id, at, kind, actor) SELECT id, now(), 'drafted', 'resident' FROM requests`)
	for _, change := range []string{`UPDATE events SET kind = 'closed'`, `DELETE FROM events`, `TRUNCATE events`} {
		if _, err := db.Exec(change); database.CodeOf(err) != "23001" {
			t.Errorf("%s: got %v, want it refused", change, err)
		}
	}
}

// TestErasedIsNobodys: what is erased has no words and no chat, and its log loses places and nothing else.
func TestErasedIsNobodys(t *testing.T) {
	t.Parallel()
	db := withDraft(t)
	db.MustExec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, 0, 'en', now())`)
	db.MustExec(`INSERT INTO events (request_id, at, kind, actor, data) SELECT id, now(), 'placed', 'resident', '{"place": "p", "source": "x"}' FROM requests`)
	const erase = `UPDATE requests SET state = 'cancelled', closed_at = now(), next_action = NULL, next_action_at = NULL, chat_id = 0, erased_at = now()`
	for _, change := range []string{
		`UPDATE requests SET chat_id = 0`,       // not erased
		`UPDATE requests SET erased_at = now()`, // still somebody's
		erase + `, text = 'I need a wheelchair'`,
		erase + `, lat = 23, lon = 113, place_source = 'link'`,
	} {
		if _, err := db.Exec(change); err == nil {
			t.Errorf("%s: want it refused", change)
		}
	}
	const forget = `UPDATE events SET data = data - 'place'`
	if _, err := db.Exec(forget); database.CodeOf(err) != "23001" {
		t.Errorf("the log of what isn't erased: got %v, want it refused", err)
	}
	db.MustExec(erase)
	for _, change := range []string{`UPDATE events SET data = '{}'`, `UPDATE events SET at = now() - interval '1 day'`, `DELETE FROM events`} {
		if _, err := db.Exec(change); database.CodeOf(err) != "23001" {
			t.Errorf("%s: got %v, want it refused", change, err)
		}
	}
	db.MustExec(forget)
}

// TestSchemaRefuses what would break the promises that its comments make.
func TestSchemaRefuses(t *testing.T) {
	t.Parallel()
	db := withDraft(t)
	for _, test := range []struct{ what, sql, constraint string }{
		{"a station that isn't there", `INSERT INTO workers (code, name, station) VALUES ('w', 'W', 'nowhere')`, "workers_station_fkey"},
		{"a second draft in a chat", `INSERT INTO requests (ref, bot_id, chat_id, text, created_at, next_action, next_action_at)
			VALUES ('S', 1, 2, '', now(), 'remind', now())`, "requests_one_draft"},
		{"a category of nobody's", `UPDATE requests SET category = 'weather'`, "requests_category_fkey"},
		{"an update twice", `INSERT INTO updates (bot_id, id, received_at) VALUES (1, 5, now()), (1, 5, now())`, "updates_pkey"},
		{"a group that is a person's chat", `INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, -5, 'en', now());
			INSERT INTO stations (code, name, lat, lon) VALUES ('s', 'S', 0, 0); INSERT INTO workers (code, name, station) VALUES ('w', 'W', 's');
			INSERT INTO station_groups (station, bot_id, chat_id, bound_by, bound_at) VALUES ('s', 1, 2, 'w', now())`, "station_groups_chat_id_check"},
		{"a group that asks for help", `INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, -5, 'en', now());
			UPDATE requests SET chat_id = -5`, "requests_private"},
		{"a group that is a worker's chat", `INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, -5, 'en', now());
			INSERT INTO stations (code, name, lat, lon) VALUES ('s', 'S', 0, 0); INSERT INTO workers (code, name, station, bot_id, chat_id, joined_at) VALUES ('w', 'W', 's', 1, -5, now())`, "workers_private"},
		{"half a position", `UPDATE chats SET lat = 23`, "chats_check"},
	} {
		if _, err := db.Exec(test.sql); database.ConstraintOf(err) != test.constraint {
			t.Errorf("%s: got %v of constraint %q, want %q", test.what, err, database.ConstraintOf(err), test.constraint)
		}
	}
	for _, change := range []string{
		`next_action = NULL, next_action_at = NULL`, // nobody acts next
		`state = 'open'`,          // never submitted
		`state = 'claimed'`,       // by nobody
		`state = 'closed'`,        // without an outcome
		`closed_at = now()`,       // while it goes on
		`submitted_at = now()`,    // still a draft
		`lat = 91, lon = 0`,       // beyond the pole
		`urgency = 'whenever'`,    // no such
		`outcome = 'forgotten'`,   // no such
		`place_source = 'rumour'`, // no such
	} {
		if _, err := db.Exec(`UPDATE requests SET ` + change); database.CodeOf(err) != "23514" {
			t.Errorf("%s: got %v, want it refused by a check", change, err)
		}
	}
}

// TestFollowUpsEnd: what is to come is over exactly when the clock acts on it no more, and with its request.
func TestFollowUpsEnd(t *testing.T) {
	t.Parallel()
	db := withDraft(t)
	db.MustExec(`INSERT INTO stations (code, name, lat, lon) VALUES ('s', 'S', 23, 113)`)
	db.MustExec(`INSERT INTO workers (code, name, station) VALUES ('w', 'W', 's')`)
	db.MustExec(`UPDATE requests SET state = 'claimed', worker = 'w', station = 's', submitted_at = now(), claimed_at = now(), claim_due = now(), answer_due = now(), resolve_due = now()`)
	const insert = `INSERT INTO follow_ups (request_id, kind, place, at, due_at, worker, created_at) SELECT id, `
	db.MustExec(insert + `'remind', '', now(), now(), 'w', now() FROM requests`)
	for _, wrong := range []string{
		insert + `'remind', '', now(), now(), 'w', now() FROM requests`,      // a second one
		insert + `'wait', 'home', now(), now(), 'w', now() FROM requests`,    // nobody meets
		insert + `'appointment', '', now(), now(), 'w', now() FROM requests`, // nowhere
		insert + `'wait', '', now(), NULL, 'w', now() FROM requests`,         // forgotten
		`UPDATE follow_ups SET done_at = now()`,                              // and still due
		`UPDATE follow_ups SET answered = 'fits'`,                            // to no question
	} {
		if _, err := db.Exec(wrong); err == nil {
			t.Errorf("%s: want it refused", wrong)
		}
	}
	db.MustExec(`UPDATE requests SET state = 'cancelled', closed_at = now(), next_action = NULL, next_action_at = NULL`)
	var left int
	if err := db.Get(&left, `SELECT count(*) FROM follow_ups WHERE due_at IS NOT NULL OR cancelled_at IS NULL`); err != nil || left > 0 {
		t.Errorf("%d outlive their request (error %v)", left, err)
	}
}

func TestErrorsOfOthersHaveNoConstraint(t *testing.T) {
	t.Parallel()
	_, err := databasetest.New(t).Exec(`SELECT 1/0`)
	if database.CodeOf(err) != "22012" || database.ConstraintOf(err) != "" || database.Unavailable(err) {
		t.Errorf("got code %q, constraint %q, unavailable %t", database.CodeOf(err), database.ConstraintOf(err), database.Unavailable(err))
	}
	if database.CodeOf(nil) != "" || database.ConstraintOf(nil) != "" || database.Unavailable(nil) {
		t.Error("no error has a code")
	}
}

// withDraft is a database with a draft in it.
func withDraft(t *testing.T) *database.DB {
	db := databasetest.New(t)
	db.MustExec(`INSERT INTO bots (id) VALUES (1)`)
	db.MustExec(`INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, 2, 'en', now())`)
	db.MustExec(`INSERT INTO requests (ref, bot_id, chat_id, text, created_at, next_action, next_action_at)
		VALUES ('R', 1, 2, '', now(), 'remind', now())`)
	return db
}
