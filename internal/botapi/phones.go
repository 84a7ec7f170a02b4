package botapi

import (
	"embed"
	"encoding/json"
	"fmt"
	"html/template"
	"io"
	"net/http"
	"time"
)

//go:embed phones/*
var phoneFiles embed.FS

// Phone is one of the phones on the page.
type Phone struct {
	Slug  string // its address below the page's: letters
	Title string
	User  *User
}

// Spot is a place that a phone can pretend to be at.
type Spot struct {
	Name     string
	Lat, Lon float64
}

// Phones is a page with phones that talk with a bot, for people to try it by hand. It is to be served on a
// loopback address only: whoever reaches it can use the phones.
type Phones struct {
	server *Server
	token  string
	phones []Phone
	spots  []Spot
	pages  *template.Template
}

// NewPhones makes the page.
func NewPhones(s *Server, token string, phones []Phone, spots []Spot) (*Phones, error) {
	pages, err := template.ParseFS(phoneFiles, "phones/*.html")
	if err != nil {
		return nil, fmt.Errorf("read the phones' page: %w", err)
	}
	return &Phones{s, token, phones, spots, pages}, nil
}

// Handler answers everything below /phones/.
func (p *Phones) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /phones/{$}", p.all)
	mux.HandleFunc("GET /phones/{slug}/{$}", p.one)
	mux.HandleFunc("GET /phones/{slug}/live", p.live)
	mux.HandleFunc("POST /phones/{slug}/do", p.do)
	mux.Handle("GET /files/", http.StripPrefix("/files/", http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		http.ServeFileFS(w, r, phoneFiles, "phones/"+r.URL.Path)
	})))
	mux.Handle("GET /{$}", http.RedirectHandler("/phones/", http.StatusFound))
	return http.NewCrossOriginProtection().Handler(mux)
}

func (p *Phones) all(w http.ResponseWriter, _ *http.Request) { p.draw(w, p.phones) }

func (p *Phones) one(w http.ResponseWriter, r *http.Request) {
	if phone := p.phone(w, r); phone != nil {
		p.draw(w, []Phone{*phone})
	}
}

func (p *Phones) draw(w http.ResponseWriter, phones []Phone) {
	w.Header().Set("Content-Security-Policy", "default-src 'self'")
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := p.pages.ExecuteTemplate(w, "phones.html", map[string]any{"Phones": phones, "Spots": p.spots, "Bot": p.server.bots[p.token].username}); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// phone is the phone of the path, or nil after an answer that there is none.
func (p *Phones) phone(w http.ResponseWriter, r *http.Request) *Phone {
	for i := range p.phones {
		if p.phones[i].Slug == r.PathValue("slug") {
			return &p.phones[i]
		}
	}
	http.NotFound(w, r)
	return nil
}

// screen is what a phone shows.
type screen struct {
	Language string           `json:"language"`
	Typing   bool             `json:"typing"`
	Toasts   []string         `json:"toasts"`
	Messages []Message        `json:"messages"`
	Keyboard *json.RawMessage `json:"keyboard"`
}

func (p *Phones) screen(u *User) (screen, <-chan struct{}) {
	u.server.mu.Lock()
	defer u.server.mu.Unlock()
	c := u.open(p.token)
	s := screen{Language: u.Language, Typing: c.typingUntil.After(time.Now()), Toasts: c.toasts, Messages: u.seen(p.token)}
	if n := len(s.Messages); n > 0 && s.Messages[n-1].From.IsBot {
		s.Keyboard = s.Messages[n-1].Keyboard
	}
	return s, u.server.changed
}

// live sends the phone's screen, and again whenever something has changed.
func (p *Phones) live(w http.ResponseWriter, r *http.Request) {
	phone := p.phone(w, r)
	if phone == nil {
		return
	}
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for {
		s, changed := p.screen(phone.User)
		text, err := json.Marshal(s)
		if err != nil {
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-r.Context().Done():
			return
		case <-p.server.closed:
			return
		case <-changed:
		}
	}
}

// deed is something done on a phone.
type deed struct {
	Do       string
	Text     string
	Message  int64
	Data     string
	Lat, Lon float64
	Name     string
	File     []byte
}

// do does what the page says that was done.
func (p *Phones) do(w http.ResponseWriter, r *http.Request) {
	phone := p.phone(w, r)
	if phone == nil {
		return
	}
	var d deed
	if err := json.NewDecoder(io.LimitReader(r.Body, 30<<20)).Decode(&d); err != nil {
		http.Error(w, "not understood", http.StatusBadRequest)
		return
	}
	p.act(phone.User, d)
	w.WriteHeader(http.StatusNoContent)
}

func (p *Phones) act(u *User, d deed) {
	switch d.Do {
	case "send":
		if d.Text != "" && units(d.Text) <= maxText {
			u.Send(p.token, d.Text)
		}
	case "reply":
		if m := p.message(u, d.Message); m != nil {
			u.Reply(p.token, *m, d.Text)
		}
	case "press":
		if m := p.message(u, d.Message); m != nil {
			u.PressData(p.token, *m, d.Data)
		}
	case "locate":
		u.Locate(p.token, d.Lat, d.Lon)
	case "voice":
		u.Voice(p.token, []byte("OggS"))
	case "photo":
		u.Photo(p.token, d.File, d.Text)
	case "document":
		u.Document(p.token, d.File, d.Name, d.Text)
	case "contact":
		u.Share(p.token, Contact{Phone: "+8613800000000", FirstName: u.FirstName, UserID: u.ID})
	case "language":
		u.SetLanguage(d.Text)
	}
}

func (p *Phones) message(u *User, id int64) *Message {
	for _, m := range u.Chat(p.token) {
		if m.ID == id {
			return &m
		}
	}
	return nil
}
