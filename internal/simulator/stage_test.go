package simulator

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"image"
	encoding "image/png"
	"io"
	"net/http"
	"net/http/httptest"
	"runtime"
	"strings"
	"testing"
	"time"

	telegram "github.com/go-telegram/bot"
)

const token = "123456:ABC-def"

// stage is a simulator over HTTP with one bot, its real client, and one user who has started it.
type stage struct {
	t    *testing.T
	sim  *Simulator
	bot  *Bot
	url  string
	api  *telegram.Bot
	user *User
	ctx  context.Context
}

func newStage(t *testing.T, o Options) *stage {
	t.Helper()
	s := &stage{t: t, sim: New(o)}
	server := httptest.NewServer(s.sim)
	s.url = server.URL
	t.Cleanup(server.Close)
	t.Cleanup(s.sim.Close)
	var err error
	if s.bot, err = s.sim.AddBot(token, "one_door_bot"); err != nil {
		t.Fatal(err)
	}
	if s.api, err = telegram.New(token, telegram.WithServerURL(s.url), telegram.WithSkipGetMe()); err != nil {
		t.Fatal(err)
	}
	s.user = s.sim.User(Profile{ID: 7001, FirstName: "陈", Language: "zh-hans", Phone: "+8613800138000"})
	s.user.Start(s.bot, "")
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	t.Cleanup(cancel)
	s.ctx = ctx
	return s
}

// answer is the Bot API's envelope.
type answer struct {
	OK          bool            `json:"ok"`
	Result      json.RawMessage `json:"result"`
	Code        int             `json:"error_code"`
	Description string          `json:"description"`
	Parameters  struct {
		RetryAfter int   `json:"retry_after"`
		MigrateTo  int64 `json:"migrate_to_chat_id"`
	} `json:"parameters"`
}

// call posts JSON to a method and returns the envelope, whose code has to be that of HTTP.
func (s *stage) call(method, body string) answer {
	s.t.Helper()
	response, err := http.Post(s.url+"/bot"+token+"/"+method, "application/json", strings.NewReader(body))
	if err != nil {
		s.t.Fatal(err)
	}
	return s.read(response)
}

// get is call by GET, of any path.
func (s *stage) get(path string) answer {
	s.t.Helper()
	response, err := http.Get(s.url + path)
	if err != nil {
		s.t.Fatal(err)
	}
	return s.read(response)
}

func (s *stage) read(response *http.Response) answer {
	s.t.Helper()
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		s.t.Fatal(err)
	}
	var a answer
	if err := json.Unmarshal(text, &a); err != nil {
		s.t.Fatalf("%v in %s", err, text)
	}
	if a.OK != (response.StatusCode == http.StatusOK) || !a.OK && a.Code != response.StatusCode {
		s.t.Errorf("status %d with %s", response.StatusCode, text)
	}
	return a
}

// updates are what getUpdates gives, as maps.
func (s *stage) updates(offset int64) []map[string]any {
	s.t.Helper()
	a := s.call("getUpdates", fmt.Sprintf(`{"offset":%d}`, offset))
	var updates []map[string]any
	if err := json.Unmarshal(a.Result, &updates); err != nil {
		s.t.Fatalf("%v: %+v", err, a)
	}
	return updates
}

// last is the chat's last message as the user sees it.
func (s *stage) last() Message {
	s.t.Helper()
	chat := s.user.Chat(s.bot)
	if len(chat) == 0 {
		s.t.Fatal("the chat is empty")
	}
	return chat[len(chat)-1]
}

// must stops the test on an error.
func must[T any](t *testing.T) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// answered calls a method without a network and fails unless the answer is an envelope.
func answered(t *testing.T, sim *Simulator, method, contentType, body string) {
	t.Helper()
	r := httptest.NewRequest(http.MethodPost, "/bot"+token+"/x", strings.NewReader(body))
	gone, cancel := context.WithCancel(t.Context())
	cancel() // no long poll
	r = r.WithContext(gone)
	r.URL.Path = "/bot" + token + "/" + method
	r.Header.Set("Content-Type", contentType)
	w := httptest.NewRecorder()
	sim.ServeHTTP(w, r)
	var a answer
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil || a.OK != (w.Code == http.StatusOK) || a.Code == http.StatusInternalServerError {
		t.Fatalf("%s %q: %d %s", method, body, w.Code, w.Body)
	}
}

func (s *stage) decode(a answer) []map[string]any {
	s.t.Helper()
	var updates []map[string]any
	if err := json.Unmarshal(a.Result, &updates); err != nil {
		s.t.Errorf("%v: %+v", err, a)
	}
	return updates
}

// polling waits until a getUpdates waits.
func (s *stage) polling() {
	s.t.Helper()
	for s.ctx.Err() == nil {
		s.sim.mu.Lock()
		waits := s.bot.polling != nil
		s.sim.mu.Unlock()
		if waits {
			return
		}
		runtime.Gosched()
	}
	s.t.Fatal("no getUpdates came")
}

// fataler is what tests, benchmarks and properties have in common.
type fataler interface {
	Helper()
	Fatalf(format string, args ...any)
}

// receive calls getUpdates without a network and returns the updates' ids.
func receive(t fataler, sim *Simulator, offset, limit int64) []int64 {
	t.Helper()
	w := httptest.NewRecorder()
	sim.ServeHTTP(w, httptest.NewRequest(http.MethodGet, fmt.Sprintf("/bot%s/getUpdates?offset=%d&limit=%d", token, offset, limit), nil))
	var a struct {
		Result []struct {
			ID int64 `json:"update_id"`
		} `json:"result"`
	}
	if err := json.Unmarshal(w.Body.Bytes(), &a); err != nil {
		t.Fatalf("%v in %s", err, w.Body)
	}
	var ids []int64
	for _, u := range a.Result {
		ids = append(ids, u.ID)
	}
	return ids
}

// png is a small picture.
func png(t *testing.T) []byte {
	t.Helper()
	picture := image.NewRGBA(image.Rect(0, 0, 640, 360))
	for i := range picture.Pix {
		picture.Pix[i] = byte(i/640) | 0x40
	}
	var b bytes.Buffer
	if err := encoding.Encode(&b, picture); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
