package admin_test

import (
	"compress/gzip"
	"io"
	"net/http"
	"strings"
	"testing"
)

func TestPagesArePacked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "administrator", "")
	link := w.link(901, lead)
	fetch := func(method, path, accept string) answer {
		r, err := http.NewRequestWithContext(t.Context(), method, w.server.URL+path, nil)
		w.must(err)
		r.Header.Set("Accept-Encoding", accept)
		r.Header.Set("Sec-Fetch-Site", "same-origin")
		return b.do(r)
	}
	for path, is := range map[string]bool{"/admin/workers": true, "/admin/static/admin.css": true, "/admin/times/trend.svg": true, "/admin/audit?format=csv": true,
		"/admin/enter?link=" + link: false, "/admin/code": false} {
		plain, small := fetch(http.MethodGet, path, "identity"), fetch(http.MethodGet, path, "gzip")
		if got := small.Header.Get("Content-Encoding") == "gzip"; got != is || plain.Header.Get("Content-Encoding") != "" {
			t.Errorf("%s is packed: %t, want %t", path, got, is)
		}
		if !is {
			continue
		}
		text, err := gzip.NewReader(strings.NewReader(small.body))
		w.must(err)
		all, err := io.ReadAll(text)
		if err != nil || string(all) != plain.body || small.Header.Get("Vary") == "" {
			t.Errorf("%s: %v; packed it has %d bytes, and %d as it is", path, err, len(all), len(plain.body))
		}
	}
	if a := fetch(http.MethodPost, "/admin/password", "gzip"); a.Header.Get("Content-Encoding") != "" {
		t.Error("the answer to a form is packed")
	}
}
