// Package routing answers which station: it holds the gazetteer and the stations in memory, follows their
// changes in the database, and finds the nearest suitable station with the reasons. It knows neither requests
// nor people, and no chat or web.
//
// Positions are WGS-84 degrees, distances great-circle kilometres on a sphere.
//
// Begin reading at route.go (the rule by which a station is chosen), then index.go and points.go (finding the nearest),
// router.go and follow.go (what is known, and how it is kept in step), gazetteer.go and find.go (places, and
// the names by which people call them), walk.go (places to choose from), hours.go and calendar.go (when a station is open), and import_places.go,
// import_stations.go and import_calendar.go.
package routing
