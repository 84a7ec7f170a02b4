package intake_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/database/databasetest"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

const workersCSV = `code,name,station,role,phone,specialties
w1,王,a,,13800138000,
w2,李,a,Supervisor,,health;fire_safety
`

func knownKey(key string) bool { return key == "health" || key == "fire_safety" }

// stationed is a database with the stations a and b.
func stationed(t *testing.T) *database.DB {
	t.Helper()
	db := databasetest.New(t)
	run(t, db, `INSERT INTO stations (code, name, lat, lon) VALUES ('a', '甲站', 23, 113), ('b', '乙站', 24, 114)`)
	return db
}

func run(t *testing.T, db *database.DB, statement string) {
	t.Helper()
	if _, err := db.ExecContext(t.Context(), statement); err != nil {
		t.Fatalf("%s: %v", statement, err)
	}
}

func column(t *testing.T, db *database.DB, query string) []string {
	t.Helper()
	var all []string
	if err := db.SelectContext(t.Context(), &all, query); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return all
}

func importWorkers(t *testing.T, db *database.DB, csv string) (routing.Counts, error) {
	t.Helper()
	s, err := intake.ReadWorkers([]byte(csv))
	if err != nil {
		t.Fatal(err)
	}
	return intake.ImportWorkers(t.Context(), db, s, knownKey)
}

func TestImportWorkers(t *testing.T) {
	db := stationed(t)
	for _, step := range []struct {
		name, csv string
		want      routing.Counts
	}{
		{"at first", workersCSV, routing.Counts{Added: 2}},
		{"again", workersCSV, routing.Counts{Unchanged: 2}},
		{"renamed and one more", strings.Replace(workersCSV, "王", "黄", 1) + "w3,张,b,worker,,\n", routing.Counts{Added: 1, Changed: 1, Unchanged: 1}},
	} {
		if got, err := importWorkers(t, db, step.csv); err != nil || got != step.want {
			t.Errorf("%s: %+v, %v, want %+v", step.name, got, err, step.want)
		}
	}
	want := []string{"w1|黄|a|worker|13800138000|", "w2|李|a|supervisor||health,fire_safety", "w3|张|b|worker||"}
	got := column(t, db, `SELECT concat_ws('|', code, name, station, role, phone, array_to_string(specialties, ',')) FROM workers ORDER BY code`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestImportMovesWorkers: a worker who has joined stays so at another station, on duty too, and one who was
// dismissed is back.
func TestImportMovesWorkers(t *testing.T) {
	db := stationed(t)
	if _, err := importWorkers(t, db, workersCSV); err != nil {
		t.Fatal(err)
	}
	run(t, db, `INSERT INTO bots (id) VALUES (1)`)
	run(t, db, `INSERT INTO chats (bot_id, id, language, created_at) VALUES (1, 7, 'en', now())`)
	run(t, db, `UPDATE workers SET bot_id = 1, chat_id = 7, joined_at = now(), on_duty = true WHERE code = 'w1'`)
	run(t, db, `UPDATE workers SET active = false WHERE code = 'w2'`)
	moved := strings.ReplaceAll(workersCSV, ",a,", ",b,")
	if got, err := importWorkers(t, db, moved); err != nil || got != (routing.Counts{Changed: 2}) {
		t.Errorf("%+v, %v", got, err)
	}
	want := []string{"w1|b|t|t|7", "w2|b|t|f"}
	got := column(t, db, `SELECT concat_ws('|', code, station, active, on_duty, chat_id) FROM workers ORDER BY code`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestImportWorkersNamesBadRows(t *testing.T) {
	db := stationed(t)
	_, err := importWorkers(t, db, `code,name,station,role,phone,specialties
w1,王,a,,,
w2,李,nowhere,,,
w3,,a,boss,abc,magic
w1,张,b,,,
`)
	wantProblems(t, err, `line 3: station "nowhere" is not known: import stations first`,
		`line 4: the name is missing`,
		`line 4: phone "abc" is not a telephone number`,
		`line 4: specialties: "magic" is no category`,
		`line 4: role "boss" is neither worker nor supervisor`,
		`line 5: code "w1" stands in line 2 already`)
	if left := column(t, db, `SELECT code FROM workers`); len(left) > 0 {
		t.Errorf("imported all the same: %v", left)
	}
}

func wantProblems(t *testing.T, err error, want ...string) {
	t.Helper()
	var problems sheet.Problems
	if !errors.As(err, &problems) {
		t.Fatalf("the error names no rows: %v", err)
	}
	if diff := cmp.Diff(want, strings.Split(problems.Error(), "\n")); diff != "" {
		t.Error(diff)
	}
}

func importOrganisations(t *testing.T, db *database.DB, csv string) (routing.Counts, error) {
	t.Helper()
	s, err := intake.ReadOrganisations([]byte(csv))
	if err != nil {
		t.Fatal(err)
	}
	return intake.ImportOrganisations(t.Context(), db, s, knownKey)
}

func TestImportOrganisations(t *testing.T) {
	db := databasetest.New(t)
	const csv = `code,name,place_code,lat,lon,datum,phone,categories
o1,老年协会,440117111,23.45,113.49,,020-87654321,health
o2,合作社,,,,,,
`
	for _, step := range []struct {
		name, csv string
		want      routing.Counts
	}{
		{"at first", csv, routing.Counts{Added: 2}},
		{"again", csv, routing.Counts{Unchanged: 2}},
		{"one loses its position", strings.Replace(csv, "23.45,113.49", ",", 1), routing.Counts{Changed: 1, Unchanged: 1}},
	} {
		if got, err := importOrganisations(t, db, step.csv); err != nil || got != step.want {
			t.Errorf("%s: %+v, %v, want %+v", step.name, got, err, step.want)
		}
	}
	want := []string{"o1|老年协会|440117111|020-87654321|health|t", "o2|合作社||||t"}
	got := column(t, db, `SELECT concat_ws('|', code, name, place_code, phone, array_to_string(categories, ','), lat IS NULL) FROM organisations ORDER BY code`)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestImportOrganisationsNamesBadRows(t *testing.T) {
	db := databasetest.New(t)
	_, err := importOrganisations(t, db, `code,name,place_code,lat,lon,datum,phone,categories
o 1,,,23,,utm,?,x
o2,合作社,,23,,,,
`)
	wantProblems(t, err, `line 2: code "o 1" is not 1 to 32 letters, digits, - or _`, `line 2: the name is missing`,
		`line 2: phone "?" is not a telephone number`, `line 2: categories: "x" is no category`,
		`line 2: datum "utm" is neither wgs84 nor gcj02`, `line 3: lon "" is not a number of degrees`)
}
