package database_test

import (
	"testing"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

// BenchmarkFreshDatabase is what a test's database costs.
func BenchmarkFreshDatabase(b *testing.B) {
	databasetest.New(b) // makes the server and the template
	for b.Loop() {
		databasetest.New(b)
	}
}

// BenchmarkStart is what starting and stopping the private server costs, on a cluster that is there.
func BenchmarkStart(b *testing.B) {
	dir := databasetest.DataDir(b)
	openAndClose(b, dir)
	for b.Loop() {
		openAndClose(b, dir)
	}
}

func openAndClose(b *testing.B, dir string) {
	db, err := database.Open(b.Context(), database.Config{DataDir: dir})
	if err != nil {
		b.Fatal(err)
	}
	if err := db.Close(); err != nil {
		b.Fatal(err)
	}
}

// BenchmarkMigrated is what /readyz costs.
func BenchmarkMigrated(b *testing.B) {
	db := databasetest.New(b)
	for b.Loop() {
		if err := db.Migrated(b.Context()); err != nil {
			b.Fatal(err)
		}
	}
}
