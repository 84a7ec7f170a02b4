package sheet

import (
	"encoding/csv"
	"fmt"
	"io"

	"github.com/xuri/excelize/v2"
)

// byteOrderMark tells Excel that a file is UTF-8, without which Chinese is gibberish there.
const byteOrderMark = "\ufeff"

// WriteCSV writes a table that reads again as it is: see Defused.
func WriteCSV(w io.Writer, rows [][]string) error {
	if _, err := io.WriteString(w, byteOrderMark); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	out := csv.NewWriter(w)
	for _, row := range rows {
		cells := make([]string, len(row))
		for i, cell := range row {
			cells[i] = Defused(cell)
		}
		if err := out.Write(cells); err != nil {
			return fmt.Errorf("write CSV: %w", err)
		}
	}
	out.Flush()
	if err := out.Error(); err != nil {
		return fmt.Errorf("write CSV: %w", err)
	}
	return nil
}

// WriteXLSX writes a table with a header as a workbook, all of it as text, so that no code loses a zero; it reads again as it
// is. The header stays in view.
func WriteXLSX(w io.Writer, rows [][]string) error {
	book := excelize.NewFile()
	defer book.Close()
	out, err := book.NewStreamWriter(book.GetSheetName(0))
	if err == nil {
		err = out.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	for i, row := range rows {
		cells := make([]any, len(row))
		for j, cell := range row {
			cells[j] = Defused(cell)
		}
		if err == nil {
			err = out.SetRow(fmt.Sprintf("A%d", i+1), cells)
		}
	}
	if err == nil {
		err = out.Flush()
	}
	if err == nil {
		_, err = book.WriteTo(w)
	}
	if err != nil {
		return fmt.Errorf("write XLSX: %w", err)
	}
	return nil
}
