package sheet

import (
	"bytes"
	"strings"

	"github.com/xuri/excelize/v2"
)

// plain refuses a first sheet with merged cells, of which all but one are empty, or with formulas, of which a program that
// doesn't reckon sees an old value or none. Most sheets have neither anywhere in the workbook, and are not read again for it.
func plain(book *excelize.File, lines []line) error {
	name := book.GetSheetName(0)
	if says(book, "<mergeCell ") {
		merged, err := book.GetMergeCells(name)
		if err != nil {
			return fault("the first sheet can't be read: %v", err)
		}
		if len(merged) > 0 {
			return fault("the cells %s are merged: split them, so that each line has its own", merged[0].GetStartAxis()+":"+merged[0].GetEndAxis())
		}
	}
	if !says(book, "<f>") && !says(book, "<f ") {
		return nil
	}
	for _, l := range lines {
		for i := range l.cells {
			cell, err := excelize.CoordinatesToCellName(i+1, l.number)
			if err != nil {
				return fault("the first sheet can't be read: %v", err)
			}
			if formula, err := book.GetCellFormula(name, cell); err != nil || formula != "" {
				return fault("the cell %s has a formula: put its value there instead", cell)
			}
		}
	}
	return nil
}

// says tells whether a sheet of the workbook has some XML in it.
func says(book *excelize.File, xml string) (found bool) {
	book.Pkg.Range(func(path, content any) bool {
		name, _ := path.(string)
		text, _ := content.([]byte)
		found = strings.HasPrefix(name, "xl/worksheets/") && bytes.Contains(text, []byte(xml))
		return !found
	})
	return found
}
