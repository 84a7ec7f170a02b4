package admin_test

import (
	"fmt"
	"image"
	"image/color"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/makiuchi-d/gozxing"
	"github.com/makiuchi-d/gozxing/qrcode"
)

const (
	village = "440117111203" // in Taiping, Conghua
	conghua = "440117"
)

var (
	svg  = regexp.MustCompile(`<svg viewBox="0 0 (\d+) \d+"[^>]*>.*?<path d="([^"]*)"`)
	runs = regexp.MustCompile(`M(\d+) (\d+)h(\d+)v1h-(\d+)z`)
)

// scanned are the links that a phone reads from the posters of a page, in their order.
func (w *world) scanned(a answer) (links []string) {
	w.Helper()
	for _, drawn := range svg.FindAllStringSubmatch(a.body, -1) {
		side := 0
		fmt.Sscan(drawn[1], &side)
		const scale = 4
		picture := image.NewGray(image.Rect(0, 0, side*scale, side*scale))
		for i := range picture.Pix {
			picture.Pix[i] = 255
		}
		for _, run := range runs.FindAllStringSubmatch(drawn[2], -1) {
			var x, y, long int
			fmt.Sscan(strings.Join(run[1:4], " "), &x, &y, &long)
			if min(x, y) < 4 || max(x+long, y+1) > side-4 {
				w.Errorf("%v; the quiet zone of four modules is not kept: %s", a, run[0])
			}
			for px := x * scale; px < (x+long)*scale; px++ {
				for py := y * scale; py < (y+1)*scale; py++ {
					picture.SetGray(px, py, color.Gray{})
				}
			}
		}
		links = append(links, decode(w, picture))
	}
	return links
}

func decode(w *world, picture image.Image) string {
	w.Helper()
	bitmap, err := gozxing.NewBinaryBitmapFromImage(picture)
	w.must(err)
	result, err := qrcode.NewQRCodeReader().Decode(bitmap, nil)
	w.must(err)
	return result.GetText()
}

func TestPosters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	auditor := w.as("zhang", "auditor", "")
	auditor.get("/admin/posters?q="+village).is(http.StatusOK, "/admin/posters/print?place="+village, "Taiping")
	one := auditor.get("/admin/posters/print?place="+village).is(http.StatusOK, "t.me/onedoor_test_bot?start="+village, "有困难？找社工", "Need help?",
		"110", "119", "120", "从化区太平镇社会工作服务站", "Taiping")
	s, _ := w.intake.Router.Station(taiping)
	one.is(http.StatusOK, s.Phone)
	if got := w.scanned(one); !slices.Equal(got, []string{"https://t.me/onedoor_test_bot?start=" + village}) {
		t.Errorf("the code says %q", got)
	}
	one.lacks("<script", "style=")
	all := auditor.get("/admin/posters/print?place=" + conghua)
	links, villages := w.scanned(all), w.intake.Router.Gazetteer().Inside(conghua, "village")
	if len(villages) < 2 || len(links) != len(villages) {
		t.Fatalf("%d posters for %d villages", len(links), len(villages))
	}
	for i, v := range villages {
		if links[i] != "https://t.me/onedoor_test_bot?start="+v.Code {
			t.Errorf("the code of %s says %q", v.Code, links[i])
		}
	}
	for _, nowhere := range []string{"", "?place=", "?place=99", "?place=%00", "?place=%27--"} {
		auditor.get("/admin/posters/print" + nowhere).is(http.StatusNotFound)
	}
	w.browser().get("/admin/posters/print?place=" + village).leadsTo("/admin/login")
	w.away = true
	auditor.get("/admin/posters/print?place="+village).is(http.StatusServiceUnavailable, "Telegram does not answer")
}

// TestPostersOfManyVillages: a county's posters come in parts, each village once; a long name and a missing phone are told.
func TestPostersOfManyVillages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	_, err := w.db.Exec(`INSERT INTO places (code, name, level, parent, lat, lon)
		SELECT 'far-' || n, '新村' || n, 'village', '440117111', 23.4, 113.4 FROM generate_series(1, 400) n;
		UPDATE stations SET phone = ''`)
	w.must(err)
	w.must(w.intake.Router.Reload(t.Context()))
	b := w.as("mei", "supervisor", another) // whoever sees one station's records prints any village's poster
	total := len(w.intake.Router.Gazetteer().Inside(conghua, "village"))
	seen := map[string]int{}
	for part := 1; part <= 3; part++ {
		a := b.get(fmt.Sprintf("/admin/posters/print?place=%s&part=%d", conghua, part)).is(http.StatusOK, fmt.Sprintf("of %d", total), "without a phone number")
		for _, link := range w.scanned(a) {
			seen[link]++
		}
		if next := strings.Contains(a.body, fmt.Sprintf("part=%d", part+1)); next != (part < 3) {
			t.Errorf("part %d leads to a next one: %v", part, next)
		}
	}
	if len(seen) != total || total <= 400 {
		t.Errorf("%d villages on posters, of %d", len(seen), total)
	}
	for _, part := range []string{"0", "-1", "4", "x"} {
		b.get("/admin/posters/print?place="+conghua+"&part="+part).is(http.StatusOK, "posters 1 to 200")
	}
}

func TestFindingPosters(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	b := w.as("mei", "supervisor", taiping)
	b.get("/admin/posters").is(http.StatusOK, "place="+conghua+`"`) // the county of one's station
	b.get("/admin/posters?q=&county=").lacks("place=" + conghua)
	b.get("/admin/posters?q=从化&county=").is(http.StatusOK, "place="+conghua+`"`)
	b.get("/admin/posters?q=从化太平镇&county=").is(http.StatusOK, "place=440117111\"")
	b.get("/admin/posters?q=太平&county="+conghua).is(http.StatusOK, "place=440117111\"")
	b.get("/admin/posters?q=太平&county=440103").is(http.StatusOK, "No place of that name").lacks("place=440117")
	b.get("/admin/posters?q=<script>&county=").is(http.StatusOK, "&lt;script&gt;", "No place of that name")
}
