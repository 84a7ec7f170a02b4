// Package database is OneDoor's PostgreSQL: somebody's server by URL, or a private one that it makes, starts and
// stops itself (embedded.go). It migrates the schema (migrate.go) and has what all SQL here needs: transactions
// that are tried again (transact.go), the meaning of errors (errors.go), notifications (notify.go) and locks over
// several processes (lock.go). It knows the schema's files, but no table: SQL stands beside the type it serves.
package database

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"log/slog"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"
)

const (
	minVersion = 15 // of PostgreSQL

	defaultConns = 24 // few enough for four processes under PostgreSQL's usual limit of 100
	leastConns   = 4  // migrating holds one connection and works on another, a lock holds one

	connectLimit = 10 * time.Second
	answerEvery  = 20 * time.Millisecond // between asking a server that is starting up
)

// Config says which database.
type Config struct {
	URL       string       // postgres://…; empty: a private server in DataDir
	DataDir   string       // of the private server; made if need be
	Existing  bool         // refuse to make a private server where none is: ErrNone
	Exclusive bool         // refuse a second program that wants DataDir for itself
	Volatile  bool         // the private server need not survive a crash of the machine, and is faster: for tests
	MaxConns  int          // connections of this process; 0 means 24, and fewer than 4 won't do
	Log       *slog.Logger // nil: nothing is logged
}

// DB is a pool of connections. It is safe for concurrent use.
//
// The pool sends parameters in binary to save a round trip for each statement. So JSON goes in as a string:
// PostgreSQL takes []byte for its own binary form of jsonb and refuses it.
type DB struct {
	*sqlx.DB
	url   string
	log   *slog.Logger
	leave func() error // lets go of the private server
}

// Open connects, after starting the private server if that is what is meant and nobody else has. It waits up to
// 10 seconds for a server that is starting up (a minute for the private one), and does not migrate. A server that
// is away is an error that Unavailable recognises; one that is older than PostgreSQL 15 is refused.
func Open(ctx context.Context, c Config) (*DB, error) {
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	db := &DB{url: c.URL, log: c.Log, leave: func() error { return nil }}
	if c.URL == "" {
		server, err := enter(ctx, c)
		if err != nil {
			return nil, err
		}
		db.url, db.leave = server.url(), sync.OnceValue(server.leave)
	}
	if err := db.connect(ctx, c.MaxConns); err != nil {
		return nil, errors.Join(err, db.leave())
	}
	return db, nil
}

func (d *DB) connect(ctx context.Context, conns int) error {
	ctx, cancel := context.WithTimeout(ctx, connectLimit)
	defer cancel()
	dsn, err := withParameter(d.url, "binary_parameters", "yes")
	if err != nil {
		return err
	}
	if dsn, err = withParameter(dsn, "fallback_application_name", "onedoor"); err != nil {
		return err
	}
	connector, err := pq.NewConnector(dsn)
	if err != nil {
		return fmt.Errorf("DATABASE_URL can't be used: %w", err)
	}
	pool := sqlx.NewDb(sql.OpenDB(preparing{connector}), "postgres")
	if conns == 0 {
		conns = defaultConns
	}
	pool.SetMaxOpenConns(max(conns, leastConns))
	pool.SetMaxIdleConns(max(conns, leastConns))
	pool.SetConnMaxIdleTime(5 * time.Minute)
	if err := checkVersion(ctx, pool); err != nil {
		pool.Close()
		return fmt.Errorf("connect to the database at %s: %w", hidePassword(d.url), err)
	}
	d.DB = pool
	return nil
}

// checkVersion refuses a server that is too old, after waiting for one that is starting up.
func checkVersion(ctx context.Context, pool *sqlx.DB) error {
	for {
		var version int // 150004 is 15.4
		err := pool.GetContext(ctx, &version, `SELECT CAST(current_setting('server_version_num') AS int)`)
		switch {
		case err == nil && version/10000 < minVersion:
			return fmt.Errorf("it is PostgreSQL %d, and OneDoor needs %d or newer: upgrade it, or set DATABASE_URL to a newer one",
				version/10000, minVersion)
		case CodeOf(err) != startingUp:
			return err
		}
		select {
		case <-ctx.Done():
			return err
		case <-time.After(answerEvery):
		}
	}
}

// URL is for connections outside of the pool, such as those that listen.
func (d *DB) URL() string { return d.url }

// Close closes the pool and lets go of the private server, which stops when nobody else uses it. Closing again
// does nothing. That the server is gone already is no error.
func (d *DB) Close() error {
	err := d.DB.Close()
	if Unavailable(err) {
		err = nil
	}
	return errors.Join(err, d.leave())
}
