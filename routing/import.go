package routing

import (
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/sheet"
)

// Counts say what an import has done.
type Counts struct {
	Added, Changed, Unchanged int
	Removed                   int // from the work calendar; other imports take nothing away
}

// Upsert runs a statement that inserts or changes records, given as one JSON array, and returns for each row
// that it wrote whether it is new.
func Upsert[T any](ctx context.Context, tx *sqlx.Tx, records []T, statement string) (Counts, error) {
	if records == nil {
		records = []T{}
	}
	rows, err := json.Marshal(records)
	if err != nil {
		return Counts{}, fmt.Errorf("write the rows: %w", err)
	}
	var added []bool
	if err := tx.SelectContext(ctx, &added, statement, string(rows)); err != nil {
		return Counts{}, fmt.Errorf("write the rows: %w", err)
	}
	counts := Counts{Unchanged: len(records) - len(added)}
	for _, isNew := range added {
		if isNew {
			counts.Added++
		} else {
			counts.Changed++
		}
	}
	return counts, nil
}

// ReadPosition reads lat, lon and datum of a row as WGS-84; nil when it has none, or a bad one that c notes.
func ReadPosition(c *sheet.Checker, row sheet.Row) *Point {
	latText, lonText, datum := row.Get("lat"), row.Get("lon"), strings.ToLower(row.Get("datum"))
	if datum != "" && datum != "wgs84" && datum != "gcj02" {
		c.Add(row, "datum %q is neither wgs84 nor gcj02", datum)
		return nil
	}
	if latText == "" && lonText == "" {
		return nil
	}
	lat, errLat := strconv.ParseFloat(latText, 64)
	lon, errLon := strconv.ParseFloat(lonText, 64)
	at := Point{lat, lon}
	switch {
	case errLat != nil:
		c.Add(row, "lat %q is not a number of degrees", latText)
	case errLon != nil:
		c.Add(row, "lon %q is not a number of degrees", lonText)
	case !at.Valid():
		c.Add(row, "lat %q, lon %q is no place on land: lat is -90 to 90, lon -180 to 180", latText, lonText)
	case datum == "gcj02":
		at = FromGCJ02(at)
		return &at
	default:
		return &at
	}
	return nil
}
