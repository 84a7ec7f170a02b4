package intake

import (
	"context"

	"github.com/lib/pq"

	"onedoor/prompts"
)

// Settle is the model's answer, as its job brings it.
func (s *Service) Settle(ctx context.Context, request int64, text string, u prompts.Understanding) error {
	return s.settle(ctx, request, text, u)
}

// FindDue is for the test of how it is read.
const FindDue = findDue

// DeskStatements are the statements that a worker of a station waits for, or another system of its county, by what they do.
func DeskStatements(station, worker, ref string, ids []int64) map[string][]any {
	return map[string][]any{
		queuedSQL:                     {station, ref},
		heldSQL:                       {worker, ref},
		foundSQL:                      {pq.Array(ids), station, worker},
		findSQL:                       {station, worker},
		nextSQL:                       {station, worker, 15},
		claimSQL:                      {ids[0], worker, station, "2026-11-26T00:00:00Z", actAnswer, "2026-11-26T00:00:00Z", 15},
		`SELECT ` + inHand + ` >= $1`: {15, worker},
		followSQL(followRefs, followRefs): {false, pq.Array([]string{station}), pq.Array([]string{}), 1, true, followLimit, filedWords, filedAddress,
			pq.Array([]string{ref})},
		followSQL(filedSpan, followSpan): {false, pq.Array([]string{station}), pq.Array([]string{}), 1, true, followLimit, filedWords, filedAddress,
			"2026-11-01T00:00:00Z", "2026-11-26T00:00:00Z", pq.Array([]string{}), pq.Array([]State{Open})},
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

// Look sets how much a page of a search may cost to find.
func (s *Service) Look(sample, common, hits, far int) {
	s.looking = looking{sample, common, common, hits, far}
}
