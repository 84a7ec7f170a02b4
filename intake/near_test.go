package intake

import (
	"math"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/lib/pq"

	"onedoor/internal/database/databasetest"
)

// TestNearUsesItsIndex: what is reported near by is found without reading what is reported elsewhere, or all of a place
// where much is.
func TestNearUsesItsIndex(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	db.MustExec(`INSERT INTO bots (id) VALUES (1)`)
	db.MustExec(`INSERT INTO chats (bot_id, id, language, created_at) SELECT 1, n, 'en', now() FROM generate_series(1, 20000) n`)
	db.MustExec(`INSERT INTO requests (ref, bot_id, chat_id, state, text, category, lat, lon, place_source, triage, created_at, submitted_at,
			claim_due, answer_due, resolve_due, next_action, next_action_at)
		SELECT n::text, 1, n, 'open', 'fire', 'fire_safety', CASE WHEN n % 2 = 0 THEN 23.4 ELSE 20 + n % 1000 / 50.0 END, 113, 'location',
			'no_station', now(), now(), now(), now(), now(), 'claim', now() FROM generate_series(1, 20000) n`)
	db.MustExec(`ANALYZE`)
	args := []any{pq.Array(squares(23.4, 1)), pq.Array(squares(113, 1.1)), "fire_safety", 7, nearFew, 1, 7, time.Now().Add(-nearWithin), nearAll}
	var plan []string
	if err := db.Select(&plan, `EXPLAIN (ANALYZE, TIMING OFF) `+nearQuery, args...); err != nil {
		t.Fatal(err)
	}
	text := strings.Join(plan, "\n")
	if !strings.Contains(text, "requests_near") || strings.Contains(text, "Seq Scan on requests") || strings.Contains(text, "Sort Key: q_1.id") {
		t.Errorf("the plan is\n%s", text)
	}
	var found []near
	if err := db.Select(&found, nearQuery, args...); err != nil || len(found) == 0 || len(found) > nearAll {
		t.Errorf("found %d (%v)", len(found), err)
	}
}

// TestSquares: all that is within reach is in one of the squares, and they are few, wherever that is.
func TestSquares(t *testing.T) {
	t.Parallel()
	for _, degrees := range []float64{23.41, 23.4001, -0.001, 89.99, 53.5, 0} {
		for _, shrink := range []float64{1, 1.1, 1.7, 1e9} {
			all := squares(degrees, shrink)
			for _, away := range []float64{-1, -0.5, 0, 0.5, 1} {
				at := int32(math.Floor((degrees + away*nearKM/kmPerDegree) * perDegree))
				if !slices.Contains(all, at) || len(all) > 12 {
					t.Errorf("around %f the squares are %v, which lack %d or are too many", degrees, all, at)
				}
			}
		}
	}
}
