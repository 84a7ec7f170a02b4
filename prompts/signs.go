package prompts

import (
	"bytes"
	_ "embed" // signs.yaml
	"errors"
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed signs.yaml
var signsFile []byte

// Groups are the beneficiary groups, in the order of mission.md.
func Groups() []string {
	return []string{"elderly", "empty_nester", "woman", "minor", "left_behind", "disabled", "low_income", "mental_health", "rehabilitation"}
}

// signs are the words by which urgency and groups are read: signs.yaml, folded.
type signs struct {
	Urgent []string            `yaml:"urgent"`
	Groups map[string][]string `yaml:"groups"`
}

// newSigns reads the words. What would not be understood is an error.
func newSigns(file []byte) (*signs, error) {
	var s signs
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("read the signs of urgency and groups: %w", err)
	}
	errs := []error{s.fold("urgent", s.Urgent)}
	for group := range s.Groups {
		if !slices.Contains(Groups(), group) {
			errs = append(errs, fmt.Errorf("there is no group %q", group))
		}
	}
	for _, group := range Groups() {
		errs = append(errs, s.fold(group, s.Groups[group]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("read the signs of urgency and groups: %w", err)
	}
	return &s, nil
}

// fold makes words comparable with folded text. An empty word would be in every text.
func (s *signs) fold(of string, words []string) error {
	if len(words) == 0 {
		return fmt.Errorf("%s has no words", of)
	}
	for i, word := range words {
		if words[i] = fold(word).text; words[i] == "" {
			return fmt.Errorf("%s has an empty word", of)
		}
	}
	return nil
}

// urgency is how urgent folded text is. A crisis is always an emergency.
func (s *signs) urgency(text *folded, crisis Crisis) Urgency {
	switch {
	case crisis != "":
		return Emergency
	case text.hasAny(s.Urgent):
		return Urgent
	default:
		return Normal
	}
}

// groups are the beneficiary groups that folded text names; never nil.
func (s *signs) groups(text *folded) []string {
	found := []string{}
	for _, group := range Groups() {
		if text.hasAny(s.Groups[group]) {
			found = append(found, group)
		}
	}
	return found
}
