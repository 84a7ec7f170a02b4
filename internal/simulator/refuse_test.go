package simulator

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"testing"

	telegram "github.com/go-telegram/bot"
)

func TestAddresses(t *testing.T) {
	s := newStage(t, Options{})
	for path, want := range map[string]int{
		"/bot" + token + "/getMe":                        200,
		"/bot" + token + "/GETME":                        200, // Telegram doesn't look at case
		"/bot" + token + "/getMeNot":                     404,
		"/bot" + token + "/":                             404,
		"/bot" + token:                                   404,
		"/bot123456:wrong/getMe":                         401,
		"/file/bot123456:wrong/x":                        401,
		"/elsewhere":                                     404,
		"/bot" + token + "/getMe?x=1":                    400,
		"/bot" + token + "/getUpdates?timeout=0&limit=5": 200,
	} {
		a := s.get(path)
		if got := max(a.Code, map[bool]int{true: 200}[a.OK]); got != want {
			t.Errorf("GET %s: %d %s, want %d", path, got, a.Description, want)
		}
	}
	wrong := must[*telegram.Bot](t)(telegram.New("123456:no", telegram.WithServerURL(s.url), telegram.WithSkipGetMe()))
	if _, err := wrong.GetMe(s.ctx); !errors.Is(err, telegram.ErrorUnauthorized) {
		t.Errorf("the client reads a wrong token as %v", err)
	}
}

func TestSendRefusals(t *testing.T) {
	s := newStage(t, Options{})
	s.sim.User(Profile{ID: 7002}) // never wrote
	gone := s.sim.User(Profile{ID: 7003})
	gone.Start(s.bot, "")
	gone.Block(s.bot)
	text := func(markup string) string { return `{"chat_id":7001,"text":"x","reply_markup":` + markup + `}` }
	for _, c := range []struct {
		method, body string
		code         int
		want         string
	}{
		{"sendMessage", `{"text":"x"}`, 400, "Bad Request: chat_id is empty"},
		{"sendMessage", `{"chat_id":"me","text":"x"}`, 400, "Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":1,"text":"x"}`, 400, "Bad Request: chat not found"},
		{"sendMessage", `{"chat_id":7002,"text":"x"}`, 403, "Forbidden: bot can't initiate conversation with a user"},
		{"sendMessage", `{"chat_id":7003,"text":"x"}`, 403, "Forbidden: bot was blocked by the user"},
		{"sendMessage", `{"chat_id":7001}`, 400, "Bad Request: message text is empty"},
		{"sendMessage", `{"chat_id":7001,"text":" \n "}`, 400, "Bad Request: message text is empty"},
		{"sendMessage", `{"chat_id":7001,"text":"` + strings.Repeat("字", 4097) + `"}`, 400, "Bad Request: message is too long"},
		{"sendMessage", `{"chat_id":7001,"text":"` + strings.Repeat("😀", 2049) + `"}`, 400, "Bad Request: message is too long"},
		{"sendMessage", `{"chat_id":7001,"text":"<b>x","parse_mode":"HTML"}`, 400, `Bad Request: can't parse entities: Can't find end tag corresponding to start tag "b"`},
		{"sendMessage", `{"chat_id":7001,"text":"x","reply_parameters":{"message_id":99}}`, 400, "Bad Request: message to be replied not found"},
		{"sendMessage", `{"chat_id":7001,"text":"x","disable_notification":"maybe"}`, 400, "Bad Request: invalid disable_notification specified"},
		{"sendMessage", `{"chat_id":7001,"text":"x","txet":"x"}`, 400, `Bad Request: unknown parameter "txet" (the simulator is stricter than Telegram here)`},
		{"sendMessage", `[`, 400, "Bad Request: can't parse request: expected an Object"},
		{"sendMessage", text(`[]`), 400, "Bad Request: object expected as reply markup"},
		{"sendMessage", text(`{"inline":1}`), 400, "Bad Request: can't parse reply keyboard markup JSON object"},
		{"sendMessage", text(`{"inline_keyboard":[[{"text":"a"}]]}`), 400, "Bad Request: can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard"},
		{"sendMessage", text(`{"inline_keyboard":[[{"text":"","callback_data":"a"}]]}`), 400, `Bad Request: can't parse inline keyboard button: Field "text" must be non-empty`},
		{"sendMessage", text(`{"inline_keyboard":[[{"text":"a","callback_data":"` + strings.Repeat("字", 22) + `"}]]}`), 400, "Bad Request: BUTTON_DATA_INVALID"},
		{"sendMessage", text(`{"inline_keyboard":[[{"text":"a","url":"nowhere"}]]}`), 400, "Bad Request: inline keyboard button URL 'nowhere' is invalid: Wrong HTTP URL"},
		{"sendMessage", text(`{"keyboard":[]}`), 400, "Bad Request: reply keyboard must be non-empty"},
		{"sendPhoto", `{"chat_id":7001}`, 400, "Bad Request: there is no photo in the request"},
		{"sendPhoto", `{"chat_id":7001,"photo":"https://example.org/a.jpg"}`, 400, "Bad Request: wrong file identifier/HTTP URL specified"},
		{"sendPhoto", `{"chat_id":7001,"photo":"x","caption":"` + strings.Repeat("c", 1025) + `"}`, 400, "Bad Request: message caption is too long"},
		{"sendMediaGroup", `{"chat_id":7001,"media":[{"type":"photo","media":"x"}]}`, 400, "Bad Request: media must include 2-10 items"},
		{"sendLocation", `{"chat_id":7001,"latitude":91,"longitude":0}`, 400, "Bad Request: invalid location specified"},
		{"sendChatAction", `{"chat_id":7001,"action":"dancing"}`, 400, "Bad Request: wrong parameter action in request"},
		{"copyMessage", `{"chat_id":7001,"from_chat_id":7003,"message_id":99}`, 400, "Bad Request: message to copy not found"},
		{"forwardMessage", `{"chat_id":7001,"from_chat_id":1,"message_id":99}`, 400, "Bad Request: chat not found"},
		{"getFile", `{"file_id":"x"}`, 400, "Bad Request: invalid file_id"},
		{"answerCallbackQuery", `{"callback_query_id":"1"}`, 400, "Bad Request: query is too old and response timeout expired or query ID is invalid"},
		{"setMyCommands", `{"commands":[{"command":"Start!","description":"x"}]}`, 400, "Bad Request: BOT_COMMAND_INVALID"},
		{"setMyCommands", `{"commands":"start"}`, 400, "Bad Request: can't parse commands JSON object"},
		{"setWebhook", `{"url":"http://example.org/"}`, 400, "Bad Request: bad webhook: An HTTPS URL must be provided for webhook"},
		{"setWebhook", `{"url":"https://example.org/","secret_token":"a b"}`, 400, "Bad Request: secret token contains unallowed characters"},
	} {
		if got := s.call(c.method, c.body); got.Code != c.code || got.Description != c.want {
			t.Errorf("%s %.90s: %d %q, want %q", c.method, c.body, got.Code, got.Description, c.want)
		}
	}
	if n := len(s.user.Chat(s.bot)); n != 1 {
		t.Errorf("refused calls left %d messages", n-1)
	}
}

func TestLongestText(t *testing.T) {
	s := newStage(t, Options{})
	for _, text := range []string{strings.Repeat("字", 4096), strings.Repeat("😀", 2048)} {
		if a := s.call("sendMessage", fmt.Sprintf(`{"chat_id":7001,"text":%q}`, text)); !a.OK {
			t.Errorf("%d bytes: %+v", len(text), a)
		}
	}
}

func TestEveryWayOfSendingParameters(t *testing.T) {
	s := newStage(t, Options{})
	at := s.url + "/bot" + token + "/sendMessage"
	for i, send := range []func() (*http.Response, error){
		func() (*http.Response, error) { return http.Get(at + "?chat_id=7001&text=0") },
		func() (*http.Response, error) {
			return http.Post(at, "application/x-www-form-urlencoded", strings.NewReader("chat_id=7001&text=1"))
		},
		func() (*http.Response, error) {
			return http.Post(at, "application/json; charset=utf-8", strings.NewReader(`{"chat_id":7001,"text":"2","reply_markup":null}`))
		},
		func() (*http.Response, error) {
			return http.Post(at+"?chat_id=7001", "multipart/form-data; boundary=b", strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"text\"\r\n\r\n3\r\n--b--\r\n"))
		},
	} {
		response, err := send()
		if err != nil {
			t.Fatal(err)
		}
		if a := s.read(response); !a.OK || s.last().Text != fmt.Sprint(i) {
			t.Errorf("way %d: %+v, %q", i, a, s.last().Text)
		}
	}
}

// FuzzMethods lets no parameters, however odd, end in anything but Telegram's envelope.
func FuzzMethods(f *testing.F) {
	f.Add("sendMessage", "application/json", `{"chat_id":7001,"text":"<b>x</b>","parse_mode":"HTML"}`)
	f.Add("sendPhoto", "multipart/form-data; boundary=b", "--b\r\nContent-Disposition: form-data; name=\"photo\"; filename=\"a\"\r\n\r\n3\r\n--b--\r\n")
	f.Add("getUpdates", "application/x-www-form-urlencoded", "offset=-9223372036854775808&limit=0")
	f.Add("editMessageText", "application/json", `{"chat_id":7001,"message_id":2,"text":"y","entities":[{"type":"bold","offset":-1,"length":9999}]}`)
	f.Add("setWebhook", "application/json", `{"url":"http://127.0.0.1:1/x","max_connections":-5}`)
	f.Fuzz(func(t *testing.T, method, contentType, body string) {
		if strings.ContainsAny(method, "/?#% \x00") {
			return
		}
		sim := New(Options{})
		defer sim.Close()
		bot := must[*Bot](t)(sim.AddBot(token, "b"))
		sim.User(Profile{ID: 7001}).Send(bot, "hello")
		bot.updates = nil // nothing for a webhook at an odd address
		answered(t, sim, method, contentType, body)
	})
}
