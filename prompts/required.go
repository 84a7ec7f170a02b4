package prompts

import (
	"regexp"
	"regexp/syntax"
	"slices"
	"strings"
	"unicode/utf8"
)

const (
	fewStrings = 64 // of a set
	fewSets    = 16 // that are looked for
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
	case syntax.OpLiteral, syntax.OpCharClass:
		if strings := exactly(e); strings != nil {
			return [][]string{strings}
		}
	case syntax.OpCapture, syntax.OpPlus:
		return requiredOf(e.Sub[0])
	case syntax.OpRepeat:
		if e.Min > 0 {
			return requiredOf(e.Sub[0])
		}
	case syntax.OpConcat:
		return requiredInTurn(e.Sub)
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

// requiredInTurn are the sets of expressions that follow each other; of those that are of few strings the strings are put together.
func requiredInTurn(subs []*syntax.Regexp) (all [][]string) {
	together := []string{""}
	flush := func() {
		if !slices.Contains(together, "") {
			all = append(all, together)
		}
		together = []string{""}
	}
	for _, sub := range subs {
		strings := exactly(sub)
		if strings == nil {
			flush()
			all = append(all, requiredOf(sub)...)
			continue
		}
		if len(together)*len(strings) > fewStrings {
			flush()
		}
		together = product(together, strings)
	}
	flush()
	return all
}

// exactly are all strings that an expression matches, or nil where they are many.
func exactly(e *syntax.Regexp) (all []string) {
	switch e.Op {
	case syntax.OpEmptyMatch:
		return []string{""}
	case syntax.OpLiteral:
		return []string{string(e.Rune)}
	case syntax.OpCharClass:
		for i := 0; i+1 < len(e.Rune); i += 2 {
			for r := e.Rune[i]; r <= e.Rune[i+1]; r++ {
				if len(all) == fewStrings {
					return nil
				}
				all = append(all, string(r))
			}
		}
	case syntax.OpCapture:
		return exactly(e.Sub[0])
	case syntax.OpQuest:
		if all = exactly(e.Sub[0]); all != nil {
			all = append(all, "")
		}
	case syntax.OpAlternate:
		for _, sub := range e.Sub {
			strings := exactly(sub)
			if strings == nil || len(all)+len(strings) > fewStrings {
				return nil
			}
			all = append(all, strings...)
		}
	case syntax.OpConcat:
		all = []string{""}
		for _, sub := range e.Sub {
			strings := exactly(sub)
			if len(all)*len(strings) > fewStrings || strings == nil {
				return nil
			}
			all = product(all, strings)
		}
	}
	return all
}

// product are all strings of one set followed by one of another.
func product(some, others []string) (all []string) {
	for _, a := range some {
		for _, b := range others {
			all = append(all, a+b)
		}
	}
	return all
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
func newHints(expressions []*regexp.Regexp) *hints {
	h := &hints{strings: map[rune][]hint{}}
	for _, expression := range expressions {
		h.add(required(expression.String()))
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
