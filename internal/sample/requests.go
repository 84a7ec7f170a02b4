package sample

import (
	"context"
	"fmt"

	"onedoor/internal/database"
)

// sampleBot is whose the sample requests are.
const sampleBot = `9`

// Past makes n requests that are over, of as many workers and stations as there are, for tests of what so many of them cost
// those who work. Every tenth was offered to another station, too. What it made before stays.
func Past(ctx context.Context, db *database.DB, n int) error {
	return makeRequests(ctx, db, n, `'closed'`)
}

// Present makes requests that wait, so many at each station, and that are claimed, so many by each worker; each waiting one
// is offered to another station, too.
func Present(ctx context.Context, db *database.DB, waiting, claimed int) error {
	var stations, workers int
	if err := db.QueryRowxContext(ctx, `SELECT (SELECT count(*) FROM stations), (SELECT count(*) FROM workers)`).Scan(&stations, &workers); err != nil {
		return fmt.Errorf("count the stations: %w", err)
	}
	if err := makeRequests(ctx, db, waiting*stations, `'open'`); err != nil {
		return err
	}
	return makeRequests(ctx, db, claimed*workers, `'claimed'`)
}

// makeRequests makes n requests in a state; what isn't open is a worker's.
func makeRequests(ctx context.Context, db *database.DB, n int, state string) error {
	if _, err := db.ExecContext(ctx, `INSERT INTO bots (id) VALUES (`+sampleBot+`) ON CONFLICT DO NOTHING`); err != nil {
		return fmt.Errorf("make the sample's bot: %w", err)
	}
	_, err := db.ExecContext(ctx, `
		WITH numbers AS (SELECT n + coalesce((SELECT max(id) FROM requests), 0) AS n FROM generate_series(1, $1) AS n),
		residents AS (
			INSERT INTO chats (bot_id, id, language, created_at) SELECT DISTINCT `+sampleBot+`, n / 10 + 1, 'zh-CN', now() FROM numbers
			ON CONFLICT DO NOTHING),
		lists AS (SELECT (SELECT array_agg(key ORDER BY key) FROM categories) AS keys, (SELECT array_agg(code ORDER BY code) FROM places) AS places,
			(SELECT count(*) FROM stations) AS stations),
		stations AS (SELECT code, lat, lon, row_number() OVER (ORDER BY code) - 1 AS nth FROM stations),
		workers AS (SELECT code, station, row_number() OVER (PARTITION BY station ORDER BY code) - 1 AS nth, count(*) OVER (PARTITION BY station) AS of FROM workers),
		made AS (
			INSERT INTO requests (ref, bot_id, chat_id, state, text, category, urgency, place_code, lat, lon, place_source, station, worker, outcome,
				created_at, submitted_at, claimed_at, answered_at, resolved_at, closed_at, claim_due, answer_due, resolve_due, next_action, next_action_at)
			SELECT to_char(n, 'FM00000000'), `+sampleBot+`, n / 10 + 1, state, (ARRAY['老板拖欠我三个月工资', '我妈妈走不动了，家里没人照顾，想申请轮椅',
					'村口的路灯坏了，晚上很黑', '想问低保怎么办理', '邻居占了我家的地，吵了几次'])[n % 5 + 1] || n,
				keys[n % 19 + 1], CASE WHEN n % 50 = 0 THEN 'urgent' ELSE 'normal' END,
				places[n % 100 + 1], lat, lon, 'choice', s.code,
				CASE WHEN state <> 'open' THEN w.code END, CASE WHEN over THEN 'solved' END,
				at, at, CASE WHEN state <> 'open' THEN at + interval '1 hour' END, CASE WHEN over THEN at + interval '2 hours' END,
				CASE WHEN over THEN at + interval '1 day' END, CASE WHEN over THEN at + interval '8 days' END,
				at + interval '4 hours', at + interval '1 day', at + interval '5 days',
				CASE WHEN NOT over THEN 'claim' END, CASE WHEN NOT over THEN now() + interval '1 day' END
			FROM numbers CROSS JOIN lists CROSS JOIN LATERAL (SELECT `+state+` AS state, `+state+` = 'closed' AS over,
					now() - CASE WHEN `+state+` = 'closed' THEN (10 + n % 350) * interval '1 day' ELSE n % 1000 * interval '1 minute' END AS at) t
				JOIN stations s ON s.nth = n % lists.stations
				JOIN workers w ON w.station = s.code AND w.nth = n / lists.stations % w.of
			RETURNING id, state, station)
		INSERT INTO offers (request_id, station, offered_at, active)
		SELECT m.id, o.code, now(), m.state <> 'closed' FROM made m JOIN stations s ON s.code = m.station
			JOIN stations o ON o.nth = (s.nth + 1) % (SELECT count(*) FROM stations)
		WHERE m.state = 'open' OR m.id % 10 = 0`, n)
	if err != nil {
		return fmt.Errorf("make sample requests: %w", err)
	}
	return nil
}
