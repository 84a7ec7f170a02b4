package prompts

import (
	"math"
	"testing"
)

// TestOfflineGeneralises trains on four fifths of the examples and asks about the fifth, five times over.
func TestOfflineGeneralises(t *testing.T) {
	whole, err := Load()
	if err != nil {
		t.Fatal(err)
	}
	const folds = 5
	total, right := 0, 0
	var bins [10]struct{ n, right, confidence float64 }
	for fold := range folds {
		part, held := split(whole, fold, folds)
		offline := NewOffline(part)
		for _, h := range held {
			u := offline.Classify(h.text)
			total++
			bin := &bins[min(9, int(u.Confidence*10))]
			bin.n++
			bin.confidence += u.Confidence
			if u.Category == h.category {
				right++
				bin.right++
			} else {
				t.Logf("%s, not %s (%.2f %v): %s", u.Category, h.category, u.Confidence, u.Because, h.text)
			}
		}
	}
	calibration := 0.0
	for _, b := range bins {
		if b.n > 0 {
			t.Logf("n=%3.0f confidence %.2f right %.2f", b.n, b.confidence/b.n, b.right/b.n)
			calibration += math.Abs(b.confidence-b.right) / float64(total)
		}
	}
	accuracy := float64(right) / float64(total)
	t.Logf("%d examples: accuracy %.3f, calibration error %.3f", total, accuracy, calibration)
	if accuracy < 0.82 {
		t.Errorf("accuracy %.3f on examples held out, want at least 0.82", accuracy)
	}
	if calibration > 0.08 {
		t.Errorf("expected calibration error %.3f, want at most 0.08", calibration)
	}
}

type heldOut struct{ category, text string }

// split takes every fifth example out of a taxonomy.
func split(whole *Taxonomy, fold, folds int) (*Taxonomy, []heldOut) {
	part := *whole
	part.categories = nil
	var held []heldOut
	for _, c := range whole.categories {
		var kept []string
		for i, text := range c.Examples {
			if i%folds == fold {
				held = append(held, heldOut{c.Key, text})
			} else {
				kept = append(kept, text)
			}
		}
		c.Examples = kept
		part.categories = append(part.categories, c)
	}
	return &part, held
}

func BenchmarkClassify(b *testing.B) {
	t, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	offline := NewOffline(t)
	const text = "我妈妈今年八十三岁了腿脚不好走不动路一个人在家里没有人照顾我在外面打工回不去能不能找个人上门帮忙做饭洗澡谢谢你们了"
	b.ReportAllocs()
	for b.Loop() {
		offline.Classify(text)
	}
}

func BenchmarkNewOffline(b *testing.B) {
	t, err := Load()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		NewOffline(t)
	}
}
