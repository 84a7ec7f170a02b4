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
	Home        string // the one station that the account sees, or ""
	Emergencies []intake.View
	Triage      []intake.View
	Stations    []intake.Load
}

// board shows the emergencies, and what waits for triage and at each station that the account may see.
func (a *Admin) board(w http.ResponseWriter, r *http.Request) error {
	p := &boardPage{page: a.page(r, "board"), Home: limitOf(accountOf(r))}
	var err error
	if p.Emergencies, err = a.Intake.Emergencies(r.Context(), p.Home, boardLimit); err != nil {
		return err
	}
	if p.Triage, err = a.Intake.Triage(r.Context(), p.Home, boardLimit); err != nil {
		return err
	}
	if p.Stations, err = a.Intake.Loads(r.Context(), p.Home); err != nil {
		return err
	}
	return a.render(w, "board", http.StatusOK, p)
}

// limitOf is the one station that the account sees, or "" for all.
func limitOf(account *Account) string {
	if account.Limit == nil {
		return ""
	}
	return *account.Limit
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
	if _, ok := a.Intake.Router.Station(code); !ok || !accountOf(r).maySee(&code) {
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
	return a.render(w, "station", http.StatusOK, &stationPage{a.page(r, "station"), code, waiting, inHand})
}
