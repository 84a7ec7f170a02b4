package prompts

import (
	"bufio"
	"bytes"
	"cmp"
	_ "embed" // the test set
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"
)

// The project's own test set: messages that nothing was made from.
var (
	//go:embed testdata/messages.tsv
	testMessages []byte
	//go:embed testdata/services.tsv
	testServices []byte
)

// EvaluateOnTestSet is Evaluate on the project's own test set.
func (t *Taxonomy) EvaluateOnTestSet(classify func(string) Understanding) (Report, error) {
	return t.Evaluate(io.MultiReader(bytes.NewReader(testMessages), bytes.NewReader(testServices)), classify)
}

// Report says how well messages were classified.
type Report struct {
	Total, Right int
	Rows         []Row // by category
	Bins         [10]Bin
	Answers      []Answer          // in the order of the messages
	confused     map[[2]string]int // expected and got
}

// Answer is what one message was taken for.
type Answer struct {
	Text  string
	Right []string // the categories that are right
	Got   string
}

// Row is one category's part of a Report.
type Row struct {
	Category            string
	Expected, Got, Hits int // messages of the category, messages put into it, and both
}

// Bin is the answers whose confidence lies in one tenth: how many, how many of them are right, and their mean confidence.
type Bin struct {
	Total, Right int
	sum          float64
}

// Confidence is the mean of what was said.
func (b Bin) Confidence() float64 { return b.sum / math.Max(1, float64(b.Total)) }

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
	return sum / math.Max(1, float64(n))
}

// WorstRecall is the lowest recall of the categories that were expected.
func (r Report) WorstRecall() float64 {
	worst := 1.0
	for _, row := range r.Rows {
		if row.Expected > 0 {
			worst = min(worst, row.Recall())
		}
	}
	return worst
}

// CalibrationError is the expected calibration error: by how much, in the mean, the confidence differs from how
// often it is right, over ten bins.
func (r Report) CalibrationError() float64 {
	sum := 0.0
	for _, b := range r.Bins {
		sum += math.Abs(b.sum - float64(b.Right))
	}
	return sum / math.Max(1, float64(r.Total))
}

// Evaluate classifies the messages of a TSV, a category and a text a line, and counts. Where several categories are
// right they are parted by |. Empty lines, lines that begin with # and a header (category or accepted, and text) are
// passed over; anything else that isn't of this form is an error that names the line.
func (t *Taxonomy) Evaluate(tsv io.Reader, classify func(string) Understanding) (Report, error) {
	report := Report{confused: map[[2]string]int{}}
	rows := map[string]*Row{}
	lines := bufio.NewScanner(tsv)
	lines.Buffer(nil, 1<<20)
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimPrefix(lines.Text(), "\ufeff")
		if strings.TrimSpace(line) == "" || strings.HasPrefix(line, "#") || n == 1 && (line == "category\ttext" || line == "accepted\ttext") {
			continue
		}
		accepted, text, found := strings.Cut(line, "\t")
		if !found {
			return Report{}, fmt.Errorf("line %d has no tab between category and text", n)
		}
		right := strings.Split(accepted, "|")
		for _, key := range right {
			if _, known := t.byKey[key]; !known {
				return Report{}, fmt.Errorf("line %d: there is no category %q", n, key)
			}
		}
		got := classify(text)
		report.Answers = append(report.Answers, Answer{text, right, got.Category})
		report.count(rows, right, got)
	}
	for _, key := range slices.Sorted(maps.Keys(rows)) {
		report.Rows = append(report.Rows, *rows[key])
	}
	return report, lines.Err()
}

// count adds one answer. Of several right categories the one that was got counts as expected, or else the first.
func (r *Report) count(rows map[string]*Row, right []string, got Understanding) {
	row := func(key string) *Row {
		if rows[key] == nil {
			rows[key] = &Row{Category: key}
		}
		return rows[key]
	}
	bin := &r.Bins[min(9, int(got.Confidence*10))]
	bin.Total++
	bin.sum += got.Confidence
	r.Total++
	row(got.Category).Got++
	if !slices.Contains(right, got.Category) {
		row(right[0]).Expected++
		r.confused[[2]string{right[0], got.Category}]++
		return
	}
	row(got.Category).Expected++
	row(got.Category).Hits++
	r.Right++
	bin.Right++
}

// WriteTo writes the report as tables: by category, and how sure the answers were against how often they are right.
func (r Report) WriteTo(w io.Writer) (int64, error) {
	var out strings.Builder
	fmt.Fprintf(&out, "messages\t%d\naccuracy\t%.4f\nmacro-F1\t%.4f\nworst recall\t%.4f\ncalibration error\t%.4f\n\n",
		r.Total, r.Accuracy(), r.MacroF1(), r.WorstRecall(), r.CalibrationError())
	fmt.Fprintf(&out, "%-24s %9s %9s %9s %9s\n", "category", "messages", "precision", "recall", "F1")
	for _, row := range r.Rows {
		fmt.Fprintf(&out, "%-24s %9d %9.3f %9.3f %9.3f\n", cmp.Or(row.Category, "(none)"), row.Expected, row.Precision(), row.Recall(), row.F1())
	}
	fmt.Fprintf(&out, "\n%-24s %9s %9s %9s\n", "confidence", "messages", "mean", "right")
	for i, b := range r.Bins {
		if b.Total > 0 {
			fmt.Fprintf(&out, "%-24s %9d %9.3f %9.3f\n", fmt.Sprintf("%.1f to %.1f", float64(i)/10, float64(i+1)/10), b.Total, b.Confidence(), ratio(b.Right, b.Total))
		}
	}
	n, err := io.WriteString(w, out.String())
	return int64(n), err
}

// WriteConfusion writes what was taken for what, the most frequent first.
func (r Report) WriteConfusion(w io.Writer) error {
	pairs := slices.SortedFunc(maps.Keys(r.confused), func(a, b [2]string) int {
		return cmp.Or(cmp.Compare(r.confused[b], r.confused[a]), cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
	})
	out := fmt.Sprintf("\n%-24s %-24s %9s\n", "expected", "got", "messages")
	for _, pair := range pairs {
		out += fmt.Sprintf("%-24s %-24s %9d\n", pair[0], cmp.Or(pair[1], "(none)"), r.confused[pair])
	}
	_, err := io.WriteString(w, out)
	return err
}
