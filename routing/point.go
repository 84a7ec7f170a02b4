package routing

import "math"

// Point is a position in WGS-84 degrees.
type Point struct {
	Lat float64 `json:"lat"`
	Lon float64 `json:"lon"`
}

// Valid tells whether p is on the globe. 0, 0 is what broken senders send, and nobody lives there.
func (p Point) Valid() bool {
	return p.Lat >= -90 && p.Lat <= 90 && p.Lon >= -180 && p.Lon <= 180 && (p.Lat != 0 || p.Lon != 0)
}

// DistanceKM is the great-circle distance to q in kilometres, 0 to about 20,015.
func (p Point) DistanceKM(q Point) float64 { return kilometres(unit(p).square(unit(q))) }

// FromGCJ02 turns a position of China's maps (Amap, Tencent) into WGS-84, to within a metre. GCJ-02 is an
// offset that depends on the place, so it is taken back by iteration. Outside of China there is none.
func FromGCJ02(p Point) Point {
	guess := p
	for range 5 {
		shifted := toGCJ02(guess)
		guess = Point{guess.Lat + p.Lat - shifted.Lat, guess.Lon + p.Lon - shifted.Lon}
	}
	return guess
}

// toGCJ02 is the published approximation of the offset (a Krasovsky 1940 ellipsoid and sine terms).
func toGCJ02(p Point) Point {
	if p.Lon < 72.004 || p.Lon > 137.8347 || p.Lat < 0.8293 || p.Lat > 55.8271 {
		return p
	}
	const axis, eccentricity = 6378245.0, 0.00669342162296594323
	x, y := p.Lon-105, p.Lat-35
	waves := (20*math.Sin(6*x*math.Pi) + 20*math.Sin(2*x*math.Pi)) * 2 / 3
	dLat := -100 + 2*x + 3*y + 0.2*y*y + 0.1*x*y + 0.2*math.Sqrt(math.Abs(x)) + waves +
		(20*math.Sin(y*math.Pi)+40*math.Sin(y/3*math.Pi))*2/3 + (160*math.Sin(y/12*math.Pi)+320*math.Sin(y*math.Pi/30))*2/3
	dLon := 300 + x + 2*y + 0.1*x*x + 0.1*x*y + 0.1*math.Sqrt(math.Abs(x)) + waves +
		(20*math.Sin(x*math.Pi)+40*math.Sin(x/3*math.Pi))*2/3 + (150*math.Sin(x/12*math.Pi)+300*math.Sin(x/30*math.Pi))*2/3
	sin := math.Sin(radians(p.Lat))
	magic := 1 - eccentricity*sin*sin
	root := math.Sqrt(magic)
	return Point{
		Lat: p.Lat + dLat*180/(axis*(1-eccentricity)/(magic*root)*math.Pi),
		Lon: p.Lon + dLon*180/(axis/root*math.Cos(radians(p.Lat))*math.Pi),
	}
}
