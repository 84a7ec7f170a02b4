package admin_test

import (
	"net/http"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/pquerna/otp/totp"
)

var secretShown = regexp.MustCompile(`<code>([A-Z2-7]{16,})</code>`)

// code is the one-time code of a secret, so many steps from now.
func (w *world) code(key string, steps int) string {
	w.Helper()
	code, err := totp.GenerateCode(key, w.intake.Now().Add(time.Duration(steps)*30*time.Second))
	w.must(err)
	return code
}

// stop stops the domain's clock, on which codes depend.
func (w *world) stop() {
	now := time.Now()
	w.intake.Now = func() time.Time { return now }
}

// enrol sets up one-time codes in a browser that is asked for them, and returns the secret.
func (b *browser) enrol() string {
	b.w.Helper()
	page := b.get("/admin/code").is(http.StatusOK, `<path d="M`)
	key := secretShown.FindStringSubmatch(page.body)
	if key == nil {
		b.w.Fatalf("no secret is shown: %s", page.body)
	}
	b.post("/admin/code", "code", b.w.code(key[1], -1)).leadsTo("/admin/")
	return key[1]
}

func TestCodesAreAskedFor(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	boss, b := w.as("root", "administrator", ""), w.as("mei", "supervisor", taiping)
	boss.post("/admin/accounts/mei", "change", "code").leadsTo("/admin/accounts")
	for _, path := range []string{"/admin/", "/admin/times", "/admin/me", "/admin/live", "/admin/times/trend.svg"} {
		b.get(path).leadsTo("/admin/code")
	}
	key := b.enrol()
	b.get("/admin/").is(http.StatusOK)
	b.get("/admin/code").is(http.StatusOK).lacks(key)

	next := w.browser()
	next.login("mei", secret).leadsTo("/admin/")
	next.get("/admin/").leadsTo("/admin/code")
	next.get("/admin/code").is(http.StatusOK).lacks(key)
	next.post("/admin/code", "code", w.code(key, -1)).is(http.StatusUnauthorized, "used already")
	next.post("/admin/code", "code", w.code(key, 5)).is(http.StatusUnauthorized)
	next.post("/admin/code", "code", "").is(http.StatusUnauthorized)
	next.get("/admin/").leadsTo("/admin/code")
	next.post("/admin/code", "code", w.code(key, 0)).leadsTo("/admin/")
	next.get("/admin/").is(http.StatusOK)
	boss.get("/admin/accounts").is(http.StatusOK, "one-time codes are on").lacks(key)

	boss.post("/admin/accounts/mei", "change", "new_code").leadsTo("/admin/accounts")
	for _, in := range []*browser{b, next} { // with the old secret
		in.get("/admin/").leadsTo("/admin/login")
	}
	boss.get("/admin/").is(http.StatusOK)
	again := w.browser()
	again.login("mei", secret).leadsTo("/admin/")
	again.get("/admin/").leadsTo("/admin/code")
	if again.enrol() == key {
		t.Error("the new secret is the old one")
	}
}

// TestCodesCantBeGuessed: wrong codes lock as wrong passwords do, for the right code too.
func TestCodesCantBeGuessed(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	key := w.as("mei", "administrator", "").enrol()
	b := w.browser()
	b.login("mei", secret).leadsTo("/admin/")
	for range 6 {
		b.post("/admin/code", "code", "000000").is(http.StatusUnauthorized)
	}
	b.post("/admin/code", "code", w.code(key, 1)).is(http.StatusUnauthorized)
	b.get("/admin/").leadsTo("/admin/code")
}

func TestSessionsAreListedAndEnd(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "auditor", "")
	other, stranger := w.browser(), w.as("li", "administrator", "")
	other.login("mei", secret).leadsTo("/admin/")
	end := regexp.MustCompile(`/admin/me/sessions/\w+/end`)
	page := b.get("/admin/me").is(http.StatusOK, "Go-http-client", "this one", "127.0.0.1")
	ends := end.FindAllString(page.body, -1)
	if len(ends) != 2 { // the one before the password was changed, and the other
		t.Fatalf("%d sessions can be ended", len(ends))
	}
	for _, path := range ends {
		stranger.post(path).is(http.StatusNotFound)
	}
	other.get("/admin/").is(http.StatusOK)
	for _, path := range ends {
		b.post(path).leadsTo("/admin/me")
	}
	other.get("/admin/").leadsTo("/admin/login")
	b.get("/admin/me").is(http.StatusOK)
	b.post("/admin/logout").leadsTo("/admin/login")
	var open int
	w.must(w.db.Get(&open, `SELECT count(*) FROM logins WHERE account = 'mei' AND ended_at IS NULL`))
	if open != 0 {
		t.Errorf("%d sessions are still listed", open)
	}
}

func TestAccountsAreForAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.as("root", "administrator", "")
	for _, b := range []*browser{w.as("li", "supervisor", taiping), w.as("wu", "supervisor", ""), w.as("zhu", "auditor", "")} {
		b.get("/admin/accounts").is(http.StatusForbidden)
		b.post("/admin/accounts", "name", "x", "role", "administrator").is(http.StatusForbidden)
		b.post("/admin/accounts/root", "change", "off").is(http.StatusForbidden)
		b.get("/admin/").is(http.StatusOK).lacks("/admin/accounts")
	}
	made := boss.post("/admin/accounts", "name", "new", "role", "supervisor", "sees", "station:"+taiping).is(http.StatusOK, "One-time password of new")
	password := regexp.MustCompile(`<code>(\w+)</code>`).FindStringSubmatch(made.body)[1]
	fresh := w.browser()
	fresh.login("new", password).leadsTo("/admin/")
	fresh.get("/admin/").leadsTo("/admin/password")
	boss.get("/admin/accounts").is(http.StatusOK, "new").lacks(password)

	li := w.browser()
	li.login("li", secret).leadsTo("/admin/")
	boss.post("/admin/accounts/li", "change", "off").leadsTo("/admin/accounts")
	li.get("/admin/").leadsTo("/admin/login")
	w.browser().login("li", secret).is(http.StatusUnauthorized)
	boss.post("/admin/accounts/li", "change", "on").leadsTo("/admin/accounts")
	w.browser().login("li", secret).leadsTo("/admin/")

	boss.post("/admin/accounts/root", "change", "off").is(http.StatusBadRequest)
	boss.post("/admin/accounts", "name", "root", "role", "auditor", "sees", "all").is(http.StatusBadRequest)
	for _, bad := range [][]string{{"name", "x y", "role", "auditor", "sees", "all"}, {"name", "x", "role", "king", "sees", "all"},
		{"name", "x", "role", "auditor", "sees", "station:" + taiping}, {"name", "x", "role", "supervisor", "sees", "station:nowhere"}, {}} {
		boss.post("/admin/accounts", bad...).is(http.StatusBadRequest)
	}
	boss.post("/admin/accounts/nobody", "change", "off").is(http.StatusNotFound)
	boss.post("/admin/accounts/li", "change", "role = 'administrator'").is(http.StatusBadRequest)
	if page := boss.get("/admin/accounts"); strings.Contains(page.body, "nobody") {
		t.Error("an account was made of a name in a URL")
	}
}

// TestNobodySeesAllByDefault: what a new account sees is chosen by whoever makes it; the form has nothing chosen, and without a choice none is made.
func TestNobodySeesAllByDefault(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	boss := w.as("root", "administrator", "")
	form := boss.get("/admin/accounts").is(http.StatusOK).body
	for _, name := range []string{"sees", "role"} {
		if !regexp.MustCompile(`<select name="` + name + `" required><option value="" selected disabled>`).MatchString(form) {
			t.Errorf("the form has a %s by default: %s", name, form)
		}
	}
	for _, sees := range []string{"", "station:", "county:", "x", "station", taiping} {
		boss.post("/admin/accounts", "name", "new", "role", "supervisor", "sees", sees).is(http.StatusBadRequest, "Choose what the account sees")
	}
	if n := value[int](w, `SELECT count(*) FROM accounts WHERE name = 'new'`); n != 0 {
		t.Fatal("an account was made that nobody said what it sees")
	}
	for sees, want := range map[string]string{"all": "", "station:" + taiping: taiping, "county:440117": "440117"} {
		boss.post("/admin/accounts", "name", "new", "role", "supervisor", "sees", sees).is(http.StatusOK, "One-time password of new")
		if got := value[string](w, `SELECT coalesce(station, county, '') FROM accounts WHERE name = 'new'`); got != want {
			t.Errorf("%s makes an account of %q", sees, got)
		}
	}
}
