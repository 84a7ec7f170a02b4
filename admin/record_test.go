package admin_test

import (
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/intake"
)

// recorded is what is on record of an account, the oldest first, and whether with an address.
func (w *world) recorded(account string) (lines []string) {
	w.Helper()
	w.must(w.db.Select(&lines, `SELECT a.action || CASE WHEN o.address IS NULL THEN '' WHEN o.failed THEN ' failed from ' ELSE ' from ' END || coalesce(o.address, '')
		FROM audit a LEFT JOIN origins o ON o.record = a.id WHERE account = $1 ORDER BY a.id`, account))
	return lines
}

// TestLoginsAreOnRecord: who logs in, by whatever way, tries to and can't, is locked, chooses a password, ends a session or logs out, with
// where from; never with what was typed.
func TestLoginsAreOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	second := w.browser()
	second.login("mei", "a wrong secret").is(http.StatusUnauthorized)
	second.login("mei", secret).leadsTo("/admin/")
	b.post("/admin/me/sessions/" + value[string](w, `SELECT id FROM logins WHERE account = 'mei' ORDER BY begun_at DESC LIMIT 1`) + "/end").leadsTo("/admin/me")
	second.post("/admin/logout").leadsTo("/admin/login") // which was ended already: nobody logs out
	b.post("/admin/logout").leadsTo("/admin/login")
	b.post("/admin/logout").leadsTo("/admin/login")
	const from = " from 127.0.0.1"
	want := []string{"POST /admin/login" + from, "POST /admin/password" + from, "POST /admin/login/failed failed" + from, "POST /admin/login" + from,
		"POST /admin/me/sessions/{id}/end", "POST /admin/logout" + from}
	if got := w.recorded("mei"); !slices.Equal(got, want) {
		t.Errorf("on record is %q, want %q", got, want)
	}

	w.newAccount("li", "auditor", "")
	for range 7 {
		w.browser().login("li", "wrong wrong wrong").is(http.StatusUnauthorized)
	}
	want = slices.Concat(slices.Repeat([]string{"POST /admin/login/failed failed" + from}, 5), []string{"POST /admin/login/locked failed" + from})
	if got := w.recorded("li"); !slices.Equal(got, want) {
		t.Errorf("of one that is locked by the fifth is on record %q", got)
	}
	w.browser().login("my secret password", "mei").is(http.StatusUnauthorized)
	all := value[string](w, `SELECT string_agg(CAST(a AS text), ';') FROM audit a`)
	for _, typed := range []string{"secret", "wrong wrong", "horse"} {
		if strings.Contains(all, typed) {
			t.Errorf("%q is on record: %s", typed, all)
		}
	}
	w.as("zhu", "auditor", "").get("/admin/audit").is(http.StatusOK, "logged in by password", "a wrong password", "locked for a while", "logged out", "ended a session", "from 127.0.0.1")
}

// TestCodesAndLinksAreOnRecord: the same of one-time codes and of links from the bot, of which one that lets nobody in is its owner's try.
func TestCodesAndLinksAreOnRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.stop()
	b := w.as("mei", "supervisor", "")
	b.post("/admin/code", "code", "no code").is(http.StatusUnauthorized)
	b.enrol()
	const from = " from 127.0.0.1"
	if got := w.recorded("mei")[2:]; !slices.Equal(got, []string{"POST /admin/code/failed failed" + from, "POST /admin/code" + from}) {
		t.Errorf("of codes is on record %q", got)
	}

	link := w.link(901, lead)
	w.browser().post("/admin/enter", "link", link).leadsTo("/admin/")
	w.browser().post("/admin/enter", "link", link).is(http.StatusNotFound)
	w.browser().post("/admin/enter", "link", "forged").is(http.StatusNotFound)
	if got := w.recorded(lead); !slices.Equal(got, []string{"POST /admin/enter" + from, "POST /admin/enter/failed failed" + from}) {
		t.Errorf("of links is on record %q", got)
	}
}

// TestTriesDontSwellTheRecord: however many addresses a password is tried from, an hour's record of it has an end.
func TestTriesDontSwellTheRecord(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.newAccount("mei", "auditor", "")
	_, err := w.db.Exec(`INSERT INTO audit (account, action) SELECT 'mei', 'POST /admin/login/failed' FROM generate_series(1, 99)`)
	w.must(err)
	for range 3 {
		w.browser().login("mei", "wrong wrong wrong").is(http.StatusUnauthorized)
	}
	if n := len(w.recorded("mei")); n != 100 {
		t.Errorf("%d are on record", n)
	}
}

// redraw asks for a page as an open one does.
func (b *browser) redraw(path string) answer {
	b.w.Helper()
	r, err := http.NewRequestWithContext(b.w.Context(), http.MethodGet, b.w.server.URL+path, nil)
	b.w.must(err)
	r.Header.Set("Onedoor-Redraw", "1")
	return b.do(r)
}

// TestRedrawsAreNoLooks: what an open page asks for by itself is no look; but saying so hides none that isn't on record already: of another
// request, another session, another person, another page, or longer ago.
func TestRedrawsAreNoLooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	one, other := "/admin/requests/"+w.ask(1, "我妈妈没人照顾"), "/admin/requests/"+w.ask(2, "我爸爸没人照顾")
	b := w.as("mei", "administrator", "")
	elsewhere, li := w.like("mei", "an"), w.as("li", "auditor", "")
	again := w.browser()
	again.login("mei", secret).leadsTo("/admin/")
	looks := func() int {
		t.Helper()
		return value[int](w, `SELECT count(*) FROM audit WHERE action LIKE 'GET /admin/requests/{ref}%'`)
	}
	step := func(what string, more int, ask func(path string) answer, path string) {
		t.Helper()
		before := looks()
		ask(path).is(http.StatusOK)
		if n := looks() - before; n != more {
			t.Errorf("%s: %d looks are on record, want %d", what, n, more)
		}
	}
	step("who only says that it is a redraw", 1, b.redraw, one)
	step("a redraw", 0, b.redraw, one)
	step("another opening", 1, b.get, one)
	step("a redraw", 0, b.redraw, one)
	step("another request", 1, b.redraw, other)
	step("another session", 1, again.redraw, one)
	step("another account", 1, elsewhere.redraw, one)
	step("another person", 1, li.redraw, one)
	step("another page of it", 1, b.redraw, one+"/block")
	step("that page again", 1, b.redraw, one+"/block")

	_, err := w.db.Exec(`ALTER TABLE audit DISABLE TRIGGER audit_append_only; UPDATE audit SET at = at - interval '61 minutes'; ALTER TABLE audit ENABLE TRIGGER audit_append_only`)
	w.must(err)
	step("an hour later", 1, b.redraw, one)
	step("a redraw", 0, b.redraw, one)
}

// TestOpenPageIsOneLook: a page that changes while somebody has it open is on record once.
func TestOpenPageIsOneLook(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.window()
	b.logIn("administrator")
	b.goTo("/admin/requests/" + ref)
	for _, words := range []string{"first of all", "second to that", "third and last"} {
		w.act(1, intake.Said{Text: words})
		b.do(chromedp.WaitReady(`//*[@id="story"]//*[contains(., "` + words + `")]`))
	}
	if n := value[int](w, `SELECT count(*) FROM audit WHERE object = $1`, ref); n != 1 {
		t.Errorf("one opening is on record %d times", n)
	}
}
