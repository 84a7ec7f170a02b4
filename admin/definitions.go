package admin

import (
	"fmt"
	"slices"

	"onedoor/internal/texts"
)

// Definitions are what the figures of response times mean, in one of Languages, as their page has it: `onedoor report` says the same.
func Definitions(lang string) (string, error) {
	if !slices.Contains(Languages(), lang) {
		return "", fmt.Errorf("definitions in %q: there are those in %q", lang, Languages())
	}
	catalogue, err := texts.Load(files, Languages())
	if err != nil {
		return "", err
	}
	return catalogue.Say(lang, "definitions_text", nil), nil
}
