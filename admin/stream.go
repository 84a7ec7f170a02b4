package admin

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"time"
)

const (
	keepAlive = 20 * time.Second // a line that keeps proxies from ending a silent stream
	streamFor = 30 * time.Minute // then the page asks anew, and shows that its session still holds
)

// stream tells an open page what is new, until it is closed. A board (board=1) is sent what is new of it; other pages are told
// that something is: of the request that they name (ref), or of any. A board names the item that its reader is at, too.
func (a *Admin) stream(w http.ResponseWriter, r *http.Request) error {
	v, err := a.viewer(r)
	if err != nil {
		return err
	}
	if err := a.live.join(v); err != nil {
		return err
	}
	defer a.live.leave(v)
	if err := a.live.come(r.Context(), v); err != nil {
		return err
	}
	if v.board {
		a.live.seen.come(v.login, v.page.Account.Name)
		defer func() { a.live.seen.leave(v.login, time.Now()) }()
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.WriteHeader(http.StatusOK) // keeps the session now: kept at the end, one that was ended meanwhile would live again
	if isOver(w) {
		return nil
	}
	out := http.NewResponseController(w)
	if err := out.SetReadDeadline(time.Time{}); err != nil { // the page stays open for longer than a request may take to arrive
		a.Log.Debug("keep a stream open", "error", err)
	}
	alive, over := time.NewTicker(keepAlive), time.After(streamFor)
	defer alive.Stop()
	for {
		if err := out.Flush(); err != nil {
			return nil
		}
		select {
		case <-r.Context().Done():
			return nil
		case <-a.live.ctx.Done():
			return nil
		case <-v.end:
			return nil
		case <-over:
			return nil
		case <-v.wake:
			if err := a.sendNews(w, r, v); err != nil { // the next change, or the page's asking anew, tells it
				a.Log.Warn("tell an open page what is new", "error", err)
			}
		case <-alive.C:
			fmt.Fprint(w, ": alive\n\n")
		}
	}
}

// viewer is the page that asks to be kept live. The request that its reader is at must be one that they may read.
func (a *Admin) viewer(r *http.Request) (*viewer, error) {
	v := &viewer{page: a.page(r, "board"), login: a.sessions.GetString(r.Context(), "login"), board: r.FormValue("board") != "", shows: showsOf(r),
		sent: map[string]string{"": r.FormValue("version")}, wake: make(chan struct{}, 1), end: make(chan struct{}, 1)}
	if v.ref = r.FormValue("ref"); v.ref == "" {
		return v, nil
	}
	request, err := a.readable(r, v.ref)
	if err != nil {
		return nil, err
	}
	v.ref, v.request = request.Ref, request.ID
	return v, nil
}

// sendNews tells a page what is new.
func (a *Admin) sendNews(w http.ResponseWriter, r *http.Request, v *viewer) error {
	if !v.board {
		_, _ = fmt.Fprint(w, "event: change\ndata: {}\n\n") // a reader who has left is seen at the next flush
		return nil
	}
	now, err := a.live.current(r.Context())
	if err != nil {
		return err
	}
	p, err := a.drawBoard(now, v.page, v.shows)
	if err != nil {
		return err
	}
	sent := v.sent
	v.sent = p.versions()
	if p.Version == sent[""] {
		return nil
	}
	news, err := a.newsOf(p, sent)
	if err != nil || !a.live.seen.sends(v.login, time.Now(), p.shownSince(sent)...) {
		return err
	}
	_, _ = fmt.Fprintf(w, "event: board\ndata: %s\n\n", news)
	return nil
}

// shownSince are the requests that a page shows anew that was sent these versions: what stands beside the items is sent each time.
func (p *boardPage) shownSince(sent map[string]string) []string {
	refs := p.inHandRefs()
	for _, i := range p.Items {
		if sent[i.ID] != i.Version {
			refs = append(refs, i.Ref)
		}
	}
	return refs
}

// versions are those of what a board shows, by their ids in the page; its own has none.
func (p *boardPage) versions() map[string]string {
	all := map[string]string{"": p.Version}
	for _, i := range p.Items {
		all[i.ID] = i.Version
	}
	return all
}

// boardNews is what is new on a board.
type boardNews struct {
	Version string            `json:"version"`
	Order   []string          `json:"order"`  // ids of the items
	Items   map[string]string `json:"items"`  // HTML of those that are new, by id
	Parts   map[string]string `json:"parts"`  // and of what stands around them
	Count   string            `json:"count"`  // of troubles
	Titled  string            `json:"titled"` // the page's title
}

// newsOf is what is new to a page that was sent these versions.
func (a *Admin) newsOf(p *boardPage, sent map[string]string) ([]byte, error) {
	news := boardNews{Version: p.Version, Order: []string{}, Items: map[string]string{}, Parts: map[string]string{}, Titled: p.Titled()}
	for _, i := range p.Items {
		news.Order = append(news.Order, i.ID)
		if sent[i.ID] != i.Version {
			news.Items[i.ID] = string(i.HTML)
		}
	}
	for _, part := range []string{"reasons", "rest", "beside"} {
		var out bytes.Buffer
		if err := a.pages["board"].ExecuteTemplate(&out, part, p); err != nil {
			return nil, fmt.Errorf("draw %s of the board: %w", part, err)
		}
		news.Parts[part] = out.String()
	}
	if p.TroubleCount > 0 {
		news.Count = fmt.Sprint(p.TroubleCount)
	}
	return json.Marshal(news)
}

// Titled is the page's title: with how many wait, for who has the board in another tab.
func (p *boardPage) Titled() string {
	if p.All == 0 {
		return p.T("board")
	}
	return fmt.Sprintf("(%d) %s", p.All, p.T("board"))
}
