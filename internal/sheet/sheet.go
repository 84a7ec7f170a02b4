// Package sheet reads tables that people keep: CSV (UTF-8 or GBK) and XLSX with a header row. It names lines as
// the people see them, reads the cells that many tables have, and collects what is wrong with which row. It
// knows no table of ours and no database.
package sheet

import (
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// What a table may have: a file of a few kilobytes can say that it has a cell in the last column of every row.
const (
	maxSize    = 100 << 20 // bytes of a file, and of what an XLSX unpacks to
	maxRows    = 1_000_000
	maxColumns = 100
	maxCell    = 2000 // characters: a message in chat takes twice as many
	maxNamed   = 100  // of them, those that a problem names
)

// Limits are what a file may have at most.
type Limits struct {
	Size  int64    // bytes that an XLSX unpacks to
	Rows  int      // lines
	Lines []string // the columns whose cells may have line breaks
}

// wide are the limits of a file on our own disk.
var wide = Limits{Size: maxSize, Rows: maxRows}

// Sheet is a table with a header.
type Sheet struct {
	Rows     []Row
	Warnings Problems // what whoever has read the rows found odd about them
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

// Has tells whether the table has a column.
func (r Row) Has(column string) bool {
	_, ok := r.columns[column]
	return ok
}

// Open reads a file whose name ends in .xlsx as such, and any other as CSV. The header must have the required
// columns, may have the optional ones, and nothing else; their order and capital letters don't matter. Rows
// that don't fit the header are Problems.
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
		return ReadXLSX(file, required, optional)
	}
	return ReadCSV(file, required, optional)
}

// line is a line of a file before its cells have names.
type line struct {
	number int
	cells  []string
}

// build names the cells by the header. Lines without any text are passed over.
func build(lines []line, most Limits, required, optional []string) (*Sheet, error) {
	if len(lines) == 0 {
		return nil, fault("the file is empty: it must begin with a header: %s", strings.Join(required, ","))
	}
	columns, err := readHeader(lines[0].cells, required, optional)
	if err != nil {
		return nil, err
	}
	s, check := &Sheet{}, Checker{}
	for _, l := range lines[1:] {
		oneBreak(l.cells)
		undoDefused(l.cells)
		if strings.TrimSpace(strings.Join(l.cells, "")) == "" {
			continue
		}
		row := Row{l.number, columns, l.cells}
		check.cells(row, lines[0].cells, most.Lines...)
		s.Rows = append(s.Rows, row)
	}
	if err := check.Err(); err != nil {
		return nil, err
	}
	return s, nil
}

// oneBreak writes line breaks in cells in one way.
func oneBreak(cells []string) {
	for i := range cells {
		cells[i] = strings.ReplaceAll(cells[i], "\r\n", "\n")
	}
}

// readHeader is where each column stands. Empty cells of a header are no columns.
func readHeader(cells, required, optional []string) (map[string]int, error) {
	columns := map[string]int{}
	for i, cell := range cells {
		name := columnName(cell)
		if name == "" {
			continue
		}
		if _, doubled := columns[name]; doubled {
			return nil, fault("the header has the column %q twice", name)
		}
		if !slices.Contains(required, name) && !slices.Contains(optional, name) {
			return nil, fault("the header has an unknown column %q; known are %s", name,
				strings.Join(slices.Concat(required, optional), ", "))
		}
		columns[name] = i
	}
	for _, name := range required {
		if _, ok := columns[name]; !ok {
			return nil, fault("the header lacks the column %q; it should be %s", name, strings.Join(required, ","))
		}
	}
	return columns, nil
}

func columnName(cell string) string { return strings.ToLower(strings.TrimSpace(cell)) }

// cells notes the first text under no column, most often a comma that wanted quotes, and what no cell should have in it. Line
// breaks are for the columns of broken alone.
func (c *Checker) cells(r Row, header []string, broken ...string) {
	stray := false
	for i, cell := range r.cells {
		cell = strings.TrimSpace(cell)
		switch under := i < len(header) && columnName(header[i]) != ""; {
		case cell != "" && !under && !stray:
			stray = true
			c.Add(r, "%q stands under no column: text with a comma in it needs quotes around it", clip(cell))
		case !under:
		case utf8.RuneCountInString(cell) > maxCell:
			c.Add(r, "%s has more than %d characters", columnName(header[i]), maxCell)
		case strings.ContainsFunc(cell, func(r rune) bool {
			return unicode.IsControl(r) && (r != '\n' || !slices.Contains(broken, columnName(header[i])))
		}):
			c.Add(r, "%s %q has a line break or another control character in it", columnName(header[i]), clip(cell))
		}
	}
}

// clip is as much of a cell as a problem names.
func clip(cell string) string {
	if runes := []rune(cell); len(runes) > maxNamed {
		return string(runes[:maxNamed]) + "…"
	}
	return cell
}
