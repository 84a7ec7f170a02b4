package prompts

import "regexp"

// masks are what identifies a person, in the order in which they are looked for: longer numbers first.
var masks = []struct {
	pattern *regexp.Regexp
	by      string
}{
	{regexp.MustCompile(`[\w.+-]+@[\w-]+(\.[\w-]+)+`), "[email]"},
	{regexp.MustCompile(`\b\d{6}(19|20)\d{2}(0[1-9]|1[0-2])([0-2]\d|3[01])\d{3}[\dXx]\b`), "[id]"},
	{regexp.MustCompile(`[\d０-９]{17}[\dXx０-９Ｘ]`), "[id]"},
	{regexp.MustCompile(`\d{4}[ -]?\d{4}[ -]?\d{4}[ -]?\d{4}([ -]?\d{1,3})?`), "[card]"},
	{regexp.MustCompile(`(\+?86[ -]?)?1[3-9]\d[ -]?\d{4}[ -]?\d{4}`), "[phone]"},
	{regexp.MustCompile(`(\+?852[ -]?)?\b[2-9]\d{3}[ -]?\d{4}\b`), "[phone]"},
	{regexp.MustCompile(`\b0\d{2,3}[ -]?\d{7,8}\b`), "[phone]"},
	{regexp.MustCompile(`(我叫|我是叫|名叫|名字是|名字叫|姓名[:：]?|我嘅名係|我个名叫)\s*\p{Han}{2,4}`), "$1[name]"},
	{regexp.MustCompile(`(?i)(my name is|my name's|i am called|name:)\s+[\p{L}'-]+(\s+\p{Lu}[\p{L}'-]+)?`), "$1 [name]"},
}

// Mask replaces telephone, identity-card and bank-card numbers, e-mail addresses, and names after the usual
// markers, so that text can leave the machine.
func Mask(text string) string {
	for _, m := range masks {
		text = m.pattern.ReplaceAllString(text, m.by)
	}
	return text
}
