package prompts

import (
	"hash/maphash"
	"strings"
	"unicode"
	"unicode/utf8"
)

// gram is a feature of text: up to three characters of Han, 21 bits each, or the hash of a word or of two together, with
// the highest bit set.
type gram uint64

var seed = maphash.MakeSeed()

func ofWord(word string) gram { return gram(maphash.String(seed, word) | 1<<63) }

// grams calls each with the features of a text, and what they stand for: of Han runs every one to three characters, of
// other scripts every word, its stem, how it begins, and every two words together; empty words only where they are
// wanted. The strings are parts of the text, not copies.
func (f *folded) grams(empty bool, each func(gram, string)) {
	offset, last := 0, ""
	var run gram     // the last three characters of the present run of Han,
	var begin [3]int // where they begin, the last one first,
	inRun := 0       // and how many there are
	for i, r := range f.runes {
		size := utf8.RuneLen(r)
		if unicode.Is(unicode.Han, r) {
			last = ""
			run = run<<21&(1<<63-1) | gram(r)
			begin = [3]int{offset, begin[0], begin[1]}
			inRun = min(inRun+1, 3)
			for n := range inRun {
				each(run&(1<<(21*(n+1))-1), f.text[begin[n]:offset+size])
			}
		} else {
			run, inRun = 0, 0
			if letter(r) && f.begins(i) {
				word := f.text[offset : offset+wordLength(f.text[offset:])]
				last = f.word(word, last, offset, empty, each)
			}
		}
		offset += size
	}
}

// begins tells whether a word begins at the letter with this number: one behind an apostrophe doesn't, in "can't".
func (f *folded) begins(i int) bool {
	return i == 0 || !letter(f.runes[i-1]) && (f.runes[i-1] != '\'' || i == 1 || !letter(f.runes[i-2]))
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
func (f *folded) word(word, last string, offset int, empty bool, each func(gram, string)) string {
	if !empty && emptyWords[word] {
		return ""
	}
	each(ofWord(word), word)
	if stem := stemmed(word); stem != word {
		each(ofWord(stem), stem)
	}
	if len(word) > beginning && word[beginning-1] < utf8.RuneSelf && word[beginning] < utf8.RuneSelf {
		each(ofWord(word[:beginning]), word[:beginning])
	}
	if last != "" {
		begin := offset - 1 - len(last)
		if begin >= 0 && f.text[begin:begin+len(last)] == last {
			pair := f.text[begin : offset+len(word)]
			each(ofWord(pair), pair)
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
