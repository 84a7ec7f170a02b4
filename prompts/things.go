package prompts

import (
	"fmt"
	"regexp"
)

// lostThings tell that things or animals are lost, and nobody is.
type lostThings struct{ lost, whose, somebody *regexp.Regexp }

// compile reads the expressions, of which all must be there; expand puts in what their words in braces stand for.
func (l *lostThings) compile(rules map[string]string, expand func(string) string) error {
	for name, to := range map[string]**regexp.Regexp{"lost": &l.lost, "whose": &l.whose, "somebody": &l.somebody} {
		expression, err := regexp.Compile(expand(rules[name]))
		if err != nil || rules[name] == "" {
			return fmt.Errorf("read the crisis rules: things: %s: %w", name, err)
		}
		*to = expression
	}
	return nil
}

// onlyThings tells whether a text of one sentence says that a thing or an animal is lost, and names nobody but whose it is.
func (d *detector) onlyThings(f *folded) bool {
	if len(sentences(f)) > 1 {
		return false
	}
	text := d.lost.whose.ReplaceAllString(f.text, "")
	return d.lost.lost.MatchString(text) && !d.lost.somebody.MatchString(text)
}
