package database

import (
	"context"
	"database/sql/driver"
	"fmt"

	"github.com/lib/pq"
)

// maxPrepared bounds the statements that a connection keeps. All of ours are fewer; what is made up of values, as a
// migration's are, isn't worth keeping.
const maxPrepared = 400

// preparing is lib/pq's connector, but each connection prepares a statement with parameters once and keeps it: the
// server parses and plans it no more.
type preparing struct{ *pq.Connector }

// Connect opens a connection.
func (c preparing) Connect(ctx context.Context) (driver.Conn, error) {
	opened, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	whole, ok := opened.(pqConn)
	if !ok {
		opened.Close()
		return nil, fmt.Errorf("lib/pq's connection is a %T, which lacks what is needed of it", opened)
	}
	return &preparedConn{pqConn: whole, kept: map[string]pqStmt{}}, nil
}

// pqConn is what lib/pq's connections can do, all of which database/sql makes use of.
type pqConn interface {
	driver.Conn
	driver.ConnBeginTx
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.QueryerContext
	driver.NamedValueChecker
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

type pqStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// preparedConn is a connection with the statements that it keeps. Like every driver's it is used by one at a time.
type preparedConn struct {
	pqConn
	kept map[string]pqStmt
}

// QueryContext runs a statement that gives rows.
func (c *preparedConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	stmt, err := c.prepared(ctx, query, args)
	switch {
	case err != nil:
		return nil, err
	case stmt == nil:
		return c.pqConn.QueryContext(ctx, query, args)
	}
	rows, err := stmt.QueryContext(ctx, args)
	return rows, c.check(query, err)
}

// ExecContext runs a statement that gives none.
func (c *preparedConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	stmt, err := c.prepared(ctx, query, args)
	switch {
	case err != nil:
		return nil, err
	case stmt == nil:
		return c.pqConn.ExecContext(ctx, query, args)
	}
	result, err := stmt.ExecContext(ctx, args)
	return result, c.check(query, err)
}

// prepared is the statement as the server knows it; nil for one that isn't kept.
func (c *preparedConn) prepared(ctx context.Context, query string, args []driver.NamedValue) (pqStmt, error) {
	if stmt, ok := c.kept[query]; ok {
		return stmt, nil
	}
	if len(args) == 0 || len(c.kept) >= maxPrepared {
		return nil, nil
	}
	made, err := c.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	stmt, ok := made.(pqStmt)
	if !ok {
		return nil, made.Close()
	}
	c.kept[query] = stmt
	return stmt, nil
}

// check forgets a statement that the schema has changed under: prepared anew it works.
func (c *preparedConn) check(query string, err error) error {
	if changedUnder(err) {
		delete(c.kept, query)
	}
	return err
}

// changedUnder tells whether a kept statement no longer fits the schema: "cached plan must not change result type".
func changedUnder(err error) bool { return CodeOf(err) == "0A000" }
