package simulator

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"testing"

	telegram "github.com/go-telegram/bot"
	"github.com/go-telegram/bot/models"
)

func (s *stage) send(text string) error {
	_, err := s.api.SendMessage(s.ctx, &telegram.SendMessageParams{ChatID: 7001, Text: text})
	return err
}

func TestRefusingFaults(t *testing.T) {
	s := newStage(t, Options{})
	s.sim.Fail(Fault{Method: "sendMessage", Chat: 7001, Times: 2, Error: TooManyRequests(5)})
	s.sim.Fail(Fault{Method: "sendMessage", Error: &Error{Code: 400, Description: "Bad Request: group chat was upgraded to a supergroup chat", MigrateTo: -1001}})
	s.sim.Fail(Fault{Method: "editMessageText", Times: -1, Error: &Error{Code: 500, Description: "Internal Server Error"}})
	var slow *telegram.TooManyRequestsError
	for range 2 {
		if err := s.send("x"); !errors.As(err, &slow) || slow.RetryAfter != 5 {
			t.Errorf("429: %v", err)
		}
	}
	var moved *telegram.MigrateError
	if err := s.send("x"); !errors.As(err, &moved) || moved.MigrateToChatID != -1001 {
		t.Errorf("migration: %v", err)
	}
	if err := s.send("x"); err != nil {
		t.Errorf("after the faults: %v", err)
	}
	for range 3 {
		if a := s.call("editMessageText", `{"chat_id":7001,"message_id":2,"text":"y"}`); a.Code != 500 {
			t.Errorf("%+v", a)
		}
	}
	s.sim.Heal()
	if a := s.call("editMessageText", `{"chat_id":7001,"message_id":2,"text":"y"}`); !a.OK {
		t.Errorf("healed: %+v", a)
	}
}

func TestFaultsOfTheWay(t *testing.T) {
	s := newStage(t, Options{})
	for i, f := range []struct {
		fault Fault
		taken int
	}{
		{Fault{}, 0},
		{Fault{Taken: true}, 1},
		{Fault{HTML: "<html>502 Bad Gateway</html>"}, 0},
		{Fault{HTML: "<html>", Taken: true}, 1},
		{Fault{Taken: true, Error: &Error{Code: 500, Description: "Internal Server Error"}}, 1},
	} {
		before := len(s.user.Chat(s.bot))
		s.sim.Fail(f.fault)
		if err := s.send("x"); err == nil {
			t.Errorf("fault %d went unnoticed", i)
		}
		if got := len(s.user.Chat(s.bot)) - before; got != f.taken {
			t.Errorf("fault %d: %d messages arrived, want %d", i, got, f.taken)
		}
		calls := s.sim.Calls()
		if last := calls[len(calls)-1]; !last.Fault || (last.Result != nil) != (f.taken == 1) || last.Params["text"] != "x" {
			t.Errorf("fault %d is recorded as %+v", i, last)
		}
	}
}

func TestHang(t *testing.T) {
	s := newStage(t, Options{})
	s.sim.Fail(Fault{Hang: true, Taken: true})
	ctx, cancel := context.WithCancel(s.ctx)
	done := make(chan error)
	go func() {
		_, err := s.api.SendMessage(ctx, &telegram.SendMessageParams{ChatID: 7001, Text: "taken"})
		done <- err
	}()
	must[Message](t)(s.user.WaitText(s.ctx, s.bot, "taken"))
	select {
	case err := <-done:
		t.Errorf("answered: %v", err)
	default:
	}
	cancel()
	if err := <-done; !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

func TestCalls(t *testing.T) {
	s := newStage(t, Options{})
	must[any](t)(nil, s.send("one"))
	s.call("sendMessage", `{"chat_id":1,"text":"two"}`)
	calls := s.sim.Calls()
	if len(calls) != 2 || calls[0].Method != "sendMessage" || calls[0].Code != http.StatusOK || calls[0].Bot != 123456 ||
		!strings.Contains(string(calls[0].Result), `"message_id":2`) {
		t.Errorf("calls %+v", calls)
	}
	if calls[1].Code != 400 || calls[1].Error != "Bad Request: chat not found" {
		t.Errorf("refused call %+v", calls[1])
	}
}

func TestCommandsAndNames(t *testing.T) {
	s := newStage(t, Options{})
	for _, step := range []struct{ method, body, want string }{
		{"getMyCommands", `{}`, `[]`},
		{"setMyCommands", `{"commands":[{"command":"new","description":"Ask"}]}`, `true`},
		{"setMyCommands", `{"commands":[{"command":"new","description":"提问"}],"language_code":"zh","scope":{"type":"default"}}`, `true`},
		{"getMyCommands", `{"scope":{"type":"default"}}`, `[{"command":"new","description":"Ask"}]`},
		{"getMyCommands", `{"language_code":"zh"}`, `[{"command":"new","description":"提问"}]`},
		{"deleteMyCommands", `{"language_code":"zh"}`, `true`},
		{"getMyCommands", `{"language_code":"zh"}`, `[]`},
		{"setMyName", `{"name":"一门"}`, `true`},
		{"getMyName", `{}`, `{"name":"一门"}`},
		{"getMyDescription", `{}`, `{"description":""}`},
	} {
		if a := s.call(step.method, step.body); string(a.Result) != step.want {
			t.Errorf("%s %s: %s %s, want %s", step.method, step.body, a.Result, a.Description, step.want)
		}
	}
	if me := must[*models.User](t)(s.api.GetMe(s.ctx)); me.ID != 123456 || !me.IsBot || me.FirstName != "一门" || me.Username != "one_door_bot" {
		t.Errorf("me %+v", me)
	}
	chat := s.call("getChat", `{"chat_id":7001}`)
	if !strings.Contains(string(chat.Result), `"first_name":"陈"`) {
		t.Errorf("chat %s", chat.Result)
	}
}
