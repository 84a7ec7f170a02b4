package intake

import "strconv"

// askWhere keeps words of a worker's that are for nobody yet, and asks: a tap sends them to a resident, or keeps them as
// a note. An album is asked about once.
func (s *step) askWhere(what said) error {
	id, err := s.keep(nil, ByWorker, what)
	if err != nil {
		return err
	}
	s.endWriting()
	var asked bool
	err = s.tx.GetContext(s.ctx, &asked, `SELECT EXISTS (SELECT FROM messages WHERE bot_id = $1 AND chat_id = $2
		AND album = $3 AND album <> '' AND request_id IS NULL AND id < $4)`, s.chat.Bot, s.chat.ID, what.album, id)
	if err == nil && !asked {
		s.tell(NoticePressFirst, nil, Args{"message": id})
	}
	return wrap(err, "look what was asked")
}

// sendKept sends the resident what a worker wrote for nobody.
func sendKept(s *step, r *Request, message string) error {
	if !s.mine(r) {
		return s.redrawCards(r)
	}
	kept, err := s.takeKept(r, message, false)
	if err != nil || len(kept) == 0 {
		return err
	}
	first, last := kept[0], kept[0]
	for _, m := range kept[1:] {
		if m.Edits != nil {
			last = m
		}
	}
	if err := s.relay(r, first.ID, last.ID, last.Text); err != nil {
		return err
	}
	for _, m := range kept[1:] {
		if m.Edits == nil {
			s.tellResident(r, NoticeAlbumPart, Args{"message": m.ID})
		}
	}
	return nil
}

// noteKept puts what a worker wrote for nobody into the file.
func noteKept(s *step, r *Request, message string) error {
	kept, err := s.takeKept(r, message, true)
	if err != nil || len(kept) == 0 {
		return err
	}
	return s.noted(r, kept[0].ID)
}

// takeKept puts a worker's message that is nobody's to a request, with its later versions and the other parts of its
// album, the message first. It answers that the button is old where there is none: it counts once.
func (s *step) takeKept(r *Request, message string, note bool) ([]Message, error) {
	s.answer = Answer{Kind: NoticeStale}
	id, err := strconv.ParseInt(message, 10, 64)
	if err != nil {
		return nil, nil
	}
	var kept []Message
	err = s.tx.SelectContext(s.ctx, &kept, `
		WITH first AS (SELECT * FROM messages WHERE id = $1 AND bot_id = $2 AND chat_id = $3 AND author = 'worker' AND worker = $4
			AND request_id IS NULL AND kind <> 'note' AND edits IS NULL),
		taken AS (
			UPDATE messages m SET request_id = $5, kind = CASE WHEN $6 THEN 'note' ELSE m.kind END, own = m.own AND NOT $6 FROM first f
			WHERE m.bot_id = $2 AND m.chat_id = $3 AND m.worker = $4 AND m.request_id IS NULL
			  AND (m.id = f.id OR m.edits = f.id OR f.album <> '' AND m.album = f.album) RETURNING m.*)
		SELECT `+messageColumns+` FROM taken m ORDER BY m.id`, id, s.chat.Bot, s.chat.ID, s.worker.Code, r.ID, note)
	if err != nil || len(kept) == 0 {
		return nil, wrap(err, "take the kept words")
	}
	s.answer = Answer{}
	return kept, s.closeQuestion()
}

// closeQuestion takes away the question whose button was pressed.
func (s *step) closeQuestion() error {
	var p posted
	err := s.tx.GetContext(s.ctx, &p, `SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.message_id = $3 AND n.kind = $4 AND n.edits IS NULL`,
		s.chat.Bot, s.chat.ID, s.update.MessageID, NoticePressFirst)
	if noRows(err) {
		return nil
	}
	if err == nil {
		s.rewrite(p, NoticePressFirst, menuArgs(menuGone))
	}
	return wrap(err, "find the question")
}
