package bot

import (
	"encoding/csv"
	"os"
	"strings"
	"testing"

	"onedoor/internal/hant"
)

// TestTraditionalNames: every place and station of the sample data reads as it does in Hong Kong.
func TestTraditionalNames(t *testing.T) {
	convert := hant.Traditional
	for name, want := range map[string]string{"从化区太平镇社会工作服务站": "從化區太平鎮社會工作服務站", "云浮市云城区": "雲浮市雲城區", "里水镇": "里水鎮",
		"松口镇": "松口鎮", "江谷镇": "江谷鎮", "后宅镇": "後宅鎮", "钟落潭镇": "鍾落潭鎮", "Taiping Town": "Taiping Town", "": ""} {
		if got := convert(name); got != want {
			t.Errorf("%s is written %s, want %s", name, got, want)
		}
	}
	others := without(without(onlySimplified, onlyTraditional), "里")
	for _, file := range []string{"places", "stations"} {
		raw, err := os.ReadFile("../internal/sample/" + file + ".csv")
		if err != nil {
			t.Fatal(err)
		}
		rows, err := csv.NewReader(strings.NewReader(string(raw))).ReadAll()
		if err != nil || len(rows) < 100 {
			t.Fatalf("%d %s: %v", len(rows), file, err)
		}
		for _, row := range rows {
			if written := convert(row[1]); strings.ContainsAny(written, others) {
				t.Errorf("%s is written %s", row[1], written)
			}
		}
	}
}
