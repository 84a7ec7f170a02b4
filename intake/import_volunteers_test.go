package intake_test

import (
	"errors"
	"strings"
	"testing"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

func importVolunteers(t *testing.T, db *database.DB, csv string) (routing.Counts, error) {
	t.Helper()
	s, err := intake.ReadVolunteers([]byte("code,name,phone,place_code,lat,lon,datum,tasks,reach_km\n" + csv))
	if err != nil {
		t.Fatal(err)
	}
	return intake.ImportVolunteers(t.Context(), db, s)
}

// TestImportVolunteers: all or nothing, each bad row named; a second time changes nothing.
func TestImportVolunteers(t *testing.T) {
	db := stationed(t)
	run(t, db, `INSERT INTO workers (code, name, station) VALUES ('w1', '王', 'a')`)
	const good = "v1,梁,020-00000351,440117111,,,,shopping;visit,10\nv2,强,,,23.4,113.4,wgs84,lift,\n"
	for _, want := range []routing.Counts{{Added: 2}, {Unchanged: 2}} {
		if counts, err := importVolunteers(t, db, good); err != nil || counts != want {
			t.Errorf("got %+v and %v, want %+v", counts, err, want)
		}
	}
	_, err := importVolunteers(t, db, "w1,王,,p,,,,visit,\nv3,李,,p,,,,cooking,\nv4,何,,p,,,,,\nv5,黄,,,,,,visit,\nv6,钟,,p,,,,visit,-3\nv7,好,,p,,,,visit,5\n")
	var problems sheet.Problems
	if !errors.As(err, &problems) || len(problems) != 5 {
		t.Fatalf("got %v, want five problems", err)
	}
	for i, words := range []string{"is a worker's", "cooking", "tasks are missing", "where it is", "kilometres"} {
		if !strings.Contains(problems[i].What, words) {
			t.Errorf("line %d says %q, want %q", problems[i].Line, problems[i].What, words)
		}
	}
	if codes := column(t, db, `SELECT code FROM partners ORDER BY code`); len(codes) != 2 {
		t.Errorf("a refused file has left %v", codes)
	}
}

// TestPartnersSchema: the database itself refuses what must never be.
func TestPartnersSchema(t *testing.T) {
	db := stationed(t)
	run(t, db, `INSERT INTO bots (id) VALUES (1);
		INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, 2, 'en', now()), (1, 3, 'en', now());
		INSERT INTO workers (code, name, station, bot_id, chat_id, joined_at) VALUES ('w1', '王', 'a', 1, 2, now());
		INSERT INTO workers (code, name, station) VALUES ('w2', '李', 'a');
		INSERT INTO organisations (code, name) VALUES ('o1', 'O');
		INSERT INTO partners (code, kind, name, tasks) VALUES ('v1', 'volunteer', 'V', '{visit}');
		INSERT INTO requests (ref, bot_id, chat_id, text, created_at, next_action, next_action_at) VALUES ('R', 1, 3, '', now(), 'remind', now());
		INSERT INTO referrals (request_id, kind, organisation, worker, offered_at, expires_at, next_at)
			SELECT id, 'organisation', 'o1', 'w1', now(), now(), now() FROM requests;
		INSERT INTO handoffs (request_id, giver, holder, taker, offered_at, next_at) SELECT id, 'w1', 'w1', 'w2', now(), now() FROM requests`)
	for what, statement := range map[string]string{
		"a chat of two people":        `UPDATE partners SET bot_id = 1, chat_id = 2, joined_at = now()`,
		"a volunteer without a task":  `UPDATE partners SET tasks = '{}'`,
		"a task of nobody's":          `UPDATE partners SET tasks = '{cooking}'`,
		"a second organisation":       `INSERT INTO referrals (request_id, kind, organisation, worker, offered_at, expires_at, next_at) SELECT request_id, kind, organisation, worker, now(), now(), now() FROM referrals`,
		"an offer that nobody minds":  `UPDATE referrals SET next_at = NULL`,
		"accepted, and still offered": `UPDATE referrals SET state = 'accepted'`,
		"done without an outcome":     `UPDATE referrals SET state = 'done', next_at = NULL, accepted_at = now(), ended_at = now()`,
		"two colleagues asked":        `INSERT INTO handoffs (request_id, giver, holder, taker, offered_at, next_at) SELECT request_id, 'w2', 'w2', 'w1', now(), now() FROM handoffs`,
		"asking oneself":              `UPDATE handoffs SET taker = giver`,
	} {
		if _, err := db.ExecContext(t.Context(), statement); database.CodeOf(err) != "23505" && database.CodeOf(err) != "23514" {
			t.Errorf("%s: got %v, want it refused", what, err)
		}
	}
}
