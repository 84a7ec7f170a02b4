package intake

import (
	"context"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

// wordBatch bounds what one transaction words: whoever acts on one of these requests meanwhile waits for some milliseconds.
const wordBatch = 100

// wordEvery is how often what is said is made findable.
const wordEvery = time.Second

// KeepWords makes what is said findable, within a second, until ctx ends. Any number of processes may do it.
func (s *Service) KeepWords(ctx context.Context) {
	failing := false
	for ctx.Err() == nil {
		n, err := s.WriteWords(ctx, wordBatch)
		if err != nil && !failing && ctx.Err() == nil {
			s.Log.Warn("keeping the words of requests fails; trying again", "error", err)
		}
		failing = err != nil
		if n == wordBatch && err == nil {
			continue
		}
		select {
		case <-ctx.Done():
		case <-time.After(wordEvery):
		}
	}
}

// WriteWords writes the words of at most so many requests that have changed, the newest first, and returns how many there were.
// What another process words, or somebody erases or decides on at the moment, is left for later.
func (s *Service) WriteWords(ctx context.Context, most int) (int, error) {
	var n int
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		// What is locked so can't be erased before this is done: no words are written of what somebody erases meanwhile.
		var ids pq.Int64Array
		if err := tx.SelectContext(ctx, &ids, `
			WITH next AS (SELECT u.request_id FROM unworded u JOIN requests r ON r.id = u.request_id ORDER BY u.request_id DESC LIMIT $1
				FOR UPDATE OF u SKIP LOCKED FOR KEY SHARE OF r SKIP LOCKED)
			DELETE FROM unworded u USING next WHERE u.request_id = next.request_id RETURNING u.request_id`, most); err != nil || len(ids) == 0 {
			return err
		}
		n = len(ids)
		words, err := wordsOf(ctx, tx, ids)
		if err != nil {
			return err
		}
		return writeWords(ctx, tx, ids, words)
	})
	return n, wrap(err, "write the words of requests")
}

// wordsOf gathers the words of requests. What was never submitted, or is erased, has none.
func wordsOf(ctx context.Context, tx *sqlx.Tx, ids pq.Int64Array) (map[int64]wordSet, error) {
	var requests []struct {
		ID      int64  `db:"id"`
		Text    string `db:"text"`
		Phone   string `db:"phone"`
		Worker  string `db:"worker"`
		Station string `db:"station"`
	}
	err := tx.SelectContext(ctx, &requests, `
		SELECT r.id, concat_ws(E'\n', r.ref, r.text, r.summary) AS text, coalesce(r.worker, '') AS worker, coalesce(r.station, '') AS station,
			CASE WHEN r.unnamed THEN '' ELSE c.phone END AS phone
		FROM requests r JOIN chats c ON c.bot_id = r.bot_id AND c.id = r.chat_id
		WHERE r.id = ANY ($1) AND r.submitted_at IS NOT NULL AND r.erased_at IS NULL`, ids)
	if err != nil {
		return nil, err
	}
	all := map[int64]wordSet{}
	for _, r := range requests {
		words := wordSet{wordStation + r.Station: {}}
		words.say(r.Text)
		words.say(r.Phone)
		words.by(r.Worker)
		all[r.ID] = words
	}
	return all, addMessages(ctx, tx, ids, all)
}

// by adds the code of somebody who has worked on the request.
func (s wordSet) by(worker string) {
	if worker != "" {
		s.add(wordWorker + worker)
	}
}

// addMessages adds what was said about requests by all sides, but for contacts that nobody is shown: see Hides.
func addMessages(ctx context.Context, tx *sqlx.Tx, ids pq.Int64Array, all map[int64]wordSet) error {
	var messages []struct {
		Request int64  `db:"request_id"`
		Text    string `db:"text"`
		Worker  string `db:"worker"`
	}
	err := tx.SelectContext(ctx, &messages, `
		SELECT m.request_id, m.text || E'\n' || m.transcript AS text, coalesce(m.worker, '') AS worker
		FROM messages m JOIN requests r ON r.id = m.request_id
		WHERE m.request_id = ANY ($1) AND NOT (r.unnamed AND m.author = 'resident' AND m.kind = 'contact') ORDER BY m.id`, ids)
	for _, m := range messages {
		if words, ok := all[m.Request]; ok {
			words.say(m.Text)
			words.by(m.Worker)
		}
	}
	return err
}

// writeWords replaces the words of requests.
func writeWords(ctx context.Context, tx *sqlx.Tx, ids pq.Int64Array, all map[int64]wordSet) error {
	of, words := pq.Int64Array{}, pq.StringArray{}
	for id, set := range all {
		of, words = append(of, id), append(words, set.sorted())
	}
	if _, err := tx.ExecContext(ctx, `DELETE FROM request_words WHERE request_id = ANY ($1) AND request_id <> ALL ($2)`, ids, of); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, `
		INSERT INTO request_words AS w (request_id, words)
		SELECT id, array_to_tsvector(string_to_array(words, ' ')) FROM unnest(CAST($1 AS bigint[]), CAST($2 AS text[])) AS u (id, words)
		ON CONFLICT (request_id) DO UPDATE SET words = EXCLUDED.words WHERE w.words <> EXCLUDED.words`, of, words)
	return err
}

// wordless tells whether so much has changed that a search by words may miss some of it.
func (s *Service) wordless(ctx context.Context) (bool, error) {
	var behind bool
	err := s.DB.GetContext(ctx, &behind, `SELECT EXISTS (SELECT FROM unworded OFFSET $1)`, wordBatch)
	return behind, wrap(err, "look for requests without words")
}
