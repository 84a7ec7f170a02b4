package simulator

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
	"pgregory.net/rapid"
)

func TestPressAndAnswer(t *testing.T) {
	s := newStage(t, Options{})
	s.card()
	card := must[Message](t)(s.user.WaitButton(s.ctx, s.bot, "Claim"))
	q := must[*Query](t)(s.user.Press(card, "Claim"))
	if !must[bool](t)(s.api.AnswerCallbackQuery(s.ctx, &telegram.AnswerCallbackQueryParams{CallbackQueryID: q.id, Text: "李 has it", ShowAlert: true})) {
		t.Error("not answered")
	}
	if a := must[Answer](t)(q.Answer(s.ctx)); a.Text != "李 has it" || !a.Alert || len(s.user.Answers(s.bot)) != 1 {
		t.Errorf("answer %+v of %+v", a, s.user.Answers(s.bot))
	}
	for _, q := range []*Query{q, s.user.PressData(card, "x")} {
		q.Expire()
		if _, err := s.api.AnswerCallbackQuery(s.ctx, &telegram.AnswerCallbackQueryParams{CallbackQueryID: q.id}); !errors.Is(err, telegram.ErrorBadRequest) {
			t.Errorf("answered too late: %v", err)
		}
	}
	if _, err := s.user.Press(card, "Resolve"); err == nil || !strings.Contains(err.Error(), `["Claim"]`) {
		t.Errorf("a button that isn't there: %v", err)
	}
	ended, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := s.user.PressData(card, "x").Answer(ended); !errors.Is(err, context.Canceled) {
		t.Errorf("unanswered: %v", err)
	}
}

func TestWait(t *testing.T) {
	s := newStage(t, Options{})
	got := make(chan Message)
	go func() { got <- must[Message](t)(s.user.WaitButton(s.ctx, s.bot, "Claim")) }()
	id := s.card()
	if m := <-got; m.ID != id {
		t.Errorf("waited for %d, got %d", id, m.ID)
	}
	again := s.card()
	if m := must[Message](t)(s.user.WaitText(s.ctx, s.bot, "card")); m.ID != again {
		t.Errorf("the latest is %d, not %d", again, m.ID)
	}
	go func() { got <- must[Message](t)(s.user.WaitText(s.ctx, s.bot, "taken")) }()
	must[*models.Message](t)(s.api.EditMessageText(s.ctx, &telegram.EditMessageTextParams{ChatID: 7001, MessageID: id, Text: "card, taken"}))
	if m := <-got; m.ID != id {
		t.Errorf("after an edit: %+v", m)
	}
	ended, cancel := context.WithCancel(s.ctx)
	cancel()
	if _, err := s.user.WaitText(ended, s.bot, "/start"); !errors.Is(err, context.Canceled) || !strings.Contains(err.Error(), "card, taken") {
		t.Errorf("the user's own words are nothing to wait for: %v", err)
	}
}

func TestKeyboardComesAndGoes(t *testing.T) {
	s := newStage(t, Options{})
	s.call("sendMessage", `{"chat_id":7001,"text":"where?","reply_markup":{"keyboard":[["skip",{"text":"Here","request_location":true}]],"one_time_keyboard":true}}`)
	k := must[Keyboard](t)(s.user.Keyboard(s.bot))
	if !k.OneTime || k.Rows[0][0].Text != "skip" || !k.Rows[0][1].Location {
		t.Errorf("keyboard %+v", k)
	}
	s.call("sendMessage", `{"chat_id":7001,"text":"thanks","reply_markup":{"remove_keyboard":true}}`)
	if k, err := s.user.Keyboard(s.bot); err == nil {
		t.Errorf("keyboard %+v", k)
	}
}

func TestBlockedUserWritesAgain(t *testing.T) {
	s := newStage(t, Options{})
	s.user.Block(s.bot)
	s.user.Block(s.bot) // twice is once
	s.user.Send(s.bot, "back")
	var kinds []string
	for _, u := range s.updates(0) {
		for _, kind := range []string{"message", "my_chat_member"} {
			if u[kind] != nil {
				kinds = append(kinds, kind)
			}
		}
	}
	if got := strings.Join(kinds, " "); got != "message my_chat_member my_chat_member message" {
		t.Errorf("updates %s", got)
	}
	if a := s.call("sendMessage", `{"chat_id":7001,"text":"welcome"}`); !a.OK {
		t.Errorf("%+v", a)
	}
}

// A long text loses nothing when it is split, and no part is longer than Telegram takes.
func TestSplit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := strings.Repeat(rapid.StringN(1, 20, -1).Draw(t, "text"), rapid.IntRange(0, 1500).Draw(t, "times"))
		parts := split(text)
		if strings.Join(parts, "") != text {
			t.Fatal("the parts are not the whole")
		}
		for i, p := range parts {
			if n := length(p); n > maxText || i < len(parts)-1 && n < maxText-1 {
				t.Fatalf("part %d has %d units", i, n)
			}
		}
	})
}

func TestEditOfSomebodyElses(t *testing.T) {
	s := newStage(t, Options{})
	id := s.card()
	if _, err := s.user.Edit(s.bot, id, "mine now"); err == nil {
		t.Error("a user edited the bot's message")
	}
}

func TestPace(t *testing.T) {
	now := time.Unix(1_800_000_000, 0)
	s := newStage(t, Options{Limits: TelegramLimits(), Now: func() time.Time { return now }})
	send := func(chat int64) error {
		_, err := s.api.SendMessage(s.ctx, &telegram.SendMessageParams{ChatID: chat, Text: "x"})
		return err
	}
	if err := send(7001); err != nil {
		t.Fatal(err)
	}
	var slow *telegram.TooManyRequestsError
	if err := send(7001); !errors.As(err, &slow) || slow.RetryAfter != 1 {
		t.Errorf("twice in a second in a chat: %v", err)
	}
	for i := range int64(29) {
		s.sim.User(Profile{ID: 8000 + i}).Start(s.bot, "")
		if err := send(8000 + i); err != nil {
			t.Fatalf("message %d of a second: %v", i+2, err)
		}
	}
	s.sim.User(Profile{ID: 9000}).Start(s.bot, "")
	if err := send(9000); !errors.As(err, &slow) {
		t.Errorf("31 in a second: %v", err)
	}
	now = now.Add(time.Second)
	if err := errors.Join(send(7001), send(9000)); err != nil {
		t.Errorf("a second later: %v", err)
	}
}

// TestCommandsAreFound: each command of a text is one, whatever stands between them.
func TestCommandsAreFound(t *testing.T) {
	var found []string
	text := "/language · /privacy\n/quiet: nothing\n/new/old a/b x /help"
	f := plain(text)
	for _, e := range f.entities {
		if e.Type == models.MessageEntityTypeBotCommand {
			found = append(found, string([]rune(text)[e.Offset:e.Offset+e.Length]))
		}
	}
	if got := strings.Join(found, " "); got != "/language /privacy /quiet /new /help" {
		t.Errorf("found %s", got)
	}
}

// TestStopLiveLocation: a live location ends where it is, once, and the bot is told.
func TestStopLiveLocation(t *testing.T) {
	s := newStage(t, Options{})
	live := s.user.LiveLocation(s.bot, 23.4, 113.4, 900)
	told := s.bot.Pending()
	if err := s.user.Stop(s.bot, live); err != nil {
		t.Fatal(err)
	}
	if err := s.user.Stop(s.bot, live); err == nil {
		t.Error("it was stopped twice")
	}
	if err := s.user.Move(s.bot, live, 23.5, 113.5); err == nil {
		t.Error("it moves on")
	}
	chat := s.user.Chat(s.bot)
	if at := chat[len(chat)-1].Location; at == nil || at.LivePeriod != 0 || at.Latitude != 23.4 || s.bot.Pending() != told+1 {
		t.Errorf("it is %+v, and the bot is told %d times", at, s.bot.Pending()-told)
	}
}
