package intake

import (
	"cmp"
	"slices"

	"onedoor/prompts"
	"onedoor/routing"
)

// LikelyPlaces are the places, at most n, where an item may be of which nobody knows it surely: the one that is supposed, and those that
// its words name, each of which says well enough where that is; of several of one name the nearest to where it is supposed come first.
func (s *Service) LikelyPlaces(i *Item, n int) (found []routing.Place) {
	_, placed := i.Point()
	if !i.State.Active() || placed && !i.Supposed() && !i.Somewhere() {
		return nil
	}
	g := s.Router.Gazetteer()
	if i.Supposed() {
		if p, ok := g.Lookup(value(i.Place)); ok {
			found = append(found, p)
		}
	}
	words, _ := prompts.WithoutDenied(i.Text)
	meant := g.Meant(words, maxCandidates)
	if near, ok := i.Point(); ok {
		far := func(p routing.Place) float64 { at, _, _ := g.Position(p.Code); return at.DistanceKM(near) }
		slices.SortStableFunc(meant, func(a, b routing.Place) int { return cmp.Compare(far(a), far(b)) })
	}
	for _, p := range meant {
		if !slices.ContainsFunc(found, func(q routing.Place) bool { return q.Code == p.Code }) {
			found = append(found, p)
		}
	}
	found = slices.DeleteFunc(found, func(p routing.Place) bool { _, ok := s.At(Request{}, p.Code); return !ok || p.Off })
	return found[:min(len(found), n)]
}
