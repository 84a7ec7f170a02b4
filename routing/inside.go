package routing

import (
	"slices"
	"strings"
)

// Lies tells whether a place lies in another, or is it.
func (g *Gazetteer) Lies(code, in string) bool {
	return slices.ContainsFunc(g.path(code), func(p *Place) bool { return p.Code == in })
}

// Inside are the places of a level that lie in the one with this code, or are it, by code.
func (g *Gazetteer) Inside(code, level string) []Place {
	var found []Place
	for _, p := range g.places {
		if p.Level == level && g.Lies(p.Code, code) {
			found = append(found, *p)
		}
	}
	slices.SortFunc(found, byCode)
	return found
}

// Within are the codes of a place and of all that lies in it, whether or not anything is known of it.
func (g *Gazetteer) Within(code string) []string {
	all := []string{code}
	for at, depth := 0, 0; at < len(all) && depth <= len(levels); depth++ {
		for end := len(all); at < end; at++ {
			for _, p := range g.inside[all[at]] {
				all = append(all, p.Code)
			}
		}
	}
	return all
}

// OfLevel are all places of a level, by code.
func (g *Gazetteer) OfLevel(level string) []Place {
	var found []Place
	for _, p := range g.places {
		if p.Level == level {
			found = append(found, *p)
		}
	}
	slices.SortFunc(found, byCode)
	return found
}

func byCode(a, b Place) int { return strings.Compare(a.Code, b.Code) }

// Called is a place's own name, in Chinese where it has none in the language; empty for an unknown code.
func (g *Gazetteer) Called(code, lang string) string {
	p, ok := g.places[code]
	if !ok {
		return ""
	}
	return p.called(lang)
}

// DescribeAbove is Describe of what a place lies in; empty where nothing is known of that.
func (g *Gazetteer) DescribeAbove(code, lang string) string {
	p, ok := g.places[code]
	if !ok || p.Parent == nil {
		return ""
	}
	return g.Describe(*p.Parent, lang)
}

// Up is the place of a level in which a place lies. One that is as wide, or wider, is itself; so is one of which nothing is
// known.
func (g *Gazetteer) Up(code, level string) string {
	for _, p := range g.path(code) {
		if p.depth() <= slices.Index(levels, level) {
			return p.Code
		}
	}
	return code
}

// Common is the smallest place in which two places lie; empty where nothing is known of one, or they have none.
func (g *Gazetteer) Common(a, b string) string {
	above := g.path(b)
	for _, p := range g.path(a) {
		if slices.Contains(above, p) {
			return p.Code
		}
	}
	return ""
}
