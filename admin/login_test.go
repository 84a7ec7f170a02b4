package admin_test

import (
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"onedoor/admin"
)

func TestOneTimePasswordForcesANewOne(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	password := w.newAccount("mei", "administrator", "")
	b := w.browser()
	b.login("mei", password).leadsTo("/admin/")
	for _, path := range []string{"/admin/", "/admin/times", "/admin/stations/" + taiping, "/admin/requests/AAAAAA", "/admin/live"} {
		b.get(path).leadsTo("/admin/password")
	}
	b.get("/admin/password").is(http.StatusOK, "Choose a password", "works only once")
	b.post("/admin/password", "password", "短", "again", "短").is(http.StatusBadRequest, "At least 10 characters, please.")
	b.post("/admin/password", "password", secret, "again", secret+"!").is(http.StatusBadRequest, "The two are not the same.")
	b.get("/admin/").leadsTo("/admin/password")

	b.post("/admin/password", "password", secret, "again", secret).leadsTo("/admin/")
	b.get("/admin/").is(http.StatusOK, "What waits", "mei")
	b.get("/admin/password").is(http.StatusOK, "Choose a password").lacks("works only once")
	w.browser().login("mei", password).is(http.StatusUnauthorized)
	w.browser().login("mei", secret).leadsTo("/admin/")
}

func TestPagesNeedALogin(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.browser()
	for _, path := range []string{"/admin/", "/admin/times", "/admin/times?format=csv", "/admin/stations/" + taiping, "/admin/requests/" + ref, "/admin/live", "/admin/password"} {
		a := b.get(path)
		a.leadsTo("/admin/login")
		a.lacks(ref, "照顾")
	}
	for _, path := range []string{"/category", "/station"} {
		b.post("/admin/requests/"+ref+path, "category", "health", "station", another).leadsTo("/admin/login?ended=1")
	}
	if v := w.view(ref); *v.Category != "elderly_disabled_care" || *v.Station != taiping {
		t.Errorf("somebody unknown changed the request: %s at %s", *v.Category, *v.Station)
	}
	b.get("/admin/login").is(http.StatusOK, "Log in").lacks("Log out", "was not done")
	b.get("/admin/login?ended=1").is(http.StatusOK, "You were logged out meanwhile, and what you sent was not done.")
	b.get("/admin/nowhere").is(http.StatusNotFound)
}

func TestWrongPasswordsLock(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as("mei", "administrator", "")
	b := w.browser()
	try := func(times int) {
		for range times {
			b.login("mei", "wrong").is(http.StatusUnauthorized, "Name or password is wrong")
		}
	}
	try(4)
	b.login("mei", secret).leadsTo("/admin/")
	try(5)
	b.login("mei", secret).is(http.StatusUnauthorized)
	_, err := w.db.Exec(`UPDATE login_tries SET locked_until = now() - interval '1 second'`)
	w.must(err)
	try(1)
	b.login("mei", secret).is(http.StatusUnauthorized)
	var lock float64
	w.must(w.db.Get(&lock, `SELECT extract(epoch FROM locked_until - now()) FROM login_tries`))
	if lock < 100 || lock > 120 {
		t.Errorf("the sixth wrong password locks for %.0f seconds, want two minutes", lock)
	}
	_, err = w.db.Exec(`UPDATE login_tries SET locked_until = now() - interval '1 second'`)
	w.must(err)
	b.login("mei", secret).leadsTo("/admin/")
	try(4)
	b.login("mei", secret).leadsTo("/admin/")
}

// Tries at the same time are no way around the lock.
func TestWrongPasswordsLockAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	password := w.newAccount("mei", "administrator", "")
	var group sync.WaitGroup
	for range 12 {
		group.Go(func() { w.browser().login("mei", "wrong").is(http.StatusUnauthorized) })
	}
	group.Wait()
	var failed int
	w.must(w.db.Get(&failed, `SELECT failed FROM login_tries`))
	if failed != 5 {
		t.Errorf("%d passwords were tried, want 5", failed)
	}
	w.browser().login("mei", password).is(http.StatusUnauthorized)
}

// TestOthersLockNobodyOut: who tries an account's password elsewhere does not keep its owner out.
func TestOthersLockNobodyOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as("mei", "administrator", "")
	from := func(address, password string) answer {
		r := w.browser().form("/admin/login", "name", "mei", "password", password)
		r.Header.Set("X-Forwarded-For", "10.0.0.1, "+address)
		return w.browser().do(r)
	}
	for range 6 {
		from("203.0.113.7", "wrong").is(http.StatusUnauthorized)
		from("2001:db8::1", "wrong").is(http.StatusUnauthorized)
	}
	from("203.0.113.7", secret).is(http.StatusUnauthorized)
	from("2001:db8::2:1", secret).is(http.StatusUnauthorized) // of the same network
	from("2001:db8:1::1", secret).leadsTo("/admin/")
	from("203.0.113.8", secret).leadsTo("/admin/")
}

// TestAddresses: tries count for the address that a proxy of ours tells, and for no other that somebody claims.
func TestAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newAccount("mei", "administrator", "")
	behind, err := admin.New(admin.Options{DB: w.db, Intake: w.intake, Secure: true, Log: slog.New(slog.DiscardHandler)})
	w.must(err)
	t.Cleanup(behind.Close)
	for _, test := range []struct {
		admin      *admin.Admin
		peer, want string
		told       []string
	}{
		{w.admin, "198.51.100.1:1", "198.51.100.1", []string{"203.0.113.7"}},
		{w.admin, "10.0.0.2:1", "10.0.0.2", []string{"203.0.113.7"}},
		{behind, "10.0.0.2:1", "203.0.113.7", []string{"203.0.113.7"}},
		{behind, "198.51.100.1:1", "198.51.100.1", []string{"203.0.113.7"}},
		{w.admin, "127.0.0.1:1", "203.0.113.7", []string{"198.51.100.9", "203.0.113.7"}}, // a line each
		{w.admin, "127.0.0.1:1", "127.0.0.1", []string{"nonsense"}},
		{w.admin, "[::1]:1", "2001:db8::", []string{"203.0.113.7, 2001:db8::7:8"}},
		{w.admin, "[::ffff:198.51.100.1]:1", "198.51.100.1", nil},
		{w.admin, "[fe80::1%eth0]:1", "fe80::", nil},
	} {
		r := w.browser().form("/admin/login", "name", "mei", "password", "wrong")
		r.RemoteAddr, r.Header["X-Forwarded-For"] = test.peer, test.told
		test.admin.Handler().ServeHTTP(httptest.NewRecorder(), r)
		var got string
		w.must(w.db.Get(&got, `DELETE FROM login_tries RETURNING address`))
		if got != test.want {
			t.Errorf("%s telling of %q counts as %s, want %s", test.peer, test.told, got, test.want)
		}
	}
}

// TestWrongLoginsTellNothing: neither the words nor the time of an answer tell whether there is such an account.
func TestWrongLoginsTellNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newAccount("mei", "administrator", "")
	wrong := func(name string) (string, time.Duration) {
		began := time.Now()
		a := w.browser().login(name, "wrong").is(http.StatusUnauthorized)
		return strings.ReplaceAll(a.body, name, ""), time.Since(began)
	}
	for range 7 { // the last ones are locked
		known, took := wrong("mei")
		unknown, tookToo := wrong("moo")
		if known != unknown {
			t.Fatalf("the answers differ:\n%s\n%s", known, unknown)
		}
		for _, d := range []time.Duration{took, tookToo} {
			if d < time.Second/2 {
				t.Errorf("an answer after %s tells something", d)
			}
		}
	}
}

// TestStrangersHaveNoSessions: who only passes by leaves nothing behind.
func TestStrangersHaveNoSessions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.browser()
	for _, path := range []string{"/admin/", "/admin/login", "/admin/nowhere", "/admin/live"} {
		b.get(path)
	}
	b.post("/admin/language", "language", "zh-CN", "back", "/admin/login").leadsTo("/admin/login")
	b.get("/admin/login").is(http.StatusOK, "登录")
	b.login("nobody", "x").is(http.StatusUnauthorized)
	b.post("/admin/logout").leadsTo("/admin/login")
	var sessions int
	w.must(w.db.Get(&sessions, `SELECT count(*) FROM sessions`))
	if sessions != 0 {
		t.Errorf("strangers have %d sessions", sessions)
	}
}

func TestUnknownNamesAreOnlyWrong(t *testing.T) {
	t.Parallel()
	b := newWorld(t).browser()
	for _, name := range []string{"", "nobody", "' OR 1=1 --", "\x00", "\xff", `"><script>alert(1)</script>`} {
		b.login(name, "x").is(http.StatusUnauthorized).lacks("<script>alert")
	}
}

// cookies are what the browser has for the admin.
func (b *browser) cookies() []*http.Cookie {
	r := b.form("/admin/")
	return b.Jar.Cookies(r.URL)
}

// stolen is a browser with a copy of the cookies.
func (b *browser) stolen() *browser {
	thief := b.w.browser()
	thief.Jar.SetCookies(b.form("/admin/").URL, b.cookies())
	return thief
}

func TestLogout(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	thief := b.stolen()
	thief.get("/admin/").is(http.StatusOK)
	b.post("/admin/logout").leadsTo("/admin/login")
	b.get("/admin/").leadsTo("/admin/login")
	thief.get("/admin/").leadsTo("/admin/login")
	if left := b.cookies(); len(left) != 0 {
		t.Errorf("the browser keeps %v", left)
	}
}

func TestLoginChangesTheToken(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	password := w.newAccount("mei", "administrator", "")
	b := w.browser()
	b.Jar.SetCookies(b.form("/admin/").URL, []*http.Cookie{{Name: "onedoor", Value: "planted", Path: "/admin/"}})
	planted := b.stolen()
	b.login("mei", password)
	planted.get("/admin/").leadsTo("/admin/login")
	oneTime := b.stolen()
	b.post("/admin/password", "password", secret, "again", secret)
	oneTime.get("/admin/").leadsTo("/admin/login")
}

// A new password from the administrator, and an account taken away, end the sessions that there are.
func TestSessionsEndWithTheirPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", "")
	other := w.browser()
	other.login("mei", secret).leadsTo("/admin/")
	b.post("/admin/password", "password", secret+"2", "again", secret+"2").leadsTo("/admin/")
	b.get("/admin/").is(http.StatusOK)
	other.get("/admin/").leadsTo("/admin/login")

	w.newAccount("mei", "supervisor", taiping)
	b.post("/admin/password", "password", "a thief's password", "again", "a thief's password").leadsTo("/admin/login?ended=1")
	b = w.as("mei", "supervisor", "")
	_, err := w.db.Exec(`DELETE FROM accounts`)
	w.must(err)
	b.get("/admin/").leadsTo("/admin/login")
	if left := b.cookies(); len(left) != 0 {
		t.Errorf("the browser keeps %v", left)
	}
}

func TestCookie(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	password := w.newAccount("mei", "administrator", "")
	cookies := w.browser().login("mei", password).Cookies()
	if len(cookies) != 1 {
		t.Fatalf("%d cookies, want one", len(cookies))
	}
	if c := cookies[0]; !c.HttpOnly || c.SameSite != http.SameSiteLaxMode || c.Path != "/admin/" || c.Secure {
		t.Errorf("the cookie is %v", c)
	}
}
