package admin

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"net/http"
	"regexp"
	"strings"
)

// byteOrderMark tells Excel that a file is UTF-8, without which Chinese is gibberish there.
const byteOrderMark = "\ufeff"

// writeCSV sends a table to be saved and opened in a spreadsheet.
func writeCSV(w http.ResponseWriter, name string, rows [][]string) error {
	out := bytes.NewBufferString(byteOrderMark)
	table := csv.NewWriter(out)
	for _, row := range rows {
		for i := range row {
			row[i] = harmless(upright(row[i]))
		}
		_ = table.Write(row) // a buffer takes all; what else fails is kept for Error
	}
	table.Flush()
	if err := table.Error(); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, _ = out.WriteTo(w) // who no longer listens has left
	return nil
}

// negative is a number of ours that is less than nothing: a spreadsheet reckons with it, and it can do nothing.
var negative = regexp.MustCompile(`^-[0-9]+(\.[0-9]+)?$`)

// harmless is a cell that no spreadsheet takes for a formula: what would begin one follows an apostrophe. See
// https://owasp.org/www-community/attacks/CSV_Injection
func harmless(cell string) string {
	if strings.IndexAny(cell, "=+-@\t\r\n＝＋－＠") == 0 && !negative.MatchString(cell) {
		return "'" + cell
	}
	return cell
}
