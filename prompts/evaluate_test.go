package prompts

import (
	"bufio"
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
	_, offline := load(t)
	for name, bound := range map[string]float64{"messages.tsv": 0.66, "services.tsv": 0.86} {
		f, err := os.Open("testdata/" + name)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		report, err := Evaluate(f, offline.Classify)
		if err != nil {
			t.Fatal(err)
		}
		if report.Total < 190 || report.Accuracy() < bound || report.MacroF1() < bound {
			t.Errorf("%s: %d messages, accuracy %.3f, macro-F1 %.3f; want at least 190, and twice %.2f", name, report.Total,
				report.Accuracy(), report.MacroF1(), bound)
		}
	}
}

// TestCrises measures recognition on cries for help and on what only looks like one. The rules were made with these
// in view, so it keeps them from getting worse and says nothing of messages that nobody has seen.
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
	if crises < 100 || recall < 0.95 {
		t.Errorf("recall %.3f of %d crises, want at least 0.95 of 100", recall, crises)
	}
	if harmless < 100 || falseAlarms > 0.08 {
		t.Errorf("false alarms %.3f of %d, want at most 0.08 of 100", falseAlarms, harmless)
	}
}
