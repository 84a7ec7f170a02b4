package database_test

import (
	"testing"
	"time"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

const (
	key      = 42
	patience = 30 * time.Second // far longer than anything here takes
)

func TestLockHasOneHolder(t *testing.T) {
	t.Parallel()
	url := databasetest.URL(t)
	one, other := open(t, url), open(t, url)
	lock := take(t, one)
	for _, db := range []*database.DB{one, other} {
		if _, held, err := db.TryLock(t.Context(), key); err != nil || held {
			t.Errorf("taken again: %t (error %v), want false", held, err)
		}
	}
	lock.Release()
	take(t, other).Release()
	if inUse := one.Stats().InUse + other.Stats().InUse; inUse != 0 {
		t.Errorf("%d connections are still in use", inUse)
	}
}

func TestLockIsLostWithItsConnection(t *testing.T) {
	t.Parallel()
	url := databasetest.URL(t)
	one, other := open(t, url), open(t, url)
	lock := take(t, one)
	other.MustExec(`SELECT pg_terminate_backend(pid, 10000) FROM pg_locks
		WHERE locktype = 'advisory' AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`)
	take(t, other).Release()
	select {
	case <-lock.Lost():
	case <-time.After(patience):
		t.Fatal("the loss wasn't noticed")
	}
	lock.Release()
	take(t, one).Release()
}

func open(t *testing.T, url string) *database.DB {
	t.Helper()
	db, err := database.Open(t.Context(), database.Config{URL: url})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

func take(t *testing.T, db *database.DB) *database.Lock {
	t.Helper()
	lock, held, err := db.TryLock(t.Context(), key)
	if err != nil || !held {
		t.Fatalf("taken: %t (error %v), want true", held, err)
	}
	return lock
}
