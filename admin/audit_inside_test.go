package admin

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
)

// auditPlan is a part of a plan of PostgreSQL's.
type auditPlan struct {
	Node     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Plans    []auditPlan
}

// all are the parts of a plan, each with its index or table.
func (p auditPlan) all() string {
	said := []string{p.Node + " " + p.Relation + p.Index}
	for _, part := range p.Plans {
		said = append(said, part.all())
	}
	return strings.Join(said, "; ")
}

// TestRecordIsReadByIndex: with 100,000 lines, what is on record of a request, and what a session has seen already, is found by an index, planned
// for what is asked or for anything; with what the database knows of the lines, and without.
func TestRecordIsReadByIndex(t *testing.T) {
	t.Parallel()
	db := databasetest.New(t)
	if _, err := db.Exec(`INSERT INTO audit (account, action, object, session, refs)
		SELECT 'account' || n % 50, 'GET /admin/{$}/listed', CASE n % 2 WHEN 0 THEN 'R' || n ELSE '' END, 's' || n % 50,
			CASE n % 2 WHEN 1 THEN ARRAY(SELECT 'R' || (n / 2 + k * 100) FROM generate_series(1, 12) k) ELSE '{}' END FROM generate_series(1, 100000) n`); err != nil {
		t.Fatal(err)
	}
	long, now := time.Now().AddDate(0, 0, -30), time.Now().Add(time.Hour)
	look := `[{"account": "account1", "action": "GET /admin/{$}/listed", "object": "", "detail": {}, "session": "s1", "refs": ["R1300", "X"], "again": true}]`
	asked := []struct {
		statement string
		args      []any
		by        []string
	}{
		{auditAbout, []any{long, now, "", 0, 100, "r1300", "R1300"}, []string{"audit_refs", "audit_object_lower"}},
		{auditAbout, []any{long, now, "account1", 0, 100_000, "r1300", "R1300"}, []string{"audit_refs"}},
		{putListsSQL, []any{look, lookLasts.Seconds()}, []string{"audit_account"}},
	}
	for _, known := range []bool{false, true} {
		if known {
			if _, err := db.Exec(`ANALYZE audit`); err != nil {
				t.Fatal(err)
			}
		}
		for i, a := range asked {
			for _, mode := range []string{"force_custom_plan", "force_generic_plan"} {
				plan := planOf(t, db, mode, a.statement, a.args)
				if strings.Contains(plan, "Seq Scan audit") {
					t.Errorf("statement %d, %s, analyzed %t: it reads all: %s", i, mode, known, plan)
				}
				for _, index := range a.by {
					if mode == "force_custom_plan" && !strings.Contains(plan, index) {
						t.Errorf("statement %d, analyzed %t: it does not use %s: %s", i, known, index, plan)
					}
				}
			}
		}
	}
	if plan := planOf(t, db, "auto", `SELECT id FROM audit WHERE refs @> ARRAY[CAST($1 AS text)] OR detail = '{"x": "y"}'`, []any{"R1300"}); !strings.Contains(plan, "Seq Scan audit") {
		t.Errorf("the test does not see what it is for: %s", plan)
	}
}

// planOf is how PostgreSQL would do it.
func planOf(t *testing.T, db *database.DB, mode, statement string, args []any) string {
	t.Helper()
	tx, err := db.BeginTxx(t.Context(), nil)
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(t.Context(), `SET LOCAL plan_cache_mode = `+mode); err != nil {
		t.Fatal(err)
	}
	var text string
	if err := tx.GetContext(t.Context(), &text, `EXPLAIN (FORMAT JSON) `+statement, args...); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
	var plans []struct{ Plan auditPlan }
	if err := json.Unmarshal([]byte(text), &plans); err != nil {
		t.Fatal(err)
	}
	return plans[0].Plan.all()
}
