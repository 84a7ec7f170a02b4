package admin

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"strconv"
	"time"

	"github.com/xuri/excelize/v2"

	"onedoor/intake"
)

const (
	exportMost  = 10_000 // requests of one file, the first that the page would list
	exportBatch = 500    // of them that are read at once
)

// table takes a file's rows one by one, so that no more than a batch of them is held, and sends it when it is whole.
type table interface {
	row(cells []string) error
	send() error
	drop() // what it has taken; send or not
}

// exportRequests sends what a search finds as CSV or XLSX.
func (a *Admin) exportRequests(w http.ResponseWriter, r *http.Request) error {
	asked, _ := a.page(r, "requests_page").known(searchOf(r.URL.Query()))
	filter, err := asked.filter()
	if err != nil {
		return err
	}
	newTable, name := newCSV, "requests.csv"
	if r.FormValue("format") == "xlsx" {
		newTable, name = newSheet, "requests.xlsx"
	}
	out, err := newTable(w, name)
	if err != nil {
		return err
	}
	defer out.drop()
	err = a.fillRequests(r.Context(), a.page(r, "requests_page"), filter, out)
	if errors.Is(err, intake.ErrTooWide) {
		return badRequest{"error_too_wide"}
	}
	if err != nil {
		return err
	}
	return out.send()
}

// fillRequests writes what a search finds into a table with a header.
func (a *Admin) fillRequests(ctx context.Context, p page, filter intake.Filter, out table) error {
	if err := out.row(p.requestHeader()); err != nil {
		return err
	}
	for n, after := 0, ""; ; {
		found, err := a.Intake.Find(ctx, p.Account.Sight, filter, after, exportBatch)
		if err != nil {
			return err
		}
		for i := range found.Views {
			if n++; n > exportMost {
				return nil
			}
			row := p.requestRow(&found.Views[i])
			for j := range row {
				row[j] = upright(row[j])
			}
			if err := out.row(row); err != nil {
				return err
			}
		}
		if after = found.Next; after == "" {
			return nil
		}
	}
}

func (p page) requestHeader() []string {
	return []string{p.T("ref"), p.T("submitted"), p.T("state"), p.T("urgency"), p.T("service"), p.T("place"), p.T("station"), p.T("worker"),
		p.T("filter_triage"), p.T("export_claimed"), p.T("export_answered"), p.T("export_resolved"), p.T("words")}
}

// requestRow is a request as a row of a file, with times as a spreadsheet reads them.
func (p page) requestRow(v *intake.View) []string {
	at := func(t *time.Time) string {
		if t == nil {
			return ""
		}
		return t.In(china).Format(time.DateTime)
	}
	triage := ""
	if v.Triage != "" {
		triage = p.T("triage_" + v.Triage)
	}
	return []string{v.Ref, at(v.SubmittedAt), p.T("state_" + string(v.State)), p.T("urgency_" + string(v.Urgency)), p.Category(v.Category), p.Place(v),
		p.Station(v.Station), text(v.WorkerName), triage, at(v.ClaimedAt), at(v.AnsweredAt), at(v.ResolvedAt), v.Text}
}

// csvTable is a file of comma-separated values, which is kept on disk until it is whole: half of one would look like all.
type csvTable struct {
	w    http.ResponseWriter
	name string
	file *os.File
	*csv.Writer
}

func newCSV(w http.ResponseWriter, name string) (table, error) {
	file, err := os.CreateTemp("", "onedoor-export-")
	if err == nil {
		err = os.Remove(file.Name()) // it is there for as long as it is open
	}
	if err == nil {
		_, err = file.WriteString(byteOrderMark)
	}
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", name, err)
	}
	return &csvTable{w, name, file, csv.NewWriter(file)}, nil
}

func (c *csvTable) row(cells []string) error {
	for i := range cells {
		cells[i] = harmless(cells[i])
	}
	return c.Write(cells)
}

func (c *csvTable) drop() { c.file.Close() }

func (c *csvTable) send() error {
	c.Flush()
	_, err := c.file.Seek(0, io.SeekStart)
	if err := errors.Join(c.Error(), err); err != nil {
		return fmt.Errorf("write %s: %w", c.name, err)
	}
	c.w.Header().Set("Content-Type", "text/csv; charset=utf-8")
	c.w.Header().Set("Content-Disposition", `attachment; filename="`+c.name+`"`)
	_, _ = io.Copy(c.w, c.file) // who no longer listens has left
	return nil
}

// sheetTable is a workbook, which is kept in a temporary file while it grows.
type sheetTable struct {
	w    http.ResponseWriter
	name string
	book *excelize.File
	*excelize.StreamWriter
	rows int
}

func newSheet(w http.ResponseWriter, name string) (table, error) {
	book := excelize.NewFile()
	stream, err := book.NewStreamWriter("Sheet1")
	if err == nil {
		err = stream.SetPanes(&excelize.Panes{Freeze: true, YSplit: 1, TopLeftCell: "A2", ActivePane: "bottomLeft"})
	}
	if err != nil {
		return nil, fmt.Errorf("begin %s: %w", name, errors.Join(err, book.Close()))
	}
	return &sheetTable{w, name, book, stream, 0}, nil
}

// row adds a row. Its cells are text, whatever they begin with.
func (s *sheetTable) row(cells []string) error {
	s.rows++
	values := make([]any, len(cells))
	for i, cell := range cells {
		values[i] = cell
	}
	return s.SetRow("A"+strconv.Itoa(s.rows), values)
}

func (s *sheetTable) drop() { s.book.Close() }

func (s *sheetTable) send() error {
	if err := s.Flush(); err != nil {
		return fmt.Errorf("write %s: %w", s.name, err)
	}
	s.w.Header().Set("Content-Type", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
	s.w.Header().Set("Content-Disposition", `attachment; filename="`+s.name+`"`)
	_, _ = s.book.WriteTo(s.w) // who no longer listens has left
	return nil
}
