package routing

import "log/slog"

// routerOf is a Router of these places and stations, without a database.
func routerOf(places []Place, list ...Station) *Router {
	r := &Router{log: slog.New(slog.DiscardHandler)}
	r.gazetteer.Store(newGazetteer(places))
	var all []*Station
	for i := range list {
		all = append(all, &list[i])
	}
	r.stations.Store(newStations(all))
	return r
}
