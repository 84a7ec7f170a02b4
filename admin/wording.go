package admin

import (
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// wordingsShown is how many of the bot's texts a page lists.
const wordingsShown = 40

// wording is one of the bot's texts in one language.
type wording struct {
	Language, Key, Original, Text string
	Changed                       bool
}

// wordingsPage lists what the bot says.
type wordingsPage struct {
	page
	Query, In string
	Changed   bool // only what was changed
	Found     []wording
	Count     int
}

// wordings finds the bot's texts by a word in them or in their keys.
func (a *Admin) wordings(w http.ResponseWriter, r *http.Request) error {
	p := &wordingsPage{page: a.page(r, "wordings"), Query: strings.TrimSpace(r.FormValue("q")), In: r.FormValue("in"), Changed: r.FormValue("changed") != ""}
	if !slices.Contains(intake.Languages(), p.In) {
		p.In = intake.Language(p.Lang)
	}
	all := slices.DeleteFunc(a.wordingsIn(p.In), func(w wording) bool { return !w.has(p.Query) || p.Changed && !w.Changed })
	if format := r.FormValue("format"); format != "" {
		rows := [][]string{{"language", "key", "original", "text"}}
		for _, w := range all {
			rows = append(rows, []string{w.Language, w.Key, w.Original, w.Text})
		}
		return sendSheet(w, "texts", format, rows)
	}
	p.Count, p.Found = len(all), all[:min(len(all), wordingsShown)]
	return a.render(w, "wordings", http.StatusOK, p)
}

// Exported is where the same texts are as a file.
func (p *wordingsPage) Exported(format string) string {
	values := url.Values{"q": {p.Query}, "in": {p.In}, "format": {format}}
	if p.Changed {
		values.Set("changed", "1")
	}
	return "/admin/texts?" + values.Encode()
}

// wordingsIn are the bot's texts in a language.
func (a *Admin) wordingsIn(language string) []wording {
	var all []wording
	for _, key := range a.BotTexts.Keys() {
		all = append(all, a.wording(language, key))
	}
	return all
}

func (a *Admin) wording(language, key string) wording {
	w := wording{Language: language, Key: key}
	w.Original, _ = a.BotTexts.Original(language, key)
	w.Text, w.Changed = a.BotTexts.Current(language, key)
	return w
}

// has tells whether a text or its key has these words in it.
func (w wording) has(words string) bool {
	return strings.Contains(strings.ToLower(w.Key+"\n"+w.Text+"\n"+w.Original), strings.ToLower(words))
}

// Speech are the languages that the bot speaks.
func (p *wordingsPage) Speech() []string { return intake.Languages() }

// wordingPage is one text, to be worded anew.
type wordingPage struct {
	page
	wording
	Values  []string // that it must name
	Problem string   // a key of the catalogue: what was wrong with the last try
}

// wordingOf is the text that a path names.
func (a *Admin) wordingOf(r *http.Request) (wording, error) {
	language, key := r.PathValue("language"), r.PathValue("key")
	if _, ok := a.BotTexts.Original(language, key); !ok {
		return wording{}, intake.ErrNotFound
	}
	return a.wording(language, key), nil
}

func (a *Admin) showWording(w http.ResponseWriter, r *http.Request) error {
	found, err := a.wordingOf(r)
	if err != nil {
		return err
	}
	return a.renderWording(w, r, found, "", http.StatusOK)
}

func (a *Admin) renderWording(w http.ResponseWriter, r *http.Request, found wording, problem string, status int) error {
	return a.render(w, "wording", status, &wordingPage{a.page(r, "wordings").about(found.Key), found, a.BotTexts.Values(found.Language, found.Key), problem})
}

// saveWording says a text anew from now on, or with an empty one as the program brings it. What can't be said is shown again with
// what is wrong. A repeat changes nothing.
func (a *Admin) saveWording(w http.ResponseWriter, r *http.Request) error {
	found, err := a.wordingOf(r)
	if err != nil {
		return err
	}
	text := strings.TrimSpace(storable(strings.ReplaceAll(r.PostFormValue("text"), "\r\n", "\n")))
	if r.PostFormValue("restore") != "" || text == found.Original {
		err = a.BotTexts.Restore(r.Context(), a.DB, found.Language, found.Key)
	} else {
		err = a.BotTexts.Save(r.Context(), a.DB, accountOf(r).Name, texts.Change{Language: found.Language, Key: found.Key, Text: text})
	}
	found.Text = text
	switch {
	case errors.Is(err, texts.ErrLength):
		return a.renderWording(w, r, found, "wording_length", http.StatusBadRequest)
	case errors.Is(err, texts.ErrValues):
		return a.renderWording(w, r, found, "wording_values", http.StatusBadRequest)
	case err != nil:
		return err
	}
	if _, err := a.BotTexts.Read(r.Context(), a.DB); err != nil { // this process says it at once, others in a moment
		return err
	}
	http.Redirect(w, r, wordingPath(found), http.StatusSeeOther)
	return nil
}

func wordingPath(w wording) string {
	return "/admin/texts/" + url.PathEscape(w.Language) + "/" + url.PathEscape(w.Key)
}
