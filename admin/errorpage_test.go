package admin_test

import (
	"net/http"
	"testing"
)

// TestErrorsKeepTheMenu: whoever is logged in is told what is wrong on a page from which they can go on; others are shown no menu.
func TestErrorsKeepTheMenu(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	path := "/admin/requests/" + ref
	b, auditor := w.as("mei", "supervisor", ""), w.as("zhu", "auditor", "")
	b.post(path+"/block", "reason", "abuse").leadsTo(path)
	_, err := w.db.Exec(`ALTER TABLE absences RENAME TO gone`)
	w.must(err)
	const menu, mine, out = `<nav aria-label="Pages">`, `<a href="/admin/me">`, `action="/admin/logout"`
	for _, c := range []struct {
		answer answer
		status int
		words  string
	}{
		{b.get("/admin/nowhere"), http.StatusNotFound, "There is nothing here"},
		{b.get("/admin/requests/AAAAAA"), http.StatusNotFound, `<a href="/admin/requests" aria-current="true">`},
		{b.get("/admin/accounts"), http.StatusForbidden, "may not do that"},
		{auditor.post(path+"/note", "text", "x"), http.StatusForbidden, "may look but not change"},
		{b.get("/admin/times?from=x"), http.StatusBadRequest, `<a href="/admin/times" aria-current="page">`},
		{b.post(path+"/block", "reason", "abuse"), http.StatusConflict, `href="/admin/map"`},
		{b.get("/admin/workers/" + first), http.StatusInternalServerError, `href="/admin/directory"`},
	} {
		c.answer.is(c.status, menu, mine, out, c.words)
	}
	w.browser().get("/admin/nowhere").is(http.StatusNotFound).lacks("<nav", "/admin/me", "/admin/logout")
}
