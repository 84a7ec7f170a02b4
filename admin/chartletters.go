package admin

import (
	"bytes"
	"math"
	"strings"
	"unicode"
)

// drawnFont is how the charts name the font by which they measure.
const drawnFont = "font-family:'Roboto Medium',sans-serif"

// letters are the fonts of a picture, as those of a page (static/admin.css): a picture has no style sheet of ours. Latin letters and digits
// are of a font that is as wide as the one by which the charts measure.
func letters(lang string) string {
	chinese := `'Noto Sans CJK SC','PingFang SC','Microsoft YaHei'`
	if lang == "zh-HK" {
		chinese = `'Noto Sans CJK HK','PingFang HK','Microsoft JhengHei'`
	}
	return `font-family:Roboto,Arial,'Liberation Sans',` + chinese + `,sans-serif`
}

// lettered is a picture with its language, by which characters take their shapes, and fonts that have them.
func (p page) lettered(picture []byte) []byte {
	picture = bytes.Replace(picture, []byte("<svg "), []byte(`<svg xml:lang="`+p.Tag()+`" `), 1)
	return bytes.ReplaceAll(picture, []byte(drawnFont), []byte(letters(p.Lang)))
}

// How wide the charts take a Chinese character to be, for their font has none, and a space, both in parts of its true width.
const (
	takenWide = 0.443
	spaceWide = 0.248
)

// roomy is a text that charts measure as wide as it will be: spaces after it, which a picture doesn't show, make up for the width that
// Chinese characters are taken not to have.
func roomy(text string) string {
	chinese := 0
	for _, r := range text {
		if unicode.Is(unicode.Han, r) {
			chinese++
		}
	}
	return text + strings.Repeat(" ", int(math.Ceil(float64(chinese)*(1-takenWide)/spaceWide)))
}
