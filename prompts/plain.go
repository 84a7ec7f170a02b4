package prompts

import "strings"

// shortCry is how many bytes of letters a cry may have that is no more than a word, however often it is repeated.
const shortCry = 60

// plainly finds the danger that a text of a word or two cries of: fire fire come fast, 火火火.
func (d *detector) plainly(f *folded) Crisis {
	letters := f.letters()
	if letters == "" || len(letters) > shortCry {
		return ""
	}
	if crisis, ok := d.plain[letters]; ok {
		return crisis
	}
	return d.plain[once(d.urging.Replace(letters))]
}

// once is what a text repeats, or the text.
func once(text string) string {
	for n := 1; n <= len(text)/2; n++ {
		if len(text)%n == 0 && strings.Repeat(text[:n], len(text)/n) == text {
			return text[:n]
		}
	}
	return text
}

// urgingOut leaves out words of urging from the letters of a text.
func urgingOut(words []string) *strings.Replacer {
	var pairs []string
	for _, word := range words {
		pairs = append(pairs, fold(word).letters(), "")
	}
	return strings.NewReplacer(pairs...)
}
