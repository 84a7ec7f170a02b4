package admin_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
)

// TestCodeIsOfOneAccount: a code that one account has shown lets no other in.
func TestCodeIsOfOneAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	w.as("boss", "administrator", "").enrol()
	own := w.as("mei", "supervisor", taiping)
	own.enrol()
	own.get("/admin/").is(http.StatusOK)
	own.login("boss", secret).leadsTo("/admin/")
	own.get("/admin/accounts").leadsTo("/admin/code")
}

// TestPasswordNeedsTheCode: whoever knows a password alone can't take the account away from its owner by changing it.
func TestPasswordNeedsTheCode(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	owner := w.as("boss", "administrator", "")
	owner.enrol()
	thief := w.browser()
	thief.login("boss", secret).leadsTo("/admin/")
	thief.get("/admin/password").leadsTo("/admin/code")
	thief.post("/admin/password", "password", "another one", "again", "another one").leadsTo("/admin/code")
	owner.get("/admin/").is(http.StatusOK)
	owner.post("/admin/password", "password", "a new one of mine", "again", "a new one of mine").leadsTo("/admin/")
	owner.get("/admin/").is(http.StatusOK)
}

// TestPasswordForgivesNoCodes: whoever knows a password can't try codes for ever by logging in anew between them.
func TestPasswordForgivesNoCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	key := w.as("boss", "administrator", "").enrol()
	thief := w.browser()
	for range 4 {
		thief.login("boss", secret)
		for range 3 {
			thief.post("/admin/code", "code", "000000")
		}
	}
	thief.post("/admin/code", "code", w.code(key, 1))
	if a := thief.get("/admin/"); a.StatusCode == http.StatusOK {
		t.Error("a code is taken after a dozen wrong ones")
	}
}

// TestRecordCantBeEvaded: whatever fields a form has, what it does is put on record.
func TestRecordCantBeEvaded(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	w.newAccount("li", "auditor", "")
	b.post("/admin/accounts/li", "change", "off", "\x00", "x", "\xff", "y").leadsTo("/admin/accounts")
	var n int
	w.must(w.db.Get(&n, `SELECT count(*) FROM audit WHERE account = 'mei' AND object = 'li'`))
	if n != 1 {
		t.Errorf("what was done is on record %d times", n)
	}
}

// TestLeavingEvadesNoRecord: who doesn't wait for the answer has looked all the same.
func TestLeavingEvadesNoRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	at, err := url.Parse(w.server.URL + "/admin/")
	w.must(err)
	ctx, leave := context.WithCancel(t.Context())
	r := httptest.NewRequestWithContext(ctx, http.MethodGet, "/admin/requests/"+ref, nil)
	for _, cookie := range b.Jar.Cookies(at) {
		r.AddCookie(cookie)
	}
	w.admin.Handler().ServeHTTP(leaver{httptest.NewRecorder(), leave}, r)
	var n int
	w.must(w.db.Get(&n, `SELECT count(*) FROM audit WHERE account = 'mei' AND object = $1`, ref))
	if n != 1 {
		t.Errorf("looking is on record %d times", n)
	}
}

// leaver is gone once the first byte of the answer is there.
type leaver struct {
	http.ResponseWriter
	leave func()
}

func (l leaver) Write(content []byte) (int, error) {
	l.leave()
	return l.ResponseWriter.Write(content)
}

// TestFormsHaveFewFields: one with more than can be put on record does nothing, and the record stays small.
func TestFormsHaveFewFields(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	w.newAccount("li", "auditor", "")
	fields := []string{"change", "off"}
	for i := range 1000 {
		fields = append(fields, "a"+strconv.Itoa(i), strings.Repeat("x", 100))
	}
	b.post("/admin/accounts/li", fields...).is(http.StatusBadRequest, "That form can")
	huge := strings.Repeat("x", 2<<20)
	b.post("/admin/accounts/li", "change", "off", "x", huge).is(http.StatusBadRequest, "That form can")
	w.browser().login("mei", huge).is(http.StatusUnauthorized)
	b.post("/admin/accounts/li", fields[:80]...).leadsTo("/admin/accounts")
	var active bool
	w.must(w.db.Get(&active, `SELECT active FROM accounts WHERE name = 'li'`))
	var n, size int
	w.must(w.db.Get(&n, `SELECT count(*) FROM audit WHERE object = 'li'`))
	w.must(w.db.Get(&size, `SELECT max(length(detail::text)) FROM audit`))
	if active || n != 1 || size > 20_000 {
		t.Errorf("active: %t; on record %d times, in %d characters", active, n, size)
	}
}

// TestHostileValues: what no database can store is refused or ignored in whatever place it comes, and is no fault of ours.
func TestHostileValues(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	ref := w.ask(1, "我妈妈没人照顾")
	for _, bad := range []string{"%00", "%FF", "%E2%80%AE", "'%22%3C"} {
		for _, path := range []string{"requests/" + bad, "requests/" + ref + "/files/" + bad, "stations/" + bad, "workers/" + bad, "workers?q=" + bad + "&station=" + bad,
			"audit?who=" + bad + "&object=" + bad, "posters?q=" + bad, "posters/print?place=" + bad, "times/" + bad,
			"times?category=" + bad, "times?station=" + bad, "times?worker_station=" + bad, "times?county=" + bad, "times?urgency=" + bad,
			"times/requests?clock=claim&part=stopped&category=" + bad, "staffing?category=" + bad, "coverage?in=" + bad, "coverage?table=" + bad,
			"map?z=" + bad + "&at=" + bad + "&here=" + bad, "audit?before=9223372036854775807"} {
			if a := b.get("/admin/" + path); a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%v", a)
			}
		}
	}
	for _, bad := range []string{"\x00", "\xff", "\u202e"} {
		for _, a := range []answer{b.post("/admin/requests/"+ref+"/category", "category", bad), b.post("/admin/requests/"+ref+"/station", "station", bad),
			b.post("/admin/requests/"+ref+"/block", "reason", bad, "note", bad), b.post("/admin/workers/w-440117-2-1/away", "from", bad, "stand_in", bad),
			b.post("/admin/accounts", "name", bad, "role", "supervisor", "sees", bad), b.post("/admin/accounts", "name", "x", "role", "supervisor", "sees", "station:"+bad),
			b.post("/admin/accounts/mei", "change", bad), b.post("/admin/me/sessions/x/end"), b.post("/admin/language", "language", bad),
			b.post("/admin/code", "code", bad), w.browser().login(bad, bad)} {
			if a.StatusCode >= http.StatusInternalServerError {
				t.Errorf("%v", a)
			}
		}
	}
}
