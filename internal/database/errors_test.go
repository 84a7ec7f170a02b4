package database_test

import (
	"errors"
	"fmt"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"
	"github.com/lib/pq"

	"onedoor/internal/database"
)

// TestUnavailable: that the server is away, or is not what is wrong, is known of the errors of both drivers.
func TestUnavailable(t *testing.T) {
	t.Parallel()
	for err, away := range map[error]bool{
		&pq.Error{Code: "57P03"}:                                     true,
		fmt.Errorf("start: %w", &pgconn.PgError{Code: "57P03"}):      true,
		errors.Join(errors.New("a"), &pgconn.PgError{Code: "53300"}): true,
		&pgconn.PgError{Code: "42601"}:                               false,
		&pq.Error{Code: "23505"}:                                     false,
		errors.New("something else"):                                 false,
	} {
		if got := database.Unavailable(err); got != away {
			t.Errorf("%v: %t", err, got)
		}
	}
}
