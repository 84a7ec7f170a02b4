package prompts

import (
	"bytes"
	_ "embed" // signs.yaml
	"errors"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"go.yaml.in/yaml/v3"
)

//go:embed signs.yaml
var signsFile []byte

// Groups are the beneficiary groups, in the order of mission.md.
func Groups() []string {
	return []string{"elderly", "empty_nester", "woman", "minor", "left_behind", "disabled", "low_income", "mental_health", "rehabilitation"}
}

// ForSelf is a need of the writer's own.
const ForSelf = "self"

// Relations are what somebody who needs help can be to the writer.
func Relations() []string {
	return []string{"parent", "partner", "child", "grandchild", "grandparent", "sibling", "relative", "neighbour", "other"}
}

// signs are the words by which urgency, groups and who needs help are read: signs.yaml, folded.
type signs struct {
	Urgent []string            `yaml:"urgent"`
	Groups map[string][]string `yaml:"groups"`
	Who    map[string][]string `yaml:"who"` // by relation, beside ForSelf and forWhom
}

// forWhom are the words after which stands who needs help.
const forWhom = "for"

// newSigns reads the words. What would not be understood is an error.
func newSigns(file []byte) (*signs, error) {
	var s signs
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&s); err != nil {
		return nil, fmt.Errorf("read the signs of urgency, groups and who needs help: %w", err)
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
	who := append(Relations(), ForSelf, forWhom)
	for relation := range s.Who {
		if !slices.Contains(who, relation) {
			errs = append(errs, fmt.Errorf("nobody is the writer's %q", relation))
		}
	}
	for _, relation := range who {
		errs = append(errs, s.fold(relation, s.Who[relation]))
	}
	if err := errors.Join(errs...); err != nil {
		return nil, fmt.Errorf("read the signs of urgency, groups and who needs help: %w", err)
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

// who is who needs help in folded text: ForSelf, one of the Relations, or empty where the words don't say.
func (s *signs) who(text *folded) string {
	relation, first := "", len(text.text)
	for _, r := range Relations() {
		for _, word := range s.Who[r] {
			at := strings.Index(text.text, word)
			if at < 0 || namesSelf(text.text[:at]) {
				continue
			}
			for _, before := range s.Who[forWhom] {
				if strings.HasSuffix(text.text[:at], before) {
					return r
				}
			}
			if at < first {
				relation, first = r, at
			}
		}
	}
	if text.hasAny(s.Who[ForSelf]) {
		return ForSelf
	}
	if relation == "" && (strings.HasPrefix(text.text, "我") || strings.HasPrefix(text.text, "i ") || strings.HasPrefix(text.text, "my ")) {
		return ForSelf
	}
	return relation
}

// namesSelf tells whether words end in those with which somebody says who they are: 我是陈(婆婆).
func namesSelf(words string) bool {
	for _, i := range []string{"我是", "我系", "我係"} {
		if _, name, found := strings.Cut(words, i); found && utf8.RuneCountInString(name) <= 2 {
			return true
		}
	}
	return false
}
