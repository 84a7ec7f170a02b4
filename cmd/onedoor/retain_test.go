package main

import (
	"fmt"
	"strings"
	"testing"

	"onedoor/intake"
)

// keepingDays has words kept for so long.
func keepingDays(days int) func(*config) { return func(c *config) { c.KeepDays = days } }

// ago makes all that is kept of a resident's requests so much older.
func (w *world) ago(days int) {
	w.Helper()
	w.rests()
	w.exec(fmt.Sprintf(`UPDATE requests SET closed_at = closed_at - interval '%[1]d days';
		UPDATE messages SET said_at = said_at - interval '%[1]d days'; UPDATE notices SET created_at = created_at - interval '%[1]d days';
		UPDATE troubles SET closed_at = closed_at - interval '%[1]d days';
		UPDATE chats SET created_at = created_at - interval '%[1]d days'`, days))
}

// retain has the job erase what is due, as it does once a day.
func (w *world) retain() {
	w.Helper()
	before := w.count(`SELECT count(*) FROM river_job WHERE kind = 'retain' AND state = 'completed'`)
	w.exec(`INSERT INTO river_job (kind, queue, args, max_attempts) VALUES ('retain', 'retention', '{}', 1)`)
	w.eventually("the job has erased", func() bool {
		return w.count(`SELECT count(*) FROM river_job WHERE kind = 'retain' AND state = 'completed'`) > before
	})
}

// TestRetention: what ended longer ago than words are kept leaves figures alone; what is younger or goes on stays.
func TestRetention(t *testing.T) {
	t.Parallel()
	for _, language := range intake.Languages() {
		t.Run(language, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, keepingDays(30))
			w.eventually("the job has run at the start", func() bool {
				return w.count(`SELECT count(*) FROM river_job WHERE kind = 'retain' AND state = 'completed'`) > 0
			})
			worker := w.worker(901, "w-440117-2-1")
			s := w.secretive(language)
			s.send(secretWord + "?")
			w.rests()
			s.send("/new")
			w.rests()
			ref := s.tellAll(worker)
			worker.press("Resolve")
			worker.press("Solved")
			w.eventually("it is resolved", func() bool { return w.state(ref) == "resolved" })
			reports := w.run("report", "--by", "category")
			w.exec(`UPDATE troubles SET state = 'closed', closed_at = now()`)
			w.ago(400)
			w.retain()
			if w.count(`SELECT count(*) FROM requests WHERE ref = '`+ref+`' AND text <> ''`) != 1 {
				t.Fatal("what isn't finished is erased")
			}
			w.clock()
			if w.state(ref) != "closed" {
				t.Fatal("it isn't closed")
			}
			w.ago(29)
			w.retain()
			if w.count(`SELECT count(*) FROM requests WHERE ref = '`+ref+`' AND text <> ''`) != 1 {
				t.Fatal("it is erased too early")
			}
			w.ago(2)
			w.exec(`INSERT INTO invites (code_hash, worker, expires_at) VALUES ('x', 'w-440117-2-1', now() - interval '31 days')`)
			w.run("admin", "create", "lin")
			w.exec(`INSERT INTO login_tries (account, address, failed, last_at) VALUES ('lin', '203.0.113.9', 1, now() - interval '2 days')`)
			w.exec(`INSERT INTO logins (id, account, begun_at, seen_at, address, agent) VALUES ('old', 'lin', now() - interval '91 days', now() - interval '91 days', '203.0.113.9', 'x'),
				('older', 'lin', now() - interval '99 days', now() - interval '99 days', '203.0.113.9', 'x'), ('last', 'lin', now() - interval '90 days 1 hour', now() - interval '90 days 1 hour', '', 'x')`)
			w.exec(`INSERT INTO audit (account, action) SELECT 'lin', 'POST /admin/login' FROM generate_series(1, 4)`)
			w.exec(`INSERT INTO origins (record, at, address, failed) SELECT id, now() - interval '1 day' * CASE row_number() OVER (ORDER BY id) WHEN 1 THEN 91 WHEN 2 THEN 89 WHEN 3 THEN 2 ELSE 0.5 END,
				CASE row_number() OVER (ORDER BY id) % 2 WHEN 1 THEN '203.0.113.9' ELSE '203.0.113.8' END, row_number() OVER (ORDER BY id) > 2 FROM audit WHERE action = 'POST /admin/login'`)
			w.exec(`INSERT INTO login_links (token_hash, worker, expires_at) VALUES ('x', 'w-440117-2-1', now() - interval '2 days')`)
			w.retain()
			w.retain()
			s.noTraces()
			if n := w.count(`SELECT count(*) FROM login_links`); n > 0 || w.count(`SELECT count(*) FROM logins`) != 1 {
				t.Errorf("%d links are kept, and %d logins", n, w.count(`SELECT count(*) FROM logins`))
			}
			if found := w.traces("203.0.113.9"); len(found) > 0 || w.count(`SELECT count(*) FROM invites WHERE expires_at < now()`) > 0 {
				t.Errorf("left: %q", found)
			}
			if n := w.count(`SELECT count(*) FROM origins WHERE address = '203.0.113.8'`); n != 2 {
				t.Errorf("of logins less than 90 days, and tries less than a day ago, %d addresses are kept, want 2", n)
			}
			worker.see(ref + ": erased, it was kept long enough")
			if again := w.run("report", "--by", "category"); again != reports {
				t.Errorf("the report was\n%s and is\n%s", reports, again)
			}
			if n := w.count(`SELECT count(*) FROM events WHERE kind = 'erased' AND actor = 'system'`); n < 2 {
				t.Errorf("%d requests are erased by the log", n)
			}
		})
	}
}

// TestRetentionOff keeps everything, and /privacy promises no end.
func TestRetentionOff(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keepingDays(0))
	s := w.secretive("en")
	s.ask()
	s.press("Cancel")
	s.see("Taken back")
	w.ago(4000)
	w.retain()
	if w.count(`SELECT count(*) FROM requests WHERE text <> ''`) != 1 {
		t.Error("words are erased that are kept for ever")
	}
	s.send("/privacy")
	if text := s.see("/forget").Text; strings.Contains(text, "days") {
		t.Errorf("it promises an end: %s", text)
	}
}

// TestPrivacySaysHowLong, and names both commands, in at most six lines.
func TestPrivacySaysHowLong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keepingDays(90))
	for _, language := range intake.Languages() {
		s := w.secretive(language)
		s.send("/start")
		w.rests()
		w.exec(`UPDATE chats SET language = '` + language + `', language_set = true`)
		s.send("/privacy")
		w.eventually("it is said", func() bool {
			chat := s.Chat(w.bot)
			text := chat[len(chat)-1].Text
			return strings.Contains(text, "90") && strings.Contains(text, "/export") && strings.Contains(text, "/forget") && strings.Count(text, "\n") < 6
		})
	}
}

// TestRetentionBySeveral: several at once erase everything once, and nobody who writes meanwhile is disturbed.
func TestRetentionBySeveral(t *testing.T) {
	t.Parallel()
	w := newWorld(t, keepingDays(30))
	w.exec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 4242, 7000000000 + i, 'en', now() - interval '99 days' FROM generate_series(1, 450) i;
		INSERT INTO requests (ref, bot_id, chat_id, state, text, created_at, closed_at)
		SELECT 'R' || i, 4242, 7000000000 + i, 'cancelled', '` + secretWord + `', now() - interval '99 days', now() - interval '98 days' FROM generate_series(1, 450) i;
		INSERT INTO messages (bot_id, chat_id, message_id, update_id, request_id, author, kind, text, said_at)
		SELECT bot_id, chat_id, 1, 1000 + id, id, 'resident', 'text', '` + secretWord + `', created_at FROM requests`)
	s := w.secretive("en")
	done := make(chan error)
	for range 4 {
		go func() { done <- w.server.intake.Retain(w.ctx) }()
	}
	s.ask()
	for range 4 {
		if err := <-done; err != nil {
			t.Error(err)
		}
	}
	if n := w.count(`SELECT count(*) FROM events WHERE kind = 'erased'`); n != 450 {
		t.Errorf("%d are erased, want 450", n)
	}
	if n := w.count(`SELECT count(*) FROM chats WHERE id BETWEEN 7000000001 AND 7000000450`); n > 0 {
		t.Errorf("%d chats of which nothing is kept are kept", n)
	}
	if w.count(`SELECT count(*) FROM messages WHERE text LIKE '%`+secretWord+`%'`) != 1 {
		t.Error("words of a request that goes on are gone")
	}
}

// TestFarewellUntold: whoever can't be told that all is erased is let go of a day later.
func TestFarewellUntold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	s := w.secretive("en")
	s.ask()
	s.send("/forget")
	s.seeButton("Erase everything")
	w.rests()
	w.shutsOut(secretAccount)
	s.press("Erase everything")
	w.eventually("they can't be told", func() bool {
		return w.count(`SELECT count(*) FROM notices n JOIN chats c ON c.id = n.chat_id WHERE n.kind = 'forgotten' AND c.unreachable_at IS NOT NULL`) == 1
	})
	w.retain()
	if w.count(fmt.Sprintf(`SELECT count(*) FROM chats WHERE id = %d`, secretAccount)) != 1 {
		t.Error("they are let go of before they could be told")
	}
	w.exec(`UPDATE notices SET created_at = created_at - interval '25 hours' WHERE kind = 'forgotten'`)
	w.retain()
	s.noTraces()
}
