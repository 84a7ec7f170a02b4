// Package hant writes names in traditional characters (Hant, by ISO 15924).
package hant

import (
	"strings"
	"sync"

	"github.com/longbridgeapp/opencc"
)

// hongKong turns simplified characters into those of Hong Kong. Its dictionaries are in the program, and read when they are
// first needed: 0.2 seconds, 8 MB.
var hongKong = sync.OnceValues(func() (*opencc.OpenCC, error) { return opencc.New("s2hk") })

// ofNames sets right what the dictionary of ordinary words takes for others than the characters of names: 松口 isn't loose,
// 里水 isn't inside. Of two forms of a character it takes the one that people write.
var ofNames = strings.NewReplacer("裏", "里", "鬆", "松", "穀", "谷", "云", "雲", "温", "溫", "户", "戶", "説", "說")

// Traditional writes the name of a place or station, which is kept as it is officially written, in the characters of Hong
// Kong. It is safe for concurrent use.
func Traditional(name string) string {
	c, err := hongKong()
	if err != nil {
		return name
	}
	written, err := c.Convert(name)
	if err != nil {
		return name
	}
	return ofNames.Replace(written)
}
