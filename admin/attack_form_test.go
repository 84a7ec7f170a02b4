package admin_test

import (
	"bytes"
	"io"
	"strings"
	"testing"
)

// endless is a file that is sent as long as somebody reads it, at most so many bytes, and counts them.
type endless struct{ sent, most int }

func (e *endless) Read(p []byte) (int, error) {
	if e.sent >= e.most {
		return 0, io.EOF
	}
	e.sent += len(p)
	return copy(p, bytes.Repeat([]byte("x"), len(p))), nil
}

// TestStrangersSendNoFiles: a form that can have no file is bounded even where it says that it has some: nobody fills the disk. What is
// to be imported is read of nobody who isn't logged in.
func TestStrangersSendNoFiles(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	mei := w.as("mei", "administrator", "")
	for path, b := range map[string]*browser{"/admin/login": w.browser(), "/admin/enter": w.browser(), "/admin/language": w.browser(),
		"/admin/directory/workers/import": w.browser(), "/admin/accounts/mei": mei, "/admin/directory/workers/new": mei, "/admin/password": mei} {
		if sent := b.endlessly(path); sent > 16<<20 {
			t.Errorf("%s reads %d MB", path, sent>>20)
		}
	}
}

// endlessly sends a form with a file without end, and returns how many bytes of it were read, at most 128 MB.
func (b *browser) endlessly(path string) int {
	b.w.Helper()
	file := &endless{most: 128 << 20}
	r := b.form(path)
	r.Header.Set("Content-Type", "multipart/form-data; boundary=b")
	r.Body, r.ContentLength = io.NopCloser(io.MultiReader(strings.NewReader("--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"x\"\r\n\r\n"), file)), -1
	if answer, err := b.Do(r); err == nil { // else it was ended before all was sent
		answer.Body.Close()
	}
	return file.sent
}
