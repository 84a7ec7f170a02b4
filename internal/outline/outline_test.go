package outline_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"onedoor/internal/outline"
)

// circle is a ring of n points around the origin.
func circle(n int, radius func(i int) float64) (ring []outline.XY) {
	for i := range n {
		turn := 2 * math.Pi * float64(i) / float64(n)
		ring = append(ring, outline.XY{X: radius(i) * math.Cos(turn), Y: radius(i) * math.Sin(turn)})
	}
	return append(ring, ring[0])
}

// TestWithin: a ring that is simplified stays closed, has only its own points, and is nowhere off by more than was allowed.
func TestWithin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		wobble := rapid.SliceOfN(rapid.Float64Range(0.5, 2), 5, 300).Draw(t, "radii")
		ring := circle(len(wobble), func(i int) float64 { return wobble[i] })
		off := rapid.Float64Range(0, 0.5).Draw(t, "off")
		simple := outline.Weigh(ring).Within(off)
		if simple == nil {
			t.Skip("nothing is left")
		}
		if simple[0] != simple[len(simple)-1] || len(simple) > len(ring) {
			t.Fatalf("%v is no ring of its points", simple)
		}
		for _, p := range ring {
			nearest := math.Inf(1)
			for i := 1; i < len(simple); i++ {
				nearest = min(nearest, distance(p, simple[i-1], simple[i]))
			}
			if nearest > off+1e-9 {
				t.Fatalf("%v is off by %v, more than %v", p, nearest, off)
			}
		}
	})
}

func distance(p, a, b outline.XY) float64 {
	best := math.Inf(1)
	for i := range 1001 { // of so many points between a and b, and then nearer
		at := float64(i) / 1000
		best = min(best, math.Hypot(p.X-a.X-at*(b.X-a.X), p.Y-a.Y-at*(b.Y-a.Y)))
	}
	return best - math.Hypot(b.X-a.X, b.Y-a.Y)/1000
}

// TestWeighMuch: a ring of a million points is thinned out and keeps its shape; one without area is nothing.
func TestWeighMuch(t *testing.T) {
	ring := circle(1_000_000, func(i int) float64 { return 1 + 0.001*math.Sin(float64(i)) })
	w := outline.Weigh(ring)
	if len(w.Points) > 5000 || len(w.Points) < 1000 {
		t.Errorf("%d points are looked at", len(w.Points))
	}
	low, high := outline.Box(w.Within(0.01))
	if high.X-low.X < 1.97 || high.Y-low.Y < 1.97 {
		t.Errorf("the circle is from %v to %v", low, high)
	}
	same := outline.XY{X: 1, Y: 1}
	for _, flat := range [][]outline.XY{nil, {same}, {same, same, same, same}, {same, {X: 2, Y: 2}, {X: 3, Y: 3}, same}} {
		if got := outline.Weigh(flat).Within(0); got != nil {
			t.Errorf("of %v there is %v", flat, got)
		}
	}
}

// TestClip: nothing of a ring is outside of the frame, and what is inside stays.
func TestClip(t *testing.T) {
	low, high := outline.XY{X: -1, Y: -1}, outline.XY{X: 1, Y: 1}
	rapid.Check(t, func(t *rapid.T) {
		radius := rapid.Float64Range(0.1, 5).Draw(t, "radius")
		ring := circle(40, func(int) float64 { return radius })
		got := outline.Clip(ring, low, high)
		for _, p := range got {
			if p.X < -1-1e-9 || p.X > 1+1e-9 || p.Y < -1-1e-9 || p.Y > 1+1e-9 {
				t.Fatalf("%v is outside", p)
			}
		}
		if radius < 1 && len(got) != len(ring) {
			t.Fatalf("%d of %d points are left of what is inside", len(got), len(ring))
		}
	})
	around := []outline.XY{{X: -9, Y: -9}, {X: 9, Y: -9}, {X: 9, Y: 9}, {X: -9, Y: 9}, {X: -9, Y: -9}}
	a, b := outline.Box(outline.Clip(around, low, high))
	if a != low || b != high {
		t.Errorf("of what is all around there is %v to %v", a, b)
	}
	if beyond := outline.Clip([]outline.XY{{X: 5, Y: 5}, {X: 6, Y: 5}, {X: 6, Y: 6}, {X: 5, Y: 5}}, low, high); len(beyond) != 0 {
		t.Errorf("of what is beyond there is %v", beyond)
	}
}

// TestRingOfNoExtent: a ring of very many points that lie closer together than can be told apart comes to an end.
func TestRingOfNoExtent(t *testing.T) {
	ring := make([]outline.XY, 10_001)
	for i := range ring {
		ring[i].X = float64(i%2) * math.SmallestNonzeroFloat64
	}
	if simple := outline.Weigh(ring).Within(0.1); simple != nil {
		t.Errorf("%d points are left", len(simple))
	}
}
