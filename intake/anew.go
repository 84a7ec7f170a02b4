package intake

import (
	"errors"
	"strings"
)

// anew makes a message that went to a request of the resident's a matter of its own: all its versions, and the words of
// the last.
func anew(s *step, r *Request, message string) error {
	m, err := s.lastVersion(r, message)
	if noRows(err) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return wrap(err, "find the message's last version")
	}
	if m.Text == "" && m.Transcript != "" {
		m.Text = heardSign + m.Transcript
	}
	r.Text = withoutWords(r.Text, m.Text)
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if err := s.redrawCards(r); err != nil {
		return err
	}
	d, err := s.draftWith(m.Text)
	if err != nil {
		return err
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET request_id = $3
		WHERE request_id = $2 AND (id = $1 OR edits = $1)`, m.first(), r.ID, d.ID); err != nil {
		return wrap(err, "move the message")
	}
	if err := s.uncomment(m.first()); err != nil {
		return err
	}
	return s.think(d)
}

// lastVersion is how a message of the resident's to a request reads now. The message is named by the number of any of
// its versions, as a button brings it.
func (s *step) lastVersion(r *Request, message string) (Message, error) {
	var m Message
	err := s.tx.GetContext(s.ctx, &m, `
		SELECT `+messageColumns+` FROM messages m JOIN messages named ON coalesce(named.edits, named.id) IN (m.id, m.edits)
		WHERE named.id::text = $1 AND named.request_id = $2 AND m.request_id = $2 AND m.author = 'resident'
		ORDER BY m.id DESC LIMIT 1`, message, r.ID)
	return m, err
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
