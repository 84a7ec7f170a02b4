package routing

import (
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkRoute asks for ordinary requests near stations that suit. The targets of issue 2: 2 µs among 200
// stations, 10 µs among 40,000.
func BenchmarkRoute(b *testing.B) {
	for _, n := range []int{200, 40_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			rng := rand.New(rand.NewPCG(1, uint64(n)))
			r := routerOf(nil, someStations(rng, n)...)
			var queries [1024]Query
			for i := range queries {
				queries[i] = Query{At: somewhere(rng), Category: "health"}
			}
			b.ReportAllocs()
			for i := 0; b.Loop(); i++ {
				if r.Route(queries[i%len(queries)]).Station == "" {
					b.Fatal("no station")
				}
			}
		})
	}
}

// somewhere is a point in the range of China's longitudes and latitudes.
func somewhere(rng *rand.Rand) Point {
	return Point{18 + 32*rng.Float64(), 80 + 50*rng.Float64()}
}

func someStations(rng *rand.Rand, n int) []Station {
	all := make([]Station, n)
	for i := range all {
		all[i] = Station{Code: fmt.Sprintf("s%d", i), Point: somewhere(rng), Active: true, Workers: 5}
	}
	return all
}
