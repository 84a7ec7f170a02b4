package prompts

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// certainty is an expression that is believed to speak of a danger.
type certainty struct {
	crisis Crisis
	*regexp.Regexp
}

// compile reads the expressions of what is certain of each danger, in the order in which dangers count. What stands in
// braces is one of the words, which may name others.
func (d *detector) compile() error {
	d.hints = newHints(nil)
	var named []string
	for name, word := range d.rules.Words {
		named = append(named, "{"+name+"}", "(?:"+word+")")
	}
	words := strings.NewReplacer(named...)
	expand := func(expression string) string { return words.Replace(words.Replace(expression)) }
	for _, crisis := range Crises() {
		for _, certain := range d.rules.Certain[crisis] {
			whole, err := regexp.Compile(expand(certain))
			if err != nil {
				return fmt.Errorf("read the crisis rules: what is certain of %s: %w", crisis, err)
			}
			if !d.hints.add(required(whole.String())) {
				return fmt.Errorf("read the crisis rules: what is certain of %s: nothing must be in %q", crisis, certain)
			}
			d.sure = append(d.sure, certainty{crisis, whole})
		}
	}
	return d.lost.compile(d.rules.Things, expand)
}

// certain finds the danger that a text is certain to speak of, unless that is denied, or what stands around it is of long ago, asks
// about it, or says that it is over. Experience isn't asked: what must never be missed stands here.
func (d *detector) certain(text string, present bool) Crisis {
	for _, i := range d.hints.in(text) {
		c := d.sure[i]
		for _, at := range c.FindAllStringIndex(text, -1) {
			if !d.denied(text, at[0]) && (present || !d.over(text, at[0], at[1])) {
				return c.crisis
			}
		}
	}
	return ""
}

func containsAny(text string, words []string) bool {
	return slices.ContainsFunc(words, func(word string) bool { return strings.Contains(text, word) })
}

// over tells whether what stands around a part of a text, but not in it, is of long ago or asks about such things.
func (d *detector) over(text string, begin, end int) bool {
	part := around(text, begin, end).text
	rest := strings.Replace(part, text[begin:end], " □ ", 1)
	f := &folded{rest, []rune(rest)}
	return f.hasAny(d.rules.Past) || f.hasAny(d.rules.Calming) || d.settled(text[end:])
}

// settled tells whether the rest of a sentence says that what was spoken of is over.
func (d *detector) settled(rest string) bool {
	if i := strings.IndexAny(rest, sentenceEnd); i >= 0 {
		rest = rest[:i]
	}
	return containsAny(rest, d.rules.Settled)
}
