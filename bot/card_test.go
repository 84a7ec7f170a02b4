package bot

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestAbridged: long words show their beginning and their end, and no character is cut in two.
func TestAbridged(t *testing.T) {
	for _, text := range []string{"", "short", strings.Repeat("a", firstWords+lastWords), strings.Repeat("门", firstWords+lastWords)} {
		if got := abridged(text); got != text {
			t.Errorf("short words are abridged to %q", got)
		}
	}
	for _, letter := range []string{"a", "门", "😀"} {
		for pad := range 3 {
			text := strings.Repeat("b", pad) + strings.Repeat(letter, 300) + "the end"
			got := abridged(text)
			if !utf8.ValidString(got) || strings.ContainsRune(got, utf8.RuneError) || !strings.HasSuffix(got, letter+"the end") || !strings.HasPrefix(got, strings.Repeat("b", pad)+letter) ||
				strings.Count(got, "…") != 1 || len(got) >= len(text) {
				t.Errorf("%q becomes %q", letter, got)
			}
		}
	}
}

// TestSaysSo: a summary stands on the card only where the words shown don't say it.
func TestSaysSo(t *testing.T) {
	if !saysSo("I need a wheelchair, for my father", "need a Wheelchair…") || saysSo("I need a wheelchair …", "Father can't walk") {
		t.Error("it is mistaken")
	}
}
