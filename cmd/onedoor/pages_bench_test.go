package main

import (
	"bytes"
	"context"
	"flag"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"testing"
	"time"

	"onedoor/admin"
	"onedoor/intake"
	"onedoor/internal/bulk"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sample"
)

// What BenchmarkPages measures with: so many requests, or the database of `make fill` in a directory.
var (
	benchRows = flag.Int("rows", 100_000, "requests of BenchmarkPages")
	benchDir  = flag.String("filled", "", "the directory of a database that `make fill` has made, for BenchmarkPages")
)

// BenchmarkPages measures how long the server takes for each page of the admin, and for `onedoor report`, with three years of
// requests of 200 stations: the time below which 95 of 100 answers are.
func BenchmarkPages(b *testing.B) {
	p := newPages(b)
	for _, path := range p.paths() {
		b.Run(strings.ReplaceAll(path, "/", "|"), func(b *testing.B) {
			p.measure(b, func() { p.get(b, "/admin/"+path) })
		})
	}
	three := intake.Scope{From: time.Now().AddDate(-3, 0, 0), To: time.Now()}
	for _, by := range intake.Groupings() {
		b.Run("report by "+by, func(b *testing.B) {
			p.measure(b, func() {
				if _, err := p.domain.intake.Report(b.Context(), three, by); err != nil {
					b.Fatal(err)
				}
			})
		})
	}
	b.Run("the command report", func(b *testing.B) {
		p.measure(b, func() {
			var out bytes.Buffer
			if code := run(b.Context(), append([]string{"report"}, p.place...), streams{strings.NewReader(""), &out, &out}); code != exitDone {
				b.Fatal(out.String())
			}
		})
	})
}

// pages are the admin's, for an administrator who is logged in.
type pages struct {
	domain  *domain
	handler http.Handler
	cookie  string
	place   []string // flags that name the database

	organisation string // that was asked
}

func newPages(b *testing.B) *pages {
	c := &config{DataDir: *benchDir}
	if *benchDir == "" {
		c.DatabaseURL = databasetest.URL(b)
	}
	d, err := c.openDomain(b.Context(), logger(io.Discard))
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(d.close)
	p := &pages{domain: d, place: []string{"--database-url", d.db.URL()}}
	if *benchDir == "" {
		must := func(err error) {
			if err != nil {
				b.Fatal(err)
			}
		}
		must(sample.Load(b.Context(), d.db, d.known))
		must(d.router.Reload(b.Context()))
		must(bulk.Fill(b.Context(), d.db, d.router, d.intake.Taxonomy, bulk.Options{Requests: *benchRows, Seed: 1}))
	}
	pages, err := admin.New(admin.Options{DB: d.db, Intake: d.intake, Log: logger(io.Discard),
		Bot: func(context.Context) (string, error) { return "bench_bot", nil }})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(pages.Close)
	p.handler = pages.Handler()
	if err := d.db.Get(&p.organisation, `SELECT organisation FROM referrals WHERE kind = 'organisation' ORDER BY id LIMIT 1`); err != nil {
		b.Fatal(err)
	}
	p.login(b)
	return p
}

// login makes an account, and has it choose its password.
func (p *pages) login(b *testing.B) {
	password, err := admin.CreateAccount(b.Context(), p.domain.db, "bench", "administrator", "", "")
	if err != nil {
		b.Fatal(err)
	}
	for _, form := range []struct {
		path   string
		values url.Values
	}{{"/admin/login", url.Values{"name": {"bench"}, "password": {password}}},
		{"/admin/password", url.Values{"password": {"correct horse battery"}, "again": {"correct horse battery"}}}} {
		r := httptest.NewRequest(http.MethodPost, form.path, strings.NewReader(form.values.Encode()))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		answer := p.serve(r)
		if answer.Code != http.StatusSeeOther {
			b.Fatalf("%s answers %d", form.path, answer.Code)
		}
		for _, c := range answer.Result().Cookies() {
			p.cookie = c.Name + "=" + c.Value
		}
	}
}

func (p *pages) serve(r *http.Request) *httptest.ResponseRecorder {
	r.Header.Set("Cookie", p.cookie)
	w := httptest.NewRecorder()
	p.handler.ServeHTTP(w, r)
	return w
}

func (p *pages) get(b *testing.B, path string) {
	if answer := p.serve(httptest.NewRequest(http.MethodGet, path, nil)); answer.Code != http.StatusOK {
		b.Fatalf("%s answers %d", path, answer.Code)
	}
}

// paths are those of all pages of figures, and of the rest that don't need a key.
func (p *pages) paths() []string {
	const years = "from=2023-01-01"
	paths := []string{"", "stations/st-440117-2", "times", "times?hours=open&format=csv", "times/trend.svg", "times/spread.svg", "staffing", "equity", "equity?" + years,
		"times/trend.svg?" + years, "times/spread.svg?" + years, "staffing?" + years, "workers", "posters", "troubles", "accounts", "audit",
		"times?category=education&" + years, "times?category=education&by=month&" + years, "times?urgency=normal&setting=rural&" + years,
		"times?station=st-440117-2&by=category&" + years, "times?station=st-440117-2&urgency=normal&by=day&" + years, "times?county=440117&by=category&" + years,
		"times/requests?clock=claim&part=overdue&" + years, "times/trend.svg?chart=resolve&" + years, "times/spread.svg?chart=resolve&" + years, "map", "coverage",
		"times/requests?organisation=" + p.organisation + "&part=done&" + years}
	for _, part := range []string{"due", "solved", "rated", "satisfied"} {
		paths = append(paths, "times/requests?clock=answer&part="+part+"&"+years)
	}
	for _, by := range []string{"station", "worker_station", "category", "urgency", "county", "setting", "day", "week", "month"} {
		paths = append(paths, "times?by="+by+"&"+years)
	}
	for _, part := range []string{"all", "late", "running"} {
		paths = append(paths, "times/requests?clock=resolve&part="+part+"&"+years, "times/requests?clock=answer&urgency=emergency&part="+part+"&"+years,
			"times/requests?clock=answer&station=st-440117-2&category=health&part="+part+"&offset=40&"+years)
	}
	return paths
}

// measure reports the 95th percentile of what something takes, after it was done once.
func (p *pages) measure(b *testing.B, do func()) {
	do()
	var took []time.Duration
	for b.Loop() {
		began := time.Now()
		do()
		took = append(took, time.Since(began))
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)*95/100].Microseconds())/1000, "ms/p95")
	b.ReportMetric(0, "ns/op")
}
