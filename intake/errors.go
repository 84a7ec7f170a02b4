package intake

import (
	"database/sql"
	"encoding/json"
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

// mustJSON encodes values of our own, which always can be.
func mustJSON(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		return json.RawMessage(`{}`)
	}
	return b
}
