package bot

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/lib/pq"
)

// notice is one thing to tell, at the head of its chat's queue.
type notice struct {
	ID        int64           `db:"id"`
	Bot       int64           `db:"bot_id"`
	Chat      int64           `db:"chat_id"`
	Priority  int             `db:"priority"`
	Kind      string          `db:"kind"`
	Args      json.RawMessage `db:"args"`
	Request   *int64          `db:"request_id"`
	Edits     *int64          `db:"edits"`
	Message   *int64          `db:"edit_message"` // the message to edit, once it was sent
	EditState *string         `db:"edit_state"`
	Attempts  int             `db:"attempts"`
	NextTry   time.Time       `db:"next_try_at"`
	Language  string          `db:"language"`
	MoreEdits bool            `db:"more_edits"` // a later notice shows the same message anew
}

// heads are the next notices of the chats that aren't busy, emergencies first and then the oldest. Chats of
// people who blocked the bot keep theirs until they let it in again.
func (b *Bot) heads(ctx context.Context, busy []int64, limit int) ([]notice, error) {
	var all []notice
	err := b.DB.SelectContext(ctx, &all, `
		SELECT h.*, e.message_id AS edit_message, e.state AS edit_state,
			h.edits IS NOT NULL AND EXISTS (SELECT FROM notices l WHERE l.bot_id = h.bot_id AND l.chat_id = h.chat_id
				AND l.state = 'waiting' AND l.edits = h.edits AND l.id > h.id) AS more_edits
		FROM (
			SELECT DISTINCT ON (n.chat_id) n.id, n.bot_id, n.chat_id, n.priority, n.kind, n.args, n.request_id, n.edits,
				n.attempts, n.next_try_at, c.language
			FROM notices n JOIN chats c ON c.bot_id = n.bot_id AND c.id = n.chat_id
			WHERE n.bot_id = $1 AND n.state = 'waiting' AND c.unreachable_at IS NULL AND n.chat_id <> ALL ($2)
			ORDER BY n.chat_id, n.priority, n.id) h
		LEFT JOIN notices e ON e.id = h.edits
		ORDER BY h.priority, h.id LIMIT $3`, b.ID, pq.Array(busy), limit)
	if err != nil {
		return nil, fmt.Errorf("load the notices to send: %w", err)
	}
	return all, nil
}

// settled closes the trouble that a notice was, now that it is settled; it continues WITH settled AS (…).
const settled = `,
	closed AS (UPDATE troubles t SET state = 'closed', closed_at = now() FROM settled WHERE t.notice_id = settled.id
		AND t.state <> 'closed' RETURNING t.id)
	INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, now(), 'solved' FROM closed`

// sent records that a notice has become a message.
func (b *Bot) sent(ctx context.Context, n notice, message int64) error {
	_, err := b.DB.ExecContext(ctx, `
		WITH settled AS (UPDATE notices SET state = 'sent', sent_at = now(), message_id = $2 WHERE id = $1 RETURNING id)`+settled, n.ID, message)
	b.metrics.notices.WithLabelValues("sent").Inc()
	return mark(err)
}

// dropped records that a notice has nothing left to say: what it would have edited isn't there.
func (b *Bot) dropped(ctx context.Context, n notice, why string) error {
	_, err := b.DB.ExecContext(ctx, `
		WITH settled AS (UPDATE notices SET state = 'dropped', error = $2 WHERE id = $1 RETURNING id)`+settled, n.ID, why)
	return mark(err)
}

// tryAgain records a failed try and when the next one is due.
func (b *Bot) tryAgain(ctx context.Context, n notice, why error) error {
	_, err := b.DB.ExecContext(ctx, `UPDATE notices SET attempts = attempts + 1, error = $2, next_try_at = now() + $3 * interval '1 second'
		WHERE id = $1`, n.ID, why.Error(), delay(n.Attempts+1).Seconds())
	return mark(err)
}

// failed sets aside a notice that can't be delivered, for a person to look at. The cause is "refused" where
// Telegram will never take it, and else "failed".
func (b *Bot) failed(ctx context.Context, n notice, cause string, why error) error {
	_, err := b.DB.ExecContext(ctx, `
		WITH failed AS (UPDATE notices SET state = 'failed', error = $2 WHERE id = $1 RETURNING id, bot_id, chat_id),
			kept AS (
				INSERT INTO troubles AS t (bot_id, chat_id, at, kind, cause, notice_id, error)
				SELECT bot_id, chat_id, now(), 'notice', $3, id, $2 FROM failed
				ON CONFLICT (notice_id) WHERE notice_id IS NOT NULL DO UPDATE SET
					state = 'open', closed_at = NULL, tries = t.tries + 1, cause = EXCLUDED.cause, error = EXCLUDED.error
				RETURNING id, tries)
		INSERT INTO trouble_events (trouble_id, at, kind)
		SELECT id, now(), CASE WHEN tries = 0 THEN 'set_aside' ELSE 'failed' END FROM kept`, n.ID, why.Error(), cause)
	b.metrics.notices.WithLabelValues("set_aside").Inc()
	return mark(err)
}

func mark(err error) error {
	if err != nil {
		return fmt.Errorf("record what became of a notice: %w", err)
	}
	return nil
}
