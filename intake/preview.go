package intake

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"errors"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/sheet"
	"onedoor/routing"
)

const (
	// PreviewValid is how long a file can be confirmed.
	PreviewValid = time.Hour
	maxPreviews  = 5 // of an account at a time: the latest
)

// ErrChanged is what was decided on something that is otherwise by now.
var ErrChanged = errors.New("it was changed meanwhile")

// A Preview is a file that somebody has sent, and what it would change. Nothing is written before it is confirmed.
type Preview struct {
	ID        string     `db:"id"`
	Register  string     `db:"register"`
	File      string     `db:"file"` // its name
	MadeAt    time.Time  `db:"made_at"`
	AppliedAt *time.Time `db:"applied_at"` // nil: not yet
	Plan      Plan       `db:"-"`

	Sheet string `db:"sheet"`
	Text  string `db:"plan"`
}

// MakePreview finds out what a sheet would change, and keeps it for an hour, for that account alone. A sheet that could not be
// read for problems is none: these are what is kept.
func (s *Service) MakePreview(ctx context.Context, sight Sight, reg *Register, file string, content *sheet.Sheet, problems sheet.Problems, account string) (id string, err error) {
	id = rand.Text()
	err = s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		plan, kept := Plan{Problems: problems}, ""
		if len(problems) == 0 {
			if _, plan, err = reg.plan(ctx, tx, sight, content); err != nil {
				return err
			}
		}
		if len(plan.Problems) == 0 {
			kept = asText(content.Table())
		}
		_, err = tx.ExecContext(ctx, `
			WITH old AS (DELETE FROM previews WHERE made_at < $8 OR id IN (
				SELECT id FROM previews WHERE account = $2 ORDER BY made_at DESC OFFSET $9))
			INSERT INTO previews (id, account, register, file, sheet, plan, made_at) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
			id, account, reg.Name, clean(file), kept, asText(plan), s.Now(), s.Now().Add(-PreviewValid), maxPreviews-1)
		return wrap(err, "keep what a file would change")
	})
	return id, err
}

// asText is a value as JSON. What can be kept always can be written so.
func asText(value any) string {
	text, err := json.Marshal(value)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// Preview is one that an account has made within the hour, or ErrNotFound.
func (s *Service) Preview(ctx context.Context, id, account string) (*Preview, error) {
	return s.preview(ctx, s.DB, id, account, "")
}

func (s *Service) preview(ctx context.Context, db sqlx.QueryerContext, id, account, lock string) (*Preview, error) {
	var p Preview
	err := sqlx.GetContext(ctx, db, &p, `SELECT id, register, file, made_at, applied_at, sheet, plan FROM previews
		WHERE id = $1 AND account = $2 AND made_at >= $3 `+lock, id, account, s.Now().Add(-PreviewValid))
	if noRows(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, wrap(err, "load what a file would change")
	}
	return &p, wrap(json.Unmarshal([]byte(p.Text), &p.Plan), "read what a file would change")
}

// ApplyPreview does exactly what a preview says, all of it or nothing. Where that is no more what the file would do, it is
// ErrChanged, and the preview says what the file would do now. What has problems, or is done, is ErrRefused.
func (s *Service) ApplyPreview(ctx context.Context, sight Sight, reg *Register, id, account string) error {
	changed := false
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		p, err := s.preview(ctx, tx, id, account, "FOR UPDATE")
		if err != nil {
			return err
		}
		switch {
		case p.Register != reg.Name:
			return ErrNotFound
		case p.AppliedAt != nil || len(p.Plan.Problems) > 0:
			return ErrRefused
		}
		var table sheet.Table
		if err := json.Unmarshal([]byte(p.Sheet), &table); err != nil {
			return wrap(err, "read a sheet that was kept")
		}
		records, now, err := reg.plan(ctx, tx, sight, sheet.Restore(table))
		if err != nil {
			return err
		}
		if changed = !now.same(&p.Plan); changed {
			_, err := tx.ExecContext(ctx, `UPDATE previews SET plan = $2 WHERE id = $1`, id, asText(now))
			return wrap(err, "keep what a file would change now")
		}
		if err := reg.write(ctx, tx, records, &now, account); err != nil {
			return err
		}
		_, err = tx.ExecContext(ctx, `UPDATE previews SET applied_at = $2, sheet = '' WHERE id = $1`, id, s.Now())
		return wrap(err, "note that a file is imported")
	})
	if err != nil {
		return err
	}
	if changed {
		return ErrChanged
	}
	return s.refresh(ctx, reg)
}

// write writes records as they were planned. Where somebody else has made one of the new ones meanwhile, it is ErrChanged.
func (reg *Register) write(ctx context.Context, tx *sqlx.Tx, records []any, p *Plan, account string) error {
	if reg.ledger != nil {
		return reg.writeLedger(ctx, tx, p, account)
	}
	counts, err := routing.Upsert(ctx, tx, records, reg.Write)
	if err == nil && (counts.Added != p.Added() || counts.Changed != p.Changed()) {
		return ErrChanged
	}
	return err
}
