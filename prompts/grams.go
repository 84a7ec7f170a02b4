package prompts

import (
	"strings"
	"unicode"
)

// grams calls each with the features of a text: of Han runs every one to three characters, of other scripts
// every word, its stem and every two words together. The strings are parts of the text, not copies.
func (f *folded) grams(each func(string)) {
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
				last = f.word(word, last, offset, each)
			}
		}
		offset += size
	}
}

// word calls each with a word, its stem, and the pair that it makes with the word before.
func (f *folded) word(word, last string, offset int, each func(string)) string {
	each(word)
	if stem := stemmed(word); stem != word {
		each(stem)
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
