package prompts

import (
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	fewRunes = 24 // characters of a set up to which it is taken for as many strings
	fewSets  = 16 // sets of strings that are looked for
)

// required are sets of strings: every match of an expression has a string of each set, in their order. Whoever looks for these first seldom
// needs the expression. There may be none.
func required(expression string) [][]string {
	parsed, err := syntax.Parse(expression, syntax.Perl)
	if err != nil {
		return nil
	}
	all := requiredOf(parsed)
	return all[:min(len(all), fewSets)]
}

func requiredOf(e *syntax.Regexp) (all [][]string) {
	switch e.Op {
	case syntax.OpLiteral:
		return [][]string{{string(e.Rune)}}
	case syntax.OpCharClass:
		return charactersOf(e.Rune)
	case syntax.OpCapture, syntax.OpPlus:
		return requiredOf(e.Sub[0])
	case syntax.OpRepeat:
		if e.Min > 0 {
			return requiredOf(e.Sub[0])
		}
	case syntax.OpConcat:
		for _, sub := range e.Sub {
			all = append(all, requiredOf(sub)...)
		}
	case syntax.OpAlternate: // what is rarest in each
		var any []string
		for _, sub := range e.Sub {
			sets := requiredOf(sub)
			if len(sets) == 0 {
				return nil
			}
			any = append(any, slices.MaxFunc(sets, func(a, b []string) int { return shortest(a) - shortest(b) })...)
		}
		return [][]string{any}
	}
	return all
}

// charactersOf are the characters of a class, given as ranges, as a set; none where they are many.
func charactersOf(ranges []rune) [][]string {
	var all []string
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := ranges[i]; r <= ranges[i+1]; r++ {
			if len(all) == fewRunes {
				return nil
			}
			all = append(all, string(r))
		}
	}
	return [][]string{all}
}

func shortest(all []string) int {
	return len(slices.MinFunc(all, func(a, b string) int { return len(a) - len(b) }))
}

// hints tell by one pass over a text which of many expressions may match.
type hints struct {
	strings map[rune][]hint // by their first character
	sets    []int           // how many sets each expression requires
}

// hint is a string of a set that an expression requires.
type hint struct {
	text    string
	of, set int
}

// newHints are those of expressions of each of which something is required.
func newHints(expressions ...string) *hints {
	h := &hints{strings: map[rune][]hint{}}
	for _, expression := range expressions {
		h.add(required(expression))
	}
	return h
}

// add takes in the next expression, and tells whether anything is required of it.
func (h *hints) add(sets [][]string) bool {
	for i, set := range sets {
		for _, text := range set {
			first, _ := utf8.DecodeRuneInString(text)
			h.strings[first] = append(h.strings[first], hint{text, len(h.sets), i})
		}
	}
	h.sets = append(h.sets, len(sets))
	return len(sets) > 0
}

// in are the expressions that may match a text, in their order: a string of each of their sets stands behind one of the set before.
func (h *hints) in(text string) (may []int) {
	type progress struct{ sets, from int }
	found := make([]progress, len(h.sets))
	for offset, r := range text {
		for _, hint := range h.strings[r] {
			p := &found[hint.of]
			if p.sets == hint.set && p.from <= offset && strings.HasPrefix(text[offset:], hint.text) {
				*p = progress{p.sets + 1, offset + 1}
			}
		}
	}
	for i, sets := range h.sets {
		if found[i].sets == sets {
			may = append(may, i)
		}
	}
	return may
}
