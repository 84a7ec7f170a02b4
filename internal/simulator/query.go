package simulator

import (
	"context"
	"fmt"
	"strconv"
)

const maxAnswer = 200 // characters of the note that answers a press

// Query is one press of an inline button.
type Query struct {
	Update int64 // id of the update that told the bot; 0 when it doesn't want to hear of presses

	id       string
	user     *User
	chat     *chat
	answered chan struct{} // closed when the bot answered
	expired  bool
	answer   Answer
}

// Answer is what a bot shows to the one who pressed.
type Answer struct {
	Text  string `json:"text"`  // empty: the button only stops waiting
	Alert bool   `json:"alert"` // to be confirmed, rather than passing by
	URL   string `json:"url"`
}

// Answer waits for the bot's answer.
func (q *Query) Answer(ctx context.Context) (Answer, error) {
	select {
	case <-q.answered:
		return q.answer, nil
	case <-ctx.Done():
		return Answer{}, fmt.Errorf("wait for the answer to a pressed button: %w", ctx.Err())
	}
}

// Expire makes an answer come too late, as after some time at Telegram.
func (q *Query) Expire() {
	q.user.sim.mu.Lock()
	defer q.user.sim.mu.Unlock()
	q.expired = true
}

// press tells the bot of a button. The message may be gone, and the data need not be a button's: people's
// programs send what they like.
func (ch *chat) press(id int, data string) *Query { return ch.pressed(ch.user, id, data) }

// pressed is press by a user, who in a group may be anybody.
func (ch *chat) pressed(u *User, id int, data string) *Query {
	b := ch.bot
	q := &Query{id: strconv.FormatInt(u.profile.ID<<20+b.sim.next(), 10), user: u, chat: ch, answered: make(chan struct{})}
	b.queries[q.id] = q
	var message any = map[string]any{"message_id": id, "chat": ch.place(), "date": 0} // inaccessible
	if m := ch.message(int64(id)); m != nil {
		message = m
	}
	q.Update = b.push("callback_query", ch.place().ID, map[string]any{"id": q.id, "from": u.person(),
		"message": message, "chat_instance": strconv.FormatInt(ch.place().ID^b.id, 10), "data": data})
	return q
}

func answerCallbackQuery(c *call) (any, error) {
	q, known := c.bot.queries[c.str("callback_query_id")]
	if !known || q.expired {
		return nil, bad("query is too old and response timeout expired or query ID is invalid")
	}
	if length(c.str("text")) > maxAnswer {
		return nil, bad("MESSAGE_TOO_LONG")
	}
	q.answer = Answer{Text: c.str("text"), Alert: c.flag("show_alert"), URL: c.str("url")}
	q.expired = true
	q.chat.answers = append(q.chat.answers, q.answer)
	close(q.answered)
	q.user.changed.fire()
	return true, nil
}
