package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadCSV reads CSV; see Open.
func ReadCSV(file []byte, required, optional []string) (*Sheet, error) {
	return readCSV(file, wide, required, optional)
}

func readCSV(file []byte, most Limits, required, optional []string) (*Sheet, error) {
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	var lines []line
	for {
		cells, err := reader.Read()
		if errors.Is(err, io.EOF) {
			return build(lines, most, required, optional)
		}
		if err != nil {
			return nil, fault("not CSV: %v", err)
		}
		number, _ := reader.FieldPos(0)
		switch {
		case len(cells) > maxColumns:
			return nil, tooWide(number, len(cells))
		case len(lines) > most.Rows:
			return nil, fault("the table has more than %d lines: split it", most.Rows)
		}
		lines = append(lines, line{number, cells})
	}
}

// decode makes UTF-8 of what a Chinese Excel writes too.
func decode(file []byte) ([]byte, error) {
	if bytes.HasPrefix(file, []byte{0xFF, 0xFE}) || bytes.HasPrefix(file, []byte{0xFE, 0xFF}) {
		return nil, fault("the text is UTF-16, as Excel's \"Unicode text\" is: save it as CSV UTF-8")
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if utf8.Valid(file) {
		return file, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, fault("the text is neither UTF-8 nor GBK: save it as CSV UTF-8")
	}
	return text, nil
}

// ReadXLSX reads the first sheet of an XLSX file; see Open. Numbers are as they were typed, however many of
// their digits the sheet shows.
func ReadXLSX(file []byte, required, optional []string) (*Sheet, error) {
	return readXLSX(file, wide, required, optional)
}

func readXLSX(file []byte, most Limits, required, optional []string) (*Sheet, error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: most.Size, UnzipXMLSizeLimit: most.Size, RawCellValue: true})
	if err != nil {
		return nil, fault("not an XLSX file that can be read: %v", err)
	}
	defer book.Close()
	lines, err := linesOf(book, most)
	if err != nil {
		return nil, err
	}
	if err := plain(book, lines); err != nil {
		return nil, err
	}
	return build(lines, most, required, optional)
}

// linesOf are the lines of a workbook's first sheet.
func linesOf(book *excelize.File, most Limits) ([]line, error) {
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, fault("the first sheet can't be read: %v", err)
	}
	defer rows.Close()
	var lines []line
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		switch {
		case err != nil:
			return nil, fault("line %d of the first sheet can't be read: %v", number, err)
		case len(cells) > maxColumns:
			return nil, tooWide(number, len(cells))
		case number > most.Rows+1:
			return nil, fault("the table has more than %d lines: split it", most.Rows)
		}
		lines = append(lines, line{number, cells})
	}
	if err := rows.Error(); err != nil {
		return nil, fault("the first sheet can't be read: %v", err)
	}
	return lines, nil
}

// tooWide is the fault of a line with more columns than maxColumns.
func tooWide(number, columns int) Fault {
	return fault("line %d has %d columns, and no table of ours more than %d: delete what stands far to the right", number, columns, maxColumns)
}
