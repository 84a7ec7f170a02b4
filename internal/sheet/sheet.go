// Package sheet reads tables that people keep: CSV (UTF-8 or GBK) and XLSX with a header row. It names lines as
// the people see them, and collects what is wrong with which.
package sheet

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
)

// maxSize bounds a file, and what an XLSX unpacks to, in bytes.
const maxSize = 100 << 20

// Sheet is a table with a header.
type Sheet struct {
	Rows []Row
}

// Row is one line of a table.
type Row struct {
	Line    int // as the file counts, the header being line 1 of most
	columns map[string]int
	cells   []string
}

// Get is the cell of a column without the space around it; empty where the row has none.
func (r Row) Get(column string) string {
	i, ok := r.columns[column]
	if !ok || i >= len(r.cells) {
		return ""
	}
	return strings.TrimSpace(r.cells[i])
}

// Problems are bad rows, one sentence each, with their lines.
type Problems []string

func (p Problems) Error() string { return strings.Join(p, "\n") }

// Add notes what is wrong with a row.
func (p *Problems) Add(r Row, format string, args ...any) {
	*p = append(*p, fmt.Sprintf("line %d: ", r.Line)+fmt.Sprintf(format, args...))
}

// Err is the problems as an error, or nil when there are none.
func (p Problems) Err() error {
	if len(p) == 0 {
		return nil
	}
	return p
}

// Open reads a file whose name ends in .xlsx as such, and any other as CSV. The header must have the required
// columns, may have the optional ones, and nothing else; capital letters don't matter.
func Open(path string, required, optional []string) (*Sheet, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := io.ReadAll(io.LimitReader(f, maxSize+1))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", path, err)
	}
	if len(file) > maxSize {
		return nil, fmt.Errorf("%s is larger than 100 MB: split it", path)
	}
	if strings.HasSuffix(strings.ToLower(path), ".xlsx") {
		return readXLSX(file, required, optional)
	}
	return ReadCSV(file, required, optional)
}

// ReadCSV reads CSV; see Open.
func ReadCSV(file []byte, required, optional []string) (*Sheet, error) {
	text, err := decode(file)
	if err != nil {
		return nil, err
	}
	reader := csv.NewReader(bytes.NewReader(text))
	reader.FieldsPerRecord = -1
	var lines [][]string
	var numbers []int
	for {
		record, err := reader.Read()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			return nil, fmt.Errorf("not CSV: %w", err)
		}
		line, _ := reader.FieldPos(0)
		lines, numbers = append(lines, record), append(numbers, line)
	}
	return build(lines, numbers, required, optional)
}

// decode makes UTF-8 of what a Chinese Excel writes too.
func decode(file []byte) ([]byte, error) {
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

func readXLSX(file []byte, required, optional []string) (*Sheet, error) {
	book, err := excelize.OpenReader(bytes.NewReader(file), excelize.Options{UnzipSizeLimit: maxSize, UnzipXMLSizeLimit: maxSize})
	if err != nil {
		return nil, fmt.Errorf("not an XLSX file: %w", err)
	}
	defer book.Close()
	lines, err := book.GetRows(book.GetSheetName(0))
	if err != nil {
		return nil, fmt.Errorf("read the first sheet: %w", err)
	}
	numbers := make([]int, len(lines))
	for i := range numbers {
		numbers[i] = i + 1
	}
	return build(lines, numbers, required, optional)
}

// build checks the header and names the cells by it. Lines without any text are passed over.
func build(lines [][]string, numbers []int, required, optional []string) (*Sheet, error) {
	if len(lines) == 0 {
		return nil, fmt.Errorf("the file is empty: it must begin with a header: %s", strings.Join(required, ","))
	}
	columns := map[string]int{}
	for i, cell := range lines[0] {
		name := strings.ToLower(strings.TrimSpace(cell))
		if _, doubled := columns[name]; doubled {
			return nil, fmt.Errorf("the header has the column %q twice", name)
		}
		if name != "" && !slices.Contains(required, name) && !slices.Contains(optional, name) {
			return nil, fmt.Errorf("the header has an unknown column %q; known are %s", name, strings.Join(slices.Concat(required, optional), ", "))
		}
		columns[name] = i
	}
	for _, name := range required {
		if _, ok := columns[name]; !ok {
			return nil, fmt.Errorf("the header lacks the column %q; it should be %s", name, strings.Join(required, ","))
		}
	}
	s := &Sheet{}
	for i, cells := range lines[1:] {
		if strings.TrimSpace(strings.Join(cells, "")) != "" {
			s.Rows = append(s.Rows, Row{numbers[i+1], columns, cells})
		}
	}
	return s, nil
}
