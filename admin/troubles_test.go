package admin_test

import (
	"errors"
	"fmt"
	"html"
	"net/http"
	"strings"
	"testing"

	"onedoor/intake"
)

// setAside is a trouble with an update that has these words; it returns the path of what can be done to it.
func (w *world) setAside(chat int64, words string) string {
	w.Helper()
	w.update++
	u := intake.Update{Bot: testBot, ID: w.update, Chat: chat, MessageID: w.update, Language: "en", Act: intake.Said{Text: words}}
	w.must(w.intake.SetAside(w.Context(), u, fmt.Sprintf(`{"update_id":%d,"message":{"text":%q}}`, w.update, words), errors.New("it "+words+" broke")))
	var id int64
	w.must(w.db.Get(&id, `SELECT id FROM troubles WHERE update_id = $1`, w.update))
	return fmt.Sprintf("/admin/troubles/%d", id)
}

// troubleEvents are what became of the troubles: kind and account.
func (w *world) troubleEvents() string {
	w.Helper()
	var all []string
	w.must(w.db.Select(&all, `SELECT concat_ws(' ', kind, nullif(account, '')) FROM trouble_events ORDER BY id`))
	return strings.Join(all, ", ")
}

func TestTroubles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", "")
	b.get("/admin/troubles").is(http.StatusOK, "No troubles")
	path := w.setAside(1, "my roof leaks")
	page := b.get("/admin/troubles").is(http.StatusOK, "my roof leaks", `action="`+path+`/again"`, `action="`+path+`/close"`, "/admin/requests/")
	if !strings.Contains(page.text(), "Troubles 1") || !strings.Contains(page.text(), "Bot @onedoor_test_bot, chat 1") {
		t.Errorf("the page says: %s", page.text())
	}
	if board := b.get("/admin/").text(); !strings.Contains(board, "Troubles 1") || !strings.Contains(board, "my roof leaks") {
		t.Errorf("the board says: %s", board)
	}
	b.post(path + "/again").leadsTo("/admin/troubles")
	b.get("/admin/troubles").is(http.StatusOK, "It is being tried again", "mei: try again").lacks(path + "/again")
	b.post(path + "/again").is(http.StatusConflict)
	b.post(path + "/close").leadsTo("/admin/troubles")
	b.post(path + "/close").is(http.StatusConflict)
	b.post(path + "/again").is(http.StatusConflict)
	b.get("/admin/troubles").is(http.StatusOK, "No troubles")
	if got := w.troubleEvents(); got != "set_aside, again mei, closed mei" {
		t.Errorf("recorded: %s", got)
	}
	for _, id := range []string{"0", "999", "-1", "x", "99999999999999999999", "%00"} {
		b.post("/admin/troubles/" + id + "/again").is(http.StatusNotFound)
		b.post("/admin/troubles/" + id + "/close").is(http.StatusNotFound)
	}
}

// Raw JSON has residents' words of all stations.
func TestTroublesAreForThoseWhoSeeAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	path := w.setAside(1, "my roof leaks")
	w.browser().get("/admin/troubles").leadsTo("/admin/login")
	w.browser().post(path + "/close").leadsTo("/admin/login?ended=1")
	limited := w.as("li", "supervisor", taiping)
	limited.get("/admin/").is(http.StatusOK).lacks("Troubles", "roof")
	limited.get("/admin/troubles").is(http.StatusNotFound).lacks("roof")
	limited.post(path + "/again").is(http.StatusNotFound)
	limited.post(path + "/close").is(http.StatusNotFound)
	auditor := w.as("wang", "auditor", "")
	auditor.get("/admin/troubles").is(http.StatusOK, "roof").lacks("<form method=\"post\" action=\"/admin/troubles")
	auditor.post(path + "/again").is(http.StatusForbidden)
	auditor.post(path + "/close").is(http.StatusForbidden)
	b := w.as("mei", "administrator", "")
	for _, deed := range []string{"/again", "/close"} {
		r := b.form(path + deed)
		r.Header.Set("Sec-Fetch-Site", "cross-site")
		b.do(r).is(http.StatusForbidden)
		b.get(path + deed).is(http.StatusNotFound)
	}
	if got := w.troubleEvents(); got != "set_aside" {
		t.Errorf("recorded: %s", got)
	}
}

func TestHostileTroublesAreText(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const hostile = `</pre></details><script>alert(1)</script><img src=x onerror=alert(1)>{{.T "login"}}`
	w.setAside(1, hostile+"\u202e")
	a := w.as("mei", "administrator", "").get("/admin/troubles").is(http.StatusOK)
	a.lacks("<script>alert", "<img", "\u202e")
	if said := html.UnescapeString(a.body); !strings.Contains(said, "it "+hostile+" broke") || !strings.Contains(said, `<img src=x onerror=alert(1)>{{.T \"login\"}}`) {
		t.Errorf("the page doesn't say what came: %s", said)
	}
}

func TestTroublesAreLive(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	lines, end := b.stream()
	defer end()
	w.change(lines)
	w.quiet(lines)
	path := w.setAside(0, "") // without a chat it changes no request
	w.change(lines)
	w.quiet(lines)
	b.post(path + "/close").leadsTo("/admin/troubles")
	w.change(lines)
}

func TestTroublesInBothLanguages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.ask(1, "我妈妈没人照顾")
	w.setAside(1, "roof")
	_, err := w.db.Exec(`
		INSERT INTO troubles (bot_id, at, kind, cause, notice_id, error) SELECT bot_id, now(), 'notice', c, id, 'no'
			FROM notices, unnest(ARRAY['refused', 'failed']) WITH ORDINALITY AS x (c, n) WHERE notices.id = x.n;
		INSERT INTO troubles (bot_id, at, kind, cause, update_id, error) VALUES (4242, now(), 'update', 'unreadable', 99999, 'no');
		INSERT INTO troubles (bot_id, at, kind, request_id, error, state, tries) SELECT 4242, now(), 'job', id, 'no', 'again', 3 FROM requests LIMIT 1;
		INSERT INTO trouble_events (trouble_id, at, kind, account)
			SELECT max(id), now(), k, CASE WHEN k IN ('again', 'closed') THEN 'mei' ELSE '' END
			FROM troubles, unnest(ARRAY['again', 'failed', 'solved', 'closed']) AS k GROUP BY k`)
	w.must(err)
	b := w.as("mei", "administrator", "")
	for lang, words := range map[string][]string{"en": {"Failed again: 3", "chat not known", "refuses to deliver"}, "zh-CN": {"故障", "又失败了 3 次", "对话不明", "读不懂"}} {
		b.Accept = lang
		text := b.get("/admin/troubles").is(http.StatusOK).text()
		for _, word := range words {
			if !strings.Contains(text, word) {
				t.Errorf("the page in %s lacks %q: %s", lang, word, text)
			}
		}
		if found := looksLikeKey.FindAllString(strings.NewReplacer("update_id", "", "created_at", "", "next_action", "", "ask_place", "", "onedoor_test_bot", "").Replace(text), -1); len(found) > 0 {
			t.Errorf("in %s it shows %q", lang, found)
		}
	}
}
