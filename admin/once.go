package admin

import "net/http"

// once lets a page that says that the session can't be kept be all that is sent: it is drawn when another page sends its first byte,
// which would go on after it.
func once(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(&oneAnswer{ResponseWriter: w}, r) })
}

// oneAnswer is an answer that can be over before who writes it knows.
type oneAnswer struct {
	http.ResponseWriter
	over bool
}

// Unwrap is for http.ResponseController, with which a stream is kept going.
func (e *oneAnswer) Unwrap() http.ResponseWriter { return e.ResponseWriter }

func (e *oneAnswer) WriteHeader(status int) {
	if !e.over {
		e.ResponseWriter.WriteHeader(status)
	}
}

func (e *oneAnswer) Write(content []byte) (int, error) {
	if e.over {
		return len(content), nil
	}
	return e.ResponseWriter.Write(content)
}

// isOver tells a stream whether its answer is over.
func isOver(w http.ResponseWriter) bool {
	for {
		switch at := w.(type) {
		case *oneAnswer:
			return at.over
		case interface{ Unwrap() http.ResponseWriter }:
			w = at.Unwrap()
		default:
			return false
		}
	}
}

// failSession answers that the session can't be read or kept, instead of with the page that was to be sent and what its headers say.
func (a *Admin) failSession(w http.ResponseWriter, r *http.Request, err error) {
	for _, name := range []string{"Location", "Content-Disposition", "Content-Length", "Last-Modified"} {
		w.Header().Del(name)
	}
	a.fail(w, r, err)
	if e, ok := w.(*oneAnswer); ok {
		e.over = true
	}
}
