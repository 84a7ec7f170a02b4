package bulk

import (
	"testing"

	"onedoor/prompts"
)

// TestCriesAreHeard: what residents in danger say, in each language, is a cry for help of that kind.
func TestCriesAreHeard(t *testing.T) {
	t.Parallel()
	taxonomy, err := prompts.Load()
	if err != nil {
		t.Fatal(err)
	}
	offline, said := prompts.NewOffline(taxonomy), cries()
	for _, crisis := range prompts.Crises() {
		for _, texts := range said[crisis] {
			if len(texts) < 2 {
				t.Errorf("of %s there is only %q", crisis, texts)
			}
			for _, text := range texts {
				if heard := offline.Crisis(text); heard != crisis {
					t.Errorf("%q is heard as %q, want %s", text, heard, crisis)
				}
			}
		}
	}
}
