package admin_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"os"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/admin"
	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
	"onedoor/internal/texts"
	"onedoor/prompts"
	"onedoor/routing"
)

const (
	testBot = 4242
	taiping = "st-440117-2" // the station next to where the tests' residents are
	another = "st-440111-2" // its neighbour
	secret  = "correct horse battery"
)

// world is the admin behind a real listener, on a database of its own with the sample data.
type world struct {
	testing.TB
	db     *database.DB
	intake *intake.Service
	admin  *admin.Admin
	server *httptest.Server
	update int64
	texts  *texts.Catalogue  // what the bot says
	files  map[string]string // what Telegram has, by its ids
	away   bool              // Telegram does not answer
}

// trained is the classifier that all worlds share.
var trained = sync.OnceValue(func() *prompts.Offline {
	taxonomy, err := prompts.Load()
	if err != nil {
		panic(err)
	}
	return prompts.NewOffline(taxonomy)
})

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{TB: t, db: databasetest.New(t)}
	taxonomy, err := prompts.Load()
	w.must(err)
	w.must(sample.Load(t.Context(), w.db, func(key string) bool { _, ok := taxonomy.Category(key); return ok }))
	_, err = w.db.Exec(`INSERT INTO bots (id, username) VALUES ($1, 'onedoor_test_bot')`, testBot)
	w.must(err)
	log := slog.New(slog.NewTextHandler(t.Output(), nil))
	router, err := routing.New(t.Context(), w.db.DB, log)
	w.must(err)
	w.intake = intake.New(intake.Options{DB: w.db, Router: router, Taxonomy: taxonomy, Offline: trained().Fork(), Log: log})
	w.texts, err = texts.Load(os.DirFS("../bot"), intake.Languages())
	w.must(err)
	w.admin, err = admin.New(admin.Options{DB: w.db, Intake: w.intake, File: w.file, Bot: w.bot, BotTexts: w.texts, Log: log})
	w.must(err)
	w.server = httptest.NewServer(w.admin.Handler())
	t.Cleanup(func() {
		w.admin.Close()
		w.server.Close()
	})
	return w
}

func (w *world) bot(context.Context) (string, error) {
	if w.away {
		return "", io.ErrUnexpectedEOF
	}
	return "onedoor_test_bot", nil
}

func (w *world) file(_ context.Context, bot int64, id string) (io.ReadCloser, string, error) {
	content, ok := w.files[id]
	switch {
	case id == "later":
		return nil, "", io.ErrUnexpectedEOF
	case !ok || bot != testBot:
		return nil, "", intake.ErrNotFound
	}
	return io.NopCloser(strings.NewReader(content)), id, nil
}

func (w *world) must(err error) {
	w.Helper()
	if err != nil {
		w.Fatal(err)
	}
}

// act does what a person does in a chat.
func (w *world) act(chat int64, act intake.Act) {
	w.Helper()
	w.update++
	_, err := w.intake.Handle(w.Context(), intake.Update{Bot: testBot, ID: w.update, Chat: chat, MessageID: w.update, At: time.Now(), Language: "en", Act: act})
	w.must(err)
}

func (w *world) press(chat int64, action, ref, arg string) {
	w.Helper()
	w.act(chat, intake.Pressed{Press: intake.Press{Action: action, Ref: ref, Arg: arg}})
}

// ask files a request in Taiping with the resident's words, and returns its reference.
func (w *world) ask(chat int64, words string) string {
	w.Helper()
	w.act(chat, intake.Said{Text: words})
	w.act(chat, intake.Located{Lat: 23.449, Lon: 113.482})
	var ref string
	w.must(w.db.Get(&ref, `SELECT ref FROM requests WHERE chat_id = $1 ORDER BY id DESC LIMIT 1`, chat))
	w.press(chat, intake.ActService, ref, "elderly_disabled_care")
	w.press(chat, intake.ActConfirm, ref, "")
	if v := w.view(ref); v.State != intake.Open || v.Station == nil || *v.Station != taiping {
		w.Fatalf("request %s is %s at %v, want it open at %s", ref, v.State, v.Station, taiping)
	}
	return ref
}

// join makes a chat a worker's.
func (w *world) join(chat int64, code string) {
	w.Helper()
	invitation, err := w.intake.Invite(w.Context(), code)
	w.must(err)
	w.act(chat, intake.Command{Name: "start", Arg: invitation})
}

func (w *world) view(ref string) intake.View {
	w.Helper()
	v, err := w.intake.ViewByRef(w.Context(), ref)
	w.must(err)
	return v
}

// close ends a request: a worker claims and resolves it, and the week for second thoughts passes.
func (w *world) close(ref string) {
	w.Helper()
	w.join(900, "w-440117-2-1")
	w.press(900, intake.ActClaim, ref, "")
	w.press(900, intake.ActOutcome, ref, "solved")
	_, err := w.db.Exec(`UPDATE requests SET next_action_at = now() - interval '1 second' WHERE ref = $1`, ref)
	w.must(err)
	for more := true; more; {
		more, err = w.intake.Due(w.Context())
		w.must(err)
	}
	if state := w.view(ref).State; state != intake.Closed {
		w.Fatalf("request %s is %s, want closed", ref, state)
	}
}

// browser is somebody's, with their cookies.
type browser struct {
	http.Client
	w      *world
	Accept string // the languages asked for
}

func (w *world) browser() *browser {
	jar, err := cookiejar.New(nil)
	w.must(err)
	stay := func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &browser{Client: http.Client{Jar: jar, CheckRedirect: stay, Timeout: 20 * time.Second}, w: w, Accept: "en"}
}

// newAccount makes an account with a one-time password, limited to a station, a county or, if empty, to nothing.
func (w *world) newAccount(name, role, limit string) string {
	w.Helper()
	station, county := limit, ""
	if !strings.HasPrefix(limit, "st-") {
		station, county = "", limit
	}
	password, err := admin.CreateAccount(w.Context(), w.db, name, role, station, county)
	w.must(err)
	return password
}

// as is a browser in which somebody with a new account is logged in.
func (w *world) as(name, role, limit string) *browser {
	w.Helper()
	b := w.browser()
	b.login(name, w.newAccount(name, role, limit)).leadsTo("/admin/")
	b.post("/admin/password", "password", secret, "again", secret).leadsTo("/admin/")
	return b
}

// answer is what came back, read to its end.
type answer struct {
	*http.Response
	body string
	w    *world
}

func (b *browser) do(r *http.Request) answer {
	b.w.Helper()
	r.Header.Set("Accept-Language", b.Accept)
	response, err := b.Do(r)
	b.w.must(err)
	defer response.Body.Close()
	body, err := io.ReadAll(response.Body)
	b.w.must(err)
	return answer{response, string(body), b.w}
}

func (b *browser) get(path string) answer {
	b.w.Helper()
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodGet, b.w.server.URL+path, nil)
	b.w.must(err)
	return b.do(r)
}

// form is the posting of a form, as pairs of names and values.
func (b *browser) form(path string, pairs ...string) *http.Request {
	values := url.Values{}
	for i := 0; i < len(pairs); i += 2 {
		values.Set(pairs[i], pairs[i+1])
	}
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodPost, b.w.server.URL+path, strings.NewReader(values.Encode()))
	b.w.must(err)
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	r.Header.Set("Sec-Fetch-Site", "same-origin")
	return r
}

func (b *browser) post(path string, pairs ...string) answer {
	b.w.Helper()
	return b.do(b.form(path, pairs...))
}

func (b *browser) login(name, password string) answer {
	b.w.Helper()
	return b.post("/admin/login", "name", name, "password", password)
}

func (a answer) String() string {
	return fmt.Sprintf("%s %s answers %s, Location %q", a.Request.Method, a.Request.URL.Path, a.Status, a.Header.Get("Location"))
}

func (a answer) leadsTo(path string) {
	a.w.Helper()
	if a.StatusCode != http.StatusSeeOther || a.Header.Get("Location") != path {
		a.w.Errorf("%v; want it to lead to %s", a, path)
	}
}

// is checks the status, and that a page says all of the words.
func (a answer) is(status int, words ...string) answer {
	a.w.Helper()
	if a.StatusCode != status {
		a.w.Errorf("%v; want %d", a, status)
	}
	for _, word := range words {
		if !strings.Contains(a.body, word) {
			a.w.Errorf("%v; its body lacks %q:\n%s", a, word, a.body)
		}
	}
	return a
}

func (a answer) lacks(words ...string) {
	a.w.Helper()
	for _, word := range words {
		if strings.Contains(a.body, word) {
			a.w.Errorf("%v; its body has %q", a, word)
		}
	}
}

var (
	tags   = regexp.MustCompile(`<[^>]*>`)
	spaces = regexp.MustCompile(`\s+`)
)

// text is what a reader of the page reads.
func (a answer) text() string {
	return spaces.ReplaceAllString(tags.ReplaceAllString(a.body, " "), " ")
}
