package main

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"testing"

	"onedoor/internal/simulator"
)

// keptOf are all rows, but for the log's, in which a chat or a request of it is named, as text.
func (w *world) keptOf(chat int64) map[string]bool {
	w.Helper()
	const own = `SELECT id FROM requests WHERE chat_id = $1`
	rows := map[string]bool{}
	for _, query := range []string{
		`SELECT CAST(t AS text) FROM chats t WHERE id = $1`,
		`SELECT CAST(t AS text) FROM requests t WHERE chat_id = $1`,
		`SELECT CAST(t AS text) FROM messages t WHERE chat_id = $1 AND author = 'resident' OR request_id IN (` + own + `)`,
		`SELECT CAST(t AS text) FROM notices t WHERE chat_id = $1 OR request_id IN (` + own + `)`,
		`SELECT CAST(t AS text) FROM troubles t WHERE chat_id = $1 OR request_id IN (` + own + `)`,
		`SELECT CAST(t AS text) FROM corrections t WHERE request_id IN (` + own + `)`,
		`SELECT CAST(t AS text) FROM events t WHERE request_id IN (` + own + `)`,
	} {
		var found []string
		if err := w.server.db.Select(&found, query, chat); err != nil {
			w.Fatal(err)
		}
		for _, row := range found {
			rows[row] = true
		}
	}
	return rows
}

// mix fills the database with requests of the chats in all states, with messages, versions, notices, troubles and
// corrections that name each other in all ways that the schema allows.
func (w *world) mix(seed uint64, worker int64, chats []int64) {
	w.Helper()
	r := rand.New(rand.NewPCG(seed, 1))
	states := []string{
		`'cancelled', NULL, NULL, NULL, now(), NULL, NULL`,
		`'open', NULL, NULL, NULL, NULL, 'claim', now() + interval '1 day'`,
		`'claimed', 'w-440117-2-1', now(), NULL, NULL, 'answer', now() + interval '1 day'`,
		`'resolved', 'w-440117-2-1', now(), now(), NULL, 'close', now() + interval '1 day'`,
		`'closed', 'w-440117-2-1', now(), now(), now(), NULL, NULL`,
	}
	for i := range 12 {
		chat := chats[r.IntN(len(chats))]
		w.exec(fmt.Sprintf(`INSERT INTO requests (ref, bot_id, chat_id, text, place_code, lat, lon, place_source, station, outcome, created_at, submitted_at,
				claim_due, answer_due, resolve_due, triage, state, worker, claimed_at, resolved_at, closed_at, next_action, next_action_at)
			VALUES ('M%d', 4242, %d, 'words %d', '440117111', 23.1, 113.1, 'link', 'st-440117-2', 'solved', now(), now(), now(), now(), now(), '', %s)`,
			uint64(i)+seed*100, chat, i, states[r.IntN(len(states))]))
	}
	request := func() string { // of a message's, a notice's or a trouble's own chat, so far as the chat is a resident's
		return `(SELECT id FROM requests WHERE chat_id = %[1]d ORDER BY md5(id::text || '` + fmt.Sprint(r.Uint64()) + `') LIMIT 1)`
	}
	for range 30 {
		chat := chats[r.IntN(len(chats))]
		w.exec(fmt.Sprintf(`INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, kind, text, said_at, edits)
			VALUES (4242, %[1]d, %[2]d, %[2]d, `+request()+`, 'resident', 'text', 'said %[2]d', now(),
				(SELECT id FROM messages WHERE chat_id = %[1]d AND edits IS NULL AND author = 'resident' ORDER BY random() LIMIT %[3]d))`, chat, 1_000_000+r.IntN(1<<40), r.IntN(2)))
		w.exec(fmt.Sprintf(`INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, worker, kind, text, said_at)
			VALUES (4242, %[3]d, %[2]d, %[2]d, `+request()+`, 'worker', 'w-440117-2-1', 'note', 'noted %[2]d', now())`, chat, 1_000_000+r.IntN(1<<40), worker))
		to := []int64{chat, worker}[r.IntN(2)]
		kind := []string{"card", "resident_said", "submitted", "album_part"}[r.IntN(4)]
		w.exec(fmt.Sprintf(`INSERT INTO notices (bot_id, chat_id, kind, args, request_id, created_at, state, next_try_at, sent_at, message_id)
			VALUES (4242, %[2]d, '%[3]s', '{"message": 1}', `+request()+`, now(), 'sent', now(), now(), 999999)`, chat, to, kind))
		w.exec(fmt.Sprintf(`INSERT INTO notices (bot_id, chat_id, kind, request_id, created_at, state, next_try_at, error, edits)
			SELECT bot_id, chat_id, kind, request_id, now(), 'dropped', now(), 'x', id FROM notices WHERE kind = '%[1]s' AND edits IS NULL AND request_id IS NOT NULL
			ORDER BY random() LIMIT 1`, kind))
		if r.IntN(3) == 0 {
			w.exec(fmt.Sprintf(`INSERT INTO troubles (bot_id, at, kind, update_id, chat_id, request_id, raw, error)
				VALUES (4242, now(), 'update', %[2]d, %[1]d, `+request()+`, 'raw', 'x')`, chat, 1_000_000+r.IntN(1<<40)))
			w.exec(`INSERT INTO troubles (bot_id, at, kind, notice_id, error) SELECT bot_id, now(), 'notice', id, 'x' FROM notices
				WHERE request_id IS NOT NULL ORDER BY random() LIMIT 1 ON CONFLICT DO NOTHING`)
			w.exec(fmt.Sprintf(`INSERT INTO corrections (at, text, category, request_id, actor, actor_id)
				VALUES (now(), 'words', 'health', `+request()+`, 'system', '') ON CONFLICT DO NOTHING`, chat))
		}
	}
}

// TestForgetTouchesNobodyElse: however what is kept hangs together, erasing one chat leaves every row of all others as it
// was, and none of its own.
func TestForgetTouchesNobodyElse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	worker := w.worker(901, "w-440117-2-1")
	w.eventually("the worker was shown what waits", func() bool { return w.count(`SELECT count(*) FROM workers WHERE arrived`) == 0 })
	for seed := range uint64(8) {
		var people []*person
		var chats []int64
		for i := range int64(3) {
			p := &person{w.telegram.User(simulator.Profile{ID: 500 + 10*int64(seed) + i, FirstName: "P", Language: "en"}), "P", w}
			p.send("/forget")
			p.seeButton("Erase everything")
			people, chats = append(people, p), append(chats, p.ID())
		}
		w.rests()
		w.mix(seed, worker.ID(), chats)
		before := []map[string]bool{w.keptOf(chats[1]), w.keptOf(chats[2])}
		people[0].press("Erase everything")
		people[0].see("Everything is erased")
		w.rests()
		w.eventually("the chat is let go", func() bool { return w.count(fmt.Sprintf(`SELECT count(*) FROM chats WHERE id = %d`, chats[0])) == 0 })
		for i := range before {
			after := w.keptOf(chats[i+1])
			if !maps.Equal(before[i], after) {
				for row := range before[i] {
					if !after[row] {
						t.Errorf("seed %d: somebody else's row is gone or changed: %s", seed, row)
					}
				}
				for row := range after {
					if !before[i][row] {
						t.Errorf("seed %d: somebody else's row is new: %s", seed, row)
					}
				}
			}
		}
		if rows := w.keptOf(chats[0]); len(rows) > 0 {
			t.Errorf("seed %d: left: %v", seed, rows)
		}
	}
}
