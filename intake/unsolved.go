package intake

import (
	"errors"
	"strings"
	"unicode"
)

// unsolvedWords are what residents write who find that something isn't solved, without what isn't a letter.
const unsolvedWords = `notsolved isntsolved notresolved isntresolved notfixed isntfixed neversolved stillnotdone
	没解决 没有解决 还没解决 未解决 没办好 没弄好 没搞好 问题还在 还是老样子 未搞掂 冇解决 未搞定
	沒解決 沒有解決 還沒解決 未解決 冇解決 沒辦好 問題還在 還未解決 未辦好`

// saysUnsolved tells whether words say that something isn't solved.
func saysUnsolved(text string) bool {
	letters := strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, text)
	for words := range strings.FieldsSeq(unsolvedWords) {
		if strings.Contains(letters, words) {
			return true
		}
	}
	return false
}

// unsolved asks a resident who writes that something isn't solved whether the request that was resolved last, or whose
// message they answer, shall be opened again. The words are kept meanwhile, and where nobody says so the clock does it. It is
// false where there is no such request, or something else is under way to which the words may belong.
func (s *step) unsolved(what said) (bool, error) {
	if what.kind != KindText || !saysUnsolved(what.text) || s.chat.Mode == modeNeed || s.chat.Mode == modePlace {
		return false, nil
	}
	former, err := s.resolvedLately()
	if errors.Is(err, ErrNotFound) {
		return false, nil
	}
	if err != nil {
		return true, err
	}
	s.endComment()
	d, err := s.startDraft(what.text)
	if err != nil {
		return true, err
	}
	d.next(actWhich, s.now.Add(chooseWithin))
	if _, err := s.keep(d, ByResident, what); err != nil {
		return true, err
	}
	if _, err := s.tx.ExecContext(s.ctx, `INSERT INTO repeats (request_id, former_id, at) VALUES ($1, $2, $3)`,
		d.ID, former.ID, s.now); err != nil {
		return true, wrap(err, "keep what isn't solved")
	}
	return true, s.askWhich(d)
}

// resolvedLately is the request of this chat whose message is answered or, where nothing is under way, that was resolved last;
// ErrNotFound where none can be opened again.
func (s *step) resolvedLately() (*Request, error) {
	busy, err := s.busy()
	if err != nil {
		return nil, err
	}
	answered := int64(0)
	if r, err := s.repliedTo(); err == nil {
		answered = r.ID
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	if _, err := s.draft(); err == nil || busy && answered == 0 {
		return nil, ErrNotFound
	} else if !errors.Is(err, ErrNotFound) {
		return nil, err
	}
	return lockRequest(s.ctx, s.tx, `r.id = (SELECT q.id FROM requests q WHERE q.bot_id = $1 AND q.chat_id = $2
		AND q.state IN ('resolved', 'closed') AND q.resolved_at > $3 AND ($4 = 0 OR q.id = $4) ORDER BY q.resolved_at DESC LIMIT 1)`,
		s.chat.Bot, s.chat.ID, s.now.Add(-reopenWithin), answered)
}

// asksUnsolved tells whether a draft's resident is asked whether a request that was resolved before isn't.
func (s *step) asksUnsolved(d, r *Request) (asked bool, err error) {
	if r.State != Resolved && r.State != Closed {
		return false, nil
	}
	err = s.tx.GetContext(s.ctx, &asked, `SELECT EXISTS (SELECT FROM repeats
		WHERE request_id = $1 AND former_id = $2 AND answer = '' AND at > $3)`, d.ID, r.ID, r.ResolvedAt)
	return asked, wrap(err, "look what the resident is asked")
}

// reopenWith opens a request again that isn't solved, and adds a draft's words to it. It is false where that isn't what the
// resident was asked.
func (s *step) reopenWith(d, r *Request, actor string) (bool, error) {
	asked, err := s.asksUnsolved(d, r)
	if err != nil || !asked || !s.canReopen(r) {
		return false, err
	}
	if err := reopen(s, r, ""); err != nil {
		return true, err
	}
	return true, s.merge(d, r, actor)
}
