package admin

import (
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"onedoor/routing"
)

func somePoint(t *rapid.T, what string) routing.Point {
	return routing.Point{Lat: rapid.Float64Range(-90, 90).Draw(t, what+" lat"), Lon: rapid.Float64Range(-180, 180).Draw(t, what+" lon")}
}

func someView(t *rapid.T) mapView {
	return mapView{somePoint(t, "centre"), float64(rapid.IntRange(2*minZoom, 2*maxZoom).Draw(t, "zoom")) / 2}
}

// TestClusters: every spot in the picture is drawn once, none outside of it, each cluster in the picture and among its own,
// and no two of them over each other.
func TestClusters(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.Float64Range(-100, mapSize+100)
		spots := rapid.SliceOf(rapid.Custom(func(t *rapid.T) spot { return spot{at.Draw(t, "x"), at.Draw(t, "y")} })).Draw(t, "spots")
		apart := rapid.Float64Range(grain, 300).Draw(t, "apart")
		all := clusters(spots, apart)
		seen := map[int]bool{}
		for i, c := range all {
			if !inPicture(c.x, c.y) {
				t.Fatalf("a cluster at %v, %v is not in the picture", c.x, c.y)
			}
			for _, m := range c.members {
				if seen[m] || !inPicture(spots[m].x, spots[m].y) || c.square(spots[m]) > (apart+2*grain)*(apart+2*grain) {
					t.Fatalf("spot %d at %v is drawn at %v, or twice, or not in the picture", m, spots[m], c.spot)
				}
				seen[m] = true
			}
			for _, other := range all[:i] {
				if c.square(other.spot) < apart*apart {
					t.Fatalf("%v and %v are nearer than %v", c.spot, other.spot, apart)
				}
			}
		}
		for i, s := range spots {
			if inPicture(s.x, s.y) != seen[i] {
				t.Fatalf("spot %d at %v: drawn %v", i, s, seen[i])
			}
		}
	})
}

// TestProjection: what is at a place of the picture is drawn there, the north is up and the east is right.
func TestProjection(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := someView(t)
		v.Centre.Lat *= 0.9
		x, y := rapid.Float64Range(0, mapSize).Draw(t, "x"), rapid.Float64Range(0, mapSize).Draw(t, "y")
		if _, cy := world(v.Centre); cy*v.width() < mapSize || (1-cy)*v.width() < mapSize {
			t.Skip("beyond the world")
		}
		p := v.point(x, y)
		gotX, gotY := v.place(p)
		if d := (spot{x, y}).square(spot{gotX, gotY}); d > 0.01 {
			t.Fatalf("%v, %v is %v, which is drawn at %v, %v", x, y, p, gotX, gotY)
		}
		if (p.Lat > v.Centre.Lat) != (y < mapSize/2) || (p.Lon > v.Centre.Lon) != (x > mapSize/2) {
			t.Fatalf("%v, %v is %v around %v", x, y, p, v.Centre)
		}
	})
}

// TestFit: a map of stations shows each of them.
func TestFit(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var stations []routing.Station
		for range rapid.IntRange(1, 20).Draw(t, "stations") {
			p := routing.Point{Lat: rapid.Float64Range(18, 53).Draw(t, "lat"), Lon: rapid.Float64Range(74, 134).Draw(t, "lon")}
			stations = append(stations, routing.Station{Point: p})
		}
		v := fit(stations)
		for _, s := range stations {
			if x, y := v.place(s.Point); !inPicture(x, y) {
				t.Fatalf("%v is at %v, %v of %v", s.Point, x, y, v)
			}
		}
	})
}

// TestMapLinks: a view that was moved or zoomed is one of the world, and is read back from its link to a hundred metres.
func TestMapLinks(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := someView(t).moved(rapid.Float64Range(-3, 3).Draw(t, "east"), rapid.Float64Range(-3, 3).Draw(t, "south"))
		v = v.zoomed(v.Centre, float64(rapid.IntRange(-2, 2).Draw(t, "by")))
		if math.Abs(v.Centre.Lat) > 90 || math.Abs(v.Centre.Lon) > 180 || v.Zoom < minZoom || v.Zoom > maxZoom {
			t.Fatalf("%v is no view", v)
		}
		point, ok := readPoint(writePoint(v.Centre))
		if !ok || point.DistanceKM(v.Centre) > 0.1 {
			t.Fatalf("%v is read as %v", v.Centre, point)
		}
	})
}

// TestTilesCover: the tiles lie under all of the picture that is of the world, beside each other.
func TestTilesCover(t *testing.T) {
	g, err := newGround("https://tiles.example:8443/{z}/{x}/{y}.png?key=1")
	if err != nil || g.origin != "https://tiles.example:8443" {
		t.Fatalf("%+v, %v", g, err)
	}
	rapid.Check(t, func(t *rapid.T) {
		v := someView(t)
		v.Centre.Lat *= 0.9
		tiles := g.under(v)
		if len(tiles) > 16 {
			t.Fatalf("%d tiles", len(tiles))
		}
		x, y := rapid.Float64Range(0, mapSize-1).Draw(t, "x"), rapid.Float64Range(0, mapSize-1).Draw(t, "y")
		cx, cy := world(v.Centre)
		wx, wy := cx+(x-mapSize/2)/v.width(), cy+(y-mapSize/2)/v.width()
		want := 1
		if wx < 0 || wx >= 1 || wy < 0 || wy >= 1 {
			want = 0
		}
		got := 0
		for _, tile := range tiles {
			if x >= tile.X-0.1 && x < tile.X+tile.Size+0.1 && y >= tile.Y-0.1 && y < tile.Y+tile.Size+0.1 {
				got++
			}
		}
		if got < want {
			t.Fatalf("%v, %v of %v lies over %d tiles, want %d", x, y, v, got, want)
		}
	})
}

// TestBadTiles: no address of tiles gets into the Content-Security-Policy what doesn't belong there.
func TestBadTiles(t *testing.T) {
	for _, address := range []string{"https://tiles.example/{z}/{x}.png", "/tiles/{z}/{x}/{y}.png", "javascript:{z}{x}{y}", "https://a b/{z}/{x}/{y}",
		"https://a;script-src *;/{z}/{x}/{y}", "https://a,b/{z}/{x}/{y}", "https://'self'/{z}/{x}/{y}", "ftp://a/{z}/{x}/{y}", "https://*/{z}/{x}/{y}", "https:///{z}/{x}/{y}",
		"https://{x}.example/{z}/{x}/{y}.png"} {
		if g, err := newGround(address); err == nil {
			t.Errorf("%s is taken, for %s", address, g.origin)
		}
	}
	if g, err := newGround(""); g != nil || err != nil {
		t.Errorf("no address is %v, %v", g, err)
	}
}

// TestMarksStandApart: no mark is over another where there is room close by; each is near its place, the one that is drawn last at it.
func TestMarksStandApart(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		at := rapid.IntRange(50, mapSize-50)
		x, y := at.Draw(t, "x"), at.Draw(t, "y")
		near := rapid.IntRange(-5, 5)
		var marks []mark
		for i, kind := range []string{"village", "station", "request"} { // as they are drawn
			marks = append(marks, mark{Kind: kind, X: x + near.Draw(t, "east"), Y: y + beside*(1-i) + near.Draw(t, "south"), Count: rapid.IntRange(1, 2).Draw(t, "count")})
		}
		before := slices.Clone(marks)
		separate(marks)
		if marks[2] != before[2] {
			t.Fatalf("%+v was moved to %+v", before[2], marks[2])
		}
		for i, m := range marks {
			if abs(m.X-before[i].X) > 50 || abs(m.Y-before[i].Y) > 50 || !m.free(slices.Delete(slices.Clone(marks), i, i+1)) {
				t.Fatalf("%+v is at %+v among %+v", before[i], m, marks)
			}
		}
	})
}

// TestCrowdedMarksStay: where there is no room, a mark is drawn at its place.
func TestCrowdedMarksStay(t *testing.T) {
	var marks []mark
	for x := 0; x <= mapSize; x += 20 {
		for y := 0; y <= mapSize; y += 20 {
			marks = append(marks, mark{Kind: "request", Shape: "late", X: x, Y: y, Count: 2})
		}
	}
	lone := mark{Kind: "village", Shape: "far", X: mapSize / 2, Y: mapSize / 2, Count: 1}
	if got := lone.aside(marks); got != lone {
		t.Fatalf("%+v went to %+v", lone, got)
	}
}
