package simulator

import (
	"bytes"
	"embed"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"net/http"
)

// phoneFiles are the page, its style and scripts, and the voice note that the microphone sends: "the street lamp
// at the village's entrance is broken", spoken by espeak-ng.
//
//go:embed phones
var phoneFiles embed.FS

// PhonesOptions are what the phones page shows.
type PhonesOptions struct {
	Bot    *Bot
	Title  string
	Phones []Phone // from left to right
	Places []Place // to choose from when a phone shares its location
}

// Phone is one phone on the page.
type Phone struct {
	Slug  string  // its address below /phones/: letters, digits and "-"
	Title string  // whose phone it is, above it
	Users []*User // the people one can be on it; the first is chosen at first
}

// Place is somewhere to be: its name, and WGS-84 degrees.
type Place struct {
	Name     string
	Lat, Lon float64
}

// phones is the page. The options never change; the people's state is the simulator's.
type phones struct {
	PhonesOptions
	sim    *Simulator
	page   *template.Template
	static fs.FS
	voice  []byte
}

// Phones is a web page on which people chat with a bot by hand, to be served at /phones/. Whoever reaches it can
// be anybody on it: serve it on a loopback address only. It is an error when a phone has no bot, slug or user.
func (s *Simulator) Phones(o PhonesOptions) (http.Handler, error) {
	p := &phones{PhonesOptions: o, sim: s}
	if o.Bot == nil || len(o.Phones) == 0 {
		return nil, errors.New("make the phones page: it needs a bot and a phone")
	}
	for _, phone := range o.Phones {
		if phone.Slug == "" || phone.Slug == "static" || len(phone.Users) == 0 {
			return nil, fmt.Errorf("make the phones page: phone %q needs an address of its own and a user", phone.Slug)
		}
	}
	var err error
	if p.page, err = template.ParseFS(phoneFiles, "phones/*.html"); err != nil {
		return nil, fmt.Errorf("make the phones page: %w", err)
	}
	if p.static, err = fs.Sub(phoneFiles, "phones"); err != nil {
		return nil, fmt.Errorf("make the phones page: %w", err)
	}
	if p.voice, err = phoneFiles.ReadFile("phones/voice.oga"); err != nil {
		return nil, fmt.Errorf("make the phones page: %w", err)
	}
	return http.NewCrossOriginProtection().Handler(p.routes()), nil
}

func (p *phones) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /phones/{$}", p.all)
	mux.HandleFunc("GET /phones/{slug}", p.one)
	mux.HandleFunc("GET /phones/{slug}/{$}", p.one)
	mux.Handle("GET /phones/static/{name}", http.StripPrefix("/phones/static/", http.FileServerFS(p.static)))
	mux.HandleFunc("GET /phones/{slug}/{user}/events", p.seat(p.events))
	mux.HandleFunc("GET /phones/{slug}/{user}/files/{id}", p.seat(p.file))
	for name, deed := range deeds {
		mux.HandleFunc("POST /phones/{slug}/{user}/"+name, p.seat(p.does(deed)))
	}
	return mux
}

// all shows every phone, side by side where there is room.
func (p *phones) all(w http.ResponseWriter, _ *http.Request) { p.draw(w, p.Phones) }

// one shows a single phone.
func (p *phones) one(w http.ResponseWriter, r *http.Request) {
	for _, phone := range p.Phones {
		if phone.Slug == r.PathValue("slug") {
			p.draw(w, []Phone{phone})
			return
		}
	}
	http.NotFound(w, r)
}

// draw writes the page; its scripts fetch everything else.
func (p *phones) draw(w http.ResponseWriter, shown []Phone) {
	var page bytes.Buffer
	if err := p.page.ExecuteTemplate(&page, "phones.html", p.outline(shown)); err != nil {
		p.sim.options.Log.Error("simulator: the phones page can't be drawn", "error", err)
		http.Error(w, "The page can't be drawn; the log says why.", http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set("Content-Security-Policy", "default-src 'self'; base-uri 'none'; frame-ancestors 'none'")
	w.Header().Set("Referrer-Policy", "no-referrer")
	_, _ = w.Write(page.Bytes())
}

// outline is what the template needs.
func (p *phones) outline(shown []Phone) any {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	type frame struct {
		Slug, Title string
		People      []Profile
	}
	var frames []frame
	for _, phone := range shown {
		f := frame{Slug: phone.Slug, Title: phone.Title}
		for _, u := range phone.Users {
			f.People = append(f.People, u.profile)
		}
		frames = append(frames, f)
	}
	return map[string]any{"Title": p.Title, "Phones": frames, "Places": p.Places, "Bot": p.Bot.texts["name"]}
}
