package open311_test

import (
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/open311"
	"onedoor/prompts"
	"onedoor/routing"
)

const (
	testBot = 4242
	county  = "440117"
	taiping = "st-440117-2" // the station next to where the tests' residents are
)

// world is the API behind a real listener, on a database of its own with the sample data. One worker of Taiping has a chat.
type world struct {
	*testing.T
	db     *database.DB
	intake *intake.Service
	server *httptest.Server
	update int64
}

// trained is the classifier that all worlds share.
var trained = sync.OnceValue(func() *prompts.Offline {
	taxonomy, err := prompts.Load()
	if err != nil {
		panic(err)
	}
	return prompts.NewOffline(taxonomy)
})

func newWorld(t *testing.T) *world {
	return newWorldOf(t, open311.Options{PerSecond: 1000, Burst: 10_000})
}

func newWorldOf(t *testing.T, o open311.Options) *world {
	t.Helper()
	w := &world{T: t, db: databasetest.New(t)}
	taxonomy, err := prompts.Load()
	w.must(err)
	w.must(sample.Load(t.Context(), w.db, func(key string) bool { _, ok := taxonomy.Category(key); return ok }))
	w.exec(`INSERT INTO bots (id, username) VALUES ($1, 'onedoor_test_bot')`, testBot)
	o.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	router, err := routing.New(t.Context(), w.db.DB, o.Log)
	w.must(err)
	w.intake = intake.New(intake.Options{DB: w.db, Router: router, Taxonomy: taxonomy, Offline: trained().Fork(), Log: o.Log})
	o.Intake = w.intake
	api, err := open311.New(o)
	w.must(err)
	w.server = httptest.NewServer(api.Handler())
	t.Cleanup(w.server.Close)
	invitation, err := w.intake.Invite(t.Context(), "w-440117-2-1")
	w.must(err)
	w.act(intake.Command{Name: "start", Arg: invitation})
	w.must(router.Reload(t.Context()))
	return w
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

func (w *world) exec(query string, args ...any) {
	w.Helper()
	_, err := w.db.Exec(query, args...)
	w.must(err)
}

func (w *world) count(query string, args ...any) (n int) {
	w.Helper()
	w.must(w.db.Get(&n, query, args...))
	return n
}

// act does what the worker does in their chat.
func (w *world) act(act intake.Act) {
	w.Helper()
	w.update++
	_, err := w.intake.Handle(w.Context(), intake.Update{Bot: testBot, ID: w.update, Chat: 901, MessageID: w.update, At: time.Now(), Language: "en", Act: act})
	w.must(err)
}

func (w *world) press(action, ref, arg string) {
	w.Helper()
	w.act(intake.Pressed{Press: intake.Press{Action: action, Ref: ref, Arg: arg}})
}

func (w *world) view(ref string) intake.View {
	w.Helper()
	v, err := w.intake.ViewByRef(w.Context(), ref)
	w.must(err)
	return v
}

// system is another program with a key.
type system struct {
	w   *world
	key string
}

func (w *world) system(name, county string, more bool) system {
	w.Helper()
	_, key, err := w.intake.NewSystem(w.Context(), name, county, more, "boss")
	w.must(err)
	return system{w, key}
}

// answer is what came back, read to its end.
type answer struct {
	*http.Response
	body string
	w    *world
}

func (w *world) do(r *http.Request) answer {
	w.Helper()
	if r.Header.Get("Accept-Language") == "" {
		r.Header.Set("Accept-Language", "en")
	}
	response, err := w.server.Client().Do(r)
	w.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	w.must(err)
	return answer{response, string(body), w}
}

func (s system) get(path string) answer {
	s.w.Helper()
	r, err := http.NewRequestWithContext(s.w.Context(), http.MethodGet, s.w.server.URL+"/open311"+path, nil)
	s.w.must(err)
	if s.key != "" {
		r.Header.Set("Authorization", "Bearer "+s.key)
	}
	return s.w.do(r)
}

// in asks for what is shown to people in a language.
func (s system) in(language, path string) answer {
	s.w.Helper()
	r, err := http.NewRequestWithContext(s.w.Context(), http.MethodGet, s.w.server.URL+"/open311"+path, nil)
	s.w.must(err)
	r.Header.Set("Accept-Language", language)
	return s.w.do(r)
}

// form is the posting of a form, as pairs of names and values.
func (s system) form(pairs ...string) *http.Request {
	values := url.Values{"api_key": {s.key}}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(s.w.Context(), http.MethodPost, s.w.server.URL+"/open311/v2/requests.json", strings.NewReader(values.Encode()))
	s.w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8")
	return r
}

func (s system) post(pairs ...string) answer {
	s.w.Helper()
	return s.w.do(s.form(pairs...))
}

// need is an ordinary request in Taiping.
func need(more ...string) []string {
	return append([]string{"service_code", "elderly_disabled_care", "lat", "23.449", "long", "113.482", "description", "I need a wheelchair for my father",
		"first_name", "Mei", "last_name", "Chen", "phone", "+86 139 0000 0001"}, more...)
}

// is checks the status, and that the answer says all of the words.
func (a answer) is(status int, words ...string) answer {
	a.w.Helper()
	if a.StatusCode != status {
		a.w.Errorf("%s %s answers %s, want %d: %s", a.Request.Method, a.Request.URL, a.Status, status, a.body)
	}
	for _, word := range words {
		if !strings.Contains(a.body, word) {
			a.w.Errorf("%s %s; its body lacks %q:\n%s", a.Request.Method, a.Request.URL, word, a.body)
		}
	}
	return a
}

func (a answer) lacks(words ...string) answer {
	a.w.Helper()
	for _, word := range words {
		if strings.Contains(a.body, word) {
			a.w.Errorf("%s; its body has %q:\n%s", a.Request.URL, word, a.body)
		}
	}
	return a
}

// list is the answer's list.
func (a answer) list() (all []map[string]any) {
	a.w.Helper()
	if err := json.Unmarshal([]byte(a.body), &all); err != nil {
		a.w.Fatalf("%v: %s", err, a.body)
	}
	return all
}

// ref is the number of the request that was filed.
func (a answer) ref() string {
	a.w.Helper()
	a.is(http.StatusOK)
	ref, _ := a.list()[0]["service_request_id"].(string)
	return ref
}
