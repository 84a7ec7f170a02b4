package bulk

import (
	"context"
	"fmt"
	"strings"

	"github.com/lib/pq"
	"golang.org/x/sync/errgroup"

	"onedoor/internal/database"
)

// stripped is what was taken away from tables, as statements that put it back.
type stripped struct {
	indexes map[string][]string // by table
	keys    []string            // foreign ones, without looking at what is there
	checks  map[string][]string // of those, by table
}

// strip takes indexes, foreign keys and triggers away from the tables that are filled. A primary key that others refer to stays.
func strip(ctx context.Context, db *database.DB) (*stripped, error) {
	var names []string
	for _, t := range tables() {
		names = append(names, t[0])
	}
	s := &stripped{indexes: map[string][]string{}, checks: map[string][]string{}}
	var constraints []struct{ Table, Name, Kind, Definition string }
	err := db.SelectContext(ctx, &constraints, `SELECT CAST(conrelid AS regclass)::text AS table, conname AS name, contype AS kind, pg_get_constraintdef(oid) AS definition
		FROM pg_constraint c WHERE conrelid = ANY (CAST($1 AS regclass[])) AND (contype = 'f' OR contype IN ('p', 'u')
			AND NOT EXISTS (SELECT FROM pg_constraint f WHERE f.contype = 'f' AND f.confrelid = c.conrelid AND f.conindid = c.conindid))
		ORDER BY contype`, pq.Array(names)) // foreign keys go first
	if err != nil {
		return nil, fmt.Errorf("read the constraints: %w", err)
	}
	drop := []string{}
	for _, c := range constraints {
		drop = append(drop, `ALTER TABLE `+c.Table+` DROP CONSTRAINT `+c.Name)
		add := `ALTER TABLE ` + c.Table + ` ADD CONSTRAINT ` + c.Name + ` ` + c.Definition
		if c.Kind == "f" {
			s.keys = append(s.keys, strings.TrimSuffix(add, " NOT VALID")+` NOT VALID`)
			s.checks[c.Table] = append(s.checks[c.Table], `ALTER TABLE `+c.Table+` VALIDATE CONSTRAINT `+c.Name)
		} else {
			s.indexes[c.Table] = append(s.indexes[c.Table], add)
		}
	}
	var indexes []struct{ Table, Name, Definition string }
	err = db.SelectContext(ctx, &indexes, `SELECT CAST(indrelid AS regclass)::text AS table, CAST(indexrelid AS regclass)::text AS name, pg_get_indexdef(indexrelid) AS definition
		FROM pg_index i WHERE indrelid = ANY (CAST($1 AS regclass[])) AND NOT EXISTS (SELECT FROM pg_constraint c WHERE c.conindid = i.indexrelid)`, pq.Array(names))
	if err != nil {
		return nil, fmt.Errorf("read the indexes: %w", err)
	}
	for _, i := range indexes {
		drop = append(drop, `DROP INDEX `+i.Name)
		s.indexes[i.Table] = append(s.indexes[i.Table], i.Definition)
	}
	for _, name := range names {
		drop = append(drop, `ALTER TABLE `+name+` DISABLE TRIGGER USER`)
	}
	return s, run(ctx, db, drop...)
}

// restore puts all back, has PostgreSQL check it, and gathers what it plans by.
func (s *stripped) restore(ctx context.Context, db *database.DB, say func(string, ...any)) error {
	say("indexes")
	if err := eachTable(ctx, func(ctx context.Context, table, columns string) error {
		statements := append(s.indexes[table], `ALTER TABLE `+table+` ENABLE TRIGGER USER`, `VACUUM (ANALYZE) `+table)
		if strings.HasPrefix(columns, "id,") {
			statements = append(statements, `SELECT setval(pg_get_serial_sequence('`+table+`', 'id'), coalesce(max(id), 1)) FROM `+table)
		}
		return run(ctx, db, statements...)
	}); err != nil {
		return err
	}
	say("foreign keys")
	if err := run(ctx, db, s.keys...); err != nil {
		return err
	}
	return eachTable(ctx, func(ctx context.Context, table, _ string) error { return run(ctx, db, s.checks[table]...) })
}

// eachTable does something for each table, for two at the same time.
func eachTable(ctx context.Context, do func(ctx context.Context, table, columns string) error) error {
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(2)
	for _, t := range tables() {
		group.Go(func() error { return do(ctx, t[0], t[1]) })
	}
	return group.Wait()
}

// run executes statements on one connection, with memory for much.
func run(ctx context.Context, db *database.DB, statements ...string) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return fmt.Errorf("change the tables: %w", err)
	}
	defer conn.Close()
	statements = append([]string{`SET maintenance_work_mem = '512MB'`, `SET work_mem = '256MB'`}, statements...)
	for _, statement := range append(statements, `RESET ALL`) {
		if _, err := conn.ExecContext(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}
