package admin_test

import (
	"bytes"
	"errors"
	"image"
	"image/png"
	"io"
	"mime/multipart"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"

	"onedoor/intake"
)

const (
	pngHead = "\x89PNG\r\n\x1a\n" // what a picture begins with
	tooMuch = "The file is too large"
)

// enclosing is the posting of an answer's form with a file, behind pairs of names and values, as browsers send it.
func (b *browser) enclosing(path, name, content string, pairs ...string) answer {
	b.w.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for i := 0; i < len(pairs); i += 2 {
		b.w.must(form.WriteField(pairs[i], pairs[i+1]))
	}
	part, err := form.CreateFormFile("file", name)
	b.w.must(err)
	_, err = io.WriteString(part, content)
	b.w.must(err)
	b.w.must(form.Close())
	r := b.form(path + "/answer")
	r.Header.Set("Content-Type", form.FormDataContentType())
	r.Body, r.ContentLength = io.NopCloser(&body), int64(body.Len())
	return b.do(r)
}

// enclosed is what was said with a file, the last: as what kind, and with which words.
func (w *world) enclosed() (kind, words string) {
	w.Helper()
	row := value[string](w, `SELECT kind || ' ' || text FROM messages WHERE author = 'supervisor' ORDER BY id DESC LIMIT 1`)
	kind, words, _ = strings.Cut(row, " ")
	return kind, words
}

// TestAnswerWithAFile: what a file is, its content says; with or without words beside it. The page shows it like any other, before it is
// sent too, and the record says that there was one.
func TestAnswerWithAFile(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	settled := w.keepFiles(t.TempDir())
	b := w.as("mei", "supervisor", taiping)
	b.get(path).is(http.StatusOK, `enctype="multipart/form-data"`, "File to send with it")
	for i, c := range []struct{ name, content, words, kind, header string }{
		{"plan.exe", pngHead, "Where to go\r\nat ten", "photo", "image/png"},
		{"a.png", "\xff\xd8\xff\xe0", "", "photo", "image/jpeg"},
		{"hello.txt", "OggS\x00", "listen", "voice", "audio/ogg"},
		{"song.ogg", "ID3", "", "voice", "audio/mpeg"},
		{"form.pdf", "%PDF-1.7", "", "document", "application/octet-stream"},
		{"a.jpg", "<html><script>alert(1)</script>", "", "document", "application/octet-stream"},
		{"a.svg", `<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>`, "", "document", "application/octet-stream"},
		{"..\\..\\<i>holiday\u202egpj\".jpg", "GIF89a", "", "document", "image/gif"},
	} {
		b.enclosing(path, c.name, c.content, "seen", "0", "text", c.words).leadsTo(path)
		if kind, words := w.enclosed(); kind != c.kind || words != strings.ReplaceAll(c.words, "\r", "") {
			t.Errorf("%q is a %s with the words %q, want a %s", c.name, kind, words, c.kind)
		}
		file := path + "/files/" + value[string](w, `SELECT max(id)::text FROM messages`)
		for range 2 { // as it waits, and as it is kept
			if a := b.get(file).is(http.StatusOK); a.body != c.content || a.Header.Get("Content-Type") != c.header || !strings.HasPrefix(a.Header.Get("Content-Security-Policy"), "sandbox;") {
				t.Errorf("%q comes as %q with %v", c.name, a.body, a.Header)
			}
			settled(i + 1)
		}
		b.get(path).is(http.StatusOK, file)
	}
	if names := value[string](w, `SELECT string_agg(name, '|' ORDER BY message_id) FROM attachments`); names != "plan.exe|a.png|hello.txt|song.ogg|form.pdf|a.jpg|a.svg|<i>holidaygpj\".jpg" {
		t.Errorf("the files are called %q", names)
	}
	if n := w.told(1, "worker_said"); n != 8 {
		t.Errorf("the resident is told %d times", n)
	}
	page := b.get(path).is(http.StatusOK, `<img src="`)
	page.is(http.StatusOK, "&lt;i&gt;holidaygpj&#34;.jpg").lacks("<i>holiday", "\u202e")
	if detail := value[string](w, `SELECT string_agg(DISTINCT detail::text, '') FROM audit WHERE action LIKE 'POST%/answer'`); detail != `{"file": "yes"}` {
		t.Errorf("on record is %s", detail)
	}
	boss := w.as("li", "administrator", "")
	boss.get("/admin/audit?object="+ref).is(http.StatusOK, "File to send with it")
	b.post(path+"/takeback", "message", value[string](w, `SELECT max(id)::text FROM messages`)).leadsTo(path)
	if n := w.told(1, "worker_said"); n != 7 {
		t.Errorf("taken back, it is told %d times", n)
	}
}

// TestFilesThatAreRefused: nothing is said, what was typed comes back, and a sentence says what to do.
func TestFilesThatAreRefused(t *testing.T) {
	t.Parallel()
	w, _, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	large := strings.Repeat("a", 20<<20)
	for _, c := range []struct {
		name, content, words, want string
		status                     int
	}{
		{"a.txt", "", "See you at <ten>", "The file is empty", http.StatusBadRequest},
		{"a.txt", large + "a", "See you at <ten>", tooMuch, http.StatusBadRequest},
		{"a.txt", large + large + large, "See you at <ten>", tooMuch, http.StatusBadRequest},
		{"a.txt", pngHead + large[:10<<20], "See you at <ten>", tooMuch, http.StatusBadRequest},
		{"a.txt", "x", "See you at <ten>" + strings.Repeat("門", 890), "room for 900 characters", http.StatusBadRequest},
		{"a.txt", "x", "See you at <ten>" + strings.Repeat("門", 3000), "not more than the field takes", http.StatusBadRequest},
	} {
		a := b.enclosing(path, c.name, c.content, "text", c.words).is(c.status, c.want, "See you at &lt;ten&gt;", "Choose the file once more")
		if strings.Contains(a.body, "See you at <ten>") {
			t.Error("what was typed comes back as HTML")
		}
	}
	b.enclosing(path, "", "").is(http.StatusBadRequest, "Please write something").lacks("Choose the file once more")
	if n := value[int](w, `SELECT count(*) FROM messages WHERE author = 'supervisor'`) + value[int](w, `SELECT count(*) FROM audit WHERE action LIKE 'POST%/answer'`); n != 0 {
		t.Errorf("%d things are said, or on record as done", n)
	}
	b.enclosing(path, "a.txt", large, "text", strings.Repeat("門", 900)).leadsTo(path)
	b.enclosing(path, "a.txt", pngHead+large[:10<<20-len(pngHead)]).leadsTo(path)
	b.enclosing(path, "", "", "text", "words alone").leadsTo(path)
	if kind, words := w.enclosed(); kind != "text" || words != "words alone" {
		t.Errorf("without a file it is a %s: %q", kind, words)
	}
}

// TestSameFormTwice: the second press of a form finds that somebody has answered: the resident has the file once.
func TestSameFormTwice(t *testing.T) {
	t.Parallel()
	w, _, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	seen := b.get(path).seen("answer")
	b.enclosing(path, "a.png", pngHead, "seen", seen, "text", "the plan").leadsTo(path)
	b.enclosing(path, "a.png", pngHead, "seen", seen, "text", "the plan").is(http.StatusConflict, "Somebody else was quicker", "the plan</textarea>", "Choose the file once more")
	if n := w.told(1, "worker_said"); n != 1 {
		t.Errorf("the resident is told %d times", n)
	}
}

// TestFilesNeedRights: who may not answer sends no file, and reads none; of who sees nothing of a request, none is read.
func TestFilesNeedRights(t *testing.T) {
	t.Parallel()
	w, _, path := staffed(t)
	mei := w.as("mei", "supervisor", taiping)
	mei.enclosing(path, "a.png", pngHead, "text", "the plan").leadsTo(path)
	file := path + "/files/" + value[string](w, `SELECT max(id)::text FROM messages`)
	other, auditor := w.as("li", "supervisor", another), w.as("wang", "auditor", "")
	for _, c := range []struct {
		b      *browser
		status int
	}{{other, http.StatusNotFound}, {auditor, http.StatusForbidden}, {w.browser(), http.StatusSeeOther}} {
		c.b.enclosing(path, "a.png", pngHead).is(c.status)
	}
	other.get(file).is(http.StatusNotFound)
	w.browser().get(file).leadsTo("/admin/login")
	auditor.get(file).is(http.StatusOK)
	if n := value[int](w, `SELECT count(*) FROM messages WHERE author = 'supervisor'`); n != 1 {
		t.Errorf("%d files are sent", n)
	}
	for who, b := range map[string]*browser{"a stranger": w.browser(), "another station's": other, "an auditor": auditor} {
		if sent := b.endlessly(path + "/answer"); sent > 4<<20 {
			t.Errorf("of %s %d MB are read", who, sent>>20)
		}
	}
	if sent := mei.endlessly(path + "/answer"); sent > 80<<20 {
		t.Errorf("of a file without end %d MB are read", sent>>20)
	}
}

// TestOddForms: parts without a name, without an end, by the thousand, or a file where words belong, are no fault of ours.
func TestOddForms(t *testing.T) {
	t.Parallel()
	w, _, path := staffed(t)
	b := w.as("mei", "supervisor", taiping)
	const part = "--b\r\nContent-Disposition: form-data; "
	for what, body := range map[string]string{
		"nothing":     "",
		"no end":      part + "name=\"file\"; filename=\"x\"\r\n\r\nxyz",
		"no name":     part + "\r\n\r\nx\r\n--b--\r\n",
		"words twice": part + "name=\"file\"\r\n\r\nx\r\n--b--\r\n",
		"a NUL":       part + "name=\"file\"; filename=\"x\x00\"\r\n\r\nx\r\n--b--\r\n",
		"many":        strings.Repeat(part+"name=\"x\"\r\n\r\ny\r\n", 1000) + "--b--\r\n",
		"long words":  part + "name=\"text\"\r\n\r\n" + strings.Repeat("x", 2<<20) + "\r\n--b--\r\n",
	} {
		r := b.form(path + "/answer")
		r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
		r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
		if a := b.do(r); a.StatusCode != http.StatusBadRequest {
			t.Errorf("%s: %v", what, a)
		}
	}
	r := b.form(path + "/answer")
	r.Header.Set("Content-Type", "multipart/form-data")
	b.do(r).is(http.StatusBadRequest)
	if n := value[int](w, `SELECT count(*) FROM messages WHERE author = 'supervisor'`); n != 0 {
		t.Errorf("%d things are said", n)
	}
}

// TestNoFileToSystems: who had another system file a request has no chat in which a file could come; words go to the system.
func TestNoFileToSystems(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, key, err := w.intake.NewSystem(t.Context(), "Hotline", "", false, "boss")
	w.must(err)
	system, err := w.intake.SystemByKey(t.Context(), key)
	w.must(err)
	ref, err := w.intake.FileFor(t.Context(), system, intake.Filing{Service: "health", Words: "没人照顾我妈妈", Place: "440117111", Name: "Chen"})
	w.must(err)
	b, path := w.as("mei", "administrator", ""), "/admin/requests/"+ref
	b.get(path).is(http.StatusOK, `id="answer"`).lacks(`type="file"`)
	b.enclosing(path, "a.png", pngHead, "text", "the plan").is(http.StatusConflict, "Send words alone", "the plan</textarea>")
	b.enclosing(path, "", "", "text", "the plan").leadsTo(path)
}

// TestEnclosedInABrowser: a file is chosen and sent; a page that is drawn anew meanwhile leaves the choice alone; one that is refused leaves
// the words, and both pages are for everybody.
func TestEnclosedInABrowser(t *testing.T) {
	t.Parallel()
	w, ref, path := staffed(t)
	w.keepFiles(t.TempDir())
	var picture bytes.Buffer
	w.must(png.Encode(&picture, image.NewGray(image.Rect(0, 0, 40, 30))))
	plan, empty := filepath.Join(t.TempDir(), "plan.png"), filepath.Join(t.TempDir(), "empty.txt")
	w.must(errors.Join(os.WriteFile(plan, picture.Bytes(), 0o600), os.WriteFile(empty, nil, 0o600)))
	b := w.window()
	b.logIn("administrator")
	b.goTo(path)
	const send = `//form[.//input[@type="file"]]//button`
	b.do(chromedp.SendKeys("#answer", "Come by this door"), chromedp.SetUploadFiles("input[type=file]", []string{plan}))
	w.must(w.intake.Note(t.Context(), intake.Supervisor{Name: "mei", Sight: intake.Sight{All: true}}, ref, "The door has steps"))
	b.do(chromedp.WaitReady(`//*[@id="story"]//blockquote[contains(., "The door has steps")]`))
	if n := script[int](b, `document.querySelector("input[type=file]").files.length`); n != 1 {
		t.Errorf("%d files are chosen once the page was drawn anew", n)
	}
	b.do(chromedp.Click(send), chromedp.WaitReady(`#story .picture img`), chromedp.WaitVisible(`//*[@id="story"]//blockquote[contains(., "Come by this door")]`))
	b.do(chromedp.SendKeys("#answer", "The form"), chromedp.SetUploadFiles("input[type=file]", []string{empty}), chromedp.Click(send), chromedp.WaitVisible("[role=alert]"))
	if words := script[string](b, `document.querySelector("#answer").value`); words != "The form" {
		t.Errorf("the words that come back are %q", words)
	}
	for _, d := range dresses() {
		b.wear(d)
		b.check("a file that was refused", d)
	}
}
