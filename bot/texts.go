package bot

import (
	"embed"

	"onedoor/intake"
	"onedoor/internal/texts"
)

//go:embed texts/*.toml
var catalogues embed.FS

// LoadTexts reads what the bot says, in each language that people can choose.
func LoadTexts() (*texts.Catalogue, error) { return texts.Load(catalogues, intake.Languages()) }
