package routing

import "log/slog"

// routerOf is a Router of these places and stations, without a database.
func routerOf(places []Place, all ...Station) *Router {
	r := &Router{log: slog.New(slog.DiscardHandler)}
	r.gazetteer.Store(newGazetteer(places))
	byCode := map[string]*Station{}
	for i := range all {
		byCode[all[i].Code] = &all[i]
	}
	r.stations.Store(newStations(byCode))
	return r
}
