package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

var (
	replySheet = []string{"station", "category", "language", "title", "text"}
	replyExtra = []string{"active"}
)

// OpenReplies reads a file of replies at hand.
func OpenReplies(path string) (*sheet.Sheet, error) {
	return sheet.Open(path, replySheet, replyExtra)
}

// ReadReplies reads replies at hand from CSV.
func ReadReplies(csv []byte) (*sheet.Sheet, error) {
	return sheet.ReadCSV(csv, replySheet, replyExtra)
}

// replyRecord is a reply at hand on its way into the database.
type replyRecord struct {
	Station  *string `json:"station"`
	Category *string `json:"category"`
	Language string  `json:"language"`
	Title    string  `json:"title"`
	Text     string  `json:"text"`
	Active   bool    `json:"active"`
}

// replyTable is the replies at hand. They are known by station, category, language and title. Stations must exist.
func replyTable(known func(string) bool) *routing.Table {
	return &routing.Table{Columns: replySheet, More: replyExtra, Key: []string{"station", "category", "language", "title"},
		Read: func(ctx context.Context, tx *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			stations, err := stationCodes(ctx, tx)
			return routing.Anys(readReplies(check, rows, stations, known)), err
		},
		OnRecord: `SELECT id::text AS id, concat(station, '|', category, '|', language, '|', title) AS key, active, station, category, language,
			title, text FROM canned_replies`,
		Write: `
			INSERT INTO canned_replies AS t (station, category, language, title, text, active)
			SELECT station, category, language, title, text, active FROM jsonb_to_recordset($1) AS
				r (station text, category text, language text, title text, text text, active boolean)
			ON CONFLICT (coalesce(station, ''), coalesce(category, ''), language, title) DO UPDATE SET text = EXCLUDED.text, active = EXCLUDED.active
			WHERE (t.text, t.active) IS DISTINCT FROM (EXCLUDED.text, EXCLUDED.active)
			RETURNING NOT EXISTS (SELECT FROM canned_replies before WHERE before.id = t.id)`}
}

// ImportReplies adds and changes replies at hand; see replyTable.
func ImportReplies(ctx context.Context, db *database.DB, s *sheet.Sheet, known func(string) bool) (routing.Counts, error) {
	return replyTable(known).Import(ctx, db, s)
}

func readReplies(c *sheet.Checker, rows []sheet.Row, stations map[string]bool, known func(string) bool) []replyRecord {
	records, lines := make([]replyRecord, len(rows)), map[[4]string]int{}
	for i, row := range rows {
		records[i] = readReply(c, row, stations, known)
		key := [4]string{row.Get("station"), row.Get("category"), records[i].Language, row.Get("title")}
		if first, doubled := lines[key]; doubled {
			c.Add(row, "the title %q stands in line %d already", row.Get("title"), first)
			continue
		}
		lines[key] = row.Line
	}
	return records
}

// What a title may have to be read on a button, and a reply to be read on a small screen, in characters.
const (
	maxTitle  = 24
	maxCanned = 400
)

func readReply(c *sheet.Checker, row sheet.Row, stations map[string]bool, known func(string) bool) replyRecord {
	r := replyRecord{Language: row.Get("language"), Title: row.Get("title"), Text: row.Get("text"), Active: true}
	if station := row.Get("station"); station != "" {
		if r.Station = &station; !stations[station] {
			c.Add(row, "station %q is not known: import stations first", station)
		}
	}
	if category := row.Get("category"); category != "" {
		if r.Category = &category; !known(category) {
			c.Add(row, "%s: %q is no category", "category", category)
		}
	}
	if !slices.Contains(Languages(), r.Language) {
		c.Add(row, "language %q is none of %s", r.Language, strings.Join(Languages(), ", "))
	}
	if n := len([]rune(r.Title)); n == 0 || n > maxTitle {
		c.Add(row, "the title must have 1 to %d characters", maxTitle)
	}
	if n := len([]rune(r.Text)); n == 0 || n > maxCanned {
		c.Add(row, "the text must have 1 to %d characters", maxCanned)
	}
	for _, blank := range blanks.FindAllString(r.Text, -1) {
		if blank != "{ref}" && !slices.Contains(tellingBlanks, blank) {
			c.Add(row, "%s is none of {ref}, {worker}, {station} and {phone}", blank)
		}
	}
	switch strings.ToLower(row.Get("active")) {
	case "", "yes":
	case "no":
		r.Active = false
	default:
		c.Add(row, "active %q is neither yes nor no", row.Get("active"))
	}
	return r
}
