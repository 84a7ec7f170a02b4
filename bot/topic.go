package bot

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"strings"

	telegram "github.com/go-telegram/bot"

	"onedoor/intake"
)

// topic is that of a request in a group that is a forum. Thread is 0 where there is none.
type topic struct {
	Thread int  `db:"thread_id"`
	Closed bool `db:"closed"`
}

// topicOf is the topic of the notice's request in its group.
func (b *Bot) topicOf(ctx context.Context, n notice) (t topic, err error) {
	err = b.DB.GetContext(ctx, &t, `SELECT thread_id, closed FROM topics WHERE bot_id = $1 AND chat_id = $2 AND request_id = $3`, n.Bot, n.Chat, n.Request)
	if errors.Is(err, sql.ErrNoRows) {
		return topic{}, nil
	}
	if err != nil {
		return topic{}, fmt.Errorf("find a request's topic: %w", err)
	}
	return t, nil
}

// postInGroup sends a message about a request to a group: where that is a forum, into the request's topic, which is made when
// it has none and is open for as long as the request is. Where Telegram allows no topic, it goes where all is read.
func (b *Bot) postInGroup(ctx context.Context, n notice, m message) (int64, error) {
	t, err := b.openTopic(ctx, n, m.topic)
	if err != nil {
		return 0, err
	}
	params := plainText(n.Chat, m.text)
	params.MessageThreadID = t.Thread
	if len(m.buttons) > 0 {
		params.ReplyMarkup = inline(m.buttons)
	}
	sent, err := b.api.SendMessage(ctx, params)
	if t.Thread != 0 && topicGone(err) {
		if err := b.dropTopic(ctx, n); err != nil {
			return 0, err
		}
		params.MessageThreadID = 0
		sent, err = b.api.SendMessage(ctx, params)
	}
	if err != nil {
		return 0, err
	}
	return int64(sent.ID), b.endTopic(ctx, n, m.over)
}

// openTopic is the topic of the notice's request, open; none where the group has no topics.
func (b *Bot) openTopic(ctx context.Context, n notice, name string) (topic, error) {
	g, err := b.Intake.GroupOfChat(ctx, n.Bot, n.Chat)
	if errors.Is(err, intake.ErrNotFound) {
		return topic{}, nil
	}
	if err != nil || !g.Forum {
		return topic{}, err
	}
	t, err := b.topicOf(ctx, n)
	if err != nil {
		return topic{}, err
	}
	if t.Thread == 0 {
		return b.makeTopic(ctx, n, name)
	}
	if t.Closed {
		return t, b.setTopic(ctx, n, t, false)
	}
	return t, nil
}

// maxTopicName is how long a topic's name may be, in UTF-16 units (https://core.telegram.org/bots/api#createforumtopic).
const maxTopicName = 128

// makeTopic makes the topic of the notice's request; none where Telegram refuses it, for want of rights or of topics.
func (b *Bot) makeTopic(ctx context.Context, n notice, name string) (topic, error) {
	made, err := b.api.CreateForumTopic(ctx, &telegram.CreateForumTopicParams{ChatID: n.Chat, Name: cut(name, maxTopicName)})
	if refused(err) {
		b.Log.Info("a group gets no topics", "error", hideToken(err, b.Token))
		return topic{}, nil
	}
	if err != nil {
		return topic{}, err
	}
	_, err = b.DB.ExecContext(ctx, `INSERT INTO topics (bot_id, chat_id, request_id, thread_id) VALUES ($1, $2, $3, $4)`,
		n.Bot, n.Chat, n.Request, made.MessageThreadID)
	if err != nil {
		return topic{}, fmt.Errorf("keep a request's topic: %w", err)
	}
	return topic{Thread: made.MessageThreadID}, nil
}

// endTopic closes the request's topic when it is over. What has been sent stays sent if that fails.
func (b *Bot) endTopic(ctx context.Context, n notice, over bool) error {
	if !over {
		return nil
	}
	t, err := b.topicOf(ctx, n)
	if err == nil && t.Thread != 0 && !t.Closed {
		err = b.setTopic(ctx, n, t, true)
	}
	if err != nil {
		b.Log.Warn("close a topic", "error", hideToken(err, b.Token))
	}
	return nil
}

// setTopic closes a topic, or opens it again. Telegram may refuse it for want of rights, or because somebody else has
// done it: it stands as it is then.
func (b *Bot) setTopic(ctx context.Context, n notice, t topic, closed bool) error {
	var err error
	if closed {
		_, err = b.api.CloseForumTopic(ctx, &telegram.CloseForumTopicParams{ChatID: n.Chat, MessageThreadID: t.Thread})
	} else {
		_, err = b.api.ReopenForumTopic(ctx, &telegram.ReopenForumTopicParams{ChatID: n.Chat, MessageThreadID: t.Thread})
	}
	if err != nil && !refused(err) {
		return err
	}
	_, err = b.DB.ExecContext(ctx, `UPDATE topics SET closed = $4 WHERE bot_id = $1 AND chat_id = $2 AND request_id = $3`, n.Bot, n.Chat, n.Request, closed)
	if err != nil {
		return fmt.Errorf("keep that a topic is closed, or open: %w", err)
	}
	return nil
}

// dropTopic forgets a topic that somebody has deleted.
func (b *Bot) dropTopic(ctx context.Context, n notice) error {
	if _, err := b.DB.ExecContext(ctx, `DELETE FROM topics WHERE bot_id = $1 AND chat_id = $2 AND request_id = $3`, n.Bot, n.Chat, n.Request); err != nil {
		return fmt.Errorf("forget a topic: %w", err)
	}
	return nil
}

// refused tells whether Telegram will not do it here, though the group is there. A group that has moved is somewhere else.
func refused(err error) bool {
	var moved *telegram.MigrateError
	return errors.Is(err, telegram.ErrorBadRequest) && !errors.As(err, &moved) && !unreachable(err)
}

// topicGone tells whether a message can't be sent into its topic. Telegram has no codes for it, only these descriptions.
func topicGone(err error) bool {
	if err == nil {
		return false
	}
	for _, description := range []string{"message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_ID_INVALID"} {
		if strings.Contains(err.Error(), description) {
			return true
		}
	}
	return false
}

// mute tells whether a group lets the bot write no more. Telegram has no code for it, only these descriptions.
func mute(err error) bool {
	return errors.Is(err, telegram.ErrorBadRequest) && (strings.Contains(err.Error(), "not enough rights to send") ||
		strings.Contains(err.Error(), "have no rights to send a message") || strings.Contains(err.Error(), "CHAT_WRITE_FORBIDDEN"))
}
