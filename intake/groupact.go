package intake

import (
	"errors"
)

// GroupCommand is /station in a group, with what follows it. Update.By has sent it.
type GroupCommand struct {
	Arg   string
	Text  string // all of it as it was written
	Forum bool   // the group has topics
}

// GroupPressed is a button under a message in a group. Update.By has pressed it.
type GroupPressed struct {
	Press
}

// GroupLeft is the bot being thrown out of a group.
type GroupLeft struct{}

// GroupMoved is a group that goes on under another number.
type GroupMoved struct {
	To int64
}

// argOffStation ends what /station began.
const argOffStation = "off"

// apply has a supervisor make the group their station's, or no longer. Danger is heard before that.
func (a GroupCommand) apply(s *step) error {
	if s.Offline.Crisis(clean(a.Text)) != "" {
		return Overheard{Text: a.Text}.apply(s)
	}
	w, err := s.whoActs()
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return err
	case err != nil, w.Role != roleSupervisor:
		return s.tellGroupOnce(NoticeGroupNot, nil)
	}
	g, err := groupWhere(s.ctx, s.tx, `g.bot_id = $1 AND g.chat_id = $2`, s.chat.Bot, s.chat.ID)
	if err != nil && !errors.Is(err, ErrNotFound) {
		return err
	}
	switch {
	case g != nil && g.Station != w.Station:
		return s.tellGroupOnce(NoticeGroupTaken, Args{"station": g.Station})
	case a.Arg != argOffStation:
		s.tell(NoticeGroupAsk, nil, Args{"station": w.Station, "by": w.Code, "forum": a.Forum})
		return nil
	case g == nil:
		s.tell(NoticeGroupOff, nil, Args{"station": w.Station})
		return nil
	}
	s.tell(NoticeGroupOff, nil, Args{"station": w.Station})
	return s.unbindGroup(g)
}

// tellGroupOnce tells the group something that anybody in it can cause, but not again and again.
func (s *step) tellGroupOnce(kind string, args Args) error {
	told, err := s.toldSince(kind, s.now.Add(-overheardEvery))
	if err == nil && !told {
		s.tell(kind, nil, args)
	}
	return err
}

// whoActs is the worker who did it, by their own chat; ErrNotFound where they are none.
func (s *step) whoActs() (*Worker, error) {
	return workerOfChat(s.ctx, s.tx, s.update.Bot, s.update.By)
}

// apply does what the button says if its presser is a worker of the group's station: as they could in their own chat, where
// they read what is for them alone.
func (a GroupPressed) apply(s *step) error {
	w, err := s.whoActs()
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: "group_strangers"}
		return nil
	}
	if err != nil {
		return err
	}
	switch a.Action {
	case ActBind, ActUnask:
		return s.answerAsk(w, a.Press)
	case ActClaim, ActOpen:
		return s.pressFor(w, a.Press)
	}
	s.answer = Answer{Kind: NoticeStale}
	return nil
}

// answerAsk answers the question whether the chat is to be a station's group.
func (s *step) answerAsk(w *Worker, p Press) error {
	if w.Station != p.Arg {
		s.answer = Answer{Kind: "group_strangers"}
		return nil
	}
	ask, err := s.askedHere(p.Arg)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if p.Action == ActUnask {
		s.redraw(ask.posted, nil, Args{"station": p.Arg, "menu": "closed"})
		return nil
	}
	g, err := groupWhere(s.ctx, s.tx, `g.bot_id = $1 AND g.chat_id = $2`, s.chat.Bot, s.chat.ID)
	switch {
	case err != nil && !errors.Is(err, ErrNotFound):
		return err
	case g != nil && g.Station != w.Station: // since it was asked
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	return s.bindGroup(w, ask)
}

// pressFor is a press on a request's card in the group of the worker's station, done as in their own chat.
func (s *step) pressFor(w *Worker, p Press) error {
	g, err := groupWhere(s.ctx, s.tx, `g.bot_id = $1 AND g.chat_id = $2`, s.chat.Bot, s.chat.ID)
	if errors.Is(err, ErrNotFound) {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return err
	}
	if g.Station != w.Station {
		s.answer = Answer{Kind: "group_strangers"}
		return nil
	}
	reached, err := s.enterFor(w)
	switch {
	case err != nil:
		return err
	case !reached:
		s.answer = Answer{Kind: "group_blocked"}
		return nil
	}
	if err := (Pressed{Press: p}).apply(s); err != nil {
		return err
	}
	if s.answer.Kind == "" {
		s.answer = Answer{Kind: map[string]string{ActClaim: "group_claimed", ActOpen: "group_details"}[p.Action]}
	}
	return nil
}

// enterFor makes the worker's own chat that of this step, locked as any chat whose person does something. It is false where
// nothing can be told there.
func (s *step) enterFor(w *Worker) (reached bool, err error) {
	var own struct {
		chat
		Reached bool `db:"reached"`
	}
	err = s.tx.GetContext(s.ctx, &own, `SELECT `+chatColumns+`, c.unreachable_at IS NULL AS reached FROM chats c
		WHERE c.bot_id = $1 AND c.id = $2 FOR NO KEY UPDATE`, w.Bot, w.Chat)
	if err != nil {
		return false, wrap(err, "load the worker's chat")
	}
	s.chat, s.worker, s.fromGroup = &own.chat, w, true
	return own.Reached, nil
}

// bringCard shows the worker the card of what they have claimed in a group, where it has no words.
func (s *step) bringCard(r *Request) {
	if s.fromGroup {
		s.tell(NoticeCard, r, nil)
	}
}

func (GroupLeft) apply(s *step) error { return s.loseGroup(s.chat.Bot, s.chat.ID) }

func (m GroupMoved) apply(s *step) error { return s.followGroup(s.chat.Bot, s.chat.ID, m.To) }
