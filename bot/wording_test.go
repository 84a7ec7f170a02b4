package bot

import (
	"testing"

	"onedoor/intake"
	"onedoor/internal/texts"
)

// TestEveryTextCanStay: each text that can be worded anew passes its own check, so that what is only corrected is taken.
func TestEveryTextCanStay(t *testing.T) {
	catalogue, err := LoadTexts()
	if err != nil {
		t.Fatal(err)
	}
	for _, lang := range intake.Languages() {
		for _, key := range catalogue.Keys() {
			text, ok := catalogue.Original(lang, key)
			if err := catalogue.Check(texts.Change{Language: lang, Key: key, Text: text}); err != nil || !ok {
				t.Errorf("%s in %s: %v, known %v", key, lang, err, ok)
			}
		}
	}
}
