package intake

// offerTo passes a request of this worker's on to a colleague of the station, with a note, which may be 0. It is false where the
// request or the colleague is no longer what it was.
func (s *step) offerTo(r *Request, colleague string, note int64) (bool, error) {
	var to Worker
	err := s.tx.GetContext(s.ctx, &to, `SELECT `+workerColumns+` FROM workers w JOIN chats c ON c.bot_id = w.bot_id AND c.id = w.chat_id
		WHERE w.code = $1 AND w.station = $2 AND w.code <> $3 AND w.active AND c.unreachable_at IS NULL`,
		colleague, s.worker.Station, s.worker.Code)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "find the colleague")
	}
	err = s.tx.GetContext(s.ctx, r, `UPDATE requests r SET worker = $2, claimed_at = $3
		WHERE r.id = $1 AND r.state = 'claimed' AND r.worker = $4 RETURNING `+requestColumns, r.ID, to.Code, s.now, s.worker.Code)
	if noRows(err) {
		return false, nil
	}
	if err != nil {
		return false, wrap(err, "pass the request on to a colleague")
	}
	data := Args{"from_worker": s.worker.Code, "to_worker": to.Code}
	if note != 0 {
		data["message"] = note
	}
	s.log(r, "transferred", ByWorker, s.worker.Code, data)
	s.tellResident(r, NoticeClaimedBy, Args{"worker": to.Name})
	s.tellChat(*to.Bot, *to.Chat, NoticeHandedOver, r, Args{"worker": s.worker.Name, "message": note})
	s.tellChat(*to.Bot, *to.Chat, NoticeCard, r, nil)
	return true, s.redrawCards(r)
}
