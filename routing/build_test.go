package routing

import "log/slog"

// routerOf is a Router of these places and stations, without a database.
func routerOf(places []Place, all ...Station) *Router {
	r := &Router{log: slog.New(slog.DiscardHandler)}
	r.gazetteer.Store(newGazetteer(places))
	next := &stations{byCode: map[string]*Station{}}
	for i := range all {
		next.byCode[all[i].Code] = &all[i]
		next.index.insert(all[i].Point, &all[i])
	}
	r.stations.Store(next)
	return r
}
