package intake

import (
	_ "embed" // for simple.txt
	"regexp"
	"slices"
	"strings"
	"unicode"

	"onedoor/prompts"
)

// A request is found by its words: Chinese characters two by two as they follow each other, the last of them alone, words of
// other scripts, and numbers. So every two characters or more that stand together in a text find it, and so does one alone, as
// the beginning of a pair. Where a telephone number is meant to be found by its end, it stands backwards.

const (
	longestWord = 40     // characters of a word that count
	mostWords   = 20_000 // of one request; what is said after them isn't found
	leastPhone  = 7      // digits of what may be a telephone number
	leastBegin  = 3      // characters of a word by which longer ones are found
)

// What else stands among a request's words: these signs are in no text's.
const (
	wordPhone   = "#"   // before a telephone number, backwards
	wordWorker  = "@w:" // before the code of whoever has it, or has written something
	wordStation = "@s:" // before its station's code; alone: it has none
)

//go:embed simple.txt
var simpleText string

// simpleForms turns characters that prompts.Fold leaves into simplified ones: all that OpenCC knows of.
var simpleForms = func() map[rune]rune {
	runes, forms := []rune(strings.ReplaceAll(simpleText, "\n", "")), map[rune]rune{}
	for i := 0; i+1 < len(runes); i += 2 {
		forms[runes[i]] = runes[i+1]
	}
	return forms
}()

// foldWords makes texts comparable: see prompts.Fold. Every traditional character is simplified.
func foldWords(text string) string {
	return strings.Map(func(r rune) rune {
		if s, ok := simpleForms[r]; ok {
			return s
		}
		return r
	}, prompts.Fold(text))
}

// run is some characters of one sort that stand together: Chinese ones, or letters and digits.
type run struct {
	letters []rune
	han     bool
}

// runsOf are those of a folded text, in order.
func runsOf(folded string) (all []run) {
	joins := false // with the last run
	for _, r := range folded {
		han := unicode.Is(unicode.Han, r)
		if unicode.IsMark(r) && joins && all[len(all)-1].han { // which form of the character is meant
			continue
		}
		if !han && !unicode.IsLetter(r) && !unicode.IsNumber(r) && !unicode.IsMark(r) {
			joins = false
			continue
		}
		if !joins || all[len(all)-1].han != han {
			all, joins = append(all, run{han: han}), true
		}
		last := &all[len(all)-1]
		last.letters = append(last.letters, r)
	}
	return all
}

// clipped is the word that a run of letters is.
func (r run) clipped() string { return string(r.letters[:min(len(r.letters), longestWord)]) }

// pairs are each two characters that follow each other.
func (r run) pairs() (all []string) {
	for i := range len(r.letters) - 1 {
		all = append(all, string(r.letters[i:i+2]))
	}
	return all
}

// wordSet gathers the words of a request.
type wordSet map[string]struct{}

func (s wordSet) add(word string) {
	if len(s) < mostWords {
		s[word] = struct{}{}
	}
}

// say adds what a text can be found by.
func (s wordSet) say(text string) {
	folded := foldWords(text)
	for _, r := range runsOf(folded) {
		if !r.han {
			s.add(r.clipped())
			continue
		}
		for _, pair := range r.pairs() {
			s.add(pair)
		}
		s.add(string(r.letters[len(r.letters)-1:]))
	}
	for _, phone := range phonesIn(folded) {
		s.add(wordPhone + backwards(phone))
	}
}

// sorted are the words, parted by spaces, of which they have none.
func (s wordSet) sorted() string {
	all := make([]string, 0, len(s))
	for word := range s {
		all = append(all, word)
	}
	slices.Sort(all)
	return strings.Join(all, " ")
}

var (
	countryCode = regexp.MustCompile(`(\+|\b00)86[ -]?`)
	mobile      = regexp.MustCompile(`1[3-9](?:[ -]?[0-9]){9}`)
	digits      = regexp.MustCompile(`[0-9]+`)
	spaced      = regexp.MustCompile(`[0-9](?:[ ()/.-]{0,2}[0-9]){6,19}`)
)

// phonesIn are the digits of what may be a telephone number in a folded text, however it is parted.
func phonesIn(folded string) (all []string) {
	folded = countryCode.ReplaceAllString(folded, " ")
	for _, pattern := range []*regexp.Regexp{mobile, digits, spaced} {
		for _, found := range pattern.FindAllString(folded, -1) {
			if phone := onlyDigits(found); len(phone) >= leastPhone && len(phone) <= longestWord {
				all = append(all, phone)
			}
		}
	}
	return all
}

func onlyDigits(text string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, text)
}

func backwards(text string) string {
	runes := []rune(text)
	slices.Reverse(runes)
	return string(runes)
}
