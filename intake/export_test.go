package intake

import "github.com/lib/pq"

// DeskStatements are the statements that a worker of a station waits for, by what they do.
func DeskStatements(station, worker, ref string, ids []int64) map[string][]any {
	claim := []any{station, worker, "2026-11-26T00:00:00Z", "2026-11-26T00:00:00Z", "2026-11-26T00:00:00Z", 15}
	return map[string][]any{
		queuedSQL:                {station, ref},
		heldSQL:                  {worker, ref},
		foundSQL:                 {pq.Array(ids), station, worker},
		findSQL:                  {station, worker},
		claimSQL(pickNext):       claim,
		claimSQL(pickPressed):    append(claim, ids[0]),
		`SELECT ` + inHand("$1"): {worker},
		`SELECT ` + viewColumns + viewFrom + `WHERE ` + listedViews: {pq.Array(ids)},
	}
}
