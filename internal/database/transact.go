package database

import (
	"context"
	"fmt"
	"math/rand/v2"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	maxTries = 10                    // how often a transaction runs that others keep getting in the way of
	tryAfter = 10 * time.Millisecond // grows with each try, by chance, so that two don't meet again
)

// Transact runs do in a transaction and commits. On an error or a panic it rolls back. A transaction that failed
// because of others (a serialization failure, a deadlock) runs again, up to 10 times: so do must have no effects
// outside of it, and must wrap errors with %w.
func (d *DB) Transact(ctx context.Context, do func(*sqlx.Tx) error) error {
	for try := 1; ; try++ {
		err := d.transact(ctx, do)
		if err == nil || try == maxTries || !inTheWay(err) {
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(rand.N(time.Duration(try) * tryAfter)):
		}
	}
}

func (d *DB) transact(ctx context.Context, do func(*sqlx.Tx) error) error {
	tx, err := d.BeginTxx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin a transaction: %w", err)
	}
	defer func() { _ = tx.Rollback() }() // without effect after the commit
	if err := do(tx); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// inTheWay tells whether a transaction failed only because of what others did at the same time.
func inTheWay(err error) bool {
	code := CodeOf(err)
	return code == "40001" || code == "40P01" || changedUnder(err) // serialization_failure, deadlock_detected
}
