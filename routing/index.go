package routing

import (
	"math"

	"github.com/tidwall/rtree"
)

// index finds things on the globe, the nearest first. The tree of the library keeps rectangles of longitude and
// latitude; the distances are ours, on the sphere. An index in use is never changed, but copied.
type index[T any] struct {
	tree rtree.RTreeG[located[T]]
}

// located is a thing with what its distance is computed from.
type located[T any] struct {
	at     Point
	cosLat float64
	thing  T
}

func (x *index[T]) insert(at Point, thing T) {
	corner := [2]float64{at.Lon, at.Lat}
	x.tree.Insert(corner, corner, located[T]{at, math.Cos(radians(at.Lat)), thing})
}

// nearby calls each with the things around p, the nearest first, until it returns false.
func (x *index[T]) nearby(p Point, each func(thing T, km float64) bool) {
	cosLat := math.Cos(radians(p.Lat))
	distance := func(low, high [2]float64, item located[T], isItem bool) float64 {
		if isItem {
			return haversine(radians(p.Lat-item.at.Lat), radians(p.Lon-item.at.Lon), cosLat*item.cosLat)
		}
		return atLeast(p, cosLat, low, high)
	}
	x.tree.Nearby(distance, func(_, _ [2]float64, item located[T], hav float64) bool {
		return each(item.thing, kilometres(hav))
	})
}

// atLeast is a lower bound of the haversine from p to anything in a rectangle of longitude and latitude: both
// of its terms at their least, each for itself.
func atLeast(p Point, cosLat float64, low, high [2]float64) float64 {
	dLat := math.Max(0, math.Max(low[1]-p.Lat, p.Lat-high[1]))
	dLon := 0.0
	if p.Lon < low[0] || p.Lon > high[0] {
		dLon = math.Min(around(low[0]-p.Lon), around(p.Lon-high[0]))
	}
	leastCos := math.Cos(radians(math.Max(math.Abs(low[1]), math.Abs(high[1]))))
	return haversine(radians(dLat), radians(dLon), cosLat*leastCos)
}

// around is a difference of longitudes the short way round the globe, 0 to 180 degrees.
func around(degrees float64) float64 {
	degrees = math.Abs(degrees)
	return math.Min(degrees, 360-degrees)
}
