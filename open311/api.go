package open311

import (
	"embed"
	"log/slog"
	"net/http"

	"golang.org/x/time/rate"

	"onedoor/intake"
	"onedoor/internal/texts"
)

//go:embed texts/*.toml
var files embed.FS

// Options are what an API works with. All but URL and the limits are needed.
type Options struct {
	Intake *intake.Service
	URL    string // where it is reached from outside, without a slash at the end; empty: as whoever asks has reached it
	Log    *slog.Logger

	PerSecond rate.Limit // what one key may ask, on average; 0: 5
	Burst     int        // and at once; 0: 50
}

// API answers other programs.
type API struct {
	Options
	texts  *texts.Catalogue
	limits limits
}

// New makes an API. Its texts are read here, so that a mistake in one keeps the program from starting.
func New(o Options) (*API, error) {
	catalogue, err := texts.Load(files, intake.Languages())
	if err != nil {
		return nil, err
	}
	if o.PerSecond == 0 {
		o.PerSecond = 5
	}
	if o.Burst == 0 {
		o.Burst = 50
	}
	return &API{Options: o, texts: catalogue}, nil
}

// handler makes the document that answers a request.
type handler func(*http.Request) (any, error)

// routes are the paths without the ending that names a format.
func (a *API) routes() map[string]handler {
	return map[string]handler{
		"GET /open311/discovery":        a.discovery,
		"GET /open311/v2/discovery":     a.discovery,
		"GET /open311/v2/services":      a.services,
		"GET /open311/v2/services/{id}": a.definition,
		"POST /open311/v2/requests":     a.file,
		"GET /open311/v2/requests":      a.requests,
		"GET /open311/v2/requests/{id}": a.request,
		"GET /open311/v2/tokens/{id}":   a.token,
	}
}

// Handler answers everything below /open311/.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	for pattern, h := range a.routes() {
		mux.HandleFunc(pattern, a.serve(h))
		if pattern[len(pattern)-1] != '}' { // else the ending is a part of the last word
			mux.HandleFunc(pattern+".json", a.serve(h))
			mux.HandleFunc(pattern+".xml", a.serve(h))
		}
	}
	mux.HandleFunc("GET /open311/openapi.json", openAPI)
	mux.HandleFunc("/open311/", a.serve(func(*http.Request) (any, error) {
		return nil, problem{http.StatusNotFound, "There is nothing at this URL. See /open311/openapi.json for what there is."}
	}))
	return mux
}

// serve answers with what h makes, in the format that is asked for.
func (a *API) serve(h handler) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		r.Body = http.MaxBytesReader(w, r.Body, maxBody)
		document, err := h(r)
		status := http.StatusOK
		if err != nil {
			status, document = a.problem(r, err)
		}
		a.write(w, r, status, document)
	}
}

// language is the first of ours that the caller asks for.
func language(r *http.Request) string { return intake.Language(firstTag(r)) }
