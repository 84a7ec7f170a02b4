package routing

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// Find is what somebody may mean who was asked for a place and typed name: every place of that name, with or
// without its ending, at most limit of them; or else where the words are (从化太平镇), see Meant. With near the nearest
// come first, without it the widest.
func (g *Gazetteer) Find(name string, near *Point, limit int) []Place {
	found := g.names.called(strings.Trim(fold(name), " ,.!?。、"))
	if len(found) == 0 {
		found = meant(g.mentioned(name))
	}
	if near != nil {
		slices.SortStableFunc(found, func(a, b *Place) int { return cmp.Compare(g.far(a, *near), g.far(b, *near)) })
	} else {
		slices.SortStableFunc(found, func(a, b *Place) int { return cmp.Compare(a.depth(), b.depth()) })
	}
	return distinct(found, limit)
}

// far is the distance of a place, more than any where nobody knows it.
func (g *Gazetteer) far(p *Place, from Point) float64 {
	at, _, ok := g.Position(p.Code)
	if !ok {
		return earthRadius * 4
	}
	return at.DistanceKM(from)
}

// Mentioned are the places named in a sentence, the smallest first. Of places of one name it has all, less
// those that what else is named rules out: 太平镇 in a sentence with 从化 is the one in 从化. A name that is an
// ordinary word too (太平, 新村) counts only beside the name of what the place lies in: 从化太平.
func (g *Gazetteer) Mentioned(text string) []Place {
	var found []*Place
	for _, n := range g.mentioned(text) {
		found = append(found, n.place)
	}
	return distinct(found, len(found))
}

// Meant are the places where a sentence may be, at most limit of them: the smallest that are named in it, and those of
// another level that the same word can name. Taiping, Conghua is the town as well as the village there.
func (g *Gazetteer) Meant(text string, limit int) []Place {
	return distinct(meant(g.mentioned(text)), limit)
}

func meant(all []named) (found []*Place) {
	words := map[int]bool{}
	for _, n := range all {
		if n.place.Level == all[0].place.Level {
			words[n.word] = true
		}
	}
	for _, n := range all {
		if words[n.word] {
			found = append(found, n.place)
		}
	}
	return found
}

// MeantAlone tells whether each of the names by which Meant goes may mean a place: no other is named beside it.
func (g *Gazetteer) MeantAlone(text, code string) bool {
	all := g.mentioned(text)
	may := map[int]bool{}
	for _, n := range all {
		if n.place.Level == all[0].place.Level || n.place.Code == code {
			may[n.word] = may[n.word] || n.place.Code == code
		}
	}
	for _, yes := range may {
		if !yes {
			return false
		}
	}
	return len(may) > 0
}

// named is a place, and which of a text's names may mean it.
type named struct {
	place *Place
	word  int
}

// mentioned is Mentioned, with the names.
func (g *Gazetteer) mentioned(text string) []named {
	text = fold(text)
	mentions := g.names.scan(text)
	sure := map[*Place]bool{}
	for _, m := range mentions {
		for _, p := range m.places {
			sure[p] = !m.weak || sure[p]
		}
	}
	var found []named
	for i, m := range mentions {
		if m.weak {
			m.places = g.inCompany(text, mentions, i)
		}
		for _, p := range g.narrow(m.places, sure) {
			sure[p] = true
			found = append(found, named{p, i})
		}
	}
	slices.SortStableFunc(found, func(a, b named) int { return cmp.Compare(b.place.depth(), a.place.depth()) })
	return found
}

// inCompany are those places of a mention that lie in what is named beside it, or in which that lies.
func (g *Gazetteer) inCompany(text string, mentions []mention, i int) []*Place {
	var beside []*Place
	if i > 0 && joined(text[mentions[i-1].to:mentions[i].from]) {
		beside = append(beside, mentions[i-1].places...)
	}
	if i+1 < len(mentions) && joined(text[mentions[i].to:mentions[i+1].from]) {
		beside = append(beside, mentions[i+1].places...)
	}
	var kept []*Place
	for _, p := range mentions[i].places {
		if slices.ContainsFunc(beside, func(q *Place) bool { return g.within(p, q) || g.within(q, p) }) {
			kept = append(kept, p)
		}
	}
	return kept
}

// within tells whether p lies in q.
func (g *Gazetteer) within(p, q *Place) bool { return slices.Contains(g.path(p.Code)[1:], q) }

// joined tells whether two names with this between them belong together: 从化市的太平, Taiping, Conghua.
func joined(between string) bool {
	return utf8.RuneCountInString(between) <= 3 && strings.Trim(between, " ,.、-/的省市区县镇乡") == ""
}

// narrow keeps of what one mention can mean the places most of whose ancestors are named.
func (g *Gazetteer) narrow(places []*Place, sure map[*Place]bool) []*Place {
	var best []*Place
	most := 0
	for _, p := range places {
		count := 0
		for _, above := range g.path(p.Code)[1:] {
			if sure[above] {
				count++
			}
		}
		if count > most {
			best, most = nil, count
		}
		if count == most {
			best = append(best, p)
		}
	}
	return best
}

// distinct copies at most limit places, each once.
func distinct(found []*Place, limit int) []Place {
	var places []Place
	for _, p := range found {
		if len(places) < limit && !slices.ContainsFunc(places, func(q Place) bool { return q.Code == p.Code }) {
			places = append(places, *p)
		}
	}
	return places
}
