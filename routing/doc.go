// Package routing answers which station: it holds the gazetteer and the stations in memory, follows their
// changes in the database, and finds the nearest suitable station with the reasons. It knows neither requests
// nor people, and no chat or web.
//
// Positions are WGS-84 degrees, distances great-circle kilometres.
package routing
