package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"errors"
	"io"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/chromedp"
	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
)

// seesWhatBecame reads a request's story: who said, set right, sent, claimed and answered.
func (d *day) seesWhatBecame(ref string) {
	d.Helper()
	d.opens("/admin/requests/"+ref, `.timeline`)
	story := script[string](d.desk, `document.getElementById("story").innerText`)
	for _, words := range []string{hall, "mei", "Claimed", "钟小明", "I come and look at the hall tomorrow."} {
		if !strings.Contains(story, words) {
			d.Errorf("the story lacks %q: %s", words, story)
		}
	}
	d.desk.fits()
	d.desk.picture("44-story")
}

// seesFigures compares the response times with what has happened, and with the files that can be had of them.
func (d *day) seesFigures(claimed string) {
	d.Helper()
	d.opens("/admin/times", `table.times tbody tr`)
	d.desk.fits()
	d.desk.picture("45-times")
	rows := script[[][]string](d.desk, `[...document.querySelectorAll("table.times tbody tr")].map((r) => [...r.cells].map((c) => c.innerText.trim()))`)
	if len(rows) != 1 || len(rows[0]) != 14 {
		d.Fatalf("the page has the rows %q", rows)
	}
	row := rows[0]
	took := d.text1(`SELECT round(extract(epoch FROM claimed_at - submitted_at)) FROM requests WHERE ref = '` + claimed + `'`)
	if row[0] != aotou || row[1] != "2" || !d.minutes(row[2], took) || row[4] != "100 %" {
		d.Errorf("the page says %q; two were asked, one was claimed after %s seconds", row, took)
	}
	table, workbook := d.csv("/admin/times?format=csv"), d.workbook("/admin/times?format=xlsx")
	if diff := cmp.Diff(table, workbook, cmp.Comparer(sameCell)); diff != "" {
		d.Errorf("the two files differ (-CSV +XLSX):\n%s", diff)
	}
	file := func(column string) string { return table[1][slices.Index(table[0], column)] }
	exported := []string{file("name"), file("requests"), file("claim_median_s"), file("first_response_median_s"), file("claim_count"), file("claim_waiting")}
	if want := []string{row[0], row[1], took, exported[3], "1", "1"}; !slices.Equal(exported, want) || !d.minutes(row[6], exported[3]) {
		d.Errorf("the files say %q, the page %q", exported, row)
	}
	d.goes(`table.times tbody td a`, `//h1`)
	listed := script[[]string](d.desk, `[...document.querySelectorAll("tbody th a")].map((a) => a.textContent)`)
	if len(listed) != 2 || !slices.Contains(listed, claimed) {
		d.Errorf("behind the figure are %q", listed)
	}
	d.desk.picture("46-behind")
	d.goes(`//th/a[text()="`+claimed+`"]`, `.timeline`)
}

// minutes tells whether the page's minutes, which have one decimal, are so many seconds, which are rounded.
func (d *day) minutes(shown, seconds string) bool {
	d.Helper()
	of, err := strconv.ParseFloat(first(shown), 64)
	took, err2 := strconv.ParseFloat(seconds, 64)
	if err := errors.Join(err, err2); err != nil {
		d.Fatal(err)
	}
	return strings.HasSuffix(shown, "min") && math.Abs(of*60-took) < 3.6
}

// sameCell tells whether two cells say the same: a workbook has numbers as such, a CSV file with all their decimals.
func sameCell(a, b string) bool {
	x, errX := strconv.ParseFloat(a, 64)
	y, errY := strconv.ParseFloat(b, 64)
	return a == b || errX == nil && errY == nil && x == y
}

// first is a text's first word: the number of a length of time.
func first(text string) string { word, _, _ := strings.Cut(text, " "); return word }

// saves is a file that the desk's browser would save: with its session.
func (d *day) saves(path string) []byte {
	d.Helper()
	cookies, err := chromedp.Run(d.desk.ctx, func(ctx context.Context, t *chromedp.Target) (network.GetCookiesResult, error) {
		return cdp.Call(ctx, t, network.GetCookies, network.GetCookiesParams{})
	})
	if err != nil {
		d.Fatal(err)
	}
	r, err := http.NewRequestWithContext(d.ctx, http.MethodGet, "http://"+d.server.address+path, nil)
	if err != nil {
		d.Fatal(err)
	}
	for _, c := range cookies.Cookies {
		r.AddCookie(&http.Cookie{Name: c.Name, Value: c.Value})
	}
	r.Header.Set("Accept-Language", "en")
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		d.Fatal(err)
	}
	defer response.Body.Close()
	file, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK || !strings.HasPrefix(response.Header.Get("Content-Disposition"), "attachment") {
		d.Fatalf("%s answers %s, %v", path, response.Status, err)
	}
	return file
}

func (d *day) csv(path string) [][]string {
	d.Helper()
	rows, err := csv.NewReader(bytes.NewReader(bytes.TrimPrefix(d.saves(path), []byte("\ufeff")))).ReadAll()
	if err != nil {
		d.Fatal(err)
	}
	return rows
}

func (d *day) workbook(path string) [][]string {
	d.Helper()
	book, err := excelize.OpenReader(bytes.NewReader(d.saves(path)))
	if err != nil {
		d.Fatal(err)
	}
	defer book.Close()
	rows, err := book.GetRows("Sheet1")
	if err != nil {
		d.Fatal(err)
	}
	for i := range rows { // which leaves empty cells at the end away
		rows[i] = append(rows[i], make([]string, len(rows[0])-len(rows[i]))...)
	}
	return rows
}
