package routing

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
)

// A Table is one of those that people keep as sheets: by it one row of a form is read and written as all rows of a file are.
// Records are what marshals to a JSON object with a value for each column but datum.
type Table struct {
	Columns []string // that a sheet must have
	More    []string // that it may have
	Stays   []string // those of More that stay as they are where a sheet doesn't have them
	Lines   []string // those whose cells may have line breaks
	Key     []string // the columns that tell a record from all others
	Revives bool     // what is written is active again

	// Read reads the rows, one record each, in their order; or sheet.Problems. Those that rows has found already are named too.
	Read func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error)
	// OnRecord selects what there is: the columns by the names of a record's JSON, and beside them id (its own name for good),
	// key (that of Key, parted by |) and active.
	OnRecord string
	// Write is the statement for Upsert.
	Write string
}

// Import adds and changes records by their key: all of the rows, or none and sheet.Problems that name the bad ones. What may be
// wrong with those that are imported all the same is in s.Warnings.
func (t *Table) Import(ctx context.Context, db *database.DB, s *sheet.Sheet) (counts Counts, err error) {
	err = db.Transact(ctx, func(tx *sqlx.Tx) error {
		records, err := t.Records(ctx, tx, s)
		if err != nil {
			return err
		}
		counts, err = Upsert(ctx, tx, records, t.Write)
		return err
	})
	return counts, err
}

// Records reads all rows of a sheet, or says in sheet.Problems what is wrong with which.
func (t *Table) Records(ctx context.Context, tx *sqlx.Tx, s *sheet.Sheet) ([]any, error) {
	var check sheet.Checker
	records, err := t.Read(ctx, tx, &check, s.Rows)
	s.Warnings = check.Warnings()
	return records, cmp.Or(err, check.Err())
}

// Anys are records of one kind as those of a Table.
func Anys[T any](all []T) []any {
	records := make([]any, len(all))
	for i, record := range all {
		records[i] = record
	}
	return records
}

// All are the columns of a sheet with everything.
func (t *Table) All() []string { return slices.Concat(t.Columns, t.More) }

// KeyOf is the key of a record by its cells.
func (t *Table) KeyOf(cells Cells) string {
	parts := make([]string, len(t.Key))
	for i, column := range t.Key {
		parts[i] = cells[column]
	}
	return strings.Join(parts, "|")
}

// Cells are a record as a sheet has it, by column.
type Cells map[string]string

// CellsOf are those of a record, or of one as the database has it in JSON. What a record says nothing of is missing.
func CellsOf(record any) (Cells, error) {
	text, err := json.Marshal(record)
	if err != nil {
		return nil, fmt.Errorf("write a record: %w", err)
	}
	var values map[string]any
	if err := json.Unmarshal(text, &values); err != nil {
		return nil, fmt.Errorf("read a record: %w", err)
	}
	cells := Cells{}
	for column, value := range values {
		cells[column] = cell(value)
	}
	if _, has := cells["lat"]; has {
		cells["datum"] = ""
		if cells["lat"] != "" {
			cells["datum"] = "wgs84"
		}
	}
	return cells, nil
}

// cell is one value of a record as a sheet has it.
func cell(value any) string {
	switch v := value.(type) {
	case string:
		return strings.TrimSpace(v)
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case bool:
		if v {
			return "yes"
		}
		return "no"
	case []any:
		parts := make([]string, len(v))
		for i, part := range v {
			parts[i] = cell(part)
		}
		return strings.Join(parts, ";")
	}
	return ""
}

// Row is the cells in the order of columns.
func (c Cells) Row(columns []string) []string {
	row := make([]string, len(columns))
	for i, column := range columns {
		row[i] = c[column]
	}
	return row
}

// Equal tells whether two records say the same.
func (c Cells) Equal(d Cells) bool { return maps.Equal(c, d) }
