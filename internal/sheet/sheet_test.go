package sheet_test

import (
	"archive/zip"
	"bytes"
	"compress/flate"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/xuri/excelize/v2"
	"golang.org/x/text/encoding/simplifiedchinese"

	"onedoor/internal/sheet"
)

var (
	required = []string{"code", "name"}
	optional = []string{"phone"}
)

// contents are a sheet's rows as text: the line and the three columns.
func contents(s *sheet.Sheet) []string {
	var all []string
	for _, r := range s.Rows {
		all = append(all, fmt.Sprintf("%d:%s|%s|%s", r.Line, r.Get("code"), r.Get("name"), r.Get("phone")))
	}
	return all
}

func TestReadCSV(t *testing.T) {
	gbk, err := simplifiedchinese.GBK.NewEncoder().String("code,name\n1,从化区太平镇\n")
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		file string
		want []string
	}{
		"plain":            {"code,name\n1,甲\n2,乙\n", []string{"2:1|甲|", "3:2|乙|"}},
		"optional column":  {"phone,Code, NAME \n110,1,甲\n", []string{"2:1|甲|110"}},
		"byte order mark":  {"\ufeffcode,name\n1,甲\n", []string{"2:1|甲|"}},
		"Windows lines":    {"code,name\r\n1,甲\r\n", []string{"2:1|甲|"}},
		"GBK":              {gbk, []string{"2:1|从化区太平镇|"}},
		"space and quotes": {"code,name\n 1 ,\" 甲,乙 \"\n", []string{"2:1|甲,乙|"}},
		"empty lines":      {"code,name\n\n1,甲\n,\n  ,\n2,乙", []string{"3:1|甲|", "6:2|乙|"}},
		"short row":        {"code,name,phone\n1\n", []string{"2:1||"}},
		"empty columns":    {"code,name,,\n1,甲,,\n", []string{"2:1|甲|"}},
		"header only":      {"code,name\n", nil},
	} {
		s, err := sheet.ReadCSV([]byte(c.file), required, optional)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff(c.want, contents(s)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

func TestReadCSVSaysWhatIsWrong(t *testing.T) {
	for file, want := range map[string]string{
		"":                            "the file is empty: it must begin with a header: code,name",
		"code\n":                      `lacks the column "name"`,
		"code,name,Code\n":            `has the column "code" twice`,
		"code,name,fax\n":             `unknown column "fax"; known are code, name, phone`,
		"code,name\n1,\"甲\n":          "not CSV: parse error on line 2",
		"code,name\n1,\xff\xff\xff\n": "neither UTF-8 nor GBK",
		"\xff\xfec\x00o\x00":          "UTF-16",
		"code,name\n1,甲\n2,乙,丙\n":     `line 3: "丙" stands under no column`,
		"code,name,\n1,甲,丙\n":         `line 2: "丙" stands under no column`,
		"code,name\n1,\"甲\n乙\"\n":     `line 2: name "甲\n乙" has a line break`,
		"code,name\n1,甲\x00\n2,乙\x07乙,丁\n": "line 3: \"丁\" stands",
	} {
		_, err := sheet.ReadCSV([]byte(file), required, optional)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", file, err, want)
		}
	}
}

// book is an XLSX file of these rows.
func book(t testing.TB, rows [][]any) []byte {
	t.Helper()
	f := excelize.NewFile()
	defer f.Close()
	for i, row := range rows {
		if err := f.SetSheetRow("Sheet1", fmt.Sprintf("A%d", i+1), &row); err != nil {
			t.Fatal(err)
		}
	}
	twoDigits, err := f.NewStyle(&excelize.Style{NumFmt: 2})
	if err == nil {
		err = f.SetColStyle("Sheet1", "C", twoDigits)
	}
	var file bytes.Buffer
	if err == nil {
		err = f.Write(&file)
	}
	if err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestReadXLSX(t *testing.T) {
	file := book(t, [][]any{{"code", "Name", "phone"}, {440117111001, "太平镇", 23.456789}, {}, {"x-1", " 甲 "}})
	s, err := sheet.ReadXLSX(file, required, optional)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]string{"2:440117111001|太平镇|23.456789", "4:x-1|甲|"}, contents(s)); diff != "" {
		t.Error(diff)
	}
}

func TestReadXLSXSaysWhatIsWrong(t *testing.T) {
	for name, c := range map[string]struct {
		file []byte
		want string
	}{
		"not a spreadsheet": {[]byte("code,name\n"), "not an XLSX file"},
		"no cells":          {book(t, nil), "the file is empty"},
		"another table":     {book(t, [][]any{{"code", "fax"}}), `unknown column "fax"`},
		"a cell far away":   {book(t, [][]any{{"code", "name"}, append(make([]any, 16_000), "x")}), "line 2 has 16001 columns"},
		"a bomb":            {bomb(t), "unzip size exceeds the 104857600 bytes limit"},
	} {
		_, err := sheet.ReadXLSX(c.file, required, optional)
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %s", name, err, c.want)
		}
	}
}

// bomb is a small file that unpacks to more than 100 MB.
func bomb(t testing.TB) []byte {
	t.Helper()
	var file bytes.Buffer
	z := zip.NewWriter(&file)
	z.RegisterCompressor(zip.Deflate, func(w io.Writer) (io.WriteCloser, error) { return flate.NewWriter(w, flate.BestSpeed) })
	w, err := z.Create("xl/worksheets/sheet1.xml")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write(make([]byte, 101<<20)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestOpen(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, file []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	for _, path := range []string{
		write("a.csv", []byte("code,name\n1,甲\n")),
		write("a.txt", []byte("code,name\n1,甲\n")),
		write("A.XLSX", book(t, [][]any{{"code", "name"}, {1, "甲"}})),
	} {
		s, err := sheet.Open(path, required, optional)
		if err != nil {
			t.Errorf("%s: %v", path, err)
			continue
		}
		if diff := cmp.Diff([]string{"2:1|甲|"}, contents(s)); diff != "" {
			t.Errorf("%s: %s", path, diff)
		}
	}
	if _, err := sheet.Open(filepath.Join(dir, "none.csv"), required, optional); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a file that isn't there: %v", err)
	}
	large := write("large.csv", nil)
	if err := os.Truncate(large, 100<<20+1); err != nil {
		t.Fatal(err)
	}
	if _, err := sheet.Open(large, required, optional); err == nil || !strings.Contains(err.Error(), "larger than 100 MB") {
		t.Errorf("a file that is too large: %v", err)
	}
}

// FuzzReadCSV: whatever stands in a file, each cell that is read is clean and its line is in the file.
func FuzzReadCSV(f *testing.F) {
	for _, file := range []string{"code,name\n1,甲\n", "\ufeffcode,name,phone\r\n\"1\",\"甲\"\"\",110\r\n", "code,name\n1,\xb4\xd3\xbb\xaf\n", "code;name\n", ""} {
		f.Add([]byte(file))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		s, err := sheet.ReadCSV(file, required, optional)
		if err != nil {
			return
		}
		lines := bytes.Count(file, []byte("\n")) + 1
		for _, r := range s.Rows {
			if r.Line < 2 || r.Line > lines || strings.ContainsAny(r.Get("code")+r.Get("name")+r.Get("phone"), "\n\x00") {
				t.Errorf("%q: line %d has %q", file, r.Line, r.Get("name"))
			}
		}
	})
}

// FuzzReadXLSX: a broken file is an error and nothing worse.
func FuzzReadXLSX(f *testing.F) {
	f.Add(book(f, [][]any{{"code", "name"}, {1, "甲"}}))
	f.Fuzz(func(t *testing.T, file []byte) {
		if s, err := sheet.ReadXLSX(file, required, optional); err == nil && s == nil {
			t.Error("neither a sheet nor an error")
		}
	})
}
