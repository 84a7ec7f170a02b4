package intake

import (
	"errors"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// anew takes messages that went to a request of the resident's out of it: all their versions, and the words of the last. A
// button names the first of them. Where other requests are open the resident is asked which one they are about; else they
// are a matter of their own.
func anew(s *step, r *Request, named string) error {
	all, err := s.lastVersions(r, named)
	if err != nil {
		return err
	}
	if len(all) == 0 {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	words, first := "", make([]int64, len(all))
	for i, m := range all {
		if m.Text == "" && m.Transcript != "" {
			m.Text = heardSign + m.Transcript
		}
		r.Text = withoutWords(r.Text, m.Text)
		words, first[i] = joinWords(words, m.Text), m.first()
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	_, err = s.draft()
	begun := err == nil
	d, err := s.draftWith(words)
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET request_id = $3
		WHERE request_id = $2 AND coalesce(edits, id) = ANY ($1)`, pq.Array(first), r.ID, d.ID); err != nil {
		return wrap(err, "move the messages")
	}
	for _, id := range first {
		if err := s.uncomment(id); err != nil {
			return err
		}
	}
	if r.Unnamed && !d.Unnamed {
		if err := s.setUnnamed(d, true); err != nil {
			return err
		}
	}
	if err := s.noRepeat(d, r); err != nil {
		return err
	}
	if unheard, err := s.unheard(d); err != nil || unheard && d.Text == "" {
		if err != nil {
			return err
		}
		return s.fileSpoken(d)
	}
	if !begun {
		if _, err := s.maybeAbout(d); err == nil {
			d.next(actWhich, s.now.Add(chooseWithin))
		} else if !errors.Is(err, ErrNotFound) {
			return err
		}
	}
	return s.think(d)
}

// lastVersions is how messages of the resident's to a request read now, in the order in which they came: the one that is
// named by the number of any of its versions, as a button brings it, and what is said on in the same turn, before a worker
// answers. An album is named by any of its parts.
func (s *step) lastVersions(r *Request, named string) (all []Message, err error) {
	number, _, _ := strings.Cut(named, "-") // old buttons name the last one, too
	message, err := strconv.ParseInt(number, 10, 64)
	if err != nil {
		return nil, nil
	}
	err = s.tx.SelectContext(s.ctx, &all, `
		WITH start AS (SELECT f.id, f.album, f.said_at FROM messages m JOIN messages f ON f.id = coalesce(m.edits, m.id)
			WHERE m.request_id = $1 AND m.author = 'resident' AND m.id = $2)
		SELECT DISTINCT ON (coalesce(m.edits, m.id)) `+messageColumns+` FROM messages m
		WHERE m.request_id = $1 AND m.author = 'resident' AND coalesce(m.edits, m.id) IN (SELECT f.id FROM messages f, start
			WHERE f.request_id = $1 AND f.edits IS NULL AND (f.album <> '' AND f.album = start.album
				OR f.id >= start.id AND f.said_at < start.said_at + make_interval(secs => $3)
				AND NOT EXISTS (SELECT FROM messages a WHERE a.request_id = $1 AND a.author IN ('worker', 'supervisor') AND a.kind <> 'note'
					AND a.id > start.id AND a.id < f.id)))
		ORDER BY coalesce(m.edits, m.id), m.id DESC`, r.ID, message, oneTurn.Seconds())
	return all, wrap(err, "find the messages' last versions")
}

// draftWith is the draft of this chat, with the words added, or a new one of them.
func (s *step) draftWith(words string) (*Request, error) {
	d, err := s.draft()
	if errors.Is(err, ErrNotFound) {
		return s.startDraft(words)
	}
	if err == nil {
		d.Text = joinWords(d.Text, words)
	}
	return d, err
}

// withoutWords takes a message's words out of the gathered ones. Those that a request began with stay.
func withoutWords(text, words string) string {
	at := strings.LastIndex(text+"\n", "\n"+words+"\n")
	if words == "" || at < 0 {
		return text
	}
	return text[:at] + text[at+1+len(words):]
}
