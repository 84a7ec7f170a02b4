package admin_test

import (
	"context"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
	"onedoor/internal/filestore"
)

// keepFiles has copies kept of what is sent from now on. It returns what waits until so many are, or known not to be.
func (w *world) keepFiles(dir string) (settled func(n int)) {
	w.Helper()
	w.intake.Files, w.intake.File = filestore.New(dir), w.file
	jobs, err := w.intake.Jobs(w.Context(), w.intake.Log, w.db.URL(), testBot)
	w.must(err)
	ctx, cancel := context.WithCancel(w.Context())
	done := make(chan error, 1)
	go func() { done <- jobs.Run(ctx) }()
	w.Cleanup(func() {
		cancel()
		w.must(<-done)
	})
	return func(n int) {
		w.Helper()
		for deadline := time.Now().Add(30 * time.Second); ; time.Sleep(10 * time.Millisecond) {
			var now int
			w.must(w.db.Get(&now, `SELECT count(*) FROM attachments WHERE state <> 'waiting'`))
			if now == n {
				return
			}
			if time.Now().After(deadline) {
				w.Fatalf("%d of %d files are settled", now, n)
			}
		}
	}
}

// TestKeptFiles: pictures are shown on the request's page, all else can only be saved or played, and the copy is what comes:
// Telegram has it no more.
func TestKeptFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	dir := t.TempDir()
	settled := w.keepFiles(dir)
	ref, other := w.ask(1, "我妈妈没人照顾"), w.ask(2, "我爸爸没人照顾")
	w.files = map[string]string{"png": "\x89PNG\r\n\x1a\n", "gif": "GIF89a", "webp": "RIFF\x00\x00\x00\x00WEBPVP8 ", "jpeg": "\xff\xd8\xff\xe0",
		"html.jpg": "<html><script>alert(1)</script>", "picture.svg": `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`,
		"xml.svg": `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "setup.exe": "MZ\x90", "voice.oga": "OggS\x00",
		"large": strings.Repeat("a", 20<<20+1)}
	for file := range w.files {
		w.act(1, intake.Sent{Kind: "document", FileID: file, FileName: file})
	}
	w.act(1, intake.Sent{Kind: "photo", FileID: "png"})
	settled(11)
	sent := w.files
	w.files = nil
	b := w.as("mei", "supervisor", taiping)
	path := func(file string) string {
		var id string
		w.must(w.db.Get(&id, `SELECT min(id) FROM messages WHERE file_id = $1`, file))
		return "/admin/requests/" + ref + "/files/" + id
	}
	page := b.get("/admin/requests/"+ref).is(http.StatusOK, "Larger than 20 MB", "setup.exe · 1 kB")
	for file, want := range map[string][4]string{
		"png": {"shown", "image/png", "inline", ""}, "gif": {"shown", "image/gif", "inline", ""}, "webp": {"shown", "image/webp", "inline", ""}, "jpeg": {"shown", "image/jpeg", "inline", ""},
		"html.jpg": {"saved", "application/octet-stream", "attachment", ".jpg"}, "picture.svg": {"saved", "application/octet-stream", "attachment", ""},
		"xml.svg": {"saved", "application/octet-stream", "attachment", ""}, "setup.exe": {"saved", "application/octet-stream", "attachment", ""},
		"voice.oga": {"played", "audio/ogg", "inline", ".oga"}} {
		shown, saved := strings.Contains(page.body, `<img src="`+path(file)+`"`), strings.Contains(page.body, `<a href="`+path(file)+`" download`)
		if shown != (want[0] == "shown") || saved != (want[0] == "saved") {
			t.Errorf("%s is shown: %v, to be saved: %v; want it %s", file, shown, saved, want[0])
		}
		a := b.get(path(file)).is(http.StatusOK)
		name := ref + "-" + path(file)[strings.LastIndex(path(file), "/")+1:] + want[3]
		if a.Header.Get("Content-Type") != want[1] || a.Header.Get("Content-Disposition") != want[2]+"; filename="+name || a.body != sent[file] ||
			!strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "sandbox; default-src 'none'") || a.Header.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s came as %.40q with the headers %v", file, a.body, a.Header)
		}
	}
	page.lacks(path("large"))
	b.get(path("large")).is(http.StatusBadRequest, "Telegram no longer has this file")
	b.get(strings.Replace(path("png"), ref, other, 1)).is(http.StatusNotFound)
	for _, id := range []string{"0", "-1", "99999", "99999999999999999999", "1%20OR%201=1", "..%2f..%2fsecret"} {
		b.get("/admin/requests/" + ref + "/files/" + id).is(http.StatusNotFound)
	}
	w.as("li", "supervisor", another).get(path("png")).is(http.StatusNotFound)
	w.browser().get(path("png")).leadsTo("/admin/login")

	w.files = sent // and where the copy is on another machine
	w.intake.Files = filestore.New(filepath.Join(dir, "elsewhere"))
	if a := b.get(path("png")).is(http.StatusOK); a.body != sent["png"] {
		t.Errorf("without a copy it came as %q", a.body)
	}
}

// TestCallBack: a request's page has the number that its resident shared as their own.
func TestCallBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ref := w.ask(1, "我妈妈没人照顾")
	w.act(1, intake.Sent{Kind: "contact", Text: "Li 13900000002", Phone: "13900000002"})
	b := w.as("mei", "administrator", "")
	b.get("/admin/requests/" + ref).lacks("Call back")
	w.act(1, intake.Sent{Kind: "contact", Text: "Chen 13800000001", Phone: "+86 138-0000-0001", Own: true})
	b.get("/admin/requests/"+ref).is(http.StatusOK, "Call back", "8613800000001")
}
