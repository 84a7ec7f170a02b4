package bot

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/lib/pq"

	"onedoor/intake"
)

// notice is one thing to tell, at the head of its chat's queue.
type notice struct {
	ID       int64           `db:"id"`
	Bot      int64           `db:"bot_id"`
	Chat     int64           `db:"chat_id"`
	Priority int             `db:"priority"`
	Kind     string          `db:"kind"`
	Args     json.RawMessage `db:"args"`
	Request  *int64          `db:"request_id"`
	Edits    *int64          `db:"edits"`
	Message  *int64          `db:"edit_message"` // the message to edit, the last that shows what it edits; nil before one does
	Attempts int             `db:"attempts"`
	Language string          `db:"language"`
}

// heads are the next notices of the chats that are due and not resting, emergencies first and then the oldest.
// Chats of people who blocked the bot keep theirs until they let it in again, and those of people who asked for quiet until
// they say something, but for what came at that moment: whom to call. It looks at one notice a chat, however many wait there;
// one that is held back until later, and was not tried yet, holds back no other.
func (b *Bot) heads(ctx context.Context, resting []int64, limit int) ([]notice, error) {
	var all []notice
	err := b.DB.SelectContext(ctx, &all, `
		WITH RECURSIVE waiting AS (
			(SELECT chat_id FROM notices WHERE bot_id = $1 AND state = 'waiting' ORDER BY chat_id LIMIT 1)
			UNION ALL
			SELECT n.chat_id FROM waiting w CROSS JOIN LATERAL (
				SELECT chat_id FROM notices WHERE bot_id = $1 AND state = 'waiting' AND chat_id > w.chat_id ORDER BY chat_id LIMIT 1) n)
		SELECT n.id, n.bot_id, n.chat_id, n.priority, n.kind, n.args, n.request_id, n.edits, n.attempts, c.language,
			CASE WHEN n.edits IS NOT NULL THEN (SELECT max(e.message_id) FROM notices e WHERE e.id = n.edits OR e.edits = n.edits) END
				AS edit_message
		FROM waiting w JOIN chats c ON c.bot_id = $1 AND c.id = w.chat_id
			CROSS JOIN LATERAL (SELECT * FROM notices m WHERE m.bot_id = $1 AND m.chat_id = w.chat_id AND m.state = 'waiting'
				AND (c.quiet_at IS NULL OR m.created_at = c.quiet_at) AND (m.attempts > 0 OR m.next_try_at <= now()) ORDER BY m.priority, m.id LIMIT 1) n
		WHERE c.unreachable_at IS NULL AND n.next_try_at <= now() AND n.chat_id <> ALL ($2)
		ORDER BY n.priority, n.id LIMIT $3`, b.ID, pq.Array(resting), limit)
	if err != nil {
		return nil, fmt.Errorf("load the notices to send: %w", err)
	}
	return all, nil
}

// cardOf is the message in the notice's chat that shows its request's card, or 0 when there is none.
func (b *Bot) cardOf(ctx context.Context, n notice) (message int, err error) {
	err = b.DB.GetContext(ctx, &message, `SELECT coalesce(max(message_id), 0) FROM notices WHERE bot_id = $1 AND chat_id = $2
		AND request_id = $3 AND kind = $4 AND state = 'sent'`, n.Bot, n.Chat, n.Request, intake.NoticeCard)
	if err != nil {
		return 0, fmt.Errorf("find the request's card: %w", err)
	}
	return message, nil
}

// settled closes the trouble that a notice was, now that it is settled; it continues WITH settled AS (…).
const settled = `,
	closed AS (UPDATE troubles t SET state = 'closed', closed_at = now() FROM settled WHERE t.notice_id = settled.id
		AND t.state <> 'closed' RETURNING t.id)
	INSERT INTO trouble_events (trouble_id, at, kind) SELECT id, now(), 'solved' FROM closed`

// sent records that a notice has become a message.
func (b *Bot) sent(n notice, message int64) outcome {
	b.metrics.notices.WithLabelValues("sent").Inc()
	return b.write(`
		WITH settled AS (UPDATE notices SET state = 'sent', sent_at = now(), message_id = $2 WHERE id = $1 RETURNING id)`+settled, n.ID, message)
}

// dropped records that a notice has nothing left to say: what it would have edited isn't there.
func (b *Bot) dropped(n notice, why string) outcome {
	return b.write(`
		WITH settled AS (UPDATE notices SET state = 'dropped', error = $2 WHERE id = $1 RETURNING id)`+settled, n.ID, why)
}

// tryAgain records a failed try and when the next one is due.
func (b *Bot) tryAgain(n notice, why error) outcome {
	return b.write(`UPDATE notices SET attempts = attempts + 1, error = $2, next_try_at = now() + $3 * interval '1 second'
		WHERE id = $1`, n.ID, why.Error(), delay(n.Attempts+1).Seconds())
}

// failed sets aside a notice that can't be delivered, for a person to look at. The cause is "refused" where
// Telegram will never take it, and else "failed".
func (b *Bot) failed(n notice, cause string, why error) outcome {
	b.metrics.notices.WithLabelValues("set_aside").Inc()
	b.Log.Error("a notice is set aside", "notice", n.ID, "kind", n.Kind, "cause", cause, "error", hideToken(why, b.Token))
	return b.write(`
		WITH failed AS (UPDATE notices SET state = 'failed', error = $2 WHERE id = $1 AND state = 'waiting' RETURNING id, bot_id, chat_id),
			kept AS (
				INSERT INTO troubles AS t (bot_id, chat_id, at, kind, cause, notice_id, error)
				SELECT bot_id, chat_id, now(), 'notice', $3, id, $2 FROM failed
				ON CONFLICT (notice_id) WHERE notice_id IS NOT NULL DO UPDATE SET
					state = 'open', closed_at = NULL, tries = t.tries + 1, cause = EXCLUDED.cause, error = EXCLUDED.error
				RETURNING id, tries)
		INSERT INTO trouble_events (trouble_id, at, kind)
		SELECT id, now(), CASE WHEN tries = 0 THEN 'set_aside' ELSE 'failed' END FROM kept`, n.ID, hideToken(why, b.Token).Error(), cause)
}

func (b *Bot) write(query string, args ...any) outcome {
	return func(ctx context.Context) error {
		if _, err := b.DB.ExecContext(ctx, query, args...); err != nil {
			return fmt.Errorf("record what became of a notice: %w", err)
		}
		return nil
	}
}
