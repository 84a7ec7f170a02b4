package routing

import (
	"cmp"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// TestIndexFindsAll compares the order in which an index finds things with that of their distances.
func TestIndexFindsAll(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 200).Draw(t, "n")
		points := rapid.SliceOfN(anywhere(), n, n).Draw(t, "points")
		from := anywhere().Draw(t, "from")
		var spots []spot[int]
		var want []float64
		for i, p := range points {
			spots = append(spots, spot[int]{unit(p), i})
			want = append(want, from.DistanceKM(p))
		}
		slices.Sort(want)
		x := newIndex(spots)
		var got []float64
		seen := map[int]bool{}
		x.nearby(from, func(i int, km float64) bool {
			if seen[i] || km != from.DistanceKM(points[i]) {
				t.Fatalf("point %d again, or with a wrong distance of %v", i, km)
			}
			seen[i] = true
			got = append(got, km)
			return true
		})
		if !slices.Equal(got, want) {
			t.Fatalf("found at\n%v, want\n%v", got, want)
		}
	})
}

func TestIndexStopsWhenTold(t *testing.T) {
	x := newIndex([]spot[string]{{unit(Point{1, 1}), "a"}, {unit(Point{2, 2}), "b"}, {unit(Point{3, 3}), "c"}})
	var found []string
	x.nearby(Point{2.9, 2.9}, func(s string, _ float64) bool {
		found = append(found, s)
		return len(found) < 2
	})
	if !slices.Equal(found, []string{"c", "b"}) {
		t.Errorf("found %v", found)
	}
}

// TestIndexOfOneSpot: many things may stand at one point.
func TestIndexOfOneSpot(t *testing.T) {
	var spots []spot[int]
	for i := range 100 {
		spots = append(spots, spot[int]{unit(Point{23, 113}), i})
	}
	x := newIndex(spots)
	var found []int
	x.nearby(Point{23, 113}, func(i int, _ float64) bool {
		found = append(found, i)
		return true
	})
	slices.SortFunc(found, cmp.Compare)
	if len(found) != 100 || found[0] != 0 || found[99] != 99 {
		t.Errorf("found %v", found)
	}
}
