package simulator

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"
)

func TestHTML(t *testing.T) {
	for source, want := range map[string]string{
		"a <b>粗 <i>斜</i></b> &lt;c&gt; &amp;&#20013;&#x6587; &nbsp;": "a 粗 斜 <c> &中文 &nbsp; [italic 4+1 bold 2+3]",
		`<a href="https://x.y/?a=1">链接</a>`:                          "链接 [text_link 0+2]",
		`<span class="tg-spoiler">s</span><code>1<2</code>`:          "Unclosed start tag at byte offset 40",
		"<b>x":        `Can't find end tag corresponding to start tag "b"`,
		"x</b>":       "Unexpected end tag at byte offset 1",
		"<b>x</i>":    `Unmatched end tag at byte offset 4, expected "</b>", found "</i>"`,
		"<h1>x</h1>":  `Unsupported start tag "h1" at byte offset 0`,
		"<span>x</b>": `Tag "span" must have class "tg-spoiler" at byte offset 0`,
		"😀<b>x</b>":   "😀x [bold 2+1]",
	} {
		f, err := parseHTML(source)
		got := f.text
		var parts []string
		for _, e := range f.entities {
			parts = append(parts, fmt.Sprintf("%s %d+%d", e.Type, e.Offset, e.Length))
		}
		if len(parts) > 0 {
			got += " [" + strings.Join(parts, " ") + "]"
		}
		if err != nil {
			got = strings.TrimPrefix(refusal(err).Description, "Bad Request: can't parse entities: ")
		}
		if got != want {
			t.Errorf("%s:\n got %s\nwant %s", source, got, want)
		}
	}
}

// What is escaped comes through as it was, whatever it is.
func TestHTMLEscaped(t *testing.T) {
	escape := strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		f, err := parseHTML("<b>" + escape.Replace(text) + "</b>")
		if err != nil || f.text != text {
			t.Fatalf("%q became %q, %v", text, f.text, err)
		}
		if want := min(1, length(text)); len(f.entities) != want {
			t.Fatalf("%d entities", len(f.entities))
		}
	})
}

func FuzzHTML(f *testing.F) {
	f.Add("a <b>b</b> &amp; <a href='x'>c</a>")
	f.Add("&#xFFFFFF;<span class=\"tg-spoiler\">")
	f.Fuzz(func(t *testing.T, source string) {
		got, err := parseHTML(source)
		if err != nil {
			return
		}
		if utf8.ValidString(source) != utf8.ValidString(got.text) && utf8.ValidString(source) {
			t.Fatalf("%q became %q", source, got.text)
		}
		for _, e := range got.entities {
			if e.Offset < 0 || e.Length <= 0 || e.Offset+e.Length > length(got.text) {
				t.Fatalf("entity %+v outside %q", e, got.text)
			}
		}
	})
}
