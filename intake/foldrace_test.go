package intake_test

import (
	"testing"
)

// TestFoldDuringAStep: what a step writes into the log while what was written before it is folded is folded, too, once it is done.
func TestFoldDuringAStep(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1)
	tx, err := w.db.Beginx()
	w.must(err)
	defer func() { _ = tx.Rollback() }()
	_, err = tx.Exec(`INSERT INTO events (request_id, at, kind, actor, actor_id) SELECT id, $2, 'cancelled', 'resident', '' FROM requests WHERE ref = $1`, ref, w.now)
	w.must(err)
	w.must(w.Fold(t.Context()))
	w.must(tx.Commit())
	w.must(w.Fold(t.Context()))
	var over int
	w.must(w.db.Get(&over, `SELECT count(*) FROM cycles WHERE over_at IS NOT NULL`))
	if over != 1 {
		t.Errorf("of one request that was taken back are over %d cycles", over)
	}
}
