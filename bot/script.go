package bot

import (
	"strings"
	"sync"

	"github.com/longbridgeapp/opencc"
)

// traditional writes the names of places and stations, which are kept as they are officially written, in the characters of
// Hong Kong. Its dictionaries are in the program, and read when they are first needed: 0.2 seconds, 8 MB. It is safe for
// concurrent use.
func newTraditional() func(name string) string {
	load := sync.OnceValues(func() (*opencc.OpenCC, error) { return opencc.New("s2hk") })
	// A dictionary of ordinary words takes some characters for others than those of names: 松口 isn't loose, 里水 isn't inside.
	names := strings.NewReplacer("裏", "里", "鬆", "松", "穀", "谷", "云", "雲", "温", "溫")
	return func(name string) string {
		c, err := load()
		if err != nil {
			return name
		}
		written, err := c.Convert(name)
		if err != nil {
			return name
		}
		return names.Replace(written)
	}
}

// inScript is a place's or station's name in the characters that its reader knows.
func (p *page) inScript(name string) string {
	if p.lang != "zh-HK" {
		return name
	}
	return p.traditional(name)
}
