package admin

import (
	"context"
	"errors"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/intake"
	"onedoor/internal/sheet"
	"onedoor/internal/texts"
	"onedoor/routing"
)

// wordingRecord is one of the bot's texts in a sheet. Its original is for who translates: a sheet may have it, and changes none.
type wordingRecord struct {
	Language string `json:"language"`
	Key      string `json:"key"`
	Original string `json:"original"`
	Text     string `json:"text"`
}

// wordingRegister is what the bot says in all languages.
func (a *Admin) wordingRegister() *intake.Register {
	table := &routing.Table{Columns: []string{"language", "key", "text"}, More: []string{"original"}, Lines: []string{"original", "text"}, Key: []string{"language", "key"},
		Read: func(_ context.Context, _ *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			return routing.Anys(a.readWordings(check, rows)), nil
		}}
	return intake.NewRegister("texts", table, &intake.Ledger{Table: "texts", All: a.savedWordings, Write: a.writeWordings,
		Refresh: func(ctx context.Context) error {
			_, err := a.BotTexts.Read(ctx, a.DB)
			return err
		}})
}

func (a *Admin) readWordings(c *sheet.Checker, rows []sheet.Row) []wordingRecord {
	records, lines, keys := make([]wordingRecord, len(rows)), map[[2]string]int{}, a.BotTexts.Keys()
	for i, row := range rows {
		r := wordingRecord{Language: row.Get("language"), Key: row.Get("key"), Text: row.Get("text")}
		original, known := a.BotTexts.Original(r.Language, r.Key)
		known = known && slices.Contains(keys, r.Key)
		r.Original = strings.TrimSpace(original)
		said := row.Get("original")
		first, doubled := lines[[2]string{r.Language, r.Key}]
		switch {
		case !slices.Contains(intake.Languages(), r.Language):
			c.Add(row, "language %q is none of %s", r.Language, strings.Join(intake.Languages(), ", "))
		case !known:
			c.Add(row, "%q is no text that can be changed", r.Key)
		case doubled:
			c.Add(row, "%q stands in line %d already", r.Language+", "+r.Key, first)
		case said != "" && said != r.Original:
			c.Add(row, "the original of %q is another: take it from a new export", r.Key)
		case r.Text != r.Original:
			a.checkWording(c, row, r)
		}
		if !doubled {
			lines[[2]string{r.Language, r.Key}] = row.Line
		}
		records[i] = r
	}
	return records
}

// checkWording notes what is wrong with a new text, by the rules of its form.
func (a *Admin) checkWording(c *sheet.Checker, row sheet.Row, r wordingRecord) {
	switch err := a.BotTexts.Check(texts.Change{Language: r.Language, Key: r.Key, Text: r.Text}); {
	case errors.Is(err, texts.ErrLength):
		c.Add(row, "the text of %q is empty or too long", r.Key)
	case err != nil:
		c.Add(row, "the text of %q must name the same values as the original, and no others: %s", r.Key, blanksOf(a.BotTexts.Values(r.Language, r.Key)))
	}
}

// blanksOf are names of values as a text has them.
func blanksOf(values []string) string {
	if len(values) == 0 {
		return "–"
	}
	return "{{." + strings.Join(values, "}} {{.") + "}}"
}

// savedWordings are the texts that can be changed, as the database has them said.
func (a *Admin) savedWordings(ctx context.Context, db sqlx.QueryerContext) ([]routing.Cells, error) {
	saved, err := a.BotTexts.Saved(ctx, db)
	if err != nil {
		return nil, err
	}
	var all []routing.Cells
	for _, language := range intake.Languages() {
		for _, key := range a.BotTexts.Keys() {
			original, _ := a.BotTexts.Original(language, key)
			text, changed := saved[[2]string{language, key}]
			if !changed {
				text = original
			}
			all = append(all, routing.Cells{"language": language, "key": key, "original": strings.TrimSpace(original), "text": strings.TrimSpace(text)})
		}
	}
	return all, nil
}

func (a *Admin) writeWordings(ctx context.Context, tx *sqlx.Tx, changed []any, account string) error {
	var changes []texts.Change
	for _, record := range changed {
		if r, ok := record.(wordingRecord); ok {
			changes = append(changes, texts.Change{Language: r.Language, Key: r.Key, Text: r.Text})
		}
	}
	return a.BotTexts.SaveAll(ctx, tx, account, changes)
}
