package routing

import "math"

// earthRadius is the mean radius of the earth in km (IUGG).
const earthRadius = 6371.0088

// vector is a point of space; those on the unit sphere stand for points of the globe. The straight line
// between two of them grows as their great circle does, and knows no poles and no antimeridian.
type vector [3]float64

func unit(p Point) vector {
	sinLat, cosLat := math.Sincos(radians(p.Lat))
	sinLon, cosLon := math.Sincos(radians(p.Lon))
	return vector{cosLat * cosLon, cosLat * sinLon, sinLat}
}

func radians(degrees float64) float64 { return degrees * math.Pi / 180 }

// square is the square of the straight line to w, up to 4 on the unit sphere.
func (v vector) square(w vector) float64 {
	x, y, z := v[0]-w[0], v[1]-w[1], v[2]-w[2]
	return x*x + y*y + z*z
}

// kilometres is the great circle over a straight line between points of the unit sphere, given its square.
func kilometres(square float64) float64 {
	return 2 * earthRadius * math.Asin(min(1, math.Sqrt(square)/2))
}

// box is the smallest that holds some points.
type box struct{ low, high vector }

func boxOf[T any](spots []spot[T]) box {
	b := box{spots[0].at, spots[0].at}
	for _, s := range spots[1:] {
		for axis, c := range s.at {
			b.low[axis], b.high[axis] = min(b.low[axis], c), max(b.high[axis], c)
		}
	}
	return b
}

// widest is the axis along which the box is longest.
func (b box) widest() int {
	axis := 0
	for i := range b.low {
		if b.high[i]-b.low[i] > b.high[axis]-b.low[axis] {
			axis = i
		}
	}
	return axis
}

// square is the square of the straight line from v to the nearest point of the box, 0 from within.
func (b *box) square(v vector) float64 {
	var sum float64
	for axis, c := range v {
		if d := max(b.low[axis]-c, c-b.high[axis]); d > 0 {
			sum += d * d
		}
	}
	return sum
}
