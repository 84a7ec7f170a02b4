package admin

import (
	"fmt"
	"net/http"
	"strconv"

	"github.com/xuri/excelize/v2"
)

// writeSheet sends a table with a header in the format that is asked for, csv or xlsx; where neither is, it sends nothing and says so.
func writeSheet(w http.ResponseWriter, r *http.Request, name string, rows func() [][]string) (sent bool, err error) {
	switch r.FormValue("format") {
	case "csv":
		return true, writeCSV(w, name+".csv", rows())
	case "xlsx":
		return true, writeXLSX(w, name+".xlsx", rows())
	}
	return false, nil
}

// writeXLSX sends a table with a header as a workbook. Text stays text, whatever it begins with; numbers can be reckoned with.
func writeXLSX(w http.ResponseWriter, name string, rows [][]string) error {
	book := excelize.NewFile()
	defer book.Close()
	const sheet = "Sheet1"
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, text := range row {
			cells[j] = upright(text)
			if n, err := strconv.ParseFloat(text, 64); err == nil && i > 0 && j > 1 {
				cells[j] = n
			}
		}
		if err := book.SetSheetRow(sheet, fmt.Sprintf("A%d", i+1), &cells); err != nil {
			return fmt.Errorf("write %s: %w", name, err)
		}
	}
	if err := book.SetPanes(sheet, &excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"}); err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	w.Header().Set("Content-Disposition", `attachment; filename="`+name+`"`)
	_, err := book.WriteTo(w)
	if err != nil {
		return fmt.Errorf("write %s: %w", name, err)
	}
	return nil
}
