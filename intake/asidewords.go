package intake

import (
	"errors"
	"strconv"
	"strings"
)

// What words in modeAside are for. What follows each in the chat's mode_arg stands beside it.
const (
	asideWhy          = "why"          // a station's code: why the request goes there
	asideOrganisation = ToOrganisation // its code: what it needs to know
	asideVolunteers   = ToVolunteers   // the task: likewise
	asideToPartner    = "partner"      // the referral: a worker's words to who helps
	asideToWorker     = "worker"       // the referral: a partner's words to the worker
	asideReport       = "report"       // the referral: the words without which a partner's task isn't done
)

// putAside makes what is written next in this chat go to neither the resident nor the file by itself.
func (s *step) putAside(r *Request, what, about string) {
	s.setMode(modeAside, &r.ID)
	s.chat.ModeArg, s.chat.changed = what+":"+about, true
}

// aside is what the chat's next words are for; empty where they are for nothing of this kind.
func (s *step) aside() (what, about string) {
	if s.chat.Mode != modeAside {
		return "", ""
	}
	what, about, _ = strings.Cut(s.chat.ModeArg, ":")
	return what, about
}

// asideSaid takes a worker's words that are for who helps or for another station, and those that answer a message about who
// helps. It is false for all others: these never reach a resident.
func (s *step) asideSaid(what said) (bool, error) {
	id, err := s.repliedToReferral()
	switch {
	case err == nil:
		return true, s.answerPartner(id, what)
	case !errors.Is(err, ErrNotFound):
		return true, err
	}
	kind, about := s.aside()
	if kind == "" {
		return false, nil
	}
	r, err := s.deskRequest(`r.id = $1`, *s.chat.Request)
	if errors.Is(err, ErrNotFound) {
		return true, s.keepUnsent(nil, what)
	}
	if err != nil {
		return true, err
	}
	s.heedWorker(what)
	s.endWriting()
	switch kind {
	case asideWhy:
		return true, s.passForWords(r, about, what)
	case asideToPartner:
		id, _ := strconv.ParseInt(about, 10, 64)
		return true, s.writeToPartner(r, id, what)
	}
	return true, s.refer(r, kind, about, what)
}

// repliedToReferral is the referral that the message is about which the update answers, or ErrNotFound.
func (s *step) repliedToReferral() (int64, error) {
	if s.update.ReplyTo.Message == 0 {
		return 0, ErrNotFound
	}
	var id int64
	err := s.tx.GetContext(s.ctx, &id, `SELECT CAST(n.args ->> 'referral' AS bigint) FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.message_id = $3 AND n.args ? 'referral' AND n.kind <> 'helped' ORDER BY n.id LIMIT 1`,
		s.chat.Bot, s.chat.ID, s.update.ReplyTo.Message)
	if noRows(err) {
		return 0, ErrNotFound
	}
	return id, wrap(err, "find the referral that is answered")
}
