package routing

import "testing"

// TestUrban: committees of villagers live in the country, those of residents in town, and subdistricts are town.
func TestUrban(t *testing.T) {
	t.Parallel()
	g := newGazetteer([]Place{{Code: "440117111203", Name: "太平村村委会", Level: "village"}, {Code: "440117111001", Name: "太平社区居委会", Level: "village"},
		{Code: "440117001", Name: "街口街道", Level: "township"}, {Code: "440117111", Name: "太平镇", Level: "township"},
		{Code: "x-1", Name: "新村社区", Level: "village"}, {Code: "x-2", Name: "新村", Level: "village"}, {Code: "440117", Name: "从化区", Level: "county"}})
	for code, want := range map[string][2]bool{"440117111203": {false, true}, "440117111001": {true, true}, "440117001": {true, true},
		"440117111": {false, true}, "x-1": {true, true}, "x-2": {false, true}, "440117": {false, false}, "unknown": {false, false}} {
		if urban, known := g.Urban(code); [2]bool{urban, known} != want {
			t.Errorf("%s: urban %v, known %v, want %v", code, urban, known, want)
		}
	}
}
