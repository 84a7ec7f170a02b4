package database

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"net"
	"strings"

	"github.com/lib/pq"
)

// startingUp is PostgreSQL's cannot_connect_now.
const startingUp = "57P03"

// CodeOf is the SQLSTATE of a PostgreSQL error, or "", whichever driver it is from: the jobs have their own.
// See https://www.postgresql.org/docs/current/errcodes-appendix.html.
func CodeOf(err error) string {
	var coded interface{ SQLState() string }
	if errors.As(err, &coded) {
		return coded.SQLState()
	}
	return ""
}

// ConstraintOf is the name of the constraint that was violated, or "".
func ConstraintOf(err error) string {
	var pqErr *pq.Error
	if errors.As(err, &pqErr) {
		return pqErr.Constraint
	}
	return ""
}

// Unavailable tells whether an error means that the server is away, shutting down or short of something, so that
// trying later helps, and not that something is wrong with what was asked.
func Unavailable(err error) bool {
	var network net.Error
	if errors.Is(err, driver.ErrBadConn) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		errors.As(err, &network) || errors.Is(err, context.DeadlineExceeded) {
		return true
	}
	code := CodeOf(err)
	return strings.HasPrefix(code, "08") || // connection exceptions
		code == "25006" || // read-only: a standby that takes over in a moment
		strings.HasPrefix(code, "53") || // insufficient resources
		strings.HasPrefix(code, "57P") // shut down, crashed, starting up
}
