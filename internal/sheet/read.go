package sheet

import "bytes"

// Read reads a file that somebody has sent, whatever it is called: XLSX by how it begins, and else CSV; see Open.
func Read(file []byte, most Limits, required, optional []string) (*Sheet, error) {
	switch {
	case bytes.HasPrefix(file, []byte("PK\x03\x04")):
		return readXLSX(file, most, required, optional)
	case bytes.HasPrefix(file, []byte("\xd0\xcf\x11\xe0")):
		return nil, fault("the file is a workbook of an old kind, or one with a password: save it as XLSX without one")
	case bytes.HasPrefix(file, []byte("\xff\xfe")), bytes.HasPrefix(file, []byte("\xfe\xff")):
	case bytes.HasPrefix(file, []byte("%PDF")), bytes.IndexByte(file, 0) >= 0:
		return nil, fault("the file is neither XLSX nor CSV")
	}
	return readCSV(file, most, required, optional)
}

// One is a table with one row, of a form. What a form doesn't have is no column of it. Its cells are checked as those of a
// file.
func One(cells map[string]string) (*Sheet, error) {
	row, header := Row{Line: 1, columns: map[string]int{}}, []string{}
	for column, cell := range cells {
		row.columns[column] = len(row.cells)
		row.cells, header = append(row.cells, cell), append(header, column)
	}
	var check Checker
	check.cells(row, header)
	return &Sheet{Rows: []Row{row}}, check.Err()
}

// Table is the sheet as one can keep it, for Restore: its columns, and its rows by line.
type Table struct {
	Columns []string
	Rows    []Kept
}

// Kept is a row of a Table.
type Kept struct {
	Line  int
	Cells []string
}

// Table is the sheet's content.
func (s *Sheet) Table() Table {
	var t Table
	if len(s.Rows) == 0 {
		return t
	}
	for column := range s.Rows[0].columns {
		t.Columns = append(t.Columns, column)
	}
	for _, row := range s.Rows {
		kept := Kept{Line: row.Line}
		for _, column := range t.Columns {
			kept.Cells = append(kept.Cells, row.Get(column))
		}
		t.Rows = append(t.Rows, kept)
	}
	return t
}

// Restore is the sheet of a Table.
func Restore(t Table) *Sheet {
	columns, s := map[string]int{}, &Sheet{}
	for i, column := range t.Columns {
		columns[column] = i
	}
	for _, row := range t.Rows {
		s.Rows = append(s.Rows, Row{row.Line, columns, row.Cells})
	}
	return s
}
