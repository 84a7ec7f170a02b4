package intake

import "errors"

// TaskUnsent says, where a task is shown, that what its reader has just written about it went to nobody.
const TaskUnsent = "unsent"

// answersTalk ends what a worker was asked for where their words answer, in Telegram's sense, a message of another request's
// or what the resident of this one has said: they are of the talk with that resident, and must not go to a colleague, to who
// helps, or into how a request ended.
func (s *step) answersTalk() error {
	if s.writing() || !writes(s.chat.Mode) {
		return nil
	}
	talk, err := s.inTalk()
	if talk {
		s.endWriting()
	}
	return err
}

// inTalk tells whether the update answers a message about a request other than the one that this chat was asked about, or
// what that one's resident has said. A finger may be quicker than the record of what was sent: the buttons of that say then
// that it is about one.
func (s *step) inTalk() (talk bool, err error) {
	if s.update.ReplyTo.Message == 0 {
		return false, nil
	}
	err = s.tx.GetContext(s.ctx, &talk, `SELECT EXISTS (SELECT FROM notices n WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.message_id = $3
		AND n.request_id IS NOT NULL AND (n.request_id IS DISTINCT FROM $4 OR n.kind IN ('resident_said', 'album_part', 'translation')))
		OR $5 <> '' AND NOT EXISTS (SELECT FROM notices n WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.message_id = $3)`,
		s.chat.Bot, s.chat.ID, s.update.ReplyTo.Message, s.chat.Request, s.update.ReplyTo.Ref)
	return talk, wrap(err, "look what is answered")
}

// saidAtWork tells whether the message of this update was said in this chat by a worker or a partner: of somebody who is none
// any more its edits are nobody's.
func (s *step) saidAtWork() (yes bool, err error) {
	err = s.tx.GetContext(s.ctx, &yes, `SELECT EXISTS (SELECT FROM messages WHERE bot_id = $1 AND chat_id = $2 AND message_id = $3
		AND author <> 'resident')`, s.chat.Bot, s.chat.ID, s.update.MessageID)
	return yes, wrap(err, "look who said it")
}

// aboutOthersTask takes a partner's words that answer a task which they don't have: nobody reads them, and they are shown how
// it stands. It is false where the words are about no task, and where they speak of danger.
func (s *step) aboutOthersTask(what said) (bool, error) {
	id, err := s.repliedToReferral()
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	if crisis, err := s.danger(what); crisis != "" || err != nil {
		return false, err
	}
	r, _, err := s.lockReferral(id)
	if err != nil {
		return true, err
	}
	s.tell(NoticeTask, r, Args{"referral": id, "what": TaskUnsent})
	return true, nil
}
