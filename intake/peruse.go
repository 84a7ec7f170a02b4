package intake

// showWords shows all of the resident's words on the card, in its place.
func showWords(s *step, r *Request, _ string) error {
	return s.redrawPressed(r, "words")
}

// showFiles gives a worker who may read the request what the resident sent beside words, before anybody has claimed it.
func showFiles(s *step, r *Request, _ string) error {
	return s.giveSaid(r, `kind NOT IN ('text', 'location')`)
}

// giveSaid gives the worker what the resident said that the condition on the message's kind picks. Of several versions it is
// the last, and the last with a file where one has.
func (s *step) giveSaid(r *Request, condition string, args ...any) error {
	var ids []int64
	err := s.tx.SelectContext(s.ctx, &ids, `
		SELECT id FROM (SELECT DISTINCT ON (coalesce(edits, id)) id, kind, coalesce(edits, id) AS first FROM messages
			WHERE request_id = $1 AND author = 'resident'
			ORDER BY coalesce(edits, id), kind = 'text', id DESC) m
		WHERE `+condition+` ORDER BY first`, append([]any{r.ID}, args...)...)
	for _, id := range ids {
		s.tell(NoticeResidentSaid, r, Args{"message": id})
	}
	return wrap(err, "find what was said")
}

// unseen is the condition on a message's id that the chat, $2 of the bot $3, was not given it before.
const unseen = `NOT EXISTS (SELECT FROM notices n WHERE n.request_id = $1 AND n.chat_id = $2 AND n.bot_id = $3
	AND n.kind = 'resident_said' AND n.state IN ('waiting', 'sent') AND n.args ->> 'message' = CAST(m.id AS text))`
