package sheet_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"
	"pgregory.net/rapid"

	"onedoor/internal/sheet"
)

// few are limits that a test can pass.
var few = sheet.Limits{Size: 1 << 20, Rows: 3}

// changed is a workbook after something was done to it.
func changed(t testing.TB, do func(*excelize.File) error) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	var file bytes.Buffer
	err := errors.Join(f.SetSheetRow("Sheet1", "A1", &[]any{"code", "name"}), f.SetSheetRow("Sheet1", "A2", &[]any{"1", "甲"}),
		do(f), f.Write(&file))
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// TestReadByContent: a file is what it begins with, whatever it is called; each bad one is refused in a sentence with a key.
func TestReadByContent(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("code,name\n1,从化区太平镇\n")
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range [][]byte{[]byte("code,name\n1,从化区太平镇\n"), []byte(gbk), book(t, [][]any{{"code", "name"}, {"1", "从化区太平镇"}})} {
		s, err := sheet.Read(file, few, required, optional)
		if err != nil || s.Rows[0].Get("name") != "从化区太平镇" {
			t.Errorf("%.20q: %v", file, err)
		}
	}
	for name, c := range map[string]struct {
		file []byte
		key  string
	}{
		"nothing":          {nil, "the_file_is_empty_it_must_begin_with_a_header"},
		"an old workbook":  {[]byte("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"), "the_file_is_a_workbook_of_an_old_kind_or_one_with_a_password_save_it_as_xlsx_without_one"},
		"a PDF":            {[]byte("%PDF-1.7\n"), "the_file_is_neither_xlsx_nor_csv"},
		"a picture":        {[]byte("\x89PNG\r\n\x1a\n\x00\x00"), "the_file_is_neither_xlsx_nor_csv"},
		"another zip":      {[]byte("PK\x03\x04 and no more"), "not_an_xlsx_file_that_can_be_read"},
		"a bomb":           {bomb(t), "not_an_xlsx_file_that_can_be_read"},
		"UTF-16":           {[]byte("\xff\xfec\x00o\x00"), "the_text_is_utf_16_as_excel_s_unicode_text_is_save_it_as_csv_utf_8"},
		"no encoding":      {[]byte("code,name\n1,\xff\xff\xff\n"), "the_text_is_neither_utf_8_nor_gbk_save_it_as_csv_utf_8"},
		"many lines":       {[]byte("code,name\n" + strings.Repeat("1,甲\n", 4)), "the_table_has_more_than_lines_split_it"},
		"many rows":        {book(t, [][]any{{"code", "name"}, {1, "x"}, {2, "x"}, {3, "x"}, {4, "x"}}), "the_table_has_more_than_lines_split_it"},
		"merged cells":     {changed(t, func(f *excelize.File) error { return f.MergeCell("Sheet1", "A2", "B2") }), "the_cells_are_merged_split_them_so_that_each_line_has_its_own"},
		"a formula":        {changed(t, func(f *excelize.File) error { return f.SetCellFormula("Sheet1", "B2", "A1&A2") }), "the_cell_has_a_formula_put_its_value_there_instead"},
		"a missing column": {[]byte("code\n"), "the_header_lacks_the_column_it_should_be"},
		"a doubled column": {[]byte("code,name,code\n"), "the_header_has_the_column_twice"},
	} {
		_, err := sheet.Read(c.file, few, required, optional)
		var fault sheet.Fault
		if !errors.As(err, &fault) || fault.Key != c.key || fault.What == "" {
			t.Errorf("%s: %v (%q), want %s", name, err, fault.Key, c.key)
		}
	}
	elsewhere := changed(t, func(f *excelize.File) error {
		_, err := f.NewSheet("Other")
		return errors.Join(err, f.SetCellFormula("Other", "A1", "1+1"), f.MergeCell("Other", "A2", "B2"))
	})
	if _, err := sheet.Read(elsewhere, few, required, optional); err != nil {
		t.Errorf("what stands in another sheet: %v", err)
	}
}

// TestWrittenReadsAgain: whatever cells say, a table that is written reads as it was, and no cell of it is a formula.
func TestWrittenReadsAgain(t *testing.T) {
	cell := rapid.Custom(func(t *rapid.T) string {
		text := rapid.OneOf(rapid.StringMatching(`'{0,3}[=+@ＡＢ＝-]?[a-zA-Z0-9甲乙 ,;"']{0,8}`), rapid.StringMatching(`[^\pC\pZ]{0,12}`)).Draw(t, "cell")
		return strings.TrimSpace(text)
	})
	rapid.Check(t, func(t *rapid.T) {
		row := []string{"x" + cell.Draw(t, "code"), cell.Draw(t, "name"), cell.Draw(t, "phone")}
		rows := [][]string{{"code", "name", "phone"}, row}
		for kind, write := range map[string]func(*bytes.Buffer) error{
			"csv":  func(out *bytes.Buffer) error { return sheet.WriteCSV(out, rows) },
			"xlsx": func(out *bytes.Buffer) error { return sheet.WriteXLSX(out, rows) },
		} {
			var out bytes.Buffer
			if err := write(&out); err != nil {
				t.Fatal(err)
			}
			s, err := sheet.Read(out.Bytes(), few, required, optional)
			if err != nil {
				t.Fatalf("%s of %q: %v", kind, row, err)
			}
			if diff := cmp.Diff([]string{fmt.Sprintf("2:%s|%s|%s", row[0], row[1], row[2])}, contents(s)); diff != "" {
				t.Fatalf("%s of %q: %s", kind, row, diff)
			}
		}
		for _, text := range row {
			if strings.IndexAny(sheet.Defused(text), "=+-@＝＋－＠") == 0 {
				t.Fatalf("%q is still a formula", text)
			}
		}
	})
}

// TestOne: a form is a line of a file, and is checked as one.
func TestOne(t *testing.T) {
	s, err := sheet.One(map[string]string{"code": " 1 ", "name": "'=甲"})
	if err != nil || s.Rows[0].Get("code") != "1" || s.Rows[0].Get("name") != "'=甲" || s.Rows[0].Has("phone") {
		t.Errorf("%+v, %v", s, err)
	}
	if _, err := sheet.One(map[string]string{"name": "甲\n乙"}); err == nil {
		t.Error("a line break is let through")
	}
}

// TestRestore: a sheet that was kept is what it was.
func TestRestore(t *testing.T) {
	s, err := sheet.ReadCSV([]byte("name,code\n甲,1\n\n乙,2\n"), required, optional)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(contents(s), contents(sheet.Restore(s.Table()))); diff != "" {
		t.Error(diff)
	}
}

// FuzzRead: whatever somebody sends is a sheet or a sentence.
func FuzzRead(f *testing.F) {
	for _, file := range [][]byte{book(f, [][]any{{"code", "name"}, {1, "甲"}}), []byte("code,name\n1,'=甲\n"), []byte("\xd0\xcf\x11\xe0"), []byte("\xff\xfe"),
		changed(f, func(b *excelize.File) error { return b.SetCellFormula("Sheet1", "B2", "A1") }), changed(f, func(b *excelize.File) error { return b.MergeCell("Sheet1", "A2", "B2") })} {
		f.Add(file)
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := sheet.Read(file, few, required, optional)
		var fault sheet.Fault
		var problems sheet.Problems
		if err == nil && s == nil || err != nil && !errors.As(err, &fault) && !errors.As(err, &problems) {
			t.Errorf("neither a sheet nor a sentence: %v", err)
		}
	})
}
