package simulator

import "github.com/go-telegram/bot/models"

// maxTopicName is how long a topic's name may be, in UTF-16 units.
const maxTopicName = 128

// topicColor is the color of a topic for which none was asked.
const topicColor = 0x6FB9F0

// forum is the group with topics that chat_id names.
func (c *call) forum() (*Group, error) {
	ch, err := c.openChat()
	if err == nil && (ch.group == nil || !ch.group.forum) {
		err = bad("the chat is not a forum")
	}
	if err != nil {
		return nil, err
	}
	return ch.group, nil
}

func createForumTopic(c *call) (any, error) {
	g, err := c.forum()
	if err != nil {
		return nil, err
	}
	if g.status != "administrator" {
		return nil, bad("not enough rights to create a topic")
	}
	name := c.str("name")
	if n := length(name); n == 0 || n > maxTopicName {
		return nil, bad("TOPIC_TITLE_INVALID")
	}
	t := &Topic{ID: g.number(), Name: name}
	g.topics[t.ID] = t
	g.changed.fire()
	return models.ForumTopic{MessageThreadID: t.ID, Name: name, IconColor: topicColor}, nil
}

// setTopic is closeForumTopic and reopenForumTopic, which whoever made the topic needs no right for. Here the bot made all.
func setTopic(closed bool) func(*call) (any, error) {
	return func(c *call) (any, error) {
		g, err := c.forum()
		if err != nil {
			return nil, err
		}
		t := g.topics[int(c.num("message_thread_id"))]
		switch {
		case t == nil:
			return nil, bad("TOPIC_ID_INVALID")
		case t.Closed == closed:
			return nil, bad("TOPIC_NOT_MODIFIED")
		}
		t.Closed = closed
		g.changed.fire()
		return true, nil
	}
}

// thread is the topic that message_thread_id names, 0 where it names none.
func (c *call) thread(ch *chat) (int, error) {
	id := int(c.num("message_thread_id"))
	if id == 0 {
		return 0, nil
	}
	if ch.group == nil || ch.group.topics[id] == nil {
		return 0, bad("message thread not found")
	}
	if ch.group.topics[id].Closed && ch.group.status != "administrator" {
		return 0, bad("TOPIC_CLOSED")
	}
	return id, nil
}
