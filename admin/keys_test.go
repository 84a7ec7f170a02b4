package admin_test

import (
	"errors"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"onedoor/intake"
)

// TestKeys: an administrator lets a system in, reads its key once, replaces it and switches it off; each is on record, and
// the record has no key.
func TestKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	made := b.post("/admin/keys", "name", " County  Hotline ", "county", "440117", "more", "on")
	made.is(http.StatusOK, "The key of", "County Hotline", "Conghua District", "also what others ask there", "mei")
	key := regexp.MustCompile(`od_[A-Z2-7]{26}`)
	first := key.FindString(made.body)
	system, err := w.intake.SystemByKey(t.Context(), first)
	if err != nil || system.Name != "County Hotline" || !system.SeesMore || *system.County != "440117" {
		t.Fatalf("the key is that of %+v, %v", system, err)
	}
	b.get("/admin/keys").is(http.StatusOK, "County Hotline", `<a href="/admin/keys" aria-current="page">`).lacks("od_")
	b.post("/admin/keys", "name", "County Hotline", "county", "all").is(http.StatusBadRequest, "taken")
	b.post("/admin/keys", "name", "x", "county", "nowhere").is(http.StatusBadRequest, "in one county")
	b.post("/admin/keys", "name", "x").is(http.StatusBadRequest, "in one county")
	b.post("/admin/keys", "name", strings.Repeat("x", 61), "county", "all").is(http.StatusBadRequest)

	second := key.FindString(b.post("/admin/keys/1", "change", "key").is(http.StatusOK, "County Hotline").body)
	opens := func(key string, want bool) {
		t.Helper()
		if _, err := w.intake.SystemByKey(t.Context(), key); (err == nil) != want || err != nil && !errors.Is(err, intake.ErrNotFound) {
			t.Errorf("a key opens: %v, want %t", err, want)
		}
	}
	opens(first, false)
	opens(second, true)
	b.post("/admin/keys/1", "change", "off").leadsTo("/admin/keys")
	opens(second, false)
	b.get("/admin/keys").is(http.StatusOK, "Switch on")
	b.post("/admin/keys/1", "change", "on").leadsTo("/admin/keys")
	opens(second, true)
	for path, status := range map[string]int{"/admin/keys/2": http.StatusNotFound, "/admin/keys/x": http.StatusNotFound} {
		b.post(path, "change", "off").is(status)
		b.post(path, "change", "key").is(status).lacks("od_")
	}
	b.post("/admin/keys/1", "change", "burn").is(http.StatusBadRequest)

	var rows []struct{ Action, Object, Detail string }
	w.must(w.db.Select(&rows, `SELECT action, object, detail::text AS detail FROM audit WHERE action LIKE '%/admin/keys%' ORDER BY id`))
	var said strings.Builder
	for _, row := range rows {
		said.WriteString(row.Object + " " + row.Detail + "\n")
	}
	if len(rows) != 4 || strings.Count(said.String(), "County Hotline {") != 4 || strings.Contains(said.String(), "od_") {
		t.Errorf("on record: %s", said.String())
	}
	b.get("/admin/audit").is(http.StatusOK, "made or changed another system&#39;s key").lacks("od_")
}

// TestKeysAreAdministrators: nobody else sees or makes keys.
func TestKeysAreAdministrators(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.as("boss", "administrator", "").post("/admin/keys", "name", "County Hotline", "county", "all").is(http.StatusOK)
	for name, role := range map[string]string{"li": "auditor", "wang": "supervisor"} {
		b := w.as(name, role, "")
		b.get("/admin/keys").is(http.StatusForbidden).lacks("County Hotline")
		b.post("/admin/keys", "name", "mine").is(http.StatusForbidden).lacks("od_")
		b.post("/admin/keys/1", "change", "key").is(http.StatusForbidden).lacks("od_")
		b.get("/admin/").lacks("/admin/keys")
	}
	w.browser().post("/admin/keys", "name", "mine").leadsTo("/admin/login?ended=1")
	strange := w.as("zhao", "administrator", "").form("/admin/keys", "name", "mine")
	strange.Header.Set("Sec-Fetch-Site", "cross-site")
	w.as("qian", "administrator", "").do(strange).is(http.StatusForbidden)
	var n int
	w.must(w.db.Get(&n, `SELECT count(*) FROM systems`))
	if n != 1 {
		t.Errorf("%d systems", n)
	}
}

// TestFiledRequest: a request's page says which system has filed it and who asks; there is no account to block.
func TestFiledRequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, key, err := w.intake.NewSystem(t.Context(), "<b>Hotline", "", false, "boss")
	w.must(err)
	system, err := w.intake.SystemByKey(t.Context(), key)
	w.must(err)
	ref, err := w.intake.FileFor(t.Context(), system, intake.Filing{Service: "health", Words: "<script>alert(1)</script>", Place: "440117111", Name: "Chen", Phone: "139 0000 0001"})
	w.must(err)
	b := w.as("mei", "administrator", "")
	b.get("/admin/requests/"+ref).is(http.StatusOK, "Filed by", "&lt;b&gt;Hotline · no chat: by phone only", "13900000001", "Chen", "&lt;script&gt;",
		"They have no chat: &lt;b&gt;Hotline reads this").
		lacks("<script>alert", ref+"/block", "has blocked the bot")
	b.post("/admin/requests/"+ref+"/block", "reason", "spam").is(http.StatusConflict)
}
