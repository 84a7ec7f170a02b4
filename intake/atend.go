package intake

import (
	"slices"

	"github.com/lib/pq"
)

// cardKinds are what a resident is shown of a draft and can act on. A draft has one of them, at the end of the chat.
func cardKinds() []string {
	return []string{NoticeUnderstood, NoticeWhich, NoticeRepeated}
}

// Menus of a notice that shows a draft: its message is taken away, or its place is being changed.
const (
	menuGone  = "gone"
	MenuPlace = "place"
)

// cardMenu is the menu of a draft's card: while another place is asked for, it confirms nothing.
func (s *step) cardMenu(r *Request) string {
	if _, placed := r.Point(); placed && s.asked(r) {
		return MenuPlace
	}
	return ""
}

// shown is a posted notice, and whether its message still is the last of its chat.
type shown struct {
	posted
	Last bool   `db:"last"`
	Why  string `db:"why"` // it was asked, see NoticeAskPlace
}

// showAtEnd shows a draft as it now is, as the last message of its chat: whoever writes on reads one answer, below what
// they wrote. The message that shows it already is edited where nothing came after it; what stood there otherwise is
// taken away.
func (s *step) showAtEnd(r *Request, kind string, args Args) error {
	before, err := s.shown(r, cardKinds()...)
	if err != nil {
		return err
	}
	if n := len(before); n > 0 && before[n-1].Last && before[n-1].Kind == kind && !s.tells(r) {
		if args == nil {
			args = Args{}
		}
		s.redraw(before[n-1].posted, r, args)
		return s.takeAway(r, before[:n-1])
	}
	s.tell(kind, r, args)
	return s.takeAway(r, before)
}

// attached shows that something without words came to a draft, on what shows it already: the same isn't said again.
func (s *step) attached(r *Request) error {
	before, err := s.shown(r, cardKinds()...)
	if err != nil {
		return err
	}
	if len(before) == 0 {
		return s.proceed(r)
	}
	if card := before[len(before)-1]; card.Kind == NoticeUnderstood {
		s.redraw(card.posted, r, menuArgs(s.cardMenu(r)))
	}
	return r.save(s.ctx, s.tx)
}

// tells tells whether this step sends the resident anything.
func (s *step) tells(r *Request) bool {
	return slices.ContainsFunc(s.notices, func(n notice) bool { return n.Bot == r.Bot && n.Chat == r.Chat && n.Edits == nil })
}

// nothingTold is the condition that the chat of the notice n was told nothing after it.
const nothingTold = `
	NOT EXISTS (SELECT FROM notices a WHERE a.bot_id = n.bot_id AND a.chat_id = n.chat_id AND a.message_id > n.message_id)
	AND NOT EXISTS (SELECT FROM notices w WHERE w.bot_id = n.bot_id AND w.chat_id = n.chat_id AND w.state = 'waiting'
		AND w.edits IS NULL AND w.id > n.id)`

// isGone is the condition that a notice's message was taken away, or will be.
const isGone = `coalesce(n.args ->> 'menu' = 'gone', false)`

// shown are the messages of these kinds that show a request to its resident, the oldest first.
func (s *step) shown(r *Request, kinds ...string) (all []shown, err error) {
	err = s.tx.SelectContext(s.ctx, &all, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, coalesce(n.args ->> 'why', '') AS why, n.message_id IS NOT NULL
			AND NOT EXISTS (SELECT FROM messages m WHERE m.bot_id = n.bot_id AND m.chat_id = n.chat_id AND m.message_id > n.message_id)
			AND `+nothingTold+` AS last
		FROM notices n
		WHERE n.request_id = $1 AND n.bot_id = $2 AND n.chat_id = $3 AND n.kind = ANY ($4) AND n.edits IS NULL
		  AND n.state IN ('waiting', 'sent') AND NOT `+isGone+` ORDER BY n.id`,
		r.ID, r.Bot, r.Chat, pq.Array(kinds))
	return all, wrap(err, "find what shows the request")
}

// askAgain takes away where the same was asked before: the question stands at the end of the chat alone.
func (s *step) askAgain(r *Request, why string) error {
	before, err := s.shown(r, NoticeAskPlace)
	if err != nil {
		return err
	}
	return s.takeAway(r, slices.DeleteFunc(before, func(p shown) bool { return p.Why != why }))
}

// endQuestion takes away the question what a draft's words are about.
func (s *step) endQuestion(d *Request) error {
	before, err := s.shown(d, NoticeWhich, NoticeRepeated)
	if err != nil {
		return err
	}
	return s.takeAway(d, before)
}

// takeAway has messages deleted. Those that still wait are not sent, and so keep nothing behind them waiting; one that is
// just being sent is deleted after that.
func (s *step) takeAway(r *Request, all []shown) error {
	if len(all) == 0 {
		return nil
	}
	var ids []int64
	for _, p := range all {
		ids = append(ids, p.ID)
		s.redraw(p.posted, r, menuArgs(menuGone))
	}
	_, err := s.tx.ExecContext(s.ctx, `UPDATE notices SET args = args || '{"menu": "gone"}',
		state = CASE state WHEN 'waiting' THEN 'dropped' ELSE state END WHERE id = ANY ($1)`, pq.Array(ids))
	return wrap(err, "take messages away")
}

// receipt tells a resident that a message was added to a request, and to which where several are open. Messages that follow
// each other have one receipt, below the last; its button is about that one, and what follows it.
func (s *step) receipt(r *Request, message int64) error {
	several, err := s.severalOpen()
	if err != nil {
		return err
	}
	args := Args{"message": message}
	if several {
		args["several"] = true
	}
	s.tell(NoticeAdded, r, args)
	var before shown
	err = s.tx.GetContext(s.ctx, &before, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.request_id = $1 AND n.bot_id = $2 AND n.chat_id = $3 AND n.kind = 'added' AND n.edits IS NULL
		  AND n.state IN ('waiting', 'sent') AND n.created_at > $4 AND NOT `+isGone+` AND `+nothingTold+`
		ORDER BY n.id DESC LIMIT 1`, r.ID, r.Bot, r.Chat, s.now.Add(-shortWhile))
	if noRows(err) {
		return nil
	}
	if err != nil {
		return wrap(err, "find the receipt of what was said before")
	}
	return s.takeAway(r, []shown{before})
}
