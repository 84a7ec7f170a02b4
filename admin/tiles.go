package admin

import (
	"fmt"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// ground is a server of map tiles, which lie under our map: pictures of 256 units in Web Mercator, as OpenStreetMap's are.
type ground struct {
	url    string
	origin string // of the URL, for the Content-Security-Policy
	host   string
}

// tileAddress is an address whose origin a Content-Security-Policy can name: nothing in it ends what that says.
var tileAddress = regexp.MustCompile(`^(https?://([0-9A-Za-z.-]+)(?::[0-9]+)?)/`)

// newGround reads the address of tiles: nil for none. One that can't work is refused.
func newGround(address string) (*ground, error) {
	if address == "" {
		return nil, nil
	}
	parts := tileAddress.FindStringSubmatch(address)
	for _, needed := range []string{"{z}", "{x}", "{y}"} {
		if parts == nil || !strings.Contains(address, needed) {
			return nil, fmt.Errorf("map tiles can't be had from %q: their address should look like https://tiles.example/{z}/{x}/{y}.png", address)
		}
	}
	return &ground{address, parts[1], parts[2]}, nil
}

// CheckTiles refuses an address of map tiles that can't work. None is well: maps have no ground then.
func CheckTiles(address string) error {
	_, err := newGround(address)
	return err
}

// mapTile is a picture that lies under the map.
type mapTile struct {
	X, Y, Size float64
	Source     string
}

// under are the tiles that a view shows. Between two of their zooms they are those of the wider one, drawn larger.
func (g *ground) under(v mapView) (tiles []mapTile) {
	cx, cy := world(v.Centre)
	zoom := math.Floor(v.Zoom)
	many, size := int(math.Exp2(zoom)), tileSize*math.Exp2(v.Zoom-zoom)
	left, top := cx*v.width()-mapSize/2, cy*v.width()-mapSize/2
	for x := max(0, int(left/size)); x < many && float64(x)*size < left+mapSize; x++ {
		for y := max(0, int(top/size)); y < many && float64(y)*size < top+mapSize; y++ {
			source := strings.NewReplacer("{z}", strconv.Itoa(int(zoom)), "{x}", strconv.Itoa(x), "{y}", strconv.Itoa(y)).Replace(g.url)
			tiles = append(tiles, mapTile{tenths(float64(x)*size - left), tenths(float64(y)*size - top), tenths(size), source})
		}
	}
	return tiles
}

func tenths(n float64) float64 { return math.Round(n*10) / 10 }
