package admin_test

import (
	"net/http"
	"testing"
)

// TestAuditInWords: what a form said is on the page in the reader's words; what isn't ours, and hostile text, as it was sent.
func TestAuditInWords(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	b := w.as("mei", "administrator", "")
	hostile := "</td><script>alert(1)</script>"
	b.post("/admin/requests/"+ref+"/urgency", "urgency", "urgent", hostile, hostile, "category", "nothing_of_ours", "outcome", hostile).leadsTo("/admin/requests/" + ref)
	b.post("/admin/accounts", "name", "new", "role", "supervisor", "sees", "station:"+taiping).is(http.StatusOK)
	b.post("/admin/standards/health", "urgency", "normal", "claim", "2", "claim_unit", "days", "answer", "3", "answer_unit", "days", "resolve", "9", "resolve_unit", "days").leadsTo("/admin/standards/health")
	page := b.get("/admin/audit").is(http.StatusOK, "<li>Urgency: <bdi>Urgent</bdi></li>", "<li>Service: <bdi>nothing_of_ours</bdi></li>",
		"<li>&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;: <bdi>&lt;/td&gt;&lt;script&gt;alert(1)&lt;/script&gt;</bdi></li>",
		"<li>Role: <bdi>supervisor</bdi></li>", "<li>Sees: <bdi>Taiping Town Social Work Station, Conghua District (st-440117-2)</bdi></li>",
		"<li>Time to claim: <bdi>2 days</bdi></li>")
	page.lacks("<script>alert", "{&#34;", "_unit")
	b.Accept = "zh-HK"
	b.get("/admin/audit").is(http.StatusOK, "：<bdi>", "<bdi>2 日</bdi>").lacks("Urgency", "nothing: ")
	if rows := w.sheet(b.get("/admin/audit?format=csv")); rows[1][4] == "" || rows[1][4][0] != '{' {
		t.Errorf("the sheet has %q", rows[1])
	}
}
