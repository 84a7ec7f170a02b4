package routing

import "math"

// vector is a point of the unit sphere, z towards the north pole, with its longitude in radians.
type vector struct{ x, y, z, lon float64 }

func unit(p Point) vector {
	lat, lon := radians(p.Lat), radians(p.Lon)
	sin, cos := math.Sincos(lat)
	return vector{cos * math.Cos(lon), cos * math.Sin(lon), sin, lon}
}

// corner is where the vector lies in the plane of longitudes and sines of latitudes.
func (v vector) corner() [2]float64 { return [2]float64{v.lon, v.z} }

// chord2 is the square of the straight line to w, 0 to 4.
func (v vector) chord2(w vector) float64 {
	dx, dy, dz := v.x-w.x, v.y-w.y, v.z-w.z
	return dx*dx + dy*dy + dz*dz
}

// chord2Box is the square of the straight line to the nearest point of the sphere whose corner lies between low
// and high; never more than it, and less by no more than rounding.
//
// On the meridian dLon away, the point at height z has the dot product v.z·z + b·√(1-z²) with v, where b is
// v's distance from the axis times cos dLon. The nearest has the greatest: dLon is at its least, and z at the
// top of that curve or, where the curve has none between low and high, at one of them.
func (v vector) chord2Box(low, high [2]float64) float64 {
	b := math.Sqrt(1 - v.z*v.z)
	if v.lon < low[0] || v.lon > high[0] {
		b *= math.Cos(min(around(low[0]-v.lon), around(v.lon-high[0])))
	}
	dot := func(z float64) float64 { return v.z*z + b*math.Sqrt(1-z*z) }
	nearest := max(dot(low[1]), dot(high[1]))
	if top := v.z / math.Sqrt(v.z*v.z+b*b); b > 0 && low[1] < top && top < high[1] {
		nearest = dot(top)
	}
	const rounding = 1e-15
	return max(0, 2-2*nearest-rounding)
}

// around is a difference of longitudes the short way round the globe, 0 to π.
func around(radians float64) float64 {
	radians = math.Abs(radians)
	return min(radians, 2*math.Pi-radians)
}

// earthRadius is the mean radius of the earth in km (IUGG).
const earthRadius = 6371.0088

// kilometres is the length of the great circle over a chord of the unit sphere, given its square.
func kilometres(chord2 float64) float64 {
	return 2 * earthRadius * math.Asin(min(1, math.Sqrt(chord2)/2))
}
