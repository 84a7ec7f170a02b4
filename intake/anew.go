package intake

import (
	"errors"
	"strconv"
	"strings"

	"github.com/lib/pq"
)

// anew makes messages that went to a request of the resident's a matter of their own: all their versions, and the words
// of the last. A button names one, or the first and the last of several.
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
	return s.think(d)
}

// lastVersions is how messages of the resident's to a request read now, in the order in which they came. Each is named by
// the number of any of its versions, as a button brings it; two numbers name all between them. An album is named by any of
// its parts.
func (s *step) lastVersions(r *Request, named string) (all []Message, err error) {
	from, to, several := strings.Cut(named, "-")
	if !several {
		to = from
	}
	first, err := strconv.ParseInt(from, 10, 64)
	last, bad := strconv.ParseInt(to, 10, 64)
	if err != nil || bad != nil {
		return nil, nil
	}
	err = s.tx.SelectContext(s.ctx, &all, `
		SELECT DISTINCT ON (coalesce(m.edits, m.id)) `+messageColumns+` FROM messages m
		WHERE m.request_id = $1 AND m.author = 'resident' AND coalesce(m.edits, m.id) IN (
			SELECT coalesce(n.edits, n.id) FROM messages n WHERE n.request_id = $1 AND (n.id BETWEEN $2 AND $3
				OR n.album <> '' AND n.album IN (SELECT a.album FROM messages a WHERE a.request_id = $1 AND a.id BETWEEN $2 AND $3)))
		ORDER BY coalesce(m.edits, m.id), m.id DESC`, r.ID, first, last)
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
