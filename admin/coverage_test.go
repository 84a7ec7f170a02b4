package admin_test

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

// table is a sheet as it comes, by columns' names.
func (a answer) table() (rows []map[string]string) {
	a.w.Helper()
	read, err := csv.NewReader(strings.NewReader(strings.TrimPrefix(a.body, "\ufeff"))).ReadAll()
	a.w.must(err)
	for _, row := range read[1:] {
		cells := map[string]string{}
		for i, name := range read[0] {
			cells[name] = row[i]
		}
		rows = append(rows, cells)
	}
	return rows
}

// TestCoveragePage: the page says what is missing as the sheets do, from all places down to the communities of a township.
func TestCoveragePage(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.db.Exec(`UPDATE stations SET active = false WHERE code LIKE 'st-4402%'`) // Shaoguan's
	w.must(err)
	_, err = w.db.Exec(`UPDATE organisations SET place_code = '440117111203' WHERE code = 'org-440117111-1'`)
	w.must(err)
	w.must(w.intake.Router.Reload(t.Context()))
	b := w.as("mei", "auditor", "")
	b.get("/admin/coverage").is(http.StatusOK, "All places", "Shaoguan", "All services")
	sheet := func(in, table string) []map[string]string {
		t.Helper()
		return b.get("/admin/coverage?in=" + in + "&table=" + table + "&format=csv").is(http.StatusOK).table()
	}
	far := sheet("", "villages")
	if len(far) < 10 {
		t.Fatalf("only %d villages are far", len(far))
	}
	before := 1e9
	for _, row := range far {
		km, err := strconv.ParseFloat(row["distance_km"], 64)
		if err != nil || km <= 30 || km > before || row["nearest_station"] == "" {
			t.Errorf("%v comes after %v km", row, before)
		}
		before = km
	}
	counties, count := sheet("", "areas"), 0
	for _, row := range counties {
		n, err := strconv.Atoi(row["far"])
		w.must(err)
		count += n
	}
	if count != len(far) {
		t.Errorf("the counties have %d far villages, %d are listed", count, len(far))
	}
	short := map[string]bool{} // townships that lack a service
	for _, county := range sheet("", "services") {
		for _, town := range sheet(county["place"], "services") {
			short[town["place"]] = true
		}
	}
	b.get("/admin/coverage").is(http.StatusOK, fmt.Sprintf("%d of 314 villages have no worker within 30 km.", len(far)), "The plan asks for 314, one in each community.",
		"The plan asks for 1570.", "314 of 314 communities have fewer than the plan asks for there.", fmt.Sprintf("%d of 314 townships lack one or more of the 19 services: nobody within 30 km offers them.", len(short)))
	b.get("/admin/coverage?in=440117").is(http.StatusOK, "Taiping Town", ">13<", `href="/admin/coverage"`)
	own := map[string]string{}
	for _, row := range sheet("440117111", "areas") {
		own[row["place"]] = row["organisations"] + " of " + row["organisations_planned"]
	}
	if own["440117111203"] != "1 of 5" {
		t.Errorf("the community with one organisation has %q", own["440117111203"])
	}
	if services := sheet("440281103", "services"); len(services) != 0 {
		t.Errorf("a township has %d rows of its communities", len(services))
	}
	if services := sheet("440281", "services"); len(services) != 19*strings.Count(fmt.Sprint(sheet("440281", "areas")), "place:") || services[0]["townships_lacking"] != services[0]["townships"] {
		t.Errorf("what nobody offers in Lechang: %v", services)
	}
	a := b.get("/admin/coverage?table=villages&format=xlsx").is(http.StatusOK)
	book, err := excelize.OpenReader(bytes.NewReader([]byte(a.body)))
	w.must(err)
	if rows, err := book.GetRows("Sheet1"); err != nil || len(rows) != len(far)+1 {
		t.Errorf("the workbook has %d rows, %v", len(rows), err)
	}
	css, err := os.ReadFile("static/admin.css")
	w.must(err)
	for _, in := range []string{"", "?in=440117", "?in=440117111"} {
		if a := b.get("/admin/coverage" + in); len(a.body)+len(css) > 90_000 {
			t.Errorf("%s weighs %d bytes", in, len(a.body)+len(css))
		}
	}
}

// TestCoverageRights: who sees a county sees what is missing there and nowhere else, and who sees one station nothing.
func TestCoverageRights(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	own := w.as("mei", "supervisor", "440117")
	own.get("/admin/coverage").is(http.StatusOK, "Conghua District", "Taiping Town").lacks("Baiyun District", "All places", `href="/admin/coverage?in=440100"`)
	own.get("/admin/coverage?in=440117111").is(http.StatusOK, "Taiping Town")
	for _, in := range []string{"440111", "440100", "440000", "nowhere", "440117111203"} {
		own.get("/admin/coverage?in=" + in).is(http.StatusNotFound)
		own.get("/admin/coverage?table=areas&in=" + in).is(http.StatusNotFound)
	}
	own.get("/admin/coverage?table=secrets").is(http.StatusNotFound)
	one := w.as("li", "supervisor", taiping)
	one.get("/admin/coverage").is(http.StatusNotFound)
	one.get("/admin/").lacks("/admin/coverage")
	w.browser().get("/admin/coverage").leadsTo("/admin/login")
}
