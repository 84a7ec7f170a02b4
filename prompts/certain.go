package prompts

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// compile makes one expression of what is certain of each danger. What stands in braces is one of the words.
func (d *detector) compile() error {
	d.sure = map[Crisis]*regexp.Regexp{}
	var named []string
	for name, word := range d.rules.Words {
		named = append(named, "{"+name+"}", "(?:"+word+")")
	}
	words := strings.NewReplacer(named...)
	for crisis, certain := range d.rules.Certain {
		whole, err := regexp.Compile(words.Replace(strings.Join(certain, "|")))
		if err != nil {
			return fmt.Errorf("read the crisis rules: what is certain of %s: %w", crisis, err)
		}
		d.sure[crisis] = whole
	}
	return d.lost.compile(d.rules.Things)
}

// certain finds the danger that a text is certain to speak of, unless that is denied, or what stands around it is of long ago or asks
// about it. Experience isn't asked: what must never be missed stands here.
func (d *detector) certain(text string, present bool) Crisis {
	for _, crisis := range Crises() {
		expression := d.sure[crisis]
		if expression == nil || !containsAny(text, d.rules.Hints[crisis]) {
			continue
		}
		for _, at := range expression.FindAllStringIndex(text, -1) {
			if !d.denied(text, at[0]) && (present || !d.over(text, at[0], at[1])) {
				return crisis
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
	return f.hasAny(d.rules.Past) || f.hasAny(d.rules.Calming)
}
