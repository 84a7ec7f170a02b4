package prompts

import (
	"os"
	"strings"
	"testing"
)

// TestCorrectionsAreLearnt: what was corrected is known at once, also in other words for the same, and gone when it is
// withdrawn.
func TestCorrectionsAreLearnt(t *testing.T) {
	_, offline := load(t)
	const text = "三叔公家的祠堂想翻新，谁来管"
	const alike = "我三叔公家的祠堂想翻新一下，谁来管"
	before := offline.Classify(text)
	offline.Learn([]Example{{text, "culture_sports"}})
	if u := offline.Classify(text); u.Category != "culture_sports" || u.Confidence < 0.8 {
		t.Errorf("the corrected message is taken for %+v", u)
	}
	if u := offline.Classify(alike); u.Category != "culture_sports" {
		t.Errorf("one much like it is taken for %+v", u)
	}
	if nearest := offline.Nearest(alike, 1); len(nearest) != 1 || nearest[0].Message != text {
		t.Errorf("the nearest known message is %+v", nearest)
	}
	offline.Learn(nil)
	if u := offline.Classify(text); u.Category != before.Category {
		t.Errorf("after withdrawing it is taken for %+v, before it was for %+v", u, before)
	}
}

// TestBadCorrectionsSpoilLittle: a handful of wrong ones costs a category next to nothing, and so do hundreds.
func TestBadCorrectionsSpoilLittle(t *testing.T) {
	taxonomy, offline := load(t)
	recall := func() float64 {
		f, err := os.Open("testdata/services.tsv")
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		report, err := taxonomy.Evaluate(f, offline.Classify)
		if err != nil {
			t.Fatal(err)
		}
		for _, row := range report.Rows {
			if row.Category == "workers_rights" {
				return row.Recall()
			}
		}
		t.Fatal("the test set has no such category")
		return 0
	}
	before := recall()
	bad := []string{"老板拖欠工资不给", "工地不发工钱", "厂里不签合同", "被老板开除了没有赔偿", "boss does not pay wages"}
	var few, many []Example
	for _, text := range bad {
		few = append(few, Example{text, "fire_safety"})
	}
	for range 100 {
		many = append(many, few...)
	}
	for name, corrections := range map[string][]Example{"five": few, "five hundred": many} {
		offline.Learn(corrections)
		if after := recall(); after < before-0.11 {
			t.Errorf("after %s bad corrections the recall of workers_rights is %.2f, before it was %.2f", name, after, before)
		}
	}
	if c := offline.Crisis("着火了，快来人"); c != Fire {
		t.Errorf("corrections have no say in what is danger: %q", c)
	}
}

func TestUnknownCorrections(t *testing.T) {
	_, offline := load(t)
	offline.Learn([]Example{{"x", "no_such_category"}, {"", "health"}, {strings.Repeat("长", 50_000), "health"}})
	if u := offline.Classify("拖欠工资"); u.Category != "workers_rights" {
		t.Errorf("%+v", u)
	}
}

// TestLongExamples: of a long correction only the head goes along with a question.
func TestLongExamples(t *testing.T) {
	_, offline := load(t)
	text := "村口的祠堂想翻新，" + strings.Repeat("很旧了", 200)
	offline.Learn([]Example{{text, "culture_sports"}})
	nearest := offline.Nearest(text, 1)
	if len(nearest) != 1 || !strings.HasPrefix(text, nearest[0].Message) || len([]rune(nearest[0].Message)) > maxExample {
		t.Errorf("%+v", nearest)
	}
}
