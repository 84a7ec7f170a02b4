package admin

import (
	"bytes"
	"context"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io"
	"io/fs"
	"log/slog"
	"net/http"
	"path"
	"strings"
	"sync"
	"time"

	"github.com/alexedwards/scs/postgresstore"
	"github.com/alexedwards/scs/v2"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/texts"
)

//go:embed pages/*.html static/* texts/*.toml
var files embed.FS

// Options are what an Admin works with.
type Options struct {
	DB     *database.DB
	Intake *intake.Service
	Secure bool // the listener is reached by https, so that cookies are sent over https only

	// File opens what was sent to a bot, and says what Telegram calls it; intake.ErrNotFound where it can't be had.
	// nil: files can't be opened.
	File func(ctx context.Context, bot int64, id string) (content io.ReadCloser, name string, err error)
	Bot  func(ctx context.Context) (name string, err error) // the bot that is served, without the @
	Log  *slog.Logger

	BotTexts *texts.Catalogue // what the bot says, to be worded anew
	Tiles    string           // the address of map tiles, with {z}, {x} and {y} in it; empty: maps have no ground
}

// maxHashing is how many passwords are checked at the same time: anybody may try, and each takes memory.
const maxHashing = 2

// Admin is the supervisors' web.
type Admin struct {
	hashing chan struct{} // a slot for each password that is checked at the same time
	reading chan struct{} // likewise for each file that is read for an import, or sent to a resident
	Options
	sessions  *scs.SessionManager
	store     *postgresstore.PostgresStore
	texts     *texts.Catalogue
	pages     map[string]*template.Template
	live      *live
	fragments *fragments
	ground    *ground // nil: none
	closing   sync.Once
}

// New makes an Admin. Pages and texts are read here, so that a mistake in one keeps the program from starting.
// Close ends what it runs in the background.
func New(o Options) (*Admin, error) {
	catalogue, err := texts.Load(files, Languages())
	if err != nil {
		return nil, err
	}
	ground, err := newGround(o.Tiles)
	if err != nil {
		return nil, err
	}
	a := &Admin{hashing: make(chan struct{}, maxHashing), reading: make(chan struct{}, maxAtOnce), Options: o, texts: catalogue, pages: map[string]*template.Template{}, live: newLive(o.DB, o.Intake, o.Log), ground: ground}
	a.fragments = &fragments{draw: a.drawItem}
	names, err := fs.Glob(files, "pages/*.html")
	if err != nil {
		return nil, fmt.Errorf("find the pages: %w", err)
	}
	for _, name := range names {
		name = strings.TrimSuffix(path.Base(name), ".html")
		if name == "layout" || name == "parts" || name == "desk" {
			continue
		}
		page, err := template.ParseFS(files, "pages/layout.html", "pages/parts.html", "pages/desk.html", "pages/"+name+".html")
		if err != nil {
			return nil, fmt.Errorf("read the page %s: %w", name, err)
		}
		a.pages[name] = page
	}
	a.store = postgresstore.NewWithCleanupInterval(o.DB.DB.DB, time.Hour)
	a.sessions = scs.New()
	a.sessions.Store, a.sessions.Lifetime, a.sessions.IdleTimeout = a.store, 12*time.Hour, 2*time.Hour
	a.sessions.Cookie.Name, a.sessions.Cookie.Path = "onedoor", "/admin/"
	a.sessions.Cookie.HttpOnly, a.sessions.Cookie.SameSite, a.sessions.Cookie.Secure = true, http.SameSiteLaxMode, o.Secure
	a.sessions.ErrorFunc = a.failSession
	return a, nil
}

// Close ends the live streams and the cleaning up of sessions, and puts on record what open boards were sent: the database must still be
// there. Again has no effect.
func (a *Admin) Close() {
	a.closing.Do(func() {
		a.live.close()
		a.live.seen.close()
		a.store.StopCleanup()
	})
}

// Handler answers everything below /admin/.
func (a *Admin) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("GET /admin/static/", http.StripPrefix("/admin/", http.FileServerFS(files)))
	mux.Handle("GET /admin/login", a.open(a.loginPage))
	mux.Handle("POST /admin/login", a.open(a.login))
	mux.Handle("GET /admin/enter", a.open(a.enterPage))
	mux.Handle("POST /admin/enter", a.open(a.enter))
	mux.Handle("POST /admin/logout", a.open(a.logOut))
	mux.Handle("GET /admin/password", a.owner(a.passwordPage))
	mux.Handle("POST /admin/password", a.owner(a.changePassword))
	mux.Handle("GET /admin/code", a.known(a.codePage))
	mux.Handle("POST /admin/code", a.known(a.enterCode))
	mux.Handle("GET /admin/me", a.entered(a.me))
	mux.Handle("POST /admin/me/sessions/{id}/end", a.entered(a.endLogin))
	mux.Handle("GET /admin/accounts", a.administrator(a.accounts))
	mux.Handle("GET /admin/audit", a.account(a.audit))
	mux.Handle("POST /admin/accounts", a.administrator(a.newAccount))
	mux.Handle("POST /admin/accounts/{name}", a.administrator(a.changeAccount))
	mux.Handle("POST /admin/accounts/{name}/worker", a.administrator(a.linkAccount))
	mux.Handle("GET /admin/keys", a.administrator(a.keys))
	mux.Handle("POST /admin/keys", a.administrator(a.newKey))
	mux.Handle("POST /admin/keys/{id}", a.administrator(a.changeKey))
	mux.Handle("POST /admin/language", a.open(a.chooseLanguage))

	mux.Handle("GET /admin/{$}", a.account(a.board))
	mux.Handle("GET /admin/loads", a.account(a.loads))
	mux.Handle("GET /admin/stations/{code}", a.account(a.station))
	mux.Handle("GET /admin/requests", a.account(a.requests))
	mux.Handle("GET /admin/requests/export", a.account(a.exportRequests))
	mux.Handle("POST /admin/views", a.account(a.saveView))
	mux.Handle("POST /admin/views/{id}", a.account(a.renameView))
	mux.Handle("POST /admin/views/{id}/delete", a.account(a.deleteView))
	mux.Handle("GET /admin/requests/{ref}", a.account(a.request))
	mux.Handle("GET /admin/requests/{ref}/files/{id}", a.account(a.file))
	mux.Handle("POST /admin/requests/{ref}/category", a.account(a.decides(a.reclassify)))
	mux.Handle("POST /admin/requests/{ref}/station", a.account(a.sendTo))
	mux.Handle("POST /admin/requests/{ref}/urgency", a.account(a.decides(a.prioritise)))
	mux.Handle("POST /admin/requests/{ref}/place", a.account(a.decides(a.setPlace)))
	mux.Handle("POST /admin/requests/{ref}/assign", a.account(a.decides(a.assign)))
	mux.Handle("POST /admin/requests/{ref}/release", a.account(a.decides(a.release)))
	mux.Handle("POST /admin/requests/{ref}/answer", a.account(a.answers))
	mux.Handle("POST /admin/requests/{ref}/note", a.account(a.decides(a.note)))
	mux.Handle("POST /admin/requests/{ref}/refer", a.account(a.decides(a.refer)))
	mux.Handle("POST /admin/requests/{ref}/resolve", a.account(a.decides(a.resolve)))
	mux.Handle("POST /admin/requests/{ref}/reopen", a.account(a.decides(a.reopen)))
	mux.Handle("POST /admin/requests/{ref}/close", a.account(a.decides(a.closeRequest)))
	mux.Handle("POST /admin/requests/{ref}/link", a.account(a.decides(a.link)))
	mux.Handle("POST /admin/requests/{ref}/unlink", a.account(a.decides(a.unlink)))
	mux.Handle("POST /admin/requests/{ref}/translate", a.account(a.decides(a.translate)))
	mux.Handle("POST /admin/requests/{ref}/takeback", a.account(a.decides(a.takeBack)))
	mux.Handle("POST /admin/requests/{ref}/appointment", a.account(a.decides(a.appoint)))
	mux.Handle("POST /admin/requests/{ref}/calloff", a.account(a.decides(a.callOff)))
	mux.Handle("POST /admin/requests/{ref}/remind", a.account(a.decides(a.remind)))
	mux.Handle("POST /admin/requests/{ref}/wait", a.account(a.decides(a.await)))
	mux.Handle("POST /admin/requests/{ref}/volunteers", a.account(a.decides(a.askVolunteers)))
	mux.Handle("POST /admin/requests/{ref}/recall", a.account(a.decides(a.recall)))
	mux.Handle("POST /admin/requests/{ref}/helper", a.account(a.decides(a.writeToHelper)))
	mux.Handle("GET /admin/requests/{ref}/block", a.account(a.block))
	mux.Handle("POST /admin/requests/{ref}/block", a.account(a.setBlocked))
	mux.Handle("POST /admin/requests/{ref}/unblock", a.account(a.unblock))
	mux.Handle("GET /admin/posters", a.account(a.posters))
	mux.Handle("GET /admin/posters/print", a.account(a.print))
	mux.Handle("GET /admin/workers", a.account(a.workers))
	mux.Handle("POST /admin/workers", a.account(a.addWorker))
	mux.Handle("GET /admin/workers/{code}", a.account(a.worker))
	mux.Handle("POST /admin/workers/{code}/invite", a.account(a.inviteWorker))
	mux.Handle("POST /admin/workers/{code}/dismiss", a.account(a.dismissWorker))
	mux.Handle("POST /admin/workers/{code}/restore", a.account(a.takeBackWorker))
	mux.Handle("POST /admin/workers/{code}/away", a.account(a.setAway))
	mux.Handle("POST /admin/workers/{code}/back", a.account(a.endAway))
	mux.Handle("GET /admin/texts", a.account(a.wordings))
	mux.Handle("GET /admin/texts/{language}/{key}", a.account(a.showWording))
	mux.Handle("POST /admin/texts/{language}/{key}", a.administrator(a.saveWording))
	mux.Handle("GET /admin/directory", a.account(a.directory))
	for _, reg := range a.Intake.Registers() {
		if reg.Name != "workers" { // who have a list of their own
			mux.Handle("GET /admin/"+reg.Name, a.account(a.list(reg.Name)))
		}
		mux.Handle("GET /admin/"+reg.Name+"/{code}/edit", a.account(a.entry(reg.Name)))
	}
	mux.Handle("GET /admin/directory/{name}/new", a.account(a.newEntry))
	mux.Handle("POST /admin/directory/{name}/new", a.account(a.makeEntry))
	mux.Handle("POST /admin/directory/{name}/records/{code}", a.account(a.changeEntry))
	mux.Handle("POST /admin/directory/{name}/records/{code}/off", a.account(a.turnOff))
	mux.Handle("POST /admin/directory/{name}/records/{code}/on", a.account(a.turnOn))
	mux.Handle("GET /admin/directory/{name}/export", a.account(a.export))
	mux.Handle("GET /admin/places/boundaries", a.account(a.boundaries))
	mux.Handle("POST /admin/directory/boundaries/import", a.account(a.importBoundaries))
	mux.Handle("GET /admin/directory/{name}/import", a.account(a.importPage))
	mux.Handle("POST /admin/directory/{name}/import", a.account(a.upload))
	mux.Handle("GET /admin/directory/{name}/import/{id}", a.account(a.preview))
	mux.Handle("POST /admin/directory/{name}/import/{id}/confirm", a.account(a.confirm))
	mux.Handle("GET /admin/picker.svg", a.account(a.pickerSVG))
	mux.Handle("GET /admin/standards", a.account(a.standards))
	mux.Handle("GET /admin/standards/{code}", a.account(a.standard))
	mux.Handle("POST /admin/standards/{code}", a.administrator(a.setStandard))
	mux.Handle("GET /admin/times", a.account(a.times))
	mux.Handle("GET /admin/times/requests", a.account(a.behind))
	mux.Handle("GET /admin/times/{chart}", a.account(a.chartOf))
	mux.Handle("GET /admin/equity", a.account(a.equity))
	mux.Handle("GET /admin/staffing", a.account(a.staffing))
	mux.Handle("GET /admin/map", a.account(a.showMap))
	mux.Handle("GET /admin/coverage", a.account(a.coverage))
	mux.Handle("GET /admin/troubles", a.account(a.troubles))
	mux.Handle("POST /admin/troubles/{id}/again", a.account(a.tryAgain))
	mux.Handle("POST /admin/troubles/{id}/close", a.account(a.closeTrouble))
	mux.Handle("GET /admin/live", a.account(a.stream))
	mux.Handle("/admin/", a.anybody(func(http.ResponseWriter, *http.Request) error { return intake.ErrNotFound }))
	return secureHeaders(bounded(packed(once(http.NewCrossOriginProtection().Handler(a.sessions.LoadAndSave(mux))))))
}

// secureHeaders lets pages load only what is ours, and keeps them out of frames and caches.
func secureHeaders(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h := w.Header()
		h.Set("Content-Security-Policy", policy())
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "same-origin")
		h.Set("Cache-Control", "no-store")
		next.ServeHTTP(w, r)
	})
}

// maxForm is how many bytes a form may have. Those with which a file is imported, or sent to a resident, may have more:
// their handlers bound them.
const maxForm = 1 << 20

// bounded reads no more of a form than one of ours can have, whatever it says that it is: what comes in parts is kept on disk.
func bounded(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !sendsFile(r) && (!strings.HasPrefix(r.URL.Path, "/admin/directory/") || !strings.HasSuffix(r.URL.Path, "/import")) {
			r.Body = http.MaxBytesReader(w, r.Body, maxForm)
		}
		next.ServeHTTP(w, r)
	})
}

// policy is what a page may load: only what is ours, and pictures also from these origins.
func policy(pictures ...string) string {
	from := strings.Join(append([]string{"'self'"}, pictures...), " ")
	return "default-src 'none'; style-src 'self'; script-src 'self'; img-src " + from + "; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
}

// handler is a handler that leaves errors to one place.
type handler func(http.ResponseWriter, *http.Request) error

// open serves anybody.
func (a *Admin) open(h handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if err := h(w, r); err != nil {
			a.fail(w, r, err)
		}
	})
}

// errForbidden is a change by an account that only looks, and errNotAllowed what an account that may change things may not do.
var (
	errForbidden  = errors.New("not allowed to change")
	errNotAllowed = errors.New("not allowed")
)

// badRequest is a form that makes no sense; its text is for people, by its key in the catalogue.
type badRequest struct{ key string }

func (e badRequest) Error() string { return "bad request: " + e.key }

// fail answers an error: the status by its kind, and a sentence that says what to do.
func (a *Admin) fail(w http.ResponseWriter, r *http.Request, err error) {
	status, key := http.StatusInternalServerError, "error_internal"
	var bad badRequest
	switch {
	case errors.Is(err, intake.ErrNotFound):
		status, key = http.StatusNotFound, "error_not_found"
	case errors.Is(err, errForbidden):
		status, key = http.StatusForbidden, "error_forbidden"
	case errors.Is(err, errNotAllowed):
		status, key = http.StatusForbidden, "error_not_allowed"
	case errors.Is(err, intake.ErrRefused):
		status, key = http.StatusConflict, "error_refused"
	case errors.Is(err, errStreams):
		status, key = http.StatusTooManyRequests, "error_streams"
	case errors.As(err, &bad):
		status, key = http.StatusBadRequest, bad.key
	case r.Context().Err() != nil: // whoever asked has left
		return
	case errors.Is(err, errTelegram):
		status, key = http.StatusServiceUnavailable, "error_telegram"
		a.Log.Warn("admin: Telegram does not answer", "path", r.URL.Path, "error", err)
	case database.Unavailable(err):
		status, key = http.StatusServiceUnavailable, "error_database"
		a.Log.Warn("admin: the database is away", "path", r.URL.Path, "error", err)
	default:
		a.Log.Error("admin", "path", r.URL.Path, "error", err)
	}
	if status == http.StatusServiceUnavailable {
		w.Header().Set("Retry-After", "30")
	}
	p := a.page(r, key)
	if err := a.render(w, "error", status, &struct{ page }{p}); err != nil {
		http.Error(w, http.StatusText(status), status)
	}
}

// render draws a page into a buffer, so that a failure half-way is not sent.
func (a *Admin) render(w http.ResponseWriter, name string, status int, data any) error {
	var out bytes.Buffer
	if err := a.pages[name].ExecuteTemplate(&out, "layout", data); err != nil {
		return fmt.Errorf("draw the page %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, err := w.Write(uprightPage(out.Bytes()))
	if err != nil {
		a.Log.Debug("send a page", "error", err)
	}
	return nil
}
