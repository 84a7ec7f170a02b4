package database_test

import (
	"context"
	"testing"
	"time"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

func TestListen(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	ctx, cancel := context.WithCancel(t.Context())
	ready, heard, ended := make(chan string), make(chan string), make(chan error, 1)
	go func() {
		ended <- database.Listen(ctx, db.URL(), "news", func() { ready <- "" }, func(payload string) { heard <- payload })
	}()

	await(t, ready)
	db.MustExec(`SELECT pg_notify('other', 'not for us'), pg_notify('news', '消息')`)
	if payload := await(t, heard); payload != "消息" {
		t.Errorf("heard %q", payload)
	}
	db.MustExec(`SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN%'`)
	await(t, ready)
	db.MustExec(`NOTIFY news, 'again'`)
	if payload := await(t, heard); payload != "again" {
		t.Errorf("after a lost connection, heard %q", payload)
	}
	cancel()
	if err := await(t, ended); err != nil {
		t.Errorf("got %v at the end", err)
	}
}

func TestListenEndsWhileTheServerIsAway(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- database.Listen(ctx, "postgres://u@/x?sslmode=disable&host="+t.TempDir(), "news", func() { t.Error("ready") }, nil)
	}()
	cancel()
	if err := await(t, ended); err != nil {
		t.Errorf("got %v at the end", err)
	}
}

func await[T any](t *testing.T, c <-chan T) (got T) {
	t.Helper()
	select {
	case got = <-c:
	case <-time.After(patience):
		t.Fatal("nothing came")
	}
	return got
}
