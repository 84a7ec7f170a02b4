package intake

import (
	"time"

	"onedoor/prompts"
)

const (
	// repeatWithin is how long after a request the same need may be the same request.
	repeatWithin = 24 * time.Hour
	// sameNeed is how alike two messages of one service are that are about the same; see prompts.Alike.
	sameNeed = 0.35
)

// askRepeated asks the resident, once, whether a draft repeats a request of theirs that is open. It is false where it
// doesn't look so.
func (s *step) askRepeated(d *Request) (bool, error) {
	if d.Category == nil || d.Text == "" || s.asked(d) {
		return false, nil
	}
	var open []struct {
		ID   int64  `db:"id"`
		Text string `db:"text"`
	}
	err := s.tx.SelectContext(s.ctx, &open, `
		SELECT q.id, q.text FROM requests q
		WHERE q.bot_id = $1 AND q.chat_id = $2 AND q.id < $3 AND q.state IN ('open', 'claimed', 'referred') AND q.category = $4
		  AND q.submitted_at > $5
		  AND NOT EXISTS (SELECT FROM repeats p WHERE p.request_id = $3 AND p.former_id = q.id)
		ORDER BY q.id DESC`, d.Bot, d.Chat, d.ID, d.Category, s.now.Add(-repeatWithin))
	if err != nil {
		return false, wrap(err, "look for the same request")
	}
	for _, former := range open {
		if prompts.Alike(former.Text, d.Text) < sameNeed {
			continue
		}
		if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO repeats (request_id, former_id, at) VALUES ($1, $2, $3)`,
			d.ID, former.ID, s.now); err != nil {
			return false, wrap(err, "keep what a draft repeats")
		}
		d.next(actWhich, s.now.Add(remindAfter))
		return true, s.askWhich(d)
	}
	return false, nil
}

// former is the number of the request that a draft may repeat, while the resident is asked, or 0.
func (s *step) former(d *Request) (id int64, err error) {
	err = s.tx.GetContext(s.ctx, &id, `
		SELECT coalesce(max(former_id), 0) FROM repeats WHERE request_id = $1 AND answer = ''`, d.ID)
	return id, wrap(err, "find what a draft repeats")
}

// noRepeat keeps that a draft doesn't repeat a request, so that nobody is asked.
func (s *step) noRepeat(d, r *Request) error {
	if d.ID < r.ID { // only the later one can repeat the other
		return nil
	}
	_, err := s.tx.ExecContext(s.ctx, `INSERT INTO repeats (request_id, former_id, answer, at) VALUES ($1, $2, 'new', $3)
		ON CONFLICT (request_id, former_id) DO UPDATE SET answer = 'new'`, d.ID, r.ID, s.now)
	return wrap(err, "keep that a draft is a new matter")
}

// answerRepeat keeps what became of the question whether a draft repeats a request, if it was asked.
func (s *step) answerRepeat(d *Request, former int64, answer string) error {
	_, err := s.tx.ExecContext(s.ctx, `UPDATE repeats SET answer = CASE WHEN former_id = $2 THEN $3 ELSE 'new' END
		WHERE request_id = $1 AND answer = ''`, d.ID, former, answer)
	return wrap(err, "keep whether a draft repeats a request")
}
