package routing

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// anywhere is a point of the globe, often at or near its edges.
func anywhere() *rapid.Generator[Point] {
	return rapid.Custom(func(t *rapid.T) Point {
		return Point{degrees(t, "lat", 90), degrees(t, "lon", 180)}
	})
}

func degrees(t *rapid.T, label string, limit float64) float64 {
	return rapid.OneOf(rapid.Float64Range(-limit, limit), rapid.Float64Range(limit-0.01, limit), rapid.Float64Range(-limit, 0.01-limit)).Draw(t, label)
}

func TestDistance(t *testing.T) {
	quarter := math.Pi / 2 * earthRadius
	for _, c := range []struct {
		name   string
		p, q   Point
		km, by float64
	}{
		{"the same point", Point{23.13, 113.26}, Point{23.13, 113.26}, 0, 0},
		{"a metre to the north", Point{23.13, 113.26}, Point{23.13 + 1/111195.08, 113.26}, 0.001, 1e-9},
		{"equator to pole", Point{0, 30}, Point{90, -120}, quarter, 1e-6},
		{"antipodes", Point{10, 20}, Point{-10, -160}, 2 * quarter, 1e-6},
		{"over the antimeridian", Point{0, 179.5}, Point{0, -179.5}, quarter / 90, 1e-6},
		{"both longitudes of the antimeridian", Point{40, 180}, Point{40, -180}, 0, 1e-9},
		{"Guangzhou to Shenzhen", Point{23.1291, 113.2644}, Point{22.5431, 114.0579}, 104.2, 0.3},
	} {
		if got := c.p.DistanceKM(c.q); math.Abs(got-c.km) > c.by {
			t.Errorf("%s: %v km, want %v", c.name, got, c.km)
		}
	}
}

// TestDistanceFormula compares with the formula of the textbooks, the haversine.
func TestDistanceFormula(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := anywhere().Draw(t, "p"), anywhere().Draw(t, "q")
		a, b := math.Sin(radians(p.Lat-q.Lat)/2), math.Sin(radians(p.Lon-q.Lon)/2)
		h := a*a + math.Cos(radians(p.Lat))*math.Cos(radians(q.Lat))*b*b
		want := 2 * earthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
		if got := p.DistanceKM(q); math.Abs(got-want) > 1e-3 {
			t.Fatalf("%v km, want %v", got, want)
		}
	})
}

func TestValid(t *testing.T) {
	for _, p := range []Point{{90, 180}, {-90, -180}, {23, 113}, {0, 1}} {
		if !p.Valid() {
			t.Errorf("%v is refused", p)
		}
	}
	nan := math.NaN()
	for _, p := range []Point{{90.1, 0}, {0, -180.1}, {0, 0}, {nan, 1}, {1, nan}, {math.Inf(1), 1}} {
		if p.Valid() {
			t.Errorf("%v is let through", p)
		}
	}
}

// TestGCJ02 checks against pairs that other implementations of the published offset agree on.
func TestGCJ02(t *testing.T) {
	for _, c := range []struct{ wgs, gcj Point }{
		{Point{31.1774276, 121.5272106}, Point{31.17530398364597, 121.531541859215}}, // Shanghai
		{Point{22.543847, 113.912316}, Point{22.540796131694766, 113.9171764808363}}, // Shenzhen
		{Point{39.911954, 116.377817}, Point{39.91334545536069, 116.38404722455657}}, // Beijing
		{Point{23.1291, 113.2644}, toGCJ02(Point{23.1291, 113.2644})},                // Guangzhou, there and back
	} {
		if off := toGCJ02(c.wgs).DistanceKM(c.gcj) * 1000; off > 0.01 {
			t.Errorf("to GCJ-02: %v is %.3f m off", c.wgs, off)
		}
		if off := FromGCJ02(c.gcj).DistanceKM(c.wgs) * 1000; off > 0.01 {
			t.Errorf("from GCJ-02: %v is %.3f m off", c.gcj, off)
		}
	}
}

func TestGCJ02ThereAndBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Point{rapid.Float64Range(4, 53.5).Draw(t, "lat"), rapid.Float64Range(73.7, 135).Draw(t, "lon")}
		shifted := toGCJ02(p)
		if off := shifted.DistanceKM(p) * 1000; off < 20 || off > 2000 {
			t.Fatalf("%v is shifted by %.0f m", p, off)
		}
		if off := FromGCJ02(shifted).DistanceKM(p) * 1000; off > 1 {
			t.Fatalf("%v comes back %.2f m off", p, off)
		}
	})
}

func TestGCJ02OutsideChina(t *testing.T) {
	for _, p := range []Point{{48.85, 2.35}, {-33.9, 151.2}, {35.7, 139.7}, {64.1, -21.9}} {
		if got := FromGCJ02(p); got != p {
			t.Errorf("%v became %v", p, got)
		}
	}
}
