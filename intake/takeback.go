package intake

import (
	"strconv"
	"time"
	"unicode/utf16"

	"github.com/lib/pq"
)

const (
	// deletableFor is how long Telegram lets a bot delete a message (https://core.telegram.org/bots/api#deletemessage); a
	// little less, for it must be asked in time.
	deletableFor = 48*time.Hour - 5*time.Minute
	// oneMessage is how long words may be, in UTF-16 units, that are surely one message to their reader, and oneCaption
	// words beside a file: of what goes as several only the last is known.
	oneMessage = 3900
	oneCaption = 900
)

// takeBackReply takes back what the worker, or a supervisor, has sent to a resident: the message is deleted there, or never sent. The record
// keeps it, and that it was taken back.
func takeBackReply(s *step, r *Request, message string) error {
	sent, err := s.sentWords(r, message)
	if err != nil {
		return err
	}
	ids, can := pq.Int64Array{}, len(sent) > 0
	for _, m := range sent {
		ids = append(ids, m.ID)
		can = can && m.isOne()
	}
	shown, late, err := s.shownWords(r, ids)
	if err != nil {
		return err
	}
	if !can || late {
		s.answer = Answer{Kind: "cant_take_back"}
		return nil
	}
	if _, err := s.tx.ExecContext(s.ctx, `UPDATE messages SET taken_back_at = $2 WHERE id = ANY ($1)`, ids, s.now); err != nil {
		return wrap(err, "mark what is taken back")
	}
	actor, who := s.actor()
	s.log(r, "taken_back", actor, who, Args{"said": sent[0].ID})
	if err := s.takeAway(r, shown); err != nil {
		return err
	}
	if err := s.redrawPosted(r, NoticeResolved, "", `TRUE`); err != nil { // where words may stand on how it ended
		return err
	}
	args := menuArgs("back")
	args["message"] = sent[0].ID
	return s.redrawHere(r, args, NoticeReplySent, NoticeReplyWaits, NoticeUnreachable)
}

// isOne tells whether a message is one message to its reader.
func (m Message) isOne() bool {
	most := oneMessage
	if m.Kind != KindText && m.Kind != KindContact {
		most = oneCaption
	}
	return len(utf16.Encode([]rune(m.Text))) <= most
}

// sentWords are a message that the worker of this chat, or the supervisor whose step it is, has sent to the request's resident and not taken back, with its
// versions and the other parts of its album; none where there is no such message.
func (s *step) sentWords(r *Request, message string) (sent []Message, err error) {
	id, err := strconv.ParseInt(message, 10, 64)
	if err != nil {
		return nil, nil
	}
	actor, who := s.actor()
	err = s.tx.SelectContext(s.ctx, &sent, `
		SELECT `+messageColumns+` FROM messages f JOIN messages m ON m.id = f.id OR m.edits = f.id
			OR f.album <> '' AND m.album = f.album AND m.bot_id = f.bot_id AND m.chat_id = f.chat_id
		WHERE f.id = $1 AND f.request_id = $2 AND CASE f.author WHEN 'worker' THEN f.worker = $4 WHEN 'supervisor' THEN f.account = $4 END AND f.author = $3
		  AND f.kind <> 'note' AND f.taken_back_at IS NULL AND m.request_id = $2 AND m.author = f.author AND m.kind <> 'note' ORDER BY m.id`, id, r.ID, actor, who)
	return sent, wrap(err, "load what was sent")
}

// shownWords are where the resident reads these messages, and what a machine made of them; late where one stands there for
// too long to be deleted.
func (s *step) shownWords(r *Request, ids pq.Int64Array) (all []shown, late bool, err error) {
	var rows []struct {
		posted
		Late bool `db:"late"`
	}
	err = s.tx.SelectContext(s.ctx, &rows, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind, coalesce(n.sent_at < $5, false) AS late FROM notices n
		WHERE n.request_id = $1 AND n.bot_id = $2 AND n.chat_id = $3 AND n.kind IN ('worker_said', 'album_part', 'translated')
		  AND n.edits IS NULL AND n.state IN ('waiting', 'sent') AND NOT `+isGone+`
		  AND CAST(n.args ->> 'message' AS bigint) = ANY ($4) ORDER BY n.id`, r.ID, r.Bot, r.Chat, ids, s.now.Add(-deletableFor))
	for _, row := range rows {
		all, late = append(all, shown{posted: row.posted}), late || row.Late
	}
	return all, late, wrap(err, "find where the words are read")
}

// dropTranslations takes away what a machine made of a message that reads otherwise now.
func (s *step) dropTranslations(r *Request, first Message) error {
	var all []shown
	err := s.tx.SelectContext(s.ctx, &all, `
		SELECT n.id, n.bot_id, n.chat_id, n.kind FROM notices n
		WHERE n.request_id = $1 AND n.kind = 'translated' AND n.edits IS NULL AND n.state IN ('waiting', 'sent') AND NOT `+isGone+`
		  AND CAST(n.args ->> 'message' AS bigint) IN (SELECT m.id FROM messages m WHERE m.id = $2 OR m.edits = $2)`, r.ID, first.ID)
	if err != nil {
		return wrap(err, "find the translations")
	}
	return s.takeAway(r, all)
}
