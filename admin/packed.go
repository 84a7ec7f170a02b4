package admin

import (
	"compress/gzip"
	"net/http"
	"strings"
)

// packed sends text compressed to browsers that take it: a long list weighs a tenth then. What has a secret in it is sent as it
// is, for how well it can be compressed would tell something of it: that is shown in answer to a form, and on two pages.
func packed(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		secret := r.URL.Path == "/admin/enter" || r.URL.Path == "/admin/code"
		if r.Method != http.MethodGet || secret || !strings.Contains(r.Header.Get("Accept-Encoding"), "gzip") {
			next.ServeHTTP(w, r)
			return
		}
		p := &packer{ResponseWriter: w}
		defer p.close()
		next.ServeHTTP(p, r)
	})
}

// packer compresses what is written to it, if it is text.
type packer struct {
	http.ResponseWriter
	begun bool
	into  *gzip.Writer // nil: it isn't compressed
}

// Unwrap is for http.ResponseController, with which a stream is kept going.
func (p *packer) Unwrap() http.ResponseWriter { return p.ResponseWriter }

// isText tells what gets smaller from what is compressed already, or is sent bit by bit.
func isText(contentType string) bool {
	kind, _, _ := strings.Cut(contentType, ";")
	switch kind {
	case "text/html", "text/css", "text/javascript", "text/csv", "image/svg+xml", "application/json":
		return true
	}
	return false
}

// WriteHeader decides by the headers whether to compress.
func (p *packer) WriteHeader(status int) {
	h := p.Header()
	if !p.begun && isText(h.Get("Content-Type")) && h.Get("Content-Encoding") == "" && status != http.StatusPartialContent && status != http.StatusNotModified {
		h.Set("Content-Encoding", "gzip")
		h.Add("Vary", "Accept-Encoding")
		h.Del("Content-Length")
		p.into, _ = gzip.NewWriterLevel(p.ResponseWriter, gzip.BestSpeed) // that level there is
	}
	p.begun = true
	p.ResponseWriter.WriteHeader(status)
}

func (p *packer) Write(content []byte) (int, error) {
	if !p.begun {
		p.WriteHeader(http.StatusOK)
	}
	if p.into == nil {
		return p.ResponseWriter.Write(content)
	}
	return p.into.Write(content)
}

// close sends what is left. Who no longer listens has left.
func (p *packer) close() {
	if p.into != nil {
		_ = p.into.Close()
	}
}
