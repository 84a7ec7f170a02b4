package prompts

import (
	"bytes"
	_ "embed" // fields.yaml
	"fmt"
	"slices"

	"go.yaml.in/yaml/v3"
)

//go:embed fields.yaml
var fieldsFile []byte

// Fields are the fields of social work in which workers may be at home.
func Fields() []string {
	return []string{"mediation", "mental_health", "drug_rehabilitation", "children", "elderly", "disability"}
}

// Qualifications are those of workers, the lowest first.
func Qualifications() []string { return []string{"assistant", "social_worker", "senior"} }

// field is what calls for one of the Fields.
type field struct {
	Categories []string `yaml:"categories"`
	Groups     []string `yaml:"groups"`
	Crises     []Crisis `yaml:"crises"`
	From       string   `yaml:"from"` // the lowest qualification for it; empty: any
}

// readFields reads what calls for which field. What would never be called for is an error.
func (t *Taxonomy) readFields(file []byte) error {
	decoder := yaml.NewDecoder(bytes.NewReader(file))
	decoder.KnownFields(true)
	if err := decoder.Decode(&t.fields); err != nil {
		return fmt.Errorf("read the fields of social work: %w", err)
	}
	for key, f := range t.fields {
		if !slices.Contains(Fields(), key) || !f.known(t) {
			return fmt.Errorf("read the fields of social work: %q is none, or called for by what isn't known", key)
		}
	}
	if len(t.fields) != len(Fields()) {
		return fmt.Errorf("read the fields of social work: there are %d, not %d", len(t.fields), len(Fields()))
	}
	return nil
}

func (f field) known(t *Taxonomy) bool {
	unknown := slices.ContainsFunc(f.Categories, func(key string) bool { _, ok := t.byKey[key]; return !ok }) ||
		slices.ContainsFunc(f.Groups, func(g string) bool { return !slices.Contains(Groups(), g) }) ||
		slices.ContainsFunc(f.Crises, func(c Crisis) bool { return !slices.Contains(Crises(), c) }) ||
		f.From != "" && !slices.Contains(Qualifications(), f.From)
	return !unknown && len(f.Categories)+len(f.Groups)+len(f.Crises) > 0
}

// Fits tells whether somebody of a qualification, which may not be known, with these fields is at home in one that a
// request calls for.
func (t *Taxonomy) Fits(qualification string, fields []string, category string, crisis Crisis, groups []string) bool {
	return slices.ContainsFunc(fields, func(key string) bool {
		f, ok := t.fields[key]
		return ok && f.enough(qualification) && f.calledFor(category, crisis, groups)
	})
}

func (f field) calledFor(category string, crisis Crisis, groups []string) bool {
	return slices.Contains(f.Categories, category) || slices.Contains(f.Crises, crisis) ||
		slices.ContainsFunc(groups, func(g string) bool { return slices.Contains(f.Groups, g) })
}

// enough tells whether a qualification is one for the field; of whom none is known it is taken to be.
func (f field) enough(qualification string) bool {
	return qualification == "" || f.From == "" ||
		slices.Index(Qualifications(), qualification) >= slices.Index(Qualifications(), f.From)
}
