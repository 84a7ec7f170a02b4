package intake

import "github.com/lib/pq"

// FindDue is for the test of how it is read.
const FindDue = findDue

// DeskStatements are the statements that a worker of a station waits for, by what they do.
func DeskStatements(station, worker, ref string, ids []int64) map[string][]any {
	return map[string][]any{
		queuedSQL:                     {station, ref},
		heldSQL:                       {worker, ref},
		foundSQL:                      {pq.Array(ids), station, worker},
		findSQL:                       {station, worker},
		nextSQL:                       {station, worker, 15},
		claimSQL:                      {ids[0], worker, station, "2026-11-26T00:00:00Z", actAnswer, "2026-11-26T00:00:00Z", 15},
		`SELECT ` + inHand + ` >= $1`: {15, worker},
		`SELECT ` + viewColumns + viewFrom + `WHERE ` + listedViews: {pq.Array(ids)},
	}
}

// BoardStatements are those by which the board is read.
func BoardStatements() map[string][]any {
	return map[string][]any{
		changedSQL: {pq.Array([]int64{1, 2, 3}), newestEvents},
		openSQL:    nil,
		newestSQL:  {newestEvents},
	}
}
