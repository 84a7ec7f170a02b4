package prompts

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"testing"
)

func load(t testing.TB) (*Taxonomy, *Offline) {
	t.Helper()
	taxonomy, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	return taxonomy, NewOffline(taxonomy)
}

// TestAccuracy measures on messages that no classifier was built from. The bounds are what is reached, so that it
// can't fall unseen. messages.tsv is made of hard ones; services.tsv was written by somebody who had seen nothing
// but the table of services.
func TestAccuracy(t *testing.T) {
	taxonomy, offline := load(t)
	for name, bound := range map[string]float64{"messages.tsv": 0.87, "services.tsv": 0.96} {
		f, err := os.Open("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		report, err := taxonomy.Evaluate(f, offline.Classify)
		if err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: accuracy %.3f, worst recall %.3f, calibration error %.3f", name, report.Accuracy(), report.WorstRecall(), report.CalibrationError())
		if report.CalibrationError() > 0.08 || report.WorstRecall() < 0.7 {
			t.Errorf("%s: calibration error %.3f, worst recall %.3f; want at most 0.08, at least 0.7", name, report.CalibrationError(), report.WorstRecall())
		}
		if report.Total < 190 || report.Accuracy() < bound || report.MacroF1() < bound {
			t.Errorf("%s: %d messages, accuracy %.3f, macro-F1 %.3f; want at least 190, and twice %.2f", name, report.Total,
				report.Accuracy(), report.MacroF1(), bound)
		}
	}
}

// TestCrises measures recognition on cries for help, and on what only looks like one, that nothing was learnt from.
// Three bounds were chosen with them in view.
func TestCrises(t *testing.T) {
	_, offline := load(t)
	f, err := os.Open("testdata/crisis.tsv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var crises, found, harmless, alarms int
	for lines := bufio.NewScanner(f); lines.Scan(); {
		kind, text, ok := strings.Cut(lines.Text(), "\t")
		if !ok {
			t.Fatalf("no tab in %q", lines.Text())
		}
		got := offline.Crisis(text)
		switch {
		case kind == "none":
			harmless++
			if got != "" {
				alarms++
				t.Logf("false alarm (%s): %s", got, text)
			}
		default:
			crises++
			if got != "" {
				found++
			} else {
				t.Logf("missed (%s): %s", kind, text)
			}
		}
	}
	recall, falseAlarms := float64(found)/float64(crises), float64(alarms)/float64(harmless)
	t.Logf("recall %.3f of %d, false alarms %.3f of %d", recall, crises, falseAlarms, harmless)
	if crises < 70 || recall < 0.86 {
		t.Errorf("recall %.3f of %d crises, want at least 0.86 of 70", recall, crises)
	}
	if harmless < 70 || falseAlarms > 0.08 {
		t.Errorf("false alarms %.3f of %d, want at most 0.08 of 70", falseAlarms, harmless)
	}
}

func TestEvaluate(t *testing.T) {
	taxonomy, _ := load(t)
	sure := func(text string) Understanding { return Understanding{Category: text, Confidence: 0.75} }
	report, err := taxonomy.Evaluate(strings.NewReader("category\ttext\n# a remark\n\nhealth\thealth\neducation|health\thealth\neducation\thealth\neducation\tecology\n"), sure)
	if err != nil || report.Total != 4 || report.Right != 2 || report.Bins[7].Total != 4 || report.Bins[7].Right != 2 || report.CalibrationError() != 0.25 || report.WorstRecall() != 0 {
		t.Errorf("%+v, %v", report, err)
	}
	var out strings.Builder
	if err := report.WriteConfusion(&out); err != nil || !strings.Contains(out.String(), "education                ecology                          1\n") {
		t.Errorf("the confusion is %s (%v)", out.String(), err)
	}
	for text, want := range map[string]string{"health": "line 1 has no tab", "text\tcategory\n": `line 1: there is no category "text"`,
		"health\tx\ncooking\ty\n": `line 2: there is no category "cooking"`, "health|\tx\n": `there is no category ""`} {
		if _, err := taxonomy.Evaluate(strings.NewReader(text), sure); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestTrainingIsStrict(t *testing.T) {
	taxonomy, _ := load(t)
	for text, want := range map[string]string{"health\tzh": "line 1 is not", "health\tzh\t ": "line 1 is not", "cooking\tzh\tx": `no category "cooking"`,
		"health\tfr\tx": `"fr" is none`, "health\ten\tx\nhealth\ten\tx": "line 2 stands in line 1"} {
		if err := taxonomy.eachLine("file", []byte(text), func(*Category, string) {}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestSignsAreStrict(t *testing.T) {
	for text, want := range map[string]string{"urgent: [x]": "elderly has no words", "urgents: [x]": "line 1", "urgent: [x]\nurgent: [y]": "line 2",
		"urgent: [x]\ngroups: {elders: [x]}": `no group "elders"`, "urgent: ['']": "urgent has an empty word", "groups: [": "signs"} {
		if _, err := newSigns([]byte(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
	taxonomy, _ := load(t)
	for text, want := range map[string]string{"我奶奶一个人住，今晚没饭吃": "urgent [elderly empty_nester]", "阿婆行唔到": "normal [elderly disabled]", "hello": "normal []"} {
		f := fold(text)
		if got := fmt.Sprint(taxonomy.signs.urgency(f, ""), " ", taxonomy.signs.groups(f)); got != want {
			t.Errorf("%s is %s, want %s", text, got, want)
		}
	}
}
