package admin_test

import (
	"net/http"
	"testing"
)

// TestReplyIsReadBeforeItIsKept: the form of a reply at hand shows how a resident reads it, with its blanks filled in, before and after it is saved; nothing is
// written by looking.
func TestReplyIsReadBeforeItIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("boss", "administrator", "")
	b.Accept = "en"
	text := "Hello, I am {worker} of {station}, {phone}. Your number is {ref}. <b>Bye</b>"
	fields := []string{"station", taiping, "language", "en", "title", "Hello", "text", text, "active", "yes"}
	reads := ">Hello, I am Chen Meiling of Taiping"
	a := b.post("/admin/directory/replies/new", append(fields, "look", "1")...).is(http.StatusOK, "What the resident reads", reads, "Your number is K7M2P9. &lt;b&gt;Bye&lt;/b&gt;</blockquote>", `value="Hello"`)
	a.lacks("<b>Bye")
	if n := value[int](w, `SELECT count(*) FROM canned_replies WHERE title = 'Hello'`); n != 0 {
		t.Fatalf("looking at a reply made %d", n)
	}
	b.post("/admin/directory/replies/new", fields...).leadsTo("/admin/replies")
	id := value[string](w, `SELECT id::text FROM canned_replies WHERE title = 'Hello'`)
	b.get("/admin/replies/"+id+"/edit").is(http.StatusOK, reads)
	w.as("ann", "auditor", "").get("/admin/replies/"+id+"/edit").is(http.StatusOK, "Chen Meiling", "Taiping")
	b.post("/admin/directory/replies/records/"+id, append(fields, "was", "{}", "text", "{nobody}", "look", "1")...).is(http.StatusOK)
	b.post("/admin/directory/replies/new", "language", "zh-HK", "title", "X", "text", "我係{worker}", "look", "1").is(http.StatusOK, `lang="zh-Hant-HK">我係陳美玲</blockquote>`)
	b.post("/admin/directory/replies/new", "station", taiping, "language", "zh-HK", "title", "X", "text", "我係{station}嘅", "look", "1").is(http.StatusOK, "從化區太平鎮社會工作服務站嘅")
	b.post("/admin/directory/replies/new", "language", "en", "title", "X", "text", "{nobody}", "look", "1").is(http.StatusOK).lacks("What the resident reads")
}
