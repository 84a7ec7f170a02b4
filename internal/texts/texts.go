// Package texts says things in the reader's language, from catalogues that are checked when they are loaded.
package texts

import (
	"fmt"
	"io/fs"
	"sync"
	"sync/atomic"
	"time"

	"github.com/BurntSushi/toml"
	"github.com/nicksnyder/go-i18n/v2/i18n"
	"golang.org/x/text/language"
)

// Data are the values that a text names.
type Data map[string]any

// Catalogue are texts by key, in several languages. It is safe for concurrent use.
type Catalogue struct {
	first      string
	localizers map[string]*i18n.Localizer
	originals  map[string]map[string]string // by language and key: those that can be changed
	changed    atomic.Pointer[wording]
	names      sync.Map // names in traditional characters, by the official ones
}

// Load reads texts/<language>.toml of each language; the first language stands in for those not known. A
// missing or malformed file is an error.
func Load(files fs.FS, languages []string) (*Catalogue, error) {
	bundle := i18n.NewBundle(language.Make(languages[0]))
	bundle.RegisterUnmarshalFunc("toml", toml.Unmarshal)
	c := &Catalogue{first: languages[0], localizers: map[string]*i18n.Localizer{}, originals: map[string]map[string]string{}}
	for _, lang := range languages {
		read, err := bundle.LoadMessageFileFS(files, "texts/"+lang+".toml")
		if err != nil {
			return nil, fmt.Errorf("load the texts in %s: %w", lang, err)
		}
		c.originals[lang] = plain(read.Messages)
		c.localizers[lang] = i18n.NewLocalizer(bundle, lang)
	}
	c.Change(nil)
	return c, nil
}

// Say is the text with this key. A key that is missing shows itself; tests keep that from happening. One that was worded anew in
// a way that these values can't fill is said as the program brings it.
func (c *Catalogue) Say(lang, key string, values Data) string {
	return c.localize(lang, &i18n.LocalizeConfig{MessageID: key, TemplateData: values})
}

// Count is the text with this key in the form that n things take.
func (c *Catalogue) Count(lang, key string, n int) string {
	return c.localize(lang, &i18n.LocalizeConfig{MessageID: key, PluralCount: n, TemplateData: Data{"Count": n}})
}

func (c *Catalogue) localize(lang string, config *i18n.LocalizeConfig) string {
	if _, known := c.localizers[lang]; !known {
		lang = c.first
	}
	if changed := c.changed.Load(); changed.texts[lang][config.MessageID] != "" {
		if text, err := changed.localizers[lang].Localize(config); err == nil { // else these values can't fill it
			return text
		}
	}
	text, err := c.localizers[lang].Localize(config)
	if err != nil {
		return config.MessageID
	}
	return text
}

// Span is a length of time in the one unit that says it best: seconds below two minutes, minutes below two
// hours, days from two days on. The catalogue has the keys seconds, minutes, hours and days.
func (c *Catalogue) Span(lang string, d time.Duration) string {
	switch {
	case d < 2*time.Minute:
		return c.Count(lang, "seconds", round(d, time.Second))
	case d < 2*time.Hour:
		return c.Count(lang, "minutes", round(d, time.Minute))
	case d < 48*time.Hour:
		return c.Count(lang, "hours", round(d, time.Hour))
	default:
		return c.Count(lang, "days", round(d, 24*time.Hour))
	}
}

func round(d, unit time.Duration) int { return int(d.Round(unit) / unit) }

// Tag is the language of a page in full, as browsers and screen readers know it (BCP 47).
func Tag(lang string) string {
	if lang == "zh-HK" {
		return "zh-Hant-HK"
	}
	return lang
}

// Moment is a point in time as readers of the language write it, in its time zone.
func (c *Catalogue) Moment(lang string, at time.Time) string {
	if lang == "en" {
		return at.Format("2 Jan 15:04")
	}
	return at.Format("1月2日 15:04")
}
