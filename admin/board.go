package admin

import (
	"net/http"

	"onedoor/intake"
)

// boardLimit is how many requests a list shows.
const boardLimit = 100

// boardPage is what waits: for a supervisor, and at each station.
type boardPage struct {
	page
	Emergencies []intake.View
	Triage      []intake.View
	Stations    []intake.Load
}

// board shows the emergencies, and what waits for triage and at each station that the account may see.
func (a *Admin) board(w http.ResponseWriter, r *http.Request) error {
	p, sight := &boardPage{page: a.page(r, "board")}, accountOf(r).Sight
	var err error
	if p.Emergencies, err = a.Intake.Emergencies(r.Context(), sight, boardLimit); err != nil {
		return err
	}
	if p.Triage, err = a.Intake.Triage(r.Context(), sight, boardLimit); err != nil {
		return err
	}
	if p.Stations, err = a.Intake.Loads(r.Context(), sight); err != nil {
		return err
	}
	return a.render(w, "board", http.StatusOK, p)
}

// stationPage is one station's queue, and what its workers have in hand.
type stationPage struct {
	page
	Code    string
	Waiting []intake.View
	InHand  []intake.View
}

func (a *Admin) station(w http.ResponseWriter, r *http.Request) error {
	code := r.PathValue("code")
	if _, ok := a.Intake.Router.Station(code); !ok || !accountOf(r).Sight.SeesStation(code) {
		return intake.ErrNotFound
	}
	waiting, err := a.Intake.Queue(r.Context(), code, boardLimit)
	if err != nil {
		return err
	}
	inHand, err := a.Intake.InHand(r.Context(), code, boardLimit)
	if err != nil {
		return err
	}
	p := a.page(r, "station")
	return a.render(w, "station", http.StatusOK, &stationPage{p.about(p.StationName(code)), code, waiting, inHand})
}
