package intake

import (
	"context"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/routing"
)

// A Ledger has the records of a register that are no rows of one table: what the program brings, changed by what people have set.
// All of them always are, so a sheet makes none. Everybody sees them, and who may write is decided elsewhere.
type Ledger struct {
	Table   string                                                                     // in which people's changes are
	All     func(ctx context.Context, db sqlx.QueryerContext) ([]routing.Cells, error) // all records as they are now, in their order
	Write   func(ctx context.Context, tx *sqlx.Tx, changed []any, account string) error
	Refresh func(context.Context) error // has this process know at once of what was written
}

// NewRegister is the register of a Ledger, of which sheets are exported and imported.
func NewRegister(name string, table *routing.Table, ledger *Ledger) *Register {
	return &Register{Name: name, Table: table, ledger: ledger, keeps: func(Sight, routing.Cells) bool { return true }}
}

// entries are the records of a register with a ledger.
func (reg *Register) entries(ctx context.Context, db sqlx.QueryerContext) ([]Entry, error) {
	records, err := reg.ledger.All(ctx, db)
	all := make([]Entry, len(records))
	for i, cells := range records {
		key := reg.KeyOf(cells)
		all[i] = Entry{ID: key, Key: key, Active: true, Cells: cells}
	}
	return all, err
}

// heldLedger are its records, kept from being changed until tx ends.
func (reg *Register) heldLedger(ctx context.Context, tx *sqlx.Tx) ([]Entry, error) {
	if _, err := tx.ExecContext(ctx, `LOCK TABLE `+reg.ledger.Table+` IN SHARE ROW EXCLUSIVE MODE`); err != nil {
		return nil, wrap(err, "lock "+reg.Name)
	}
	return reg.entries(ctx, tx)
}

// foundInLedger are those of its records that are searched for.
func (reg *Register) foundInLedger(ctx context.Context, db sqlx.QueryerContext, q Search) ([]Entry, error) {
	all, err := reg.entries(ctx, db)
	var found []Entry
	for _, e := range all {
		text := strings.ToLower(e.Key + "\n" + strings.Join(e.Cells.Row(reg.All()), "\n"))
		if len(found) < q.Limit && strings.Contains(text, strings.ToLower(q.Words)) {
			found = append(found, e)
		}
	}
	return found, err
}

// writeLedger writes what a plan changes of its records, which are held.
func (reg *Register) writeLedger(ctx context.Context, tx *sqlx.Tx, p *Plan, account string) error {
	var changed []any
	for _, c := range p.Changes {
		changed = append(changed, c.record)
	}
	return reg.ledger.Write(ctx, tx, changed, account)
}
