package sheet_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"onedoor/internal/sheet"
)

// rowsOf are the rows of one column.
func rowsOf(t testing.TB, column string, cells ...string) []sheet.Row {
	t.Helper()
	s, err := sheet.ReadCSV([]byte(column+",x\n"+strings.Join(cells, ",.\n")+",.\n"), []string{column, "x"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return s.Rows
}

func TestPhone(t *testing.T) {
	good := []string{"", "110", "12345", "12356", "020-87654321", "0755 8765 4321", "(020)87654321", "+86 138 0013 8000",
		"13800138000", "400-800-8800", "0755-12345678转801", "020-1234567 ext 12"}
	bad := []string{"1", "12", "call me", "1380013800O", "--", "+", "123456789012345678901234567890123456789", "电话110"}
	refused := func(r sheet.Row) bool {
		var check sheet.Checker
		if text := check.Phone(r); text != r.Get("phone") {
			t.Errorf("%q was read as %q", r.Get("phone"), text)
		}
		return check.Err() != nil
	}
	for _, r := range rowsOf(t, "phone", good...) {
		if refused(r) {
			t.Errorf("%q is refused", r.Get("phone"))
		}
	}
	for _, r := range rowsOf(t, "phone", bad...) {
		if !refused(r) {
			t.Errorf("%q is let through", r.Get("phone"))
		}
	}
}

func TestCode(t *testing.T) {
	var check sheet.Checker
	for _, r := range rowsOf(t, "code", "a_1-B", "ä", "a_1-B", strings.Repeat("a", 32), strings.Repeat("b", 33)) {
		check.Code(r)
	}
	want := []string{`line 3: code "ä" is not 1 to 32 letters, digits, - or _`, `line 4: code "a_1-B" stands in line 2 already`,
		`line 6: code "` + strings.Repeat("b", 33) + `" is not 1 to 32 letters, digits, - or _`}
	if diff := cmp.Diff(strings.Join(want, "\n"), check.Err().Error()); diff != "" {
		t.Error(diff)
	}
}

func TestKeys(t *testing.T) {
	known := func(key string) bool { return key == "a" || key == "b" }
	for text, want := range map[string][]string{"": {}, "a": {"a"}, "b; a": {"b", "a"}, "a；b": {"a", "b"}, ";a;;a": {"a"}} {
		var check sheet.Checker
		got := check.Keys(rowsOf(t, "keys", text)[0], "keys", known)
		if diff := cmp.Diff(want, got); diff != "" || check.Err() != nil {
			t.Errorf("%q: %s, %v", text, diff, check.Err())
		}
	}
	var check sheet.Checker
	if check.Keys(rowsOf(t, "keys", "a;c")[0], "keys", known); check.Err() == nil || check.Err().Error() != `line 2: keys: "c" is no category` {
		t.Errorf("an unknown key: %v", check.Err())
	}
}

// TestProblemsByLine: problems come by line, whatever the order of finding them, and are found in a wrapped error.
func TestProblemsByLine(t *testing.T) {
	rows := rowsOf(t, "name", "甲", "乙", "丙")
	var check sheet.Checker
	for _, i := range []int{2, 0, 2} {
		check.Add(rows[i], "%s", rows[i].Get("name"))
	}
	err := errors.Join(check.Err())
	var problems sheet.Problems
	if !errors.As(err, &problems) || problems.Error() != "line 2: 甲\nline 4: 丙\nline 4: 丙" {
		t.Errorf("%v", err)
	}
	var none sheet.Checker
	if err := none.Err(); err != nil {
		t.Errorf("no problems are %v", err)
	}
}
