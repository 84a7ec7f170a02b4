package prompts

import (
	"regexp"
	"strings"
	"unicode"
)

// masks are what identifies a person, in the order in which they are looked for: longer numbers first. Marks of any kind
// may stand between digits.
var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[\p{L}\p{N}_.+-]+ ?@ ?[\w-]+(\.[\w-]+)+`), "[email]"},
	{regexp.MustCompile(`\b\d{6}[ .–—-]?(19|20)\d{2}[ .–—-]?(0[1-9]|1[0-2])[ .–—-]?([0-2]\d|3[01])[ .–—-]?\d{3}[\dXx]`), "[id]"},
	{regexp.MustCompile(`\d{17}[\dXx]`), "[id]"},
	{regexp.MustCompile(`\b\d{6}\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}\b`), "[id]"},
	{regexp.MustCompile(`\b[A-Z]{1,2}\d{6}\([0-9A]\)`), "[id]"},
	{regexp.MustCompile(`\b[CEGHM]\d{8}\b`), "[id]"},
	{regexp.MustCompile(`\d{4}[ .–—-]?\d{4}[ .–—-]?\d{4}[ .–—-]?\d{4}([ .–—-]?\d{1,3})?`), "[card]"},
	{regexp.MustCompile(`(\+?86[ .–—-]?)?1[3-9]\d([ .·–—-]?\d){8}`), "[phone]"},
	{regexp.MustCompile(`[一幺][三四五六七八九]([零〇一二三四五六七八九幺两]){9}`), "[phone]"},
	{regexp.MustCompile(`(\+?852[ -]?)?\b[2-9]\d{3}[ -]?\d{4}\b`), "[phone]"},
	{regexp.MustCompile(`\b0\d{2,3}[ -]?\d{7,8}\b`), "[phone]"},
	{regexp.MustCompile(`(我叫|我是叫|名叫|名字是|名字叫|名字|姓名|联系人|聯絡人|我嘅名係|我个名叫|我個名叫|我個名係|我个名系|本人叫|妈叫|爸叫|儿子叫|女儿叫|老公叫|老婆叫)(\s*[:：]?\s*["“「]?)(\p{Han}{2,4}(·\p{Han}{1,4})?|\p{Lu}[\p{L}'-]+(\s+\p{Lu}[\p{L}'-]+){0,2})`), "$1$2[name]"},
	{regexp.MustCompile(`(?i)(my name is|my name's|i am called|name)(\s*[:：]?\s*)([\p{L}'-]+(\s+(?-i:\p{Lu})[\p{L}'-]+){0,2})`), "$1$2[name]"},
}

// Mask replaces telephone, identity-card and bank-card numbers, e-mail addresses, and names after the usual markers, so
// that text can leave the machine. Full-width digits and letters are written in their common form.
func Mask(text string) string {
	text = strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Cf, r):
			return -1
		case r > '！' && r <= '～' && (unicode.IsDigit(r) || unicode.IsLetter(r) || strings.ContainsRune("＠＋．－", r)):
			return r - ('！' - '!')
		}
		return r
	}, text)
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.by)
	}
	return text
}
