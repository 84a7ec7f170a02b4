package sheet_test

import (
	"errors"
	"strings"
	"testing"

	"onedoor/internal/sheet"
)

// TestBounds: a small file can't have more said of it than people read, nor a cell more than a message takes.
func TestBounds(t *testing.T) {
	for name, c := range map[string]struct{ csv, want string }{
		"many columns":                    {"code,name\n" + strings.Repeat("a,", 100_000), "line 2 has 100001 columns"},
		"a wide header":                   {strings.Repeat("a,", 100_000), "line 1 has 100001 columns"},
		"a long cell":                     {"code,name\n1," + strings.Repeat("甲", 2001), "name has more than 2000 characters"},
		"a long cell that stands nowhere": {"code,name\n1,甲," + strings.Repeat("乙", 100_000), "…"},
	} {
		_, err := sheet.ReadCSV([]byte(c.csv), required, optional)
		if err == nil || !strings.Contains(err.Error(), c.want) || len(err.Error()) > 2000 {
			t.Errorf("%s: %.200v, want %s", name, err, c.want)
		}
	}
	_, err := sheet.ReadCSV([]byte("code,name\n"+strings.Repeat(strings.Repeat("a,", 99)+"\n", 300)), required, optional)
	var problems sheet.Problems
	if !errors.As(err, &problems) || len(problems) != 300 {
		t.Errorf("%d problems of 300 lines", len(problems))
	}
	var check sheet.Checker
	check.Name(rowsOf(t, "name", strings.Repeat("甲", 101))[0])
	check.Name(rowsOf(t, "name", strings.Repeat("甲", 100))[0])
	if n := len(check.Problems()); n != 1 {
		t.Errorf("%d of two names are too long, want 1", n)
	}
}
