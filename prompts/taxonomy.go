package prompts

import (
	"bytes"
	"cmp"
	_ "embed" // taxonomy.yaml
	"errors"
	"fmt"
	"time"

	"go.yaml.in/yaml/v3"
)

//go:embed taxonomy.yaml
var taxonomyFile []byte

// Urgency is how long a request can wait.
type Urgency string

// The urgencies, the most pressing first.
const (
	Emergency Urgency = "emergency"
	Urgent    Urgency = "urgent"
	Normal    Urgency = "normal"
)

// Standard is a service standard: the most time, from submission, until a request is claimed, first answered by
// a person, and resolved.
type Standard struct {
	Claim   time.Duration `yaml:"claim"`
	Answer  time.Duration `yaml:"answer"`
	Resolve time.Duration `yaml:"resolve"`
}

// Category is one of the public services.
type Category struct {
	Key        string               `yaml:"key"`
	Name       map[string]string    `yaml:"name"`        // by language: zh-CN, zh-HK, en
	Group      string               `yaml:"group"`       // the key of the ServiceGroup in which it is offered
	Definition string               `yaml:"definition"`  // for whoever tells services apart, a model too: in English, with keys
	About      map[string]string    `yaml:"description"` // a sentence for residents who read Chinese, by language: zh-CN, zh-HK
	Words      string               `yaml:"words"`       // telling words, parted by spaces
	Examples   []string             `yaml:"examples"`
	Standards  map[Urgency]Standard `yaml:"standards"` // only where they differ from the taxonomy's

	telling []string // words and phrases that tell the service by themselves
}

// Description says what the service is for: in Chinese a sentence for residents, in any other language the definition.
func (c *Category) Description(lang string) string {
	return cmp.Or(c.About[lang], c.Definition)
}

// crisisEntry is what a kind of danger leads to.
type crisisEntry struct {
	Category string   `yaml:"category"`
	Numbers  []string `yaml:"numbers"`
}

// Taxonomy is all that is known of the services. It never changes once loaded.
type Taxonomy struct {
	groups     []ServiceGroup
	categories []Category
	byKey      map[string]int
	standards  map[Urgency]Standard
	crises     map[Crisis]crisisEntry
	detector   *detector // by its signs alone
	signs      *signs
	fields     map[string]field // of social work, by key
	prompt     string           // the system prompt for a language model
}

// languages in which every category and every group has a name.
var languages = []string{"zh-CN", "zh-HK", "en"}

// minExamples of a category, for the classifiers to have something to go by.
const minExamples = 12

// Load reads the taxonomy, the crisis rules and the prompt of this binary. It is strict: what it would not
// understand is an error that names the line, so that the program does not start with it.
func Load() (*Taxonomy, error) {
	t, err := parse(taxonomyFile)
	if err != nil {
		return nil, err
	}
	if err := t.learn(); err != nil {
		return nil, err
	}
	if t.detector, err = newDetector(crisisFile); err != nil {
		return nil, err
	}
	if _, err := readCries(criesFile); err != nil {
		return nil, err
	}
	if t.signs, err = newSigns(signsFile); err != nil {
		return nil, err
	}
	if err := t.readFields(fieldsFile); err != nil {
		return nil, err
	}
	t.prompt, err = renderPrompt(t.categories)
	return t, err
}

func parse(file []byte) (*Taxonomy, error) {
	var t struct {
		Standards  map[Urgency]Standard   `yaml:"standards"`
		Crises     map[Crisis]crisisEntry `yaml:"crises"`
		Groups     []ServiceGroup         `yaml:"groups"`
		Categories []yaml.Node            `yaml:"categories"`
	}
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&t); err != nil {
		return nil, fmt.Errorf("read the taxonomy: %w", err)
	}
	taxonomy := &Taxonomy{byKey: map[string]int{}, groups: t.Groups, standards: t.Standards, crises: t.Crises}
	for i := range t.Categories {
		if err := taxonomy.add(&t.Categories[i]); err != nil {
			return nil, fmt.Errorf("read the taxonomy: line %d: %w", t.Categories[i].Line, err)
		}
	}
	if err := taxonomy.check(); err != nil {
		return nil, fmt.Errorf("read the taxonomy: %w", err)
	}
	return taxonomy, nil
}

// add takes one category, whole or not at all.
func (t *Taxonomy) add(node *yaml.Node) error {
	text, err := yaml.Marshal(node)
	if err != nil {
		return err
	}
	var c Category
	decoder := yaml.NewDecoder(bytes.NewReader(text))
	decoder.KnownFields(true)
	if err := decoder.Decode(&c); err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err
	}
	if _, doubled := t.byKey[c.Key]; doubled {
		return fmt.Errorf("category %q stands here twice", c.Key)
	}
	t.byKey[c.Key] = len(t.categories)
	t.categories = append(t.categories, c)
	return nil
}

func (c *Category) check() error {
	if c.Key == "" || c.Definition == "" {
		return fmt.Errorf("category %q needs a key and a definition", c.Key)
	}
	if err := checkNames(c.Name); err != nil {
		return fmt.Errorf("category %q %w", c.Key, err)
	}
	for _, lang := range []string{"zh-CN", "zh-HK"} {
		if c.About[lang] == "" {
			return fmt.Errorf("category %q needs a description in %s", c.Key, lang)
		}
	}
	if len(c.Examples) < minExamples {
		return fmt.Errorf("category %q has %d examples, fewer than %d", c.Key, len(c.Examples), minExamples)
	}
	for urgency, s := range c.Standards {
		if err := s.check(urgency); err != nil {
			return fmt.Errorf("category %q: %w", c.Key, err)
		}
	}
	return nil
}

func (s Standard) check(urgency Urgency) error {
	if urgency != Emergency && urgency != Urgent && urgency != Normal {
		return fmt.Errorf("%q is no urgency", urgency)
	}
	if s.Claim <= 0 || s.Answer < s.Claim || s.Resolve < s.Answer {
		return fmt.Errorf("the standard for %s must have claim, answer and resolve, none shorter than the one before", urgency)
	}
	return nil
}

// check looks at what belongs to no single category.
func (t *Taxonomy) check() error {
	errs := t.checkGroups()
	for _, urgency := range []Urgency{Emergency, Urgent, Normal} {
		errs = append(errs, t.standards[urgency].check(urgency))
	}
	for _, crisis := range Crises() {
		entry := t.crises[crisis]
		if _, ok := t.byKey[entry.Category]; !ok || len(entry.Numbers) == 0 {
			errs = append(errs, fmt.Errorf("crisis %q needs a known category and numbers to call", crisis))
		}
	}
	return errors.Join(errs...)
}

// Categories are the services in the taxonomy's order. The slice must not be changed.
func (t *Taxonomy) Categories() []Category { return t.categories }

// Category is the service with a key.
func (t *Taxonomy) Category(key string) (Category, bool) {
	i, ok := t.byKey[key]
	if !ok {
		return Category{}, false
	}
	return t.categories[i], true
}

// Standard is the service standard of a category, or the general one where it has none or isn't known.
func (t *Taxonomy) Standard(category string, urgency Urgency) Standard {
	if c, ok := t.Category(category); ok {
		if s, ok := c.Standards[urgency]; ok {
			return s
		}
	}
	return t.standards[urgency]
}

// CrisisCategory is the service that a danger belongs to.
func (t *Taxonomy) CrisisCategory(c Crisis) string { return t.crises[c].Category }

// CrisisNumbers are the telephone numbers to call in a danger, the most fitting first.
func (t *Taxonomy) CrisisNumbers(c Crisis) []string { return t.crises[c].Numbers }
