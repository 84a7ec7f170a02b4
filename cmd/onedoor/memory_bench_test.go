package main

import (
	"os"
	"strconv"
	"sync"
	"testing"
)

// memoryUpdates is how many updates BenchmarkMemory sends when ONEDOOR_BENCH_UPDATES doesn't say.
const memoryUpdates = 20_000

// BenchmarkMemory sends updates to the real program, and measures how much its resident memory grows from the first
// tenth of them to the highest point after. A million, with ONEDOOR_BENCH_UPDATES=1000000, take about half an hour.
func BenchmarkMemory(b *testing.B) {
	many := memoryUpdates
	if text := os.Getenv("ONEDOOR_BENCH_UPDATES"); text != "" {
		var err error
		if many, err = strconv.Atoi(text); err != nil || many < 1000 {
			b.Fatalf("ONEDOOR_BENCH_UPDATES is %q, and not a number of at least 1000", text)
		}
	}
	s := newSubmission(b, "10000")
	for b.Loop() {
		var first, highest float64
		for tenth := range 10 {
			s.talk(many / 10)
			now := residentMemory(b, s.process.Pid)
			b.Logf("after %d updates: %.1f MB", (tenth+1)*many/10, now)
			if highest = max(highest, now); tenth == 0 {
				first, highest = now, now
			}
		}
		b.ReportMetric(first, "MB/first")
		b.ReportMetric(highest/first, "highest/first")
	}
	b.ReportMetric(0, "ns/op")
}

// talk has each client send its share of updates: small talk, which is kept, answered and delivered.
func (s *submission) talk(many int) {
	var group sync.WaitGroup
	for client := range submitClients {
		group.Go(func() {
			telegram := s.caller()
			defer telegram.Close()
			for i := range many / submitClients {
				telegram.say(submitFirst+client*1000+i%1000, s.next+client*many+i, "谢谢")
			}
		})
	}
	group.Wait()
	s.next += submitClients * many
}
