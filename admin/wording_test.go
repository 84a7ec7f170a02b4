package admin_test

import (
	"net/http"
	"testing"
)

// TestWordings: an administrator words what the bot says anew, and has the original back; others only read.
func TestWordings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	b.get("/admin/texts?q=taken+on&in=en").is(http.StatusOK, "/admin/texts/en/")
	path := "/admin/texts/en/claimed_by"
	b.get(path).is(http.StatusOK, "{{.Worker}}", "has taken on your request")
	b.post(path, "text", "<b>{{.Worker}}</b> cares for {{.Ref}}").leadsTo(path)
	if got := w.texts.Say("en", "claimed_by", map[string]any{"Worker": "Li", "Ref": "K7"}); got != "<b>Li</b> cares for K7" {
		t.Errorf("the bot says %q", got)
	}
	b.get("/admin/texts?changed=1&in=en").is(http.StatusOK, "&lt;b&gt;{{.Worker}}").lacks("<b>{{")
	b.get("/admin/texts?changed=1&in=en&format=csv").is(http.StatusOK, "en,claimed_by,")
	b.post(path, "text", "nobody").is(http.StatusBadRequest, "not saved", "nobody")
	b.post(path, "text", "  ").is(http.StatusBadRequest, "not saved")
	b.post(path, "text", "x", "restore", "1").leadsTo(path)
	if got := w.texts.Say("en", "claimed_by", map[string]any{"Worker": "Li", "Ref": "K7"}); got != "Li has taken on your request K7 and will write to you here." {
		t.Errorf("restored, the bot says %q", got)
	}
	var recorded int
	w.must(w.db.Get(&recorded, `SELECT count(*) FROM audit WHERE object = 'claimed_by'`))
	if recorded != 2 {
		t.Errorf("%d changes are on record, want the two that were made", recorded)
	}
	for _, unknown := range []string{"/admin/texts/en/button_confirm", "/admin/texts/xx/claimed_by", "/admin/texts/en/nothing"} {
		b.get(unknown).is(http.StatusNotFound)
		b.post(unknown, "text", "x").is(http.StatusNotFound)
	}
	reader := w.as("mei", "supervisor", taiping)
	reader.get(path).is(http.StatusOK).lacks("<textarea")
	reader.post(path, "text", "{{.Worker}} {{.Ref}}").is(http.StatusForbidden)
}
