package main

import (
	"os/exec"
	"strings"
	"testing"
)

// TestDirectionOfImports keeps the rooms apart: each may import only what is listed.
func TestDirectionOfImports(t *testing.T) {
	may := map[string][]string{
		"onedoor/prompts":                        {},
		"onedoor/internal/sheet":                 {},
		"onedoor/internal/outline":               {},
		"onedoor/internal/hant":                  {},
		"onedoor/internal/texts":                 {"onedoor/internal/database", "onedoor/internal/hant"},
		"onedoor/internal/simulator":             {},
		"onedoor/internal/database":              {},
		"onedoor/internal/filestore":             {},
		"onedoor/internal/database/databasetest": {"onedoor/internal/database"},
		"onedoor/routing":                        {"onedoor/internal/database", "onedoor/internal/outline", "onedoor/internal/sheet"},
		"onedoor/intake":                         {"onedoor/routing", "onedoor/prompts", "onedoor/internal/database", "onedoor/internal/filestore", "onedoor/internal/hant", "onedoor/internal/sheet"},
		"onedoor/internal/sample":                {"onedoor/intake", "onedoor/routing", "onedoor/internal/database", "onedoor/internal/sheet"},
		"onedoor/internal/bulk":                  {"onedoor/intake", "onedoor/routing", "onedoor/prompts", "onedoor/internal/database"},
		"onedoor/internal/bulk/fill":             {"onedoor/routing", "onedoor/prompts", "onedoor/internal/database", "onedoor/internal/bulk", "onedoor/internal/sample"},
		"onedoor/bot":                            {"onedoor/intake", "onedoor/routing", "onedoor/prompts", "onedoor/internal/database", "onedoor/internal/texts"},
		"onedoor/admin":                          {"onedoor/intake", "onedoor/routing", "onedoor/prompts", "onedoor/internal/database", "onedoor/internal/outline", "onedoor/internal/sheet", "onedoor/internal/texts"},
		"onedoor/open311":                        {"onedoor/intake", "onedoor/routing", "onedoor/prompts", "onedoor/internal/database", "onedoor/internal/texts"},
		"onedoor/cmd/onedoor": {"onedoor/bot", "onedoor/admin", "onedoor/open311", "onedoor/intake", "onedoor/routing", "onedoor/prompts", "onedoor/internal/database",
			"onedoor/internal/bulk", "onedoor/internal/filestore", "onedoor/internal/sample", "onedoor/internal/sheet", "onedoor/internal/simulator", "onedoor/internal/texts"},
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "onedoor/...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		allowed, known := may[words[0]]
		if !known {
			t.Errorf("%s is a new room: say here what it may import", words[0])
		}
		for _, imported := range words[1:] {
			if strings.HasPrefix(imported, "onedoor/") && !strings.Contains(" "+strings.Join(allowed, " ")+" ", " "+imported+" ") {
				t.Errorf("%s must not import %s", words[0], imported)
			}
		}
	}
}
