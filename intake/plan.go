package intake

import (
	"context"
	"slices"

	"github.com/jmoiron/sqlx"
	"github.com/lib/pq"

	"onedoor/internal/sheet"
	"onedoor/routing"
)

// A Plan is what a sheet would change of a register, or what is wrong with it.
type Plan struct {
	Changes   []Change
	Unchanged int
	Problems  sheet.Problems
	Warnings  sheet.Problems // what may be wrong, and keeps it from nothing
}

// A Change is what a line of a sheet makes of a record.
type Change struct {
	Line   int
	Key    string
	Name   string
	New    bool
	Fields []Field // that differ, in the order of columns
	record any     // as it is to be
}

// A Field is a column's value before and after. Before is empty where the record is new.
type Field struct{ Column, Before, After string }

// Added is how many records would be new.
func (p *Plan) Added() int {
	n := 0
	for _, c := range p.Changes {
		if c.New {
			n++
		}
	}
	return n
}

// Changed is how many records that there are would change.
func (p *Plan) Changed() int { return len(p.Changes) - p.Added() }

// same tells whether two plans do the same.
func (p *Plan) same(o *Plan) bool {
	equal := func(a, b Change) bool {
		return a.Line == b.Line && a.Key == b.Key && a.New == b.New && slices.Equal(a.Fields, b.Fields)
	}
	return p.Unchanged == o.Unchanged && len(p.Problems) == 0 && len(o.Problems) == 0 && slices.EqualFunc(p.Changes, o.Changes, equal)
}

// plan reads a sheet and finds out what it would change. The records that it names stay as they are until tx ends. Its
// Problems are in the Plan; those of rows that somebody of that sight may not write are among them.
func (reg *Register) plan(ctx context.Context, tx *sqlx.Tx, sight Sight, s *sheet.Sheet) (records []any, p Plan, err error) {
	var check sheet.Checker
	if records, err = reg.Read(ctx, tx, &check, s.Rows); err != nil {
		return nil, p, err
	}
	after, keys := make([]routing.Cells, len(records)), make([]string, len(records))
	for i, record := range records {
		if after[i], err = routing.CellsOf(record); err != nil {
			return nil, p, err
		}
		keys[i] = reg.KeyOf(after[i])
	}
	known, err := reg.held(ctx, tx, keys)
	if err != nil {
		return nil, p, err
	}
	before := make(map[string]Entry, len(known))
	for _, k := range known {
		before[k.Key] = k
	}
	for i, row := range s.Rows {
		k, there := before[keys[i]]
		change := reg.change(row.Line, keys[i], k, after[i])
		switch {
		case there && len(change.Fields) == 0 && reg.inSight(sight, k.Cells):
			p.Unchanged++
		case !reg.keeps(sight, after[i]) || there && !reg.keeps(sight, k.Cells):
			check.Add(row, "%q is of a place or a station that isn't yours to keep", keys[i])
		default:
			change.record = records[i]
			p.Changes = append(p.Changes, change)
		}
	}
	p.Warnings = check.Warnings()
	if p.Problems = check.Problems(); len(p.Problems) > 0 {
		p.Changes, p.Unchanged = nil, 0 // what a bad row would change, nobody knows
	}
	return records, p, nil
}

// held are the records of these keys, kept from being changed until tx ends.
func (reg *Register) held(ctx context.Context, tx *sqlx.Tx, keys []string) ([]Entry, error) {
	if reg.ledger == nil {
		return reg.lockRecords(ctx, tx, `t.key = ANY ($1)`, pq.Array(keys))
	}
	return reg.heldLedger(ctx, tx)
}

// inSight tells whether somebody of that sight may know of a record.
func (reg *Register) inSight(sight Sight, cells routing.Cells) bool {
	return reg.keeps(sight, cells) || reg.sees != nil && reg.sees(sight, cells)
}

// revived is the column of a change by which what was switched off is back.
const revived = "active"

// change is what a record becomes.
func (reg *Register) change(line int, key string, before Entry, after routing.Cells) Change {
	c := Change{Line: line, Key: key, New: before.ID == "", Name: after["name"]}
	for _, column := range reg.All() {
		value, said := after[column]
		if stays := !said && slices.Contains(reg.Stays, column); !stays && before.Cells[column] != value {
			c.Fields = append(c.Fields, Field{column, before.Cells[column], value})
		}
	}
	if !c.New && !before.Active && reg.Revives {
		c.Fields = append(c.Fields, Field{revived, "no", "yes"})
	}
	return c
}
