package prompts

import "fmt"

// A ServiceGroup is services that are offered together, so that nobody must read a list of nineteen.
type ServiceGroup struct {
	Key  string            `yaml:"key"`
	Name map[string]string `yaml:"name"` // by language: zh-CN, zh-HK, en
}

// ServiceGroups are the groups in the order in which they are offered. The slice must not be changed.
func (t *Taxonomy) ServiceGroups() []ServiceGroup { return t.groups }

// InGroup are the services of a group, in the taxonomy's order; none for a group that isn't known.
func (t *Taxonomy) InGroup(key string) (found []Category) {
	for _, c := range t.categories {
		if c.Group == key {
			found = append(found, c)
		}
	}
	return found
}

// checkGroups tells what is wrong with the groups: each has its names and services, and each service a group.
func (t *Taxonomy) checkGroups() (errs []error) {
	known := map[string]bool{}
	for _, g := range t.groups {
		if g.Key == "" || known[g.Key] {
			errs = append(errs, fmt.Errorf("group %q has no key or stands here twice", g.Key))
		}
		known[g.Key] = true
		if err := checkNames(g.Name); err != nil {
			errs = append(errs, fmt.Errorf("group %q %w", g.Key, err))
		}
		if len(t.InGroup(g.Key)) == 0 {
			errs = append(errs, fmt.Errorf("group %q has no category", g.Key))
		}
	}
	for _, c := range t.categories {
		if !known[c.Group] {
			errs = append(errs, fmt.Errorf("category %q is in the unknown group %q", c.Key, c.Group))
		}
	}
	return errs
}

// checkNames tells in which language a name is missing.
func checkNames(names map[string]string) error {
	for _, language := range languages {
		if names[language] == "" {
			return fmt.Errorf("has no name in %s", language)
		}
	}
	return nil
}
