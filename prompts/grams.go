package prompts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// grams calls each with the features of a text: of Han runs every one to three characters, of other scripts
// every word, its stem, how it begins, and every two words together; empty words only where they are wanted. The
// strings are parts of the text, not copies.
func (f *folded) grams(empty bool, each func(string)) {
	offset, last := 0, ""
	var han []int // where the characters of the present run begin
	for i, r := range f.runes {
		size := len(string(r))
		if unicode.Is(unicode.Han, r) {
			last = ""
			han = append(han, offset)
			for n := 1; n <= 3 && n <= len(han); n++ {
				each(f.text[han[len(han)-n] : offset+size])
			}
		} else {
			han = han[:0]
			if letter(r) && (i == 0 || !letter(f.runes[i-1])) {
				word := f.text[offset : offset+wordLength(f.text[offset:])]
				last = f.word(word, last, offset, empty, each)
			}
		}
		offset += size
	}
}

// beginning is how many letters at the beginning of a longer word stand for all that is derived from it.
const beginning = 5

// emptyWords are the commonest of English that name nothing.
var emptyWords = func() map[string]bool {
	set := map[string]bool{}
	for word := range strings.FieldsSeq(`a about after again all also am an and any anybody anyone anything are as ask at be because been before but by
		can can't could did didn't do does doesn't don't each else even ever every for from get gets give go goes going got had has have he hello her here
		hers hi him his how i i'd i'll i'm i've if in into is isn't it it's its just know last like look made make many may me might mine more most much
		must my need needs never no nobody nor not nothing now of off on once one only or other our out over own please put said say says she should since
		so some somebody someone something sorry still such take than thank thanks that that's the their them then there these they thing this those to too
		two up us used very want wants was we we'd we're well went were what when where whether which while who whom whose why will with without won't
		would yes yet you your`) {
		set[word] = true
	}
	return set
}()

// word calls each with a word, its stem and how it begins, and the pair that it makes with the word before. Words that
// stand in every sentence say nothing of a service, though something of danger.
func (f *folded) word(word, last string, offset int, empty bool, each func(string)) string {
	if !empty && emptyWords[word] {
		return ""
	}
	each(word)
	if stem := stemmed(word); stem != word {
		each(stem)
	}
	if len(word) > beginning && word[beginning-1] < utf8.RuneSelf && word[beginning] < utf8.RuneSelf {
		each(word[:beginning])
	}
	if last != "" {
		begin := offset - 1 - len(last)
		if begin >= 0 && f.text[begin:begin+len(last)] == last {
			each(f.text[begin : offset+len(word)])
		}
	}
	return word
}

func letter(r rune) bool {
	return (unicode.IsLetter(r) || unicode.IsDigit(r)) && !unicode.Is(unicode.Han, r)
}

// wordLength is how many bytes of text belong to its first word.
func wordLength(text string) int {
	for i, r := range text {
		if !letter(r) && r != '\'' {
			return i
		}
	}
	return len(text)
}

// stemmed takes the commonest English endings off.
func stemmed(word string) string {
	for _, ending := range []string{"ings", "ing", "ies", "ied", "ed", "es", "s", "'s"} {
		if stem, ok := strings.CutSuffix(word, ending); ok && len(stem) >= 4 {
			return stem
		}
	}
	return word
}

// overlaps tells whether a word is part of one of the others, or one of them of it.
func overlaps(others []string, word string) bool {
	for _, other := range others {
		if strings.Contains(other, word) || strings.Contains(word, other) {
			return true
		}
	}
	return false
}
