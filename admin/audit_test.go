package admin_test

import (
	"net/http"
	"os"
	"regexp"
	"strings"
	"testing"
)

func TestAudit(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b, auditor, limited := w.as("mei", "administrator", ""), w.as("zhu", "auditor", ""), w.as("li", "supervisor", taiping)
	b.get("/admin/requests/" + ref).is(http.StatusOK)
	b.post("/admin/requests/"+ref+"/category", "category", "health").leadsTo("/admin/requests/" + ref)
	b.post("/admin/accounts", "name", "new\x00", "role", "auditor", "sees", "all").is(http.StatusBadRequest)
	auditor.post("/admin/requests/"+ref+"/category", "category", "education").is(http.StatusForbidden)
	limited.get("/admin/audit").is(http.StatusForbidden)

	page := auditor.get("/admin/audit?object="+strings.ToLower(ref)).is(http.StatusOK, "looked at a request", "set the service", "Service: <bdi>Health and sanitation</bdi>")
	page.lacks("education", "Basic education", "{&#34;", "照顾", secret)
	if n := strings.Count(page.body, "<td data-label=\"Account\">mei</td>"); n != 2 {
		t.Errorf("mei did %d things: %s", n, page.body)
	}
	if rows := w.sheet(b.get("/admin/audit?format=csv&who=mei")); len(rows) != 5 || rows[1][2] != "set the service" || rows[2][3] != ref || rows[4][5] != "127.0.0.1" {
		t.Errorf("the sheet has %q", rows)
	}
	b.get("/admin/audit?who=nobody").is(http.StatusOK, "There are none.")
	for _, query := range []string{"from=x", "to=x", "from=2026-03-02&to=2026-03-01"} {
		b.get("/admin/audit?" + query).is(http.StatusBadRequest)
	}
	for _, statement := range []string{`DELETE FROM audit`, `UPDATE audit SET account = 'x'`, `TRUNCATE audit CASCADE`} {
		if _, err := w.db.Exec(statement); err == nil {
			t.Errorf("%s changed the record", statement)
		}
	}
}

// auditKeys are what follows "audit_" in the catalogue for each route that is put on record.
func auditKeys(t *testing.T) (keys []string) {
	t.Helper()
	source, err := os.ReadFile("admin.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, route := range regexp.MustCompile(`mux\.Handle\("POST /admin/([^"]*)", a\.(?:entered|account|administrator)\(`).FindAllStringSubmatch(string(source), -1) {
		words := []string{"post"}
		for part := range strings.SplitSeq(route[1], "/") {
			if !strings.HasPrefix(part, "{") {
				words = append(words, part)
			}
		}
		keys = append(keys, strings.Join(words, "_"))
	}
	return append(keys, "post_login", "post_login_failed", "post_login_locked", "post_code", "post_code_failed", "post_code_locked", "post_enter", "post_enter_failed",
		"post_logout", "post_password", "get_requests", "get_requests_files", "get_requests_block",
		"get_listed", "get_stations_listed", "get_requests_listed", "get_times_requests_listed", "get_map_listed", "get_troubles_listed")
}
