package admin

import "math"

// mapScale is a stretch of the picture with its length on the ground.
type mapScale struct{ Width, KM int }

// Scale is the longest one of a round number of kilometres that is no longer than a quarter of the picture.
func (p *mapPage) Scale() mapScale {
	x, y := world(p.View.Centre)
	most := p.View.Centre.DistanceKM(globe(x+mapSize/4/p.View.width(), y))
	km := math.Pow(10, math.Floor(math.Log10(most)))
	for _, times := range []float64{5, 2} {
		if times*km <= most {
			km *= times
			break
		}
	}
	return mapScale{int(km / most * mapSize / 4), int(max(1, km))}
}
