package admin

import (
	"net/http"
	"slices"
	"strings"
	"time"

	"onedoor/intake"
	"onedoor/internal/texts"
	"onedoor/prompts"
)

// page is what every page shows: its title, who is logged in, and things in the reader's language.
type page struct {
	*Admin
	Lang         string
	Title        string // a key of the catalogue
	About        string // what a page of this title is about, where there are several
	Account      *Account
	Path         string
	Back         string // to here, as who chooses another language comes back
	TroubleCount int    // for those who see them
}

// maxBack is how long an address may be to come back to.
const maxBack = 2000

func (a *Admin) page(r *http.Request, title string) page {
	back := "/admin/"
	if r.Method == http.MethodGet && len(r.URL.RequestURI()) < maxBack {
		back = r.URL.RequestURI()
	}
	return page{Admin: a, Back: back, Lang: a.language(r), Title: title, Account: accountOf(r), Path: r.URL.Path, TroubleCount: a.countTroubles(r)}
}

// about is the page with what it is about in its title.
func (p page) about(what string) page {
	p.About = what
	return p
}

// Languages are those that the pages are written in: those of the bot. In zh-HK they are in written Chinese as Hong Kong's
// offices use it, not in the Cantonese of the chat.
func Languages() []string { return intake.Languages() }

// Tag is the page's language as browsers and screen readers know it.
func (p page) Tag() string { return texts.Tag(p.Lang) }

// TagOf is Tag of another language.
func (p page) TagOf(lang string) string { return texts.Tag(lang) }

// language is the one chosen on a page, or the best that the browser asks for.
func (a *Admin) language(r *http.Request) string {
	if chosen, err := r.Cookie(languageCookie); err == nil && slices.Contains(Languages(), chosen.Value) {
		return chosen.Value
	}
	first, _, _ := strings.Cut(r.Header.Get("Accept-Language"), ",")
	if best := intake.Language(strings.TrimSpace(first)); slices.Contains(Languages(), best) {
		return best
	}
	return Languages()[0]
}

// languageCookie keeps a browser's language: it outlives the session, and costs nothing for who never logs in.
const languageCookie = "onedoor_language"

// chooseLanguage keeps the language for the browser.
func (a *Admin) chooseLanguage(w http.ResponseWriter, r *http.Request) error {
	if chosen := r.PostFormValue("language"); slices.Contains(Languages(), chosen) {
		http.SetCookie(w, &http.Cookie{Name: languageCookie, Value: chosen, Path: "/admin/", MaxAge: int((365 * 24 * time.Hour).Seconds()),
			HttpOnly: true, Secure: a.Secure, SameSite: http.SameSiteLaxMode})
	}
	http.Redirect(w, r, localPath(r.PostFormValue("back")), http.StatusSeeOther)
	return nil
}

// localPath is a path of ours to go back to, whatever a form says.
func localPath(path string) string {
	if !strings.HasPrefix(path, "/admin/") || strings.ContainsAny(path, "\\\r\n") {
		return "/admin/"
	}
	return path
}

// T is a text of the catalogue; pairs are the names and values that it names.
func (p page) T(key string, pairs ...any) string {
	values := texts.Data{}
	for i := 0; i+1 < len(pairs); i += 2 {
		if name, ok := pairs[i].(string); ok {
			values[name] = pairs[i+1]
		}
	}
	return p.texts.Say(p.Lang, key, values)
}

// Languages are those to choose from.
func (p page) Languages() []string { return Languages() }

// Categories are those to choose from, in the taxonomy's order.
func (p page) Categories() []prompts.Category { return p.Intake.Taxonomy.Categories() }

// Category is a category's name in the reader's language.
func (p page) Category(key *string) string {
	if key == nil || *key == "" {
		return p.T("unclear")
	}
	c, ok := p.Intake.Taxonomy.Category(*key)
	if !ok {
		return *key
	}
	return c.Name[p.Lang]
}

// Station is a station's name in the reader's language.
func (p page) Station(code *string) string {
	if code == nil || *code == "" {
		return p.T("none")
	}
	s, ok := p.Intake.Router.Station(*code)
	if !ok {
		return *code
	}
	return p.Named(s.Name, s.NameEN)
}

// Place is where a request is, in words.
func (p page) Place(v *intake.View) string {
	if v.Place == nil {
		return p.T("none")
	}
	return p.Described(*v.Place)
}

// Described is a place's name with what it lies in, in the reader's language and characters.
func (p page) Described(code string) string {
	return p.texts.Name(p.Lang, p.Intake.Router.Gazetteer().Describe(code, p.Lang))
}

// china is the time zone in which times are shown.
var china = time.FixedZone("CST", 8*60*60)

// Moment is a point in time, or a dash.
func (p page) Moment(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return p.texts.Moment(p.Lang, t.In(china))
}

// Ago is how long ago something was.
func (p page) Ago(t *time.Time) string {
	if t == nil {
		return "–"
	}
	return p.texts.Span(p.Lang, p.Intake.Now().Sub(*t))
}
