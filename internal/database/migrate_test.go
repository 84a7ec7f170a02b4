package database_test

import (
	"testing"

	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverdatabasesql"
	"golang.org/x/sync/errgroup"

	"onedoor/internal/database/databasetest"
)

func TestMigrateAtTheSameTime(t *testing.T) {
	t.Parallel()
	t.Run("an empty database", func(t *testing.T) {
		t.Parallel()
		migrateTogether(t, databasetest.EmptyURL(t))
	})
	t.Run("one that is behind", func(t *testing.T) {
		t.Parallel()
		url := databasetest.URL(t)
		if err := open(t, url).MigrateDown(t.Context()); err != nil {
			t.Fatal(err)
		}
		migrateTogether(t, url)
	})
}

// migrateTogether lets several processes' worth of pools migrate one database.
func migrateTogether(t *testing.T, url string) {
	var group errgroup.Group
	for range 4 {
		db := open(t, url)
		group.Go(func() error {
			if err := db.Migrate(t.Context()); err != nil {
				return err
			}
			return db.Migrated(t.Context())
		})
	}
	if err := group.Wait(); err != nil {
		t.Error(err)
	}
}

func TestMigrateDownAndUp(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	if err := db.MigrateDown(t.Context()); err != nil {
		t.Fatal(err)
	}
	var left []string
	err := db.Select(&left, `SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace
		AND c.relname NOT LIKE 'goose%' UNION ALL SELECT p.proname FROM pg_proc p WHERE p.pronamespace = 'public'::regnamespace`)
	if err != nil || len(left) > 0 {
		t.Errorf("the way down left %q (error %v)", left, err)
	}
	if db.Migrated(t.Context()) == nil {
		t.Error("an empty schema passes for migrated")
	}
	if err := db.Migrate(t.Context()); err != nil {
		t.Fatal(err)
	}
	if err := db.Migrated(t.Context()); err != nil {
		t.Error(err)
	}
}

// TestRiverIsNewest fails when River was updated and wants a migration more.
func TestRiverIsNewest(t *testing.T) {
	t.Parallel()
	if newest, err := databasetest.New(t).RiverIsNewest(t.Context()); err != nil || !newest {
		t.Errorf("River's tables are the newest: %t (error %v), want true: add a migration in migrate.go", newest, err)
	}
}

type greeting struct {
	Words string `json:"words"`
}

func (greeting) Kind() string { return "greeting" }

// TestRiverTakesThePool enqueues over connections whose parameters are binary.
func TestRiverTakesThePool(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	client, err := river.NewClient(riverdatabasesql.New(db.DB.DB), &river.Config{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := client.Insert(t.Context(), greeting{"你好"}, nil); err != nil {
		t.Fatal(err)
	}
	var words string
	if err := db.Get(&words, `SELECT args ->> 'words' FROM river_job`); err != nil || words != "你好" {
		t.Errorf("got %q (error %v)", words, err)
	}
}
