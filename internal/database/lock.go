package database

import (
	"context"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/jmoiron/sqlx"
)

const (
	lockCheck = time.Second     // how often the connection that holds a lock is looked at
	lockLimit = 5 * time.Second // how long that connection may take to answer
)

// Lock is an advisory lock of PostgreSQL on a connection of its own: it is held until it is released, or its
// process or connection dies.
type Lock struct {
	conn *sqlx.Conn
	lost chan struct{}
	stop chan struct{}
	done chan struct{}
}

// TryLock takes the lock with this key, or says that somebody else holds it. The caller releases it.
func (d *DB) TryLock(ctx context.Context, key int64) (*Lock, bool, error) {
	conn, err := d.Connx(ctx)
	if err != nil {
		return nil, false, fmt.Errorf("lock %d: %w", key, err)
	}
	var held bool
	if err := conn.GetContext(ctx, &held, `SELECT pg_try_advisory_lock($1)`, key); err != nil {
		discard(conn) // the server may have given the lock
		return nil, false, fmt.Errorf("lock %d: %w", key, err)
	}
	if !held {
		return nil, false, conn.Close()
	}
	l := &Lock{conn: conn, lost: make(chan struct{}), stop: make(chan struct{}), done: make(chan struct{})}
	go l.watch()
	return l, true, nil
}

// Lost is closed when the lock's connection is gone, and with it the lock: within a second of the connection's
// end, or six when the server falls silent. Until then two processes may believe that they hold the lock.
func (l *Lock) Lost() <-chan struct{} { return l.lost }

func (l *Lock) watch() {
	defer close(l.done)
	check := time.NewTicker(lockCheck)
	defer check.Stop()
	for {
		select {
		case <-l.stop:
			return
		case <-check.C:
		}
		if l.exec(`SELECT 1`) != nil {
			close(l.lost)
			return
		}
	}
}

// Release gives the lock back. It is called once.
func (l *Lock) Release() {
	close(l.stop)
	<-l.done
	_ = l.exec(`SELECT pg_advisory_unlock_all()`) // where it fails, the end of the connection does the same
	discard(l.conn)
}

func (l *Lock) exec(sql string) error {
	ctx, cancel := context.WithTimeout(context.Background(), lockLimit)
	defer cancel()
	_, err := l.conn.ExecContext(ctx, sql)
	return err
}

// discard closes a connection instead of giving it back to the pool, where a lock on it would live on.
func discard(conn *sqlx.Conn) {
	_ = conn.Raw(func(any) error { return driver.ErrBadConn })
	conn.Close()
}
