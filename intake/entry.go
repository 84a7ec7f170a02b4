package intake

import (
	"context"
	"errors"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// ErrTaken is a key that another record has.
var ErrTaken = errors.New("there is such a record already")

// SaveEntry writes a record as a form has it: that of the id, or a new one where that is empty. was are the cells that whoever
// filled in the form has seen: where the record is otherwise by now, it is ErrChanged. What is wrong with the cells are
// sheet.Problems. What is out of sight is ErrNotFound, and so is what somebody of that sight doesn't keep; what is switched
// off, and would be switched on by it, is ErrRefused.
func (s *Service) SaveEntry(ctx context.Context, sight Sight, reg *Register, id string, was, cells routing.Cells) error {
	content, err := sheet.One(cells)
	if err != nil {
		return err
	}
	err = s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		if err := reg.keepable(ctx, tx, sight, id, was); err != nil {
			return err
		}
		if _, err := reg.Records(ctx, tx, content); err != nil {
			return err
		}
		if err := reg.giveKey(ctx, tx, id, cells); err != nil {
			return err
		}
		records, plan, err := reg.plan(ctx, tx, sight, content)
		if err != nil {
			return err
		}
		if len(plan.Problems) > 0 {
			return plan.Problems
		}
		if id == "" && plan.Added() == 0 {
			return ErrTaken
		}
		return reg.write(ctx, tx, records, &plan, "")
	})
	if err != nil {
		return err
	}
	return s.refresh(ctx, reg, cells["code"])
}

// keepable tells whether somebody of that sight may change the record of an id, as they have seen it. A new one they may try.
func (reg *Register) keepable(ctx context.Context, tx *sqlx.Tx, sight Sight, id string, was routing.Cells) error {
	if id == "" {
		return nil
	}
	before, err := reg.lockRecords(ctx, tx, `t.id = $1`, id)
	switch {
	case err != nil:
		return err
	case len(before) == 0 || !reg.keeps(sight, before[0].Cells):
		return ErrNotFound
	case !before[0].Active && reg.Revives:
		return ErrRefused
	case !before[0].Cells.Equal(was):
		return ErrChanged
	}
	return nil
}

// giveKey gives the record of an id the key that its cells have, where it can have another.
func (reg *Register) giveKey(ctx context.Context, tx *sqlx.Tx, id string, cells routing.Cells) error {
	if id == "" || reg.rename == "" {
		return nil
	}
	args := []any{id}
	for _, column := range reg.Key {
		args = append(args, cells[column])
	}
	_, err := tx.ExecContext(ctx, reg.rename, args...)
	if database.CodeOf(err) == "23505" { // unique_violation
		return ErrTaken
	}
	return wrap(err, "change a key")
}

// refresh has this process know at once of what was changed and is kept in memory; the others hear of it in a moment. No codes are all.
func (s *Service) refresh(ctx context.Context, reg *Register, codes ...string) error {
	switch {
	case reg.ledger != nil:
		return reg.ledger.Refresh(ctx)
	case reg.Name != "stations":
		return nil
	}
	return s.Router.ReloadStations(ctx, codes...)
}
