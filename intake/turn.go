package intake

import (
	"encoding/json"
	"strings"
)

// A Turn is the part of a list that is shown, and what the list's buttons ask for: what comes after one of its requests, or
// before it, only of one service, only in one place. It counts from a request and not from a number, so that none is left out
// when others go in between.
type Turn struct {
	From    string // the reference of the request behind which the page begins; empty: at the beginning of the list
	Back    bool   // the page ends before From
	Menu    string // ByService, ByPlace: what there is to choose from is shown as well
	Service string // the key of a category; empty: all
	Place   string // the code of a place: what lies in it; empty: everywhere
}

// What a list can be narrowed by.
const (
	ByService = "s"
	ByPlace   = "p"
)

// Press is the button of a list (ActQueue, ActMine, ActFound) that asks for the turn. At its longest it has the 64 bytes that
// Telegram allows.
func (t Turn) Press(list string) Press {
	way := ">"
	switch {
	case t.Menu != "":
		way = t.Menu
	case t.Back:
		way = "<"
	}
	return Press{Action: list, Ref: t.From, Arg: way + t.Service + "," + t.Place}
}

// TurnOf reads what Press has written. Of what anybody else wrote it makes what it can.
func TurnOf(ref, arg string) Turn {
	if arg == "" {
		return Turn{From: ref}
	}
	t := Turn{From: ref, Back: arg[0] == '<'}
	if way := arg[:1]; way == ByService || way == ByPlace {
		t.Menu = way
	}
	t.Service, t.Place, _ = strings.Cut(arg[1:], ",")
	return t
}

// lists are the notices that the buttons of lists turn over.
func lists() map[string]string {
	return map[string]string{ActQueue: NoticeQueue, ActMine: NoticeMine, ActFound: NoticeFound}
}

// turn shows another part of a worker's list, in the message whose button was pressed. Whose list it is, is looked up when it
// is drawn.
func (s *step) turn(p Press) error {
	var list struct {
		posted
		Args document `db:"args"`
	}
	err := s.tx.GetContext(s.ctx, &list, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, n.args FROM notices n
		WHERE n.bot_id = $1 AND n.chat_id = $2 AND n.kind = $4 AND n.edits IS NULL AND (n.message_id = $3 OR n.state = 'waiting')
		ORDER BY n.message_id NULLS LAST, n.id DESC LIMIT 1`, s.chat.Bot, s.chat.ID, s.update.MessageID, lists()[p.Action])
	if noRows(err) || s.worker == nil {
		s.answer = Answer{Kind: NoticeStale}
		return nil
	}
	if err != nil {
		return wrap(err, "find the pressed list")
	}
	s.endWriting()
	args := Args{}
	if err := json.Unmarshal(list.Args, &args); err != nil {
		return wrap(err, "read the list's arguments")
	}
	args["ref"], args["turn"] = p.Ref, p.Arg
	s.notices = append(s.notices, notice{Bot: list.Bot, Chat: list.Chat, Priority: 1, Kind: list.Kind, Args: args, Edits: &list.ID, At: s.now})
	return nil
}
