package routing

import (
	"fmt"
	"math/rand/v2"
	"strings"
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

// BenchmarkRouteNobodyOnDuty is the longest way: an emergency looks at every one of 40,000 stations.
func BenchmarkRouteNobodyOnDuty(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	r := routerOf(nil, someStations(rng, 40_000)...)
	for b.Loop() {
		if r.Route(Query{At: somewhere(rng), Emergency: true}).Station == "" {
			b.Fatal("no station")
		}
	}
}

// BenchmarkStationChanges is what one worker's going on duty costs among 40,000 stations.
func BenchmarkStationChanges(b *testing.B) {
	rng := rand.New(rand.NewPCG(1, 2))
	list := someStations(rng, 40_000)
	all := routerOf(nil, list...).stations.Load()
	changed := list[7]
	for b.Loop() {
		all = all.with([]string{changed.Code}, []*Station{&changed})
	}
}

// BenchmarkMentioned looks for places in a long letter that names one of 40,000.
func BenchmarkMentioned(b *testing.B) {
	places := []Place{{Code: "top", Name: "从化区", Level: "county"}}
	for i := range 40_000 {
		name := string([]rune{rune(0x4E00 + i%200), rune(0x5E00 + i/200)}) + "村"
		places = append(places, Place{Code: fmt.Sprint(i), Name: name, Level: "village", Parent: &places[0].Code})
	}
	g := newGazetteer(places)
	letter := strings.Repeat("我妈妈今年八十一岁了,走不了路,想问问有没有人可以上门照顾她。", 20) + places[777].Name
	for b.Loop() {
		if len(g.Mentioned(letter)) != 1 {
			b.Fatal(g.Mentioned(letter))
		}
	}
}
