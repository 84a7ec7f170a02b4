package intake

import (
	"database/sql"
	"errors"
	"fmt"
)

// wrap says what was being done when err happened; no error stays none.
func wrap(err error, doing string) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("%s: %w", doing, err)
}

func noRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
