package intake

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzParsePress reads forged buttons: each is a Press that reads back the same, or none.
func FuzzParsePress(f *testing.F) {
	for _, seed := range []string{"claim:K7P3QX:", "at:K7P3QX:440117", "", ":::", "claim", strings.Repeat("x", 80), "language::en"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, data string) {
		p := ParsePress(data)
		if p.Action != "" && ParsePress(p.String()) != p && len(p.String()) <= 64 {
			t.Errorf("%q is %+v, and read back %+v", data, p, ParsePress(p.String()))
		}
	})
}

// TestButtonsFit: the longest button there can be fits Telegram's 64 bytes.
func TestButtonsFit(t *testing.T) {
	longest := Press{Action: ActSkipPlace, Ref: newRef(), Arg: strings.Repeat("9", 32)}
	if n := len(longest.String()); n > 64 {
		t.Errorf("a button has %d bytes: %s", n, longest)
	}
}

func FuzzClean(f *testing.F) {
	f.Add("a\x00b\u202e\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := clean(text)
		if !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\u202e\u2066") || clean(got) != got {
			t.Errorf("%q is cleaned to %q", text, got)
		}
	})
}

func TestReferences(t *testing.T) {
	seen := map[string]bool{}
	for range 2000 {
		ref := newRef()
		if len(ref) != 6 || strings.ContainsAny(ref, "0O1IL2Z5S8BUVAE") {
			t.Fatalf("%s is no good reference", ref)
		}
		seen[ref] = true
	}
	if len(seen) < 1995 { // two may be the same by chance; insert then takes another
		t.Errorf("of 2000 references only %d differ", len(seen))
	}
	if NormalRef(" k7p-3qx") != "K7P3QX" {
		t.Errorf("a reference as typed is read as %s", NormalRef(" k7p-3qx"))
	}
}

func TestLanguage(t *testing.T) {
	for tag, want := range map[string]string{"": "zh-CN", "zh-hans": "zh-CN", "zh": "zh-CN", "zh-cn": "zh-CN", "zh-SG": "zh-CN", "zh-hans-HK": "zh-CN",
		"zh-hk": "zh-HK", "zh_HK": "zh-HK", "zh-MO": "zh-HK", "zh-tw": "zh-HK", "zh-hant": "zh-HK", "zh-hant-beta": "zh-HK", "yue": "zh-HK", "yue-Hans-CN": "zh-HK",
		"en": "en", "en-GB": "en", "fr": "en"} {
		if got := Language(tag); got != want {
			t.Errorf("%q is read as %s, want %s", tag, got, want)
		}
	}
}

func TestLanguageNamed(t *testing.T) {
	for name, want := range map[string]string{"zh": "zh-CN", " 普通话 ": "zh-CN", "Chinese": "zh-CN", "廣東話": "zh-HK", "广东话": "zh-HK", "繁體中文": "zh-HK",
		"Cantonese": "zh-HK", "zh-HK": "zh-HK", "yue": "zh-HK", "English": "en", "英文": "en", "klingon": "", "": ""} {
		if got := languageNamed(name); got != want {
			t.Errorf("%q names %q, want %q", name, got, want)
		}
	}
}
