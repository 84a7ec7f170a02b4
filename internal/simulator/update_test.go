package simulator

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"testing"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"pgregory.net/rapid"
)

// ids are the updates' numbers, counted from the first that a bot ever gets.
func ids(updates []map[string]any) string {
	var s []string
	for _, u := range updates {
		s = append(s, fmt.Sprint(int64(u["update_id"].(float64))-firstUpdate))
	}
	return strings.Join(s, " ")
}

func TestOffsets(t *testing.T) {
	s := newStage(t, Options{})
	for range 4 {
		s.user.Send(s.bot, "x")
	}
	for _, step := range []struct{ body, want string }{
		{`{}`, "0 1 2 3 4"},
		{`{"limit":2}`, "0 1"},
		{`{"limit":0}`, "0"},
		{`{"offset":100000002}`, "1 2 3 4"},
		{`{}`, "1 2 3 4"}, // what was acknowledged is gone
		{`{"offset":-2}`, "3 4"},
		{`{"offset":1}`, "3 4"}, // a negative offset forgot the others
		{`{"offset":200000000}`, ""},
	} {
		a := s.call("getUpdates", step.body)
		if got := ids(s.decode(a)); got != step.want {
			t.Errorf("getUpdates %s: %q, want %q", step.body, got, step.want)
		}
	}
	if s.bot.Pending() != 0 {
		t.Errorf("%d updates pending", s.bot.Pending())
	}
}

// Whatever is sent and polled, each update arrives until it is acknowledged, in order, and never after.
func TestEveryUpdateArrives(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		sim := New(Options{})
		defer sim.Close()
		bot, err := sim.AddBot(token, "b")
		if err != nil {
			t.Fatal(err)
		}
		user, sent, acknowledged := sim.User(Profile{}), int64(0), int64(0)
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			if rapid.Bool().Draw(t, "send") {
				user.Send(bot, "x")
				sent++
				continue
			}
			acknowledged = max(acknowledged, rapid.Int64Range(0, sent).Draw(t, "offset"))
			limit := rapid.Int64Range(1, 5).Draw(t, "limit")
			got := receive(t, sim, firstUpdate+acknowledged, limit)
			if int64(len(got)) != min(limit, sent-acknowledged) {
				t.Fatalf("%d updates of %d after %d", len(got), sent, acknowledged)
			}
			for i, id := range got {
				if id != firstUpdate+acknowledged+int64(i) {
					t.Fatalf("updates %v after %d", got, acknowledged)
				}
			}
		}
	})
}

func TestLongPoll(t *testing.T) {
	s := newStage(t, Options{})
	s.updates(firstUpdate + 1)
	done := make(chan string)
	go func() { done <- ids(s.decode(s.call("getUpdates", `{"timeout":50}`))) }()
	s.polling()
	s.user.Send(s.bot, "late")
	if got := <-done; got != "1" {
		t.Errorf("the poll brought %q", got)
	}
	if a := s.call("getUpdates", `{"offset":100000099,"timeout":1}`); string(a.Result) != "[]" {
		t.Errorf("a poll that ran out: %+v", a)
	}
}

func TestPollConflicts(t *testing.T) {
	s := newStage(t, Options{})
	done := make(chan answer)
	poll := func() { done <- s.call("getUpdates", `{"offset":100000099,"timeout":50}`) }
	go poll()
	s.polling()
	s.call("getUpdates", `{}`)
	if a := <-done; a.Code != 409 || a.Description != "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running" {
		t.Errorf("the earlier poll: %+v", a)
	}
	go poll()
	s.polling()
	s.call("setWebhook", `{"url":"http://127.0.0.1:1/"}`)
	if a := <-done; a.Code != 409 || a.Description != "Conflict: terminated by setWebhook request" {
		t.Errorf("the poll during setWebhook: %+v", a)
	}
	if a := s.call("getUpdates", `{}`); a.Code != 409 || !strings.HasPrefix(a.Description, "Conflict: can't use getUpdates method while webhook is active") {
		t.Errorf("a poll with a webhook: %+v", a)
	}
	s.call("deleteWebhook", `{}`)
	if a := s.call("getUpdates", `{}`); !a.OK {
		t.Errorf("a poll after deleteWebhook: %+v", a)
	}
}

func TestCloseEndsPolls(t *testing.T) {
	s := newStage(t, Options{})
	done := make(chan answer)
	go func() { done <- s.call("getUpdates", `{"offset":100000099,"timeout":50}`) }()
	s.polling()
	s.sim.Close()
	if a := <-done; a.Code != 500 {
		t.Errorf("the poll: %+v", a)
	}
	if a := s.call("getUpdates", `{}`); a.Code != 500 || a.Description != "Internal Server Error: restart" {
		t.Errorf("a call after the end: %+v", a)
	}
}

func TestAllowedUpdates(t *testing.T) {
	s := newStage(t, Options{})
	s.call("getUpdates", `{"allowed_updates":["callback_query"],"offset":100000099}`)
	if id := s.user.Send(s.bot, "unheard"); id != 0 {
		t.Errorf("a message got update %d", id)
	}
	s.user.Block(s.bot)
	s.user.Unblock(s.bot)
	if got := s.updates(0); len(got) != 0 {
		t.Errorf("updates that the bot doesn't want: %v", got)
	}
	s.call("getUpdates", `{"allowed_updates":[]}`)
	if id := s.user.Send(s.bot, "heard"); id == 0 {
		t.Error("an empty list means all")
	}
}

func TestRaw(t *testing.T) {
	s := newStage(t, Options{})
	must[int64](t)(s.sim.Raw(s.bot, `{"update_id":100000001,"message":{"message_id":"wrong"}}`))
	if id := must[int64](t)(s.sim.Raw(s.bot, `{"purchased_moon":{}}`)); id != firstUpdate+1 {
		t.Errorf("the unnumbered update got %d", id)
	}
	if got := ids(s.updates(0)); got != "0 0 1" {
		t.Errorf("updates %s", got)
	}
	for _, text := range []string{"", "[]", "null", `{"a":`} {
		if _, err := s.sim.Raw(s.bot, text); err == nil {
			t.Errorf("%q was taken", text)
		}
	}
}

// The library's own poller, with its types, reads all that users do.
func TestClientReads(t *testing.T) {
	s := newStage(t, Options{})
	seen := make(chan *models.Update, 20)
	api := must[*telegram.Bot](t)(telegram.New(token, telegram.WithServerURL(s.url), telegram.WithNotAsyncHandlers(),
		telegram.WithDefaultHandler(func(_ context.Context, _ *telegram.Bot, u *models.Update) { seen <- u }),
		telegram.WithHTTPClient(3e9, &http.Client{})))
	id := s.card()
	s.user.Reply(s.last(), "我来了 /help")
	must[int64](t)(s.user.Edit(s.bot, s.last().ID, "我走了"))
	s.user.Location(s.bot, 23.1, 113.3)
	s.user.Contact(s.bot)
	must[*Query](t)(s.user.Press(s.user.Chat(s.bot)[1], "Claim"))
	s.user.PressData(Message{ID: 99, bot: s.bot}, "forged")
	s.user.Block(s.bot)
	go api.Start(s.ctx)
	next := func() *models.Update { return <-seen }
	if u := next(); u.Message.Text != "/start" || u.Message.Entities[0].Type != "bot_command" || u.Message.From.LanguageCode != "zh-hans" {
		t.Errorf("start %+v", u.Message)
	}
	if u := next(); u.Message.ReplyToMessage.ID != id || u.Message.Entities[0].Offset != 4 {
		t.Errorf("reply %+v", u.Message)
	}
	if u := next(); u.EditedMessage.Text != "我走了" || u.EditedMessage.EditDate == 0 {
		t.Errorf("edit %+v", u.EditedMessage)
	}
	if u := next(); u.Message.Location.Latitude != 23.1 {
		t.Errorf("location %+v", u.Message)
	}
	if u := next(); u.Message.Contact.PhoneNumber != "+8613800138000" || u.Message.Contact.UserID != 7001 {
		t.Errorf("contact %+v", u.Message)
	}
	if u := next(); u.CallbackQuery.Data != "c:1" || u.CallbackQuery.Message.Message.ID != id || u.CallbackQuery.From.ID != 7001 {
		t.Errorf("press %+v", u.CallbackQuery)
	}
	if u := next(); u.CallbackQuery.Data != "forged" || u.CallbackQuery.Message.InaccessibleMessage.MessageID != 99 {
		t.Errorf("forged press %+v", u.CallbackQuery)
	}
	if u := next(); u.MyChatMember.NewChatMember.Type != models.ChatMemberTypeBanned || u.MyChatMember.Chat.ID != 7001 {
		t.Errorf("block %+v", u.MyChatMember)
	}
}

func BenchmarkUpdate(b *testing.B) {
	sim := New(Options{})
	defer sim.Close()
	bot, err := sim.AddBot(token, "b")
	if err != nil {
		b.Fatal(err)
	}
	user, offset := sim.User(Profile{}), int64(firstUpdate)
	for b.Loop() {
		user.Send(bot, "我妈妈走不动了")
		receive(b, sim, offset, 1)
		offset++
	}
}
