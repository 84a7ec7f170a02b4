package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// ReadCSV reads CSV; see Open.
func ReadCSV(file []byte, required, optional []string) (*Sheet, error) {
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
			return build(lines, required, optional)
		}
		if err != nil {
			return nil, fmt.Errorf("not CSV: %w", err)
		}
		number, _ := reader.FieldPos(0)
		lines = append(lines, line{number, cells})
	}
}

// decode makes UTF-8 of what a Chinese Excel writes too.
func decode(file []byte) ([]byte, error) {
	if bytes.HasPrefix(file, []byte{0xFF, 0xFE}) || bytes.HasPrefix(file, []byte{0xFE, 0xFF}) {
		return nil, errors.New("the text is UTF-16, as Excel's \"Unicode text\" is: save it as CSV UTF-8")
	}
	file = bytes.TrimPrefix(file, []byte("\ufeff"))
	if utf8.Valid(file) {
		return file, nil
	}
	text, err := simplifiedchinese.GB18030.NewDecoder().Bytes(file)
	if err != nil || bytes.ContainsRune(text, utf8.RuneError) {
		return nil, errors.New("the text is neither UTF-8 nor GBK: save it as CSV UTF-8")
	}
	return text, nil
}

// ReadXLSX reads the first sheet of an XLSX file; see Open. Numbers are as they were typed, however many of
// their digits the sheet shows.
func ReadXLSX(file []byte, required, optional []string) (*Sheet, error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{
		UnzipSizeLimit: maxSize, UnzipXMLSizeLimit: maxSize, RawCellValue: true})
	if err != nil {
		return nil, fmt.Errorf("not an XLSX file that can be read: %w", err)
	}
	defer book.Close()
	rows, err := book.Rows(book.GetSheetName(0))
	if err != nil {
		return nil, fmt.Errorf("read the first sheet: %w", err)
	}
	defer rows.Close()
	var lines []line
	for number := 1; rows.Next(); number++ {
		cells, err := rows.Columns()
		switch {
		case err != nil:
			return nil, fmt.Errorf("read line %d of the first sheet: %w", number, err)
		case len(cells) > maxColumns:
			return nil, fmt.Errorf("line %d has %d columns, and no table of ours more than %d: delete what stands far to the right", number, len(cells), maxColumns)
		case number > maxRows:
			return nil, fmt.Errorf("the sheet has more than %d lines: split it", maxRows)
		}
		lines = append(lines, line{number, cells})
	}
	if err := rows.Error(); err != nil {
		return nil, fmt.Errorf("read the first sheet: %w", err)
	}
	return build(lines, required, optional)
}
