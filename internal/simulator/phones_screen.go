package simulator

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"github.com/go-telegram/bot/models"
)

const (
	maxShown   = 300             // messages on a phone, the latest
	actionTime = 5 * time.Second // how long "typing…" stands, as in Telegram's apps
)

// screen is all that a phone shows. The page is sent a whole one whenever something changed.
type screen struct {
	Me       models.User         `json:"me"`
	Bot      models.User         `json:"bot"`
	Started  bool                `json:"started"`
	Blocked  bool                `json:"blocked"`
	Messages []*Message          `json:"messages"`
	Keyboard *Keyboard           `json:"keyboard"`
	Force    bool                `json:"force"`
	Action   string              `json:"action"`
	Answers  []Answer            `json:"answers"`
	Commands []models.BotCommand `json:"commands"`
}

// screen is what u sees now, and what tells of the next change.
func (p *phones) screen(u *User) (screen, <-chan struct{}) {
	p.sim.mu.Lock()
	defer p.sim.mu.Unlock()
	ch := p.Bot.chatWith(u)
	s := screen{Me: u.person(), Bot: p.Bot.person(), Started: ch.started, Blocked: ch.blocked, Messages: []*Message{},
		Keyboard: ch.keyboard, Force: ch.force, Answers: ch.answers, Commands: p.Bot.commandsFor(u)}
	s.Messages = append(s.Messages, ch.messages[max(0, len(ch.messages)-maxShown):]...)
	if p.sim.options.Now().Sub(ch.actedAt) < actionTime {
		s.Action = ch.action
	}
	return s, u.changed.wait()
}

// commandsFor are the bot's commands in somebody's chat, or else in their language, or else the default ones.
// The caller holds the lock.
func (b *Bot) commandsFor(u *User) []models.BotCommand {
	var commands []models.BotCommand
	language := u.profile.Language
	raw, ok := b.commands[fmt.Sprintf(`{"type":"chat","chat_id":%d} `, u.profile.ID)]
	if !ok {
		raw, ok = b.commands[" "+language[:min(2, len(language))]]
	}
	if !ok {
		raw = b.commands[" "]
	}
	if json.Unmarshal(raw, &commands) != nil {
		return nil // none set
	}
	return commands
}

// seat finds the phone and its user that a path names, for h.
func (p *phones) seat(h func(http.ResponseWriter, *http.Request, *User)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		id, _ := strconv.ParseInt(r.PathValue("user"), 10, 64) // nobody has id 0
		for _, phone := range p.Phones {
			if phone.Slug != r.PathValue("slug") {
				continue
			}
			for _, u := range phone.Users {
				if u.ID() == id {
					h(w, r, u)
					return
				}
			}
		}
		http.NotFound(w, r)
	}
}

// events sends the screen, and again at each change, as server-sent events until the page is closed.
func (p *phones) events(w http.ResponseWriter, r *http.Request, u *User) {
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	out := http.NewResponseController(w)
	for {
		s, changed := p.screen(u)
		text, err := json.Marshal(s)
		if err != nil {
			p.sim.options.Log.Error("simulator: a phone's screen can't be written", "error", err)
			return
		}
		if _, err := fmt.Fprintf(w, "data: %s\n\n", text); err != nil || out.Flush() != nil {
			return
		}
		select {
		case <-changed:
		case <-r.Context().Done():
			return
		case <-p.sim.ctx.Done():
			return
		}
	}
}

// shownInPage are the types that a browser may show by itself; everything else it saves.
var shownInPage = map[string]bool{"image/jpeg": true, "image/png": true, "image/gif": true, "image/webp": true, "audio/ogg": true}

// file is a picture, voice note or document of the chat.
func (p *phones) file(w http.ResponseWriter, r *http.Request, _ *User) {
	p.sim.mu.Lock()
	f, known := p.Bot.files[r.PathValue("id")]
	p.sim.mu.Unlock()
	if !known {
		http.NotFound(w, r)
		return
	}
	kind := http.DetectContentType(f.content)
	if f.Voice != nil {
		kind = f.Voice.MimeType
	}
	if !shownInPage[kind] {
		kind = "application/octet-stream"
		w.Header().Set("Content-Disposition", "attachment")
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.Header().Set("Cache-Control", "max-age=3600")
	_, _ = w.Write(f.content)
}
