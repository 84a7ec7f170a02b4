package admin_test

import (
	"net/http"
	"strings"
	"testing"
)

// blocked tells whether a chat's account is blocked.
func (w *world) blocked(chat int64) (yes bool) {
	w.Helper()
	w.must(w.db.Get(&yes, `SELECT blocked_at IS NOT NULL FROM chats WHERE id = $1`, chat))
	return yes
}

// TestBlocking: who may block an account and who may not, and what is recorded.
func TestBlocking(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	path := "/admin/requests/" + ref
	own, foreign := w.as("mei", "supervisor", taiping), w.as("fang", "supervisor", another)
	auditor, root := w.as("zhang", "auditor", ""), w.as("root", "administrator", "")

	auditor.get(path+"/block").is(http.StatusOK, "Block this account").lacks("<input name=\"reason\"")
	auditor.post(path+"/block", "reason", "because").is(http.StatusForbidden)
	foreign.get(path + "/block").is(http.StatusNotFound)
	foreign.post(path+"/block", "reason", "because").is(http.StatusNotFound)
	own.get(path+"/block").is(http.StatusOK, "Reason")
	own.post(path+"/block", "reason", " ").is(http.StatusBadRequest, "give a reason")
	own.post(path+"/block", "reason", strings.Repeat("x", 501)).is(http.StatusBadRequest, "give a reason")
	w.browser().post(path+"/block", "reason", "because").leadsTo("/admin/login?ended=1")
	if w.blocked(1) {
		t.Fatal("whoever may not has blocked the account")
	}
	own.post(path+"/block", "reason", "insults <b>everybody</b>").leadsTo(path)
	own.post(path+"/block", "reason", "again").is(http.StatusConflict)
	own.get(path).is(http.StatusOK, "blocked")
	auditor.get(path+"/block").is(http.StatusOK, "mei has blocked it", "insults &lt;b&gt;everybody&lt;/b&gt;").lacks("unblock\"")
	auditor.post(path + "/unblock").is(http.StatusForbidden)
	foreign.post(path + "/unblock").is(http.StatusNotFound)
	if !w.blocked(1) {
		t.Fatal("whoever may not has lifted the block")
	}
	root.post(path + "/unblock").leadsTo(path)
	root.post(path + "/unblock").is(http.StatusConflict)
	root.get(path+"/block").is(http.StatusOK, "mei has blocked it", "root has lifted the block")
	for _, statement := range []string{`UPDATE blocks SET reason = 'none'`, `DELETE FROM blocks`, `TRUNCATE blocks`} {
		if _, err := w.db.Exec(statement); err == nil {
			t.Errorf("the record lets somebody %s", statement)
		}
	}
}

// TestBlockingNoWorker: a worker is dismissed, not blocked; and a request that waits for triage is for those who see all.
func TestBlockingNoWorker(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.join(900, "w-440117-2-1")
	w.press(900, "new", "", "")
	ref := w.ask(900, "我妈妈没人照顾")
	w.as("root", "administrator", "").post("/admin/requests/"+ref+"/block", "reason", "because").is(http.StatusConflict)
	if w.blocked(900) {
		t.Error("a worker's account is blocked")
	}
}
