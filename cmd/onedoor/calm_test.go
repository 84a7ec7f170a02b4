package main

import (
	"bytes"
	"log/slog"
	"strings"
	"testing"
)

// TestCalm: what is complained about again and again is logged once, and what is no complaint is not.
func TestCalm(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	log := newCalm(slog.New(slog.NewTextHandler(&out, nil)))
	for range 100 {
		log.Info("all is well")
		log.Error("the database is away", "room", "jobs")
		log.With("queue", "files").Error("the database is away")
	}
	log.Warn("something else")
	if lines := strings.Count(out.String(), "\n"); lines != 2 || strings.Contains(out.String(), "well") {
		t.Errorf("it logs %d lines, want two: %s", lines, out.String())
	}
}
