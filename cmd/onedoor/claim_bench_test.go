package main

import (
	"fmt"
	"testing"
)

// BenchmarkClaim measures how many workers' updates that claim a request (the press of Claim) the real program takes through
// its webhook to committed rows, as BenchmarkSubmit does for residents', beside pgbench with the same statements.
func BenchmarkClaim(b *testing.B) {
	s := newSubmission(b, "0.001")
	s.action = "claim"
	s.station()
	script, values := s.record(submitFirst)
	for b.Loop() {
		ours := s.submitAll()
		theirs := s.pgbench(script, values)
		s.checkClaims()
		b.ReportMetric(ours, "claims/s")
		b.ReportMetric(theirs, "pgbench/s")
		b.ReportMetric(ours/theirs, "ratio")
	}
	b.ReportMetric(0, "ns/op")
}

// station lets one worker join and one resident submit a request, and makes as many workers like that one as are needed, each
// with the card of a request like that one. A worker, their chat and the request have the same number; the resident's has a
// hundred million more.
func (s *submission) station() {
	telegram := s.caller()
	defer telegram.Close()
	s.join(telegram)
	telegram.say(1, 2, "我妈妈走不动了，家里没人照顾，在从化区太平镇")
	var ref string
	if err := s.db.Get(&ref, `SELECT ref FROM requests`); err != nil {
		s.Fatal(err)
	}
	telegram.post(fmt.Sprintf(`{"update_id":3,"callback_query":{"id":"3","chat_instance":"1","data":"confirm:%s:","from":{"id":1,"first_name":"M"},
		"message":{"message_id":2,"date":1,"chat":{"id":1,"type":"private"},"text":"?"}}}`, ref))
	s.exec(`UPDATE notices SET state = 'sent', sent_at = now(), message_id = 2 WHERE state = 'waiting'`)
	others := fmt.Sprintf(`generate_series(%d, %d) AS n`, submitFirst, submitFirst+2*submitClients*submitEach)
	for _, like := range []string{
		`chats SELECT (jsonb_populate_record(c, jsonb_build_object('id', n + CASE c.id WHEN 1 THEN 100000000 ELSE 0 END))).* FROM chats c, ` + others + ` WHERE id IN (1, 2)`,
		`workers SELECT (jsonb_populate_record(w, jsonb_build_object('code', n::text, 'chat_id', n))).* FROM workers w, ` + others + ` WHERE chat_id = 2`,
		`requests OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(r, jsonb_build_object('id', n, 'ref', n::text, 'chat_id', n + 100000000, 'text', md5(n::text)))).* FROM requests r, ` + others,
		`messages OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(m, jsonb_build_object('id', n, 'update_id', n, 'chat_id', n + 100000000, 'request_id', n))).* FROM messages m, ` + others + ` WHERE chat_id = 1`,
		`events OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(e, jsonb_build_object('id', nextval(pg_get_serial_sequence('events', 'id')), 'request_id', n))).* FROM events e, ` + others,
		`notices OVERRIDING SYSTEM VALUE SELECT (jsonb_populate_record(t, jsonb_build_object('id', n, 'chat_id', n, 'request_id', n))).* FROM notices t, ` + others + ` WHERE kind = 'card'`,
	} {
		s.exec(`INSERT INTO ` + like)
	}
	s.exec(`VACUUM ANALYZE`)
}

// checkClaims finds out whether both have done the whole work.
func (s *submission) checkClaims() {
	for _, table := range []string{`requests WHERE state = 'claimed' AND worker = ref AND id`, `events WHERE kind = 'claimed' AND request_id`,
		`updates WHERE id`, `notices WHERE kind = 'claimed_by' AND next_try_at > created_at AND request_id`, `notices WHERE kind = 'card' AND edits = request_id AND request_id`} {
		var n int
		if err := s.db.Get(&n, `SELECT count(*) FROM `+table+` >= $1`, submitFirst); err != nil || n != s.next-submitFirst {
			s.Fatalf("%d rows of %s (%v), want %d", n, table, err, s.next-submitFirst)
		}
	}
}
