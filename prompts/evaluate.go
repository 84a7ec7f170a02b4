package prompts

import (
	"bufio"
	"fmt"
	"io"
	"sort"
	"strings"
)

// Report says how well messages were classified.
type Report struct {
	Total, Right int
	Rows         []Row // by category
}

// Row is one category's part of a Report.
type Row struct {
	Category            string
	Expected, Got, Hits int // messages of the category, messages put into it, and both
}

// Precision is the share of what was put into the category that belongs there.
func (r Row) Precision() float64 { return ratio(r.Hits, r.Got) }

// Recall is the share of the category's messages that were found.
func (r Row) Recall() float64 { return ratio(r.Hits, r.Expected) }

// F1 is the harmonic mean of precision and recall.
func (r Row) F1() float64 {
	if r.Hits == 0 {
		return 0
	}
	return 2 * r.Precision() * r.Recall() / (r.Precision() + r.Recall())
}

func ratio(part, whole int) float64 {
	if whole == 0 {
		return 0
	}
	return float64(part) / float64(whole)
}

// Accuracy is the share of messages that were classified right.
func (r Report) Accuracy() float64 { return ratio(r.Right, r.Total) }

// MacroF1 is the mean F1 of the categories that were expected.
func (r Report) MacroF1() float64 {
	sum, n := 0.0, 0
	for _, row := range r.Rows {
		if row.Expected > 0 {
			sum, n = sum+row.F1(), n+1
		}
	}
	if n == 0 {
		return 0
	}
	return sum / float64(n)
}

// Evaluate classifies the messages of a TSV, a category and a text a line, and counts. Empty lines and lines
// that begin with # are passed over; anything else without a tab is an error that names the line. A header
// "category<TAB>text" is passed over too.
func Evaluate(tsv io.Reader, classify func(string) Understanding) (Report, error) {
	var report Report
	rows := map[string]*Row{}
	row := func(key string) *Row {
		if rows[key] == nil {
			rows[key] = &Row{Category: key}
		}
		return rows[key]
	}
	lines := bufio.NewScanner(tsv)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := lines.Text()
		expected, text, found := strings.Cut(line, "\t")
		switch {
		case strings.TrimSpace(line) == "", strings.HasPrefix(line, "#"), n == 1 && expected == "category":
			continue
		case !found:
			return Report{}, fmt.Errorf("line %d has no tab between category and text", n)
		}
		got := classify(text).Category
		report.Total++
		row(expected).Expected++
		row(got).Got++
		if got == expected {
			report.Right++
			row(got).Hits++
		}
	}
	for _, r := range rows {
		report.Rows = append(report.Rows, *r)
	}
	sort.Slice(report.Rows, func(i, j int) bool { return report.Rows[i].Category < report.Rows[j].Category })
	return report, lines.Err()
}

// WriteTo writes the report as a table.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var out strings.Builder
	fmt.Fprintf(&out, "messages\t%d\naccuracy\t%.4f\nmacro-F1\t%.4f\n\n", r.Total, r.Accuracy(), r.MacroF1())
	fmt.Fprintf(&out, "%-24s %9s %9s %9s %9s\n", "category", "messages", "precision", "recall", "F1")
	for _, row := range r.Rows {
		name := row.Category
		if name == "" {
			name = "(none)"
		}
		fmt.Fprintf(&out, "%-24s %9d %9.3f %9.3f %9.3f\n", name, row.Expected, row.Precision(), row.Recall(), row.F1())
	}
	n, err := io.WriteString(w, out.String())
	return int64(n), err
}
