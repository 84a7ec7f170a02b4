package intake

import (
	"errors"
	"slices"
)

// writes tells whether the next words in a chat are a worker's, for their work, or a partner's.
func writes(mode string) bool {
	return mode == modeReply || mode == modeNote || mode == modeAside || mode == modeHandover || asksWorker(mode)
}

// asksWorker tells whether the next words in a chat answer a question about a request that a worker has or had.
func asksWorker(mode string) bool {
	return slices.Contains([]string{modeSentence, modeRemind, modeAppoint, outcomeNotPossible, outcomeReferred, outcomeDuplicate}, mode)
}

// deskWords takes a worker's words as the answer to what they were asked of a request: how it ended, when to go on with it,
// what a colleague should know. It is false where nothing was asked, or a message about another request is answered.
func (s *step) deskWords(what said) (bool, error) {
	mode := s.chat.Mode
	if mode == modeHandover {
		return true, s.handOverWith(&what)
	}
	if !asksWorker(mode) || s.chat.Request == nil {
		return false, nil
	}
	answered, err := s.repliedTo()
	if err != nil && !errors.Is(err, ErrNotFound) {
		return true, err
	}
	if answered != nil && answered.ID != *s.chat.Request {
		s.endWriting()
		return false, nil
	}
	r, err := s.deskRequest(`r.id = $1`, *s.chat.Request)
	if errors.Is(err, ErrNotFound) { // who was moved to another station may no more
		return true, s.keepUnsent(nil, what)
	}
	if err != nil {
		return true, err
	}
	switch mode {
	case modeSentence:
		return true, s.sentence(r, what)
	case modeRemind, modeAppoint:
		return true, s.dateWritten(r, mode, what)
	}
	return true, s.reasonWritten(r, mode, what)
}
