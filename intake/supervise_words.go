package intake

import (
	"context"
	"slices"
	"strconv"
	"time"

	"github.com/lib/pq"
)

// A Translation is what a machine has made of a message, or hasn't yet.
type Translation struct {
	Message  int64      `db:"message_id"`
	Text     string     `db:"text"`
	AskedAt  time.Time  `db:"asked_at"`
	FailedAt *time.Time `db:"failed_at"` // it could not be had
}

// Awaited tells whether it may still come, as far as that can be known at a moment.
func (t Translation) Awaited(now time.Time) bool {
	return t.Text == "" && t.FailedAt == nil && t.AskedAt.After(now.Add(-askedFor))
}

// Translations are those of some messages for who reads a language, by the number of the message. Those of what others than
// the resident have said are in the resident's language.
func (s *Service) Translations(ctx context.Context, messages []int64, language string) (map[int64]Translation, error) {
	var all []Translation
	err := s.DB.SelectContext(ctx, &all, `
		SELECT t.message_id, t.text, t.asked_at, t.failed_at FROM translations t JOIN messages m ON m.id = t.message_id
		WHERE t.message_id = ANY ($1) AND (m.author <> 'resident' OR t.language = $2)`, pq.Array(messages), language)
	known := map[int64]Translation{}
	for _, t := range all {
		known[t.Message] = t
	}
	return known, wrap(err, "load translations")
}

// Translate has a machine say in a language that a supervisor reads what the resident of a request has said: one message, or
// with 0 the last ones that are in another language. One of the supervisor's own it says for the resident, who is sent it, too.
// Where there is nothing that can be translated it is RefusedForeign.
func (s *Service) Translate(ctx context.Context, by Supervisor, ref string, message int64, language string) error {
	if !slices.Contains(Languages(), language) {
		return ErrNotFound
	}
	which := ""
	if message != 0 {
		which = strconv.FormatInt(message, 10)
	}
	by.Seen = 0 // words stay the same whatever is decided
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		all, err := st.toTranslate(r, which, language)
		if err != nil {
			return err
		}
		asked := 0
		for _, m := range all {
			reader, err := st.readerLanguage(r, m, language)
			if err != nil {
				return err
			}
			if !st.Translates(m.Text, reader) || m.Author != ByResident && !r.State.Active() {
				continue
			}
			asked++
			if err := st.translate(r, m, language); err != nil {
				return err
			}
		}
		return refuseIf(asked == 0, RefusedForeign)
	})
}

// translateAlso has words that a supervisor has just said translated for the resident, if that is wished and they read another
// language.
func (s *step) translateAlso(r *Request, message int64, wished bool) error {
	if !wished {
		return nil
	}
	all, err := s.toTranslate(r, strconv.FormatInt(message, 10), "")
	for _, m := range all {
		if err := s.translate(r, m, ""); err != nil {
			return err
		}
	}
	return err
}

// TakeBackWords takes back what a supervisor has said to a resident, as a worker takes back a reply; RefusedSent where that can't be
// done any more, or was done.
func (s *Service) TakeBackWords(ctx context.Context, by Supervisor, ref string, message int64) error {
	by.Seen = 0
	return s.decide(ctx, by, ref, decided, nil, func(st *step, r *Request) error {
		if err := takeBackReply(st, r, strconv.FormatInt(message, 10)); err != nil {
			return err
		}
		if st.answer.Kind == "cant_take_back" {
			return RefusedSent
		}
		return st.redrawTaken(r, message)
	})
}

// redrawTaken shows who was told of a supervisor's words that they are taken back.
func (s *step) redrawTaken(r *Request, message int64) error {
	var all []posted
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.request_id = $1 AND n.kind = $2 AND n.edits IS NULL AND n.state IN ('waiting', 'sent') AND NOT `+isGone+`
		  AND CAST(n.args ->> 'message' AS bigint) = $3 ORDER BY n.id`, r.ID, NoticeSupervised, message)
	for _, p := range all {
		s.redraw(p, r, Args{"what": SupervisedSaid, "worker": s.supervisor, "message": message})
	}
	return wrap(err, "find who was told of the words")
}
