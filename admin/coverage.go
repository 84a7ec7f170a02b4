package admin

import (
	"cmp"
	"math"
	"net/http"
	"net/url"
	"slices"
	"strconv"

	"onedoor/intake"
)

// How many rows a table has, the worst first: in a wide place, and in a county or township. Sheets have all.
const (
	wideRows  = 20
	localRows = 100
)

// coveragePage is what is missing where, in a place or in all that is in sight.
type coveragePage struct {
	page
	Found *intake.Coverage
}

func (a *Admin) coverage(w http.ResponseWriter, r *http.Request) error {
	found, err := a.Intake.Coverage(r.Context(), accountOf(r).Sight, storable(r.FormValue("in")))
	if err != nil {
		return err
	}
	p := &coveragePage{a.page(r, "coverage"), found}
	table := r.FormValue("table")
	sheet, known := p.sheets()[table]
	switch {
	case !known && table != "":
		return intake.ErrNotFound
	case known && r.FormValue("format") == "xlsx":
		return writeXLSX(w, "coverage-"+table+".xlsx", sheet())
	case known:
		return writeCSV(w, "coverage-"+table+".csv", sheet())
	}
	return a.render(w, "coverage", http.StatusOK, p)
}

// rows is how many rows a table of the page has at most.
func (p *coveragePage) rows() int {
	if len(p.Found.Areas) > 0 && (p.Found.Areas[0].Level == "village" || p.Found.Areas[0].Level == "township") {
		return localRows
	}
	return wideRows
}

// short cuts a table to what a page shows.
func short[T any](p *coveragePage, all []T) []T { return all[:min(len(all), p.rows())] }

// worst are the areas for which measure is more than 0, the greatest first.
func (p *coveragePage) worst(measure func(*intake.Area) float64) []intake.Area {
	areas := slices.DeleteFunc(slices.Clone(p.Found.Areas), func(a intake.Area) bool { return measure(&a) <= 0 })
	slices.SortStableFunc(areas, func(a, b intake.Area) int { return cmp.Compare(measure(&b), measure(&a)) })
	return areas
}

// remote are the areas with villages that have no worker near by.
func (p *coveragePage) remote() []intake.Area {
	return p.worst(func(a *intake.Area) float64 { return float64(a.Far) })
}

// poor are the areas by what they lack of the plan.
func (p *coveragePage) poor() []intake.Area {
	return p.worst(func(a *intake.Area) float64 { return float64(a.Missing()) })
}

// lacking are the areas by the services that nobody near by offers.
func (p *coveragePage) lacking() []intake.Area {
	return p.worst(func(a *intake.Area) float64 { return float64(a.Lacking()) })
}

// Remote, Villages, Poor and Lacking are the rows of the page's tables, the worst first.
func (p *coveragePage) Remote() []intake.Area { return short(p, p.remote()) }

// Villages are those without a worker near by.
func (p *coveragePage) Villages() []intake.FarVillage { return short(p, p.Found.Far) }

// Poor are the areas by what they lack of the plan.
func (p *coveragePage) Poor() []intake.Area { return short(p, p.poor()) }

// Lacking are the areas by the services that nobody near by offers.
func (p *coveragePage) Lacking() []intake.Area { return short(p, p.lacking()) }

// tableEnd is what stands below a table of so many rows.
type tableEnd struct {
	P    *coveragePage
	Rows int
}

// CutAt makes the end of a table ready to be drawn.
func (p *coveragePage) CutAt(rows int) tableEnd { return tableEnd{p, rows} }

// Cut tells whether the table may leave rows out.
func (e tableEnd) Cut() bool { return e.Rows == e.P.rows() }

// areaName is an area as the head of a row.
type areaName struct{ Link, Name string }

// Row is an area as the head of a row.
func (p *coveragePage) Row(a intake.Area) areaName { return areaName{p.Below(a), p.Brief(a.Code)} }

// sheetLinks are where a table is to be had as a spreadsheet.
type sheetLinks struct{ Link string }

// Sheet is where a table is to be had.
func (p *coveragePage) Sheet(table string) sheetLinks {
	return sheetLinks{"/admin/coverage?" + url.Values{"in": {p.Found.In}, "table": {table}}.Encode()}
}

// Above is the place that this one lies in, where it is in sight.
func (p *coveragePage) Above() *string {
	place, ok := p.Intake.Router.Gazetteer().Lookup(p.Found.In)
	sight := p.Account.Sight
	switch {
	case !ok || place.Parent == nil:
		return nil
	case sight.All && place.Level == "county":
		everything := ""
		return &everything
	case sight.All || slices.Contains(sight.Places, *place.Parent):
		return place.Parent
	}
	return nil
}

// Villagewise tells whether the parts of the place are communities.
func (p *coveragePage) Villagewise() bool {
	return len(p.Found.Areas) > 0 && p.Found.Areas[0].Level == "village"
}

// Below is where an area is looked at by itself, or empty for a community, and for this place.
func (p *coveragePage) Below(a intake.Area) string {
	if a.Level == "village" || a.Code == p.Found.In {
		return ""
	}
	return "/admin/coverage?in=" + a.Code
}

// Called is what a place is called.
func (p *coveragePage) Called(code string) string {
	if code == "" {
		return p.T("coverage_all")
	}
	return p.Described(code)
}

// Brief is what a place is called in a list of what lies in the same.
func (p *coveragePage) Brief(code string) string {
	return p.texts.Name(p.Lang, p.Intake.Router.Gazetteer().Brief(code, p.Lang))
}

// Nearest is the station that is the nearest to a village.
func (p *coveragePage) Nearest(v intake.FarVillage) string { return p.Station(&v.Station) }

// lackGroup is services that as many townships of an area lack.
type lackGroup struct {
	Spots, Of int
	Services  []string
	Every     bool // all services
}

// lacksOf is what an area lacks, ready to be drawn.
type lacksOf struct {
	P      *coveragePage
	Groups []lackGroup
}

// LacksOf makes what an area lacks ready to be drawn.
func (p *coveragePage) LacksOf(a intake.Area) lacksOf { return lacksOf{p, p.groups(a)} }

// Everywhere tells whether all townships of the area lack them.
func (g lackGroup) Everywhere() bool { return g.Spots == g.Of }

// groups are the services that an area lacks, by how many of its townships do.
func (p *coveragePage) groups(a intake.Area) (groups []lackGroup) {
	for _, l := range a.Lacks {
		if n := len(groups); n == 0 || groups[n-1].Spots != l.Spots {
			groups = append(groups, lackGroup{Spots: l.Spots, Of: a.Spots})
		}
		last := &groups[len(groups)-1]
		last.Services = append(last.Services, p.Category(&l.Category))
		last.Every = len(last.Services) == len(p.Categories())
	}
	return groups
}

// sheets are the tables as spreadsheets have them, by name.
func (p *coveragePage) sheets() map[string]func() [][]string {
	return map[string]func() [][]string{"villages": p.villageSheet, "areas": p.areaSheet, "services": p.serviceSheet}
}

func (p *coveragePage) villageSheet() [][]string {
	rows := [][]string{{"village", "nearest_station", "name", "station_name", "distance_km"}}
	for _, v := range p.Found.Far {
		rows = append(rows, []string{v.Code, v.Station, p.Called(v.Code), p.Nearest(v), kilometres(v.KM)})
	}
	return rows
}

func (p *coveragePage) areaSheet() [][]string {
	rows := [][]string{{"place", "name", "communities", "urban", "far", "farthest_km", "position_unknown", "workers", "workers_planned",
		"organisations", "organisations_planned", "communities_under_plan"}}
	for _, a := range p.Found.Areas {
		row := []string{a.Code, p.Called(a.Code)}
		for _, n := range []int{a.Communities, a.Urban, a.Far} {
			row = append(row, strconv.Itoa(n))
		}
		row = append(row, kilometres(a.Farthest))
		workers := strconv.Itoa(a.Workers)
		if a.Wider {
			workers = ""
		}
		row = append(row, strconv.Itoa(a.Unplaced), workers)
		for _, n := range []int{a.WorkersPlanned(), a.Organisations, a.OrganisationsPlanned(), a.Under} {
			row = append(row, strconv.Itoa(n))
		}
		rows = append(rows, row)
	}
	return rows
}

func (p *coveragePage) serviceSheet() [][]string {
	rows := [][]string{{"place", "service", "name", "service_name", "townships_lacking", "townships"}}
	for _, a := range p.lacking() {
		for _, l := range a.Lacks {
			rows = append(rows, []string{a.Code, l.Category, p.Called(a.Code), p.Category(&l.Category), strconv.Itoa(l.Spots), strconv.Itoa(a.Spots)})
		}
	}
	return rows
}

// kilometres is a distance in a spreadsheet; what has none, or no end, is empty.
func kilometres(km float64) string {
	if km == 0 || math.IsInf(km, 1) {
		return ""
	}
	return strconv.FormatFloat(km, 'f', 1, 64)
}
