package sheet

import "strings"

// begins are the characters with which a spreadsheet takes a cell's text for a formula.
// See https://owasp.org/www-community/attacks/CSV_Injection
const begins = "=+-@\t\r\n＝＋－＠"

// formula tells whether a text would be one, behind any apostrophes.
func formula(cell string) bool {
	return strings.IndexAny(strings.TrimLeft(cell, "'"), begins) == 0
}

// Defused is a cell that no spreadsheet takes for a formula: what would begin one follows an apostrophe. Reading undoes it.
func Defused(cell string) string {
	if formula(cell) {
		return "'" + cell
	}
	return cell
}

// undoDefused makes of defused cells what they were.
func undoDefused(cells []string) {
	for i, cell := range cells {
		if cell = strings.TrimSpace(cell); strings.HasPrefix(cell, "'") && formula(cell) {
			cells[i] = cell[1:]
		}
	}
}
