package admin

import (
	"cmp"
	"slices"
)

// spot is where something is in a picture.
type spot struct{ x, y float64 }

// cluster is spots that are drawn as one.
type cluster struct {
	spot
	members []int // the numbers of the spots
}

// grain is the side of the squares in which spots are first gathered, in units of the picture.
const grain = 16

// clusters gathers spots so that what is drawn for them is at least so far apart: first by squares, so that many cost little,
// then each square joins a fuller one that is near. Each spot is in one cluster, which is drawn among its own spots. Spots
// outside of the picture are in none.
func clusters(spots []spot, apart float64) []cluster {
	squares := map[[2]int]*cluster{}
	for i, s := range spots {
		if !inPicture(s.x, s.y) {
			continue
		}
		at := [2]int{int(s.x / grain), int(s.y / grain)}
		c := squares[at]
		if c == nil {
			c = &cluster{}
			squares[at] = c
		}
		c.x, c.y, c.members = c.x+s.x, c.y+s.y, append(c.members, i)
	}
	full := make([]cluster, 0, len(squares))
	for _, c := range squares {
		n := float64(len(c.members))
		full = append(full, cluster{spot{c.x / n, c.y / n}, c.members})
	}
	slices.SortFunc(full, func(a, b cluster) int {
		return cmp.Or(cmp.Compare(len(b.members), len(a.members)), cmp.Compare(a.members[0], b.members[0]))
	})
	var all []cluster
	for _, c := range full {
		i := slices.IndexFunc(all, func(near cluster) bool { return near.square(c.spot) < apart*apart })
		if i < 0 {
			all = append(all, c)
		} else {
			all[i].members = append(all[i].members, c.members...)
		}
	}
	return all
}

// square is the square of the distance to another spot.
func (s spot) square(o spot) float64 { return (s.x-o.x)*(s.x-o.x) + (s.y-o.y)*(s.y-o.y) }
