package intake

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/prompts"
)

// A Correction is a person's decision on which service words mean. The classifiers learn from it until it is withdrawn.
type Correction struct {
	ID          int64      `db:"id" json:"id"`
	At          time.Time  `db:"at" json:"at"`
	Text        string     `db:"text" json:"text"` // without what identifies people
	Category    string     `db:"category" json:"category"`
	Was         *string    `db:"was" json:"was"` // null: unclear
	Ref         *string    `db:"ref" json:"ref"` // of the request; null: learnt from a file
	By          string     `db:"by" json:"by"`   // an account's name or a worker's code; empty: from a file
	WithdrawnAt *time.Time `db:"withdrawn_at" json:"withdrawn_at"`
}

// maxCorrections is how many of a category, the latest, are learnt from.
const maxCorrections = 100

// correct keeps a person's decision on what a request's words mean. What has no words teaches nothing.
func (s *step) correct(r *Request, category, actor, actorID string) error {
	text := prompts.Mask(strings.TrimSpace(r.Text))
	if text == "" || value(r.Category) == category {
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE corrections SET withdrawn_at = $2 WHERE request_id = $1 AND withdrawn_at IS NULL`, r.ID, s.now)
	if err != nil {
		return wrap(err, "withdraw the last correction")
	}
	_, err = s.tx.ExecContext(s.ctx, `INSERT INTO corrections (at, text, category, was, request_id, actor, actor_id)
		VALUES ($1, $2, $3, $4, $5, $6, $7)`, s.now, text, category, r.Category, r.ID, actor, actorID)
	return wrap(err, "keep the correction")
}

// Corrections are those that are learnt from or, where all is set, also those withdrawn; the latest first.
func (s *Service) Corrections(ctx context.Context, all bool) ([]Correction, error) {
	var found []Correction
	err := s.DB.SelectContext(ctx, &found, `
		SELECT c.id, c.at, c.text, c.category, c.was, r.ref, c.actor_id AS by, c.withdrawn_at
		FROM corrections c LEFT JOIN requests r ON r.id = c.request_id
		WHERE $1 OR c.withdrawn_at IS NULL ORDER BY c.id DESC`, all)
	return found, wrap(err, "load the corrections")
}

// WithdrawCorrection has the classifiers forget one; ErrNotFound where there is none that they know.
func (s *Service) WithdrawCorrection(ctx context.Context, id int64) error {
	result, err := s.DB.ExecContext(ctx, `UPDATE corrections SET withdrawn_at = $2 WHERE id = $1 AND withdrawn_at IS NULL`, id, s.Now())
	if err != nil {
		return wrap(err, "withdraw a correction")
	}
	if n, err := result.RowsAffected(); err != nil || n == 0 {
		return errors.Join(err, fmt.Errorf("withdraw correction %d: %w", id, ErrNotFound))
	}
	return nil
}

// AddCorrections keeps messages whose category is known from elsewhere, the latest first: all of them or none.
func (s *Service) AddCorrections(ctx context.Context, examples []prompts.Example) error {
	err := s.DB.Transact(ctx, func(tx *sqlx.Tx) error {
		for _, e := range slices.Backward(examples) {
			if _, err := tx.ExecContext(ctx, `INSERT INTO corrections (at, text, category, actor) VALUES ($1, $2, $3, 'system')`,
				s.Now(), prompts.Mask(e.Message), e.Category); err != nil {
				return err
			}
		}
		return nil
	})
	return wrap(err, "keep the corrections")
}

// Taught are the corrections as examples, the latest first.
func (s *Service) Taught(ctx context.Context) ([]prompts.Example, error) {
	var taught []prompts.Example
	err := s.DB.SelectContext(ctx, &taught, `
		SELECT message, category FROM (
			SELECT id, text AS message, category, row_number() OVER (PARTITION BY category ORDER BY id DESC) AS at
			FROM corrections WHERE withdrawn_at IS NULL) c
		WHERE at <= $1 ORDER BY id DESC`, maxCorrections)
	return taught, wrap(err, "load what was corrected")
}

const (
	learnSettle = 100 * time.Millisecond // corrections that come together are learnt together
	learnAgain  = 5 * time.Second        // after they could not be read
)

// FollowCorrections keeps the classifiers in step with what people correct, in this process or another, until ctx ends.
func (s *Service) FollowCorrections(ctx context.Context, url string) error {
	changed := make(chan struct{}, 1)
	note := func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	}
	var learning sync.WaitGroup
	defer learning.Wait()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	learning.Go(func() { s.learnChanges(ctx, changed) })
	return database.Listen(ctx, url, "corrections", note, func(string) { note() })
}

// learnChanges learns anew whenever something has changed.
func (s *Service) learnChanges(ctx context.Context, changed chan struct{}) {
	learnt := 0
	for {
		select {
		case <-ctx.Done():
			return
		case <-changed:
		}
		pause(ctx, learnSettle)
		taught, err := s.Taught(ctx)
		switch {
		case ctx.Err() != nil:
			return
		case err != nil:
			s.Log.Warn("what was corrected can't be read; trying again", "error", err)
			pause(ctx, learnAgain)
			select {
			case changed <- struct{}{}:
			default:
			}
		case len(taught) > 0 || learnt > 0:
			s.Offline.Learn(taught)
			learnt = len(taught)
		}
	}
}

// pause waits for a while, or until ctx ends.
func pause(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}
