package intake

import (
	"database/sql/driver"
	"encoding/json"
	"fmt"
)

// document is a jsonb column. It travels as text: what lib/pq would send of a []byte is no jsonb in its binary form.
type document []byte

// Value is the text of the document.
func (d document) Value() (driver.Value, error) { return string(d), nil }

// Scan takes the document as it comes.
func (d *document) Scan(src any) error {
	switch text := src.(type) {
	case []byte:
		*d = append((*d)[:0], text...)
	case string:
		*d = document(text)
	default:
		return fmt.Errorf("a jsonb column came as %T", src)
	}
	return nil
}

// toDocument encodes values of our own, which always can be.
func toDocument(v any) document {
	text, err := json.Marshal(v)
	if err != nil {
		return document(`{}`)
	}
	return text
}
