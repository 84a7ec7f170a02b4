package admin_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"strings"
	"sync"
	"testing"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/internal/database"
)

// counting is a connector whose connections count what they are asked.
type counting struct {
	driver.Connector
	mu    sync.Mutex
	asked []string
}

// counted has a database count its statements from now on.
func counted(t *testing.T, db *database.DB) *counting {
	t.Helper()
	connector, err := pq.NewConnector(db.URL())
	if err != nil {
		t.Fatal(err)
	}
	c := &counting{Connector: connector}
	uncounted := db.DB
	db.DB = sqlx.NewDb(sql.OpenDB(c), "postgres")
	db.SetMaxOpenConns(24)
	t.Cleanup(func() { uncounted.Close() })
	return c
}

// since are the statements since it was last asked, without spaces in excess.
func (c *counting) since() []string {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked := c.asked
	c.asked = nil
	return asked
}

func (c *counting) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &countingConn{conn.(fullConn), c}, nil
}

type fullConn interface {
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

type countingConn struct {
	fullConn
	c *counting
}

func (c *countingConn) count(query string) {
	c.c.mu.Lock()
	defer c.c.mu.Unlock()
	c.c.asked = append(c.c.asked, strings.Join(strings.Fields(query), " "))
}

func (c *countingConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	c.count(query)
	return c.fullConn.QueryContext(ctx, query, args)
}

func (c *countingConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	c.count(query)
	return c.fullConn.ExecContext(ctx, query, args)
}

func (c *countingConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	c.count(query)
	return c.fullConn.PrepareContext(ctx, query)
}
