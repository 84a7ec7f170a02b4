package bot

import (
	"bytes"
	"image"
	"image/color"
	"image/png"
	"log/slog"
	"strings"
	"testing"
	"time"

	"onedoor/intake"
)

// fortnight are 14 days of a station with so many requests, all but as many as late of which were answered in time.
func fortnight(requests func(i int) int, late func(i int) int) (days []intake.DigestDay) {
	for i := range 14 {
		at := time.Date(2026, 11, 12+i, 0, 0, 0, 0, china)
		days = append(days, intake.DigestDay{Day: at, Requests: requests(i), Due: requests(i), InTime: requests(i) - late(i)})
	}
	return days
}

// drawn is the picture of some days, decoded.
func drawn(t *testing.T, days []intake.DigestDay) image.Image {
	t.Helper()
	content, err := drawDays(days)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := png.Decode(bytes.NewReader(content))
	if err != nil {
		t.Fatal(err)
	}
	if len(content) > 100<<10 || picture.Bounds().Dx() != pictureWidth {
		t.Errorf("%d bytes, %v", len(content), picture.Bounds())
	}
	return picture
}

// area is how many of its pixels have a colour.
func area(picture image.Image, of color.Color) (n int) {
	r, g, b, _ := of.RGBA()
	for y := range picture.Bounds().Dy() {
		for x := range picture.Bounds().Dx() {
			if pr, pg, pb, _ := picture.At(x, y).RGBA(); pr == r && pg == g && pb == b {
				n++
			}
		}
	}
	return n
}

// TestPictureOfDays: the bars are as large as their shares; days without requests, and with very many, can be drawn.
func TestPictureOfDays(t *testing.T) {
	picture := drawn(t, fortnight(func(i int) int { return 4 + i%5*4 }, func(i int) int { return 1 + i%5 }))
	in, others := area(picture, colourInTime), area(picture, colourOthers)
	if share := float64(in) / float64(in+others); in+others < 10_000 || share < 0.70 || share > 0.82 { // 75 % of all
		t.Errorf("%d pixels are in time, %d aren't", in, others)
	}
	if n := area(drawn(t, fortnight(func(int) int { return 0 }, func(int) int { return 0 })), colourInTime); n > 0 {
		t.Errorf("%d pixels in time of no requests", n)
	}
	if n := area(drawn(t, fortnight(func(int) int { return 12_345 }, func(int) int { return 0 })), colourOthers); n > 0 {
		t.Errorf("%d pixels not in time, of none", n)
	}
}

// TestDigestIsShort: a digest has six lines on a phone, in each language, whatever is known; a day of which nothing is known has dashes.
func TestDigestIsShort(t *testing.T) {
	for _, lang := range intake.Languages() {
		p, _ := onPhone(t, lang)
		p.notice.Kind = intake.NoticeDigest
		half, quick, slow := 0.5, 119*60.0, 118*60.0
		days := fortnight(func(int) int { return 120 }, func(int) int { return 60 })
		for _, d := range []intake.Digest{
			{Days: days, Usual: 99.6, UsualWithin: &half, Median: &quick, UsualMedian: &slow, Waiting: 120, Overdue: 120},
			{Days: fortnight(func(int) int { return 0 }, func(int) int { return 0 })},
		} {
			p.args.Digest = d
			m, err := p.digest()
			if err != nil || m.picture == nil {
				t.Fatalf("the digest is %+v, %v", m, err)
			}
			if n := wrapped(m.text, phoneCells); n > smallScreen || !strings.HasSuffix(m.text, "/digest off") || strings.Contains(m.text, "<no value>") {
				t.Errorf("in %s it takes %d lines:\n%s", lang, n, m.text)
			}
			if d.Median == nil && strings.Count(m.text, "–") != 4 {
				t.Errorf("of nothing it says\n%s", m.text)
			}
		}
	}
}

// TestStepTo: an axis reaches what is on it, by round steps.
func TestStepTo(t *testing.T) {
	for most, want := range map[int]int{0: 1, 4: 1, 5: 2, 8: 2, 9: 5, 20: 5, 21: 10, 81: 50, 12_345: 5000} {
		if step := stepTo(most); step != want {
			t.Errorf("to %d it goes by %d, not %d", most, step, want)
		}
	}
}

// TestUndrawn: where no picture can be drawn, the words go all the same.
func TestUndrawn(t *testing.T) {
	p, _ := onPhone(t, "en")
	p.Log = slog.New(slog.NewTextHandler(t.Output(), nil))
	if m := p.pictured(message{text: "Requests: 3"}, nil); m.text != "Requests: 3" || m.picture != nil {
		t.Errorf("it says %q, with %d bytes of a picture", m.text, len(m.picture))
	}
}
