package simulator

import (
	"cmp"
	"regexp"
	"slices"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-telegram/bot/models"
)

const (
	maxText    = 4096 // UTF-16 units of a message
	maxCaption = 1024
)

// length counts in UTF-16 units, as Telegram does in entities.
func length(s string) int {
	n := 0
	for _, r := range s {
		n += max(1, utf16.RuneLen(r))
	}
	return n
}

// formatted is text with its entities.
type formatted struct {
	text     string
	entities []models.MessageEntity
}

// formatted reads one of a call's texts with its formatting: parse_mode, or the entities given beside it.
func (c *call) formatted(name, entities string, limit int, tooLong string) (formatted, error) {
	f := formatted{text: c.str(name)}
	if !utf8.ValidString(f.text) {
		return f, bad("strings must be encoded in UTF-8")
	}
	var err error
	switch mode := strings.ToLower(c.str("parse_mode")); mode {
	case "":
		err = c.object(entities, &f.entities)
	case "html":
		f, err = parseHTML(f.text)
	default:
		err = bad("unsupported parse_mode (the simulator knows HTML only)")
	}
	if err != nil {
		return f, err
	}
	f.trim()
	if length(f.text) > limit {
		return f, bad("%s", tooLong)
	}
	f.detect()
	return f, nil
}

// trim takes away the space around the text, as Telegram does.
func (f *formatted) trim() {
	f.text = strings.TrimRight(f.text, " \t\r\n")
	if len(f.entities) == 0 {
		f.text = strings.TrimLeft(f.text, " \t\r\n")
	}
	end := length(f.text)
	kept := f.entities[:0]
	for _, e := range f.entities {
		if e.Length = min(e.Length, end-e.Offset); e.Length > 0 && e.Offset >= 0 {
			kept = append(kept, e)
		}
	}
	f.entities = kept
}

var detected = []struct {
	kind    models.MessageEntityType
	pattern *regexp.Regexp
}{
	{models.MessageEntityTypeURL, regexp.MustCompile(`(?:https?://[^\s<>"，。；：！？、）】》]+|\b(?:t\.me|telegram\.me)/[A-Za-z0-9_/?=&%.-]+)`)},
	{models.MessageEntityTypeBotCommand, regexp.MustCompile(`(?:^|\s)(/[A-Za-z0-9_]{1,64}(?:@[A-Za-z0-9_]{3,32})?)\b`)},
}

// detect adds what Telegram's own servers find in plain text, of which the simulator knows links and commands.
func (f *formatted) detect() {
	for _, d := range detected {
		for _, at := range d.pattern.FindAllStringSubmatchIndex(f.text, -1) {
			from, to := at[len(at)-2], at[len(at)-1] // the group, or the whole where there is none
			f.add(models.MessageEntity{Type: d.kind, Offset: length(f.text[:from]), Length: length(f.text[from:to])})
		}
	}
	slices.SortStableFunc(f.entities, func(a, b models.MessageEntity) int {
		return cmp.Or(a.Offset-b.Offset, b.Length-a.Length)
	})
}

// add leaves out what overlaps a link, a command or code that is there already.
func (f *formatted) add(e models.MessageEntity) {
	for _, o := range f.entities {
		overlaps := e.Offset < o.Offset+o.Length && o.Offset < e.Offset+e.Length
		switch o.Type {
		case models.MessageEntityTypeURL, models.MessageEntityTypeTextLink, models.MessageEntityTypeCode, models.MessageEntityTypePre:
			if overlaps {
				return
			}
		}
	}
	f.entities = append(f.entities, e)
}

// plain is a user's text, with what Telegram finds in it.
func plain(text string) formatted {
	f := formatted{text: strings.ToValidUTF8(text, "\uFFFD")}
	f.detect()
	return f
}
