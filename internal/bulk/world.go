package bulk

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"onedoor/internal/database"
	"onedoor/prompts"
	"onedoor/routing"
)

// bot is whose chats the residents write in.
const bot = 9

// perResident is how many requests a resident makes in all, on average.
const perResident = 6

// world is what requests are spread over.
type world struct {
	Options
	taxonomy   *prompts.Taxonomy
	begin      time.Time // when the first request came
	stations   []site
	categories []prompts.Category
	needs      map[string][2][]string // in Chinese and in English, by service
	cries      map[prompts.Crisis][2][]string
}

// site is a station with what is near by.
type site struct {
	routing.Station
	workers       []string // codes
	places        []spot
	organisations []string // codes
	pace          float64  // how much longer than others it takes
}

// spot is a place where requests come from.
type spot struct {
	routing.Place
	at   routing.Point
	pace float64 // how much longer than elsewhere it takes to get there

	setting string // urban, rural or, where that isn't known, empty
}

func newWorld(ctx context.Context, db *database.DB, router *routing.Router, taxonomy *prompts.Taxonomy, o Options) (*world, error) {
	o.Now = o.Now.UTC().Truncate(time.Microsecond)
	w := &world{Options: o, taxonomy: taxonomy, begin: o.Now.AddDate(-o.Years, 0, -o.Days), categories: taxonomy.Categories(), needs: needs(), cries: cries()}
	if _, err := db.ExecContext(ctx, `INSERT INTO bots (id) VALUES ($1) ON CONFLICT DO NOTHING`, bot); err != nil {
		return nil, fmt.Errorf("make the bot: %w", err)
	}
	workers, err := byKey(ctx, db, `SELECT station AS key, code FROM workers WHERE active ORDER BY code`)
	if err != nil {
		return nil, err
	}
	organisations, err := byKey(ctx, db, `SELECT left(place_code, 6) AS key, code FROM organisations WHERE active ORDER BY code`)
	if err != nil {
		return nil, err
	}
	var anywhere []string
	for _, codes := range organisations {
		anywhere = append(anywhere, codes...)
	}
	slices.Sort(anywhere)
	places, err := byKey(ctx, db, `SELECT left(code, 6) AS key, code FROM places WHERE level IN ('county', 'township', 'village') ORDER BY code`)
	if err != nil {
		return nil, err
	}
	random := rand.New(rand.NewPCG(o.Seed, 0))
	for _, station := range router.Stations() {
		s := site{Station: station, workers: workers[station.Code], organisations: organisations[station.County], pace: 0.5 + random.Float64()}
		for _, code := range places[station.County] {
			s.places = append(s.places, newSpot(router.Gazetteer(), code))
		}
		if len(s.organisations) == 0 {
			s.organisations = anywhere
		}
		if len(s.places) == 0 {
			s.places = []spot{{at: station.Point, pace: 1}}
		}
		if len(s.workers) > 0 {
			w.stations = append(w.stations, s)
		}
	}
	if len(w.stations) == 0 {
		return nil, errors.New("there are no stations with workers: import them first")
	}
	return w, nil
}

func newSpot(places *routing.Gazetteer, code string) spot {
	place, _ := places.Lookup(code)
	s := spot{Place: place, pace: 1}
	s.at, _, _ = places.Position(code)
	switch urban, known := places.Urban(code); {
	case known && urban:
		s.setting = "urban"
	case known:
		s.setting, s.pace = "rural", 1.2
	}
	return s
}

// byKey are codes by what they belong to.
func byKey(ctx context.Context, db *database.DB, query string) (map[string][]string, error) {
	var rows []struct{ Key, Code string }
	if err := db.SelectContext(ctx, &rows, query); err != nil {
		return nil, fmt.Errorf("read what requests are spread over: %w", err)
	}
	codes := map[string][]string{}
	for _, r := range rows {
		codes[r.Key] = append(codes[r.Key], r.Code)
	}
	return codes, nil
}

// letters are those of references; see intake.
const letters = "34679CDFGHJKMNPQRTWXY"

// ref is a reference that no other number has: the number times one that has no divisor in common with how many there are.
func ref(n int) string {
	const all = 21 * 21 * 21 * 21 * 21 * 21
	rest := n * 40_503_551 % all
	var text [6]byte
	for i := range text {
		text[i] = letters[rest%len(letters)]
		rest /= len(letters)
	}
	return string(text[:])
}

// came is when a request came: evenly over the days, and within a day as people are awake.
func (w *world) came(n int) time.Time {
	even := w.begin.Add(time.Duration(float64(w.Now.Sub(w.begin)) * (float64(n) + 0.5) / float64(w.Requests)))
	midnight := even.Truncate(24 * time.Hour)
	at := midnight.Add(awake(even.Sub(midnight)))
	if at.After(w.Now) {
		at = even
	}
	return at.Truncate(time.Microsecond)
}

// awake moves a time of day in UTC away from the hours between 15 and 23, when it is night in China.
func awake(even time.Duration) time.Duration {
	hours, shares := []float64{0, 15, 23, 24}, []float64{0, 0.92, 0.96, 1} // what has come by which hour
	share, i := even.Hours()/24, 1
	for share > shares[i] && i < len(shares)-1 {
		i++
	}
	hour := hours[i-1] + (share-shares[i-1])/(shares[i]-shares[i-1])*(hours[i]-hours[i-1])
	return time.Duration(hour * float64(time.Hour))
}
