package intake

import "slices"

// merge makes a draft's words an addition to a request of the same resident's: all that was said is passed on, and the
// draft is no more. Actor is who decided on it.
func (s *step) merge(d, r *Request, actor string) error {
	all, err := s.moveMessages(d, r)
	if err != nil {
		return err
	}
	if err := s.answerRepeat(d, r.ID, "added"); err != nil {
		return err
	}
	d.finish(Cancelled, s.now)
	s.log(d, "cancelled", actor, "", Args{"from": Draft, "into": r.ID})
	if err := d.save(s.ctx, s.tx); err != nil {
		return err
	}
	s.endPlaceQuestion(d)
	cards, err := s.shown(d, cardKinds()...)
	if err != nil {
		return err
	}
	if err := s.takeAway(d, cards); err != nil {
		return err
	}
	if d.Unnamed && !r.Unnamed {
		if err := s.setUnnamed(r, true); err != nil {
			return err
		}
	}
	return s.takeOver(r, d.Text, all, actor)
}

// moveMessages gives a draft's messages to a request, and returns their first versions.
func (s *step) moveMessages(d, r *Request) (first []int64, err error) {
	err = s.tx.SelectContext(s.ctx, &first, `
		WITH moved AS (UPDATE messages SET request_id = $2 WHERE request_id = $1 RETURNING id, edits)
		SELECT id FROM moved WHERE edits IS NULL ORDER BY id`, d.ID, r.ID)
	return first, wrap(err, "move the messages")
}

// takeOver passes on messages that have come to a request, as addToRequest does with one that is said to it.
func (s *step) takeOver(r *Request, text string, messages []int64, actor string) error {
	for _, id := range messages {
		s.log(r, "said", ByResident, "", Args{"message": id})
	}
	if len(messages) > 0 {
		s.tell(NoticeAdded, r, Args{"message": slices.Min(messages), "unchosen": actor == BySystem})
	}
	s.firstWords(r, text)
	r.Text = joinWords(r.Text, text)
	if r.Unnamed {
		if err := s.regather(r); err != nil {
			return err
		}
	}
	if err := r.save(s.ctx, s.tx); err != nil {
		return err
	}
	if r.Worker == nil {
		return s.redrawCards(r)
	}
	for _, id := range messages {
		var version int64
		if err := s.tx.GetContext(s.ctx, &version, `SELECT max(id) FROM messages WHERE id = $1 OR edits = $1`, id); err != nil {
			return wrap(err, "find the last version of a message")
		}
		if err := s.tellHolder(r, NoticeResidentSaid, Args{"message": version}); err != nil {
			return err
		}
	}
	return nil
}
