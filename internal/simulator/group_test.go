package simulator

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"testing"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

// told is what the bot has not acknowledged, as its client reads it; it is acknowledged.
func (s *stage) told() (all []models.Update) {
	s.t.Helper()
	for {
		var batch []models.Update
		next := 0
		if len(all) > 0 {
			next = int(all[len(all)-1].ID) + 1
		}
		if err := json.Unmarshal(s.call("getUpdates", fmt.Sprintf(`{"offset":%d}`, next)).Result, &batch); err != nil {
			s.t.Fatal(err)
		}
		if len(batch) == 0 {
			return all
		}
		all = append(all, batch...)
	}
}

// say sends a text by the real client.
func (s *stage) say(chat int64, text string, thread int) (*models.Message, error) {
	return s.api.SendMessage(s.ctx, &telegram.SendMessageParams{ChatID: chat, Text: text, MessageThreadID: thread,
		ReplyMarkup: models.InlineKeyboardMarkup{InlineKeyboard: [][]models.InlineKeyboardButton{{{Text: "Go", CallbackData: "go"}}}}})
}

// TestGroup: the bot is added, hears what is for it, is pressed by whoever, and thrown out.
func TestGroup(t *testing.T) {
	s := newStage(t, Options{})
	s.told()
	g := s.bot.Group("Taiping")
	if g.ID() >= 0 {
		t.Errorf("the group's number is %d", g.ID())
	}
	if _, err := s.say(g.ID(), "hello", 0); !errors.Is(err, telegram.ErrorForbidden) {
		t.Errorf("not a member: %v", err)
	}
	g.Add(s.user)
	if g.Send(s.user, "good morning") != 0 || g.Send(s.user, "/start@another_bot") != 0 {
		t.Error("in privacy mode the bot hears what isn't for it")
	}
	g.Send(s.user, "/station@one_door_bot off")
	sent, err := s.say(g.ID(), "hello", 0)
	if err != nil || sent.Chat.ID != g.ID() || sent.Chat.Type != models.ChatTypeGroup {
		t.Fatalf("%+v, %v", sent, err)
	}
	other := s.sim.User(Profile{ID: 7002, FirstName: "Lin"})
	g.Reply(other, g.Chat()[len(g.Chat())-1], "hello yourself")
	q, err := g.Press(other, g.Chat()[len(g.Chat())-2], "Go")
	if err != nil {
		t.Fatal(err)
	}
	got := s.told()
	if len(got) != 5 || got[0].MyChatMember == nil || got[0].MyChatMember.NewChatMember.Type != models.ChatMemberTypeMember ||
		got[0].MyChatMember.Chat.ID != g.ID() || len(got[1].Message.NewChatMembers) != 1 || !strings.HasPrefix(got[2].Message.Text, "/station") ||
		got[3].Message.From.ID != 7002 {
		t.Fatalf("the bot is told %+v", got)
	}
	pressed := got[4].CallbackQuery
	if pressed == nil || pressed.From.ID != 7002 || pressed.Message.Message.Chat.ID != g.ID() {
		t.Fatalf("the press is %+v", got[4])
	}
	if _, err := s.api.AnswerCallbackQuery(s.ctx, &telegram.AnswerCallbackQueryParams{CallbackQueryID: pressed.ID, Text: "no"}); err != nil {
		t.Fatal(err)
	}
	if a, err := q.Answer(s.ctx); err != nil || a.Text != "no" {
		t.Errorf("%+v, %v", a, err)
	}
	g.Mute()
	if _, err := s.say(g.ID(), "hello", 0); err == nil || !strings.Contains(err.Error(), "not enough rights to send") {
		t.Errorf("a mute group: %v", err)
	}
	g.Remove(s.user)
	if _, err := s.say(g.ID(), "hello", 0); err == nil || !strings.Contains(err.Error(), "kicked from the group chat") {
		t.Errorf("thrown out: %v", err)
	}
	if got := s.told(); len(got) != 1 || got[0].MyChatMember.NewChatMember.Type != models.ChatMemberTypeBanned {
		t.Errorf("the bot is told %+v", got)
	}
}

// TestGroupUpgrade: a group that becomes a supergroup has another number, which its bot is told in both ways.
func TestGroupUpgrade(t *testing.T) {
	s := newStage(t, Options{})
	g := s.bot.Group("Taiping")
	g.Add(s.user)
	s.told()
	before := g.ID()
	g.Upgrade(s.user)
	var moved *telegram.MigrateError
	if _, err := s.say(before, "hello", 0); !errors.As(err, &moved) || int64(moved.MigrateToChatID) != g.ID() {
		t.Errorf("the old number gives %v", err)
	}
	if sent, err := s.say(g.ID(), "hello", 0); err != nil || sent.Chat.Type != models.ChatTypeSupergroup {
		t.Errorf("%+v, %v", sent, err)
	}
	got := s.told()
	if len(got) != 2 || got[0].Message.Chat.ID != before || got[0].Message.MigrateToChatID != g.ID() || got[1].Message.MigrateFromChatID != before {
		t.Errorf("the bot is told %+v", got)
	}
}

// TestForum: topics are made by administrators, hold messages, and are closed and opened once.
func TestForum(t *testing.T) {
	s := newStage(t, Options{})
	plain, g := s.bot.Group("Plain"), s.bot.Forum("Taiping")
	plain.Promote(s.user)
	g.Add(s.user)
	create := func(chat int64, name string) (*models.ForumTopic, error) {
		return s.api.CreateForumTopic(s.ctx, &telegram.CreateForumTopicParams{ChatID: chat, Name: name})
	}
	refused := func(what, words string, err error) {
		t.Helper()
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v, want %q", what, err, words)
		}
	}
	_, err := create(plain.ID(), "K7P3QX")
	refused("in a group without topics", "the chat is not a forum", err)
	_, err = create(g.ID(), "K7P3QX")
	refused("by a member", "not enough rights to create a topic", err)
	g.Promote(s.user)
	_, err = create(g.ID(), strings.Repeat("x", 129))
	refused("a long name", "TOPIC_TITLE_INVALID", err)
	topic, err := create(g.ID(), "K7P3QX")
	if err != nil || topic.Name != "K7P3QX" || topic.MessageThreadID == 0 {
		t.Fatalf("%+v, %v", topic, err)
	}
	sent, err := s.say(g.ID(), "hello", topic.MessageThreadID)
	if err != nil || sent.MessageThreadID != topic.MessageThreadID || !sent.Chat.IsForum {
		t.Errorf("%+v, %v", sent, err)
	}
	_, err = s.say(g.ID(), "hello", 9999)
	refused("no such topic", "message thread not found", err)
	for _, closed := range []bool{true, false} {
		set := func() error {
			if closed {
				_, err := s.api.CloseForumTopic(s.ctx, &telegram.CloseForumTopicParams{ChatID: g.ID(), MessageThreadID: topic.MessageThreadID})
				return err
			}
			_, err := s.api.ReopenForumTopic(s.ctx, &telegram.ReopenForumTopicParams{ChatID: g.ID(), MessageThreadID: topic.MessageThreadID})
			return err
		}
		if err := set(); err != nil || g.Topics()[topic.MessageThreadID].Closed != closed {
			t.Errorf("closed %v: %v", closed, err)
		}
		refused("twice", "TOPIC_NOT_MODIFIED", set())
	}
	g.DropTopic(topic.MessageThreadID)
	_, err = s.say(g.ID(), "hello", topic.MessageThreadID)
	refused("in a topic that is gone", "message thread not found", err)
}
