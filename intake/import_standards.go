package intake

import (
	"context"
	"slices"
	"strings"

	"github.com/jmoiron/sqlx"

	"onedoor/internal/sheet"
	"onedoor/prompts"
	"onedoor/routing"
)

// StandardTimes are the columns of a service standard's times, none of which may be shorter than the one before it.
func StandardTimes() []string { return []string{"claim", "answer", "resolve"} }

// standardRecord is the service standard of a category and an urgency on its way into the database.
type standardRecord struct {
	Category string `json:"category"`
	Urgency  string `json:"urgency"`
	Claim    string `json:"claim"` // as WriteTime writes it
	Answer   string `json:"answer"`
	Resolve  string `json:"resolve"`

	minutes []int
}

// StandardRegister is the service standards that hold, one for each category and urgency.
func (s *Service) StandardRegister() *Register {
	table := &routing.Table{Columns: append([]string{"category", "urgency"}, StandardTimes()...), Key: []string{"category", "urgency"},
		Read: func(_ context.Context, _ *sqlx.Tx, check *sheet.Checker, rows []sheet.Row) ([]any, error) {
			return routing.Anys(s.readStandards(check, rows)), nil
		}}
	return NewRegister("standards", table, &Ledger{Table: "standards", All: s.allStandards, Write: s.writeStandards, Refresh: s.LoadStandards})
}

func (s *Service) readStandards(c *sheet.Checker, rows []sheet.Row) []standardRecord {
	records, lines := make([]standardRecord, len(rows)), map[string]int{}
	for i, row := range rows {
		r := standardRecord{Category: strings.ToLower(row.Get("category")), Urgency: strings.ToLower(row.Get("urgency"))}
		if _, known := s.Taxonomy.Category(r.Category); !known {
			c.Add(row, "%s: %q is no category", "category", r.Category)
		}
		if !slices.Contains(Urgencies(), prompts.Urgency(r.Urgency)) {
			c.Add(row, "urgency %q is none of emergency, urgent, normal", r.Urgency)
		} else if r.minutes = readTimes(c, row, prompts.Urgency(r.Urgency)); r.minutes != nil {
			r.Claim, r.Answer, r.Resolve = WriteTime(r.minutes[0]), WriteTime(r.minutes[1]), WriteTime(r.minutes[2])
		}
		key := r.Category + "|" + r.Urgency
		if first, doubled := lines[key]; doubled {
			c.Add(row, "%q stands in line %d already", r.Category+", "+r.Urgency, first)
		} else {
			lines[key] = row.Line
		}
		records[i] = r
	}
	return records
}

// readTimes reads the three times of a row, in minutes; nil where one is wrong, which is noted.
func readTimes(c *sheet.Checker, row sheet.Row, urgency prompts.Urgency) []int {
	var all []int
	most, names := MostMinutes(urgency), StandardTimes()
	for i, name := range names {
		n, ok := ReadTime(row.Get(name))
		switch {
		case !ok:
			c.Add(row, "%s %q is not a time: a number and minutes, hours or days, such as 4 hours", name, row.Get(name))
		case n < 1 || n > most[i]:
			c.Add(row, "%s %q is not at least 1 minute and at most %s", name, row.Get(name), WriteTime(most[i]))
		case i > 0 && len(all) == i && n < all[i-1]:
			c.Add(row, "%s %q is shorter than %s %q", name, row.Get(name), names[i-1], row.Get(names[i-1]))
		default:
			all = append(all, n)
		}
	}
	if len(all) < len(names) {
		return nil
	}
	return all
}

// ReadStandard reads the three times of a form, as those of a file; what is wrong are sheet.Problems.
func ReadStandard(times map[string]string, urgency prompts.Urgency) ([]int, error) {
	form, err := sheet.One(times)
	if err != nil {
		return nil, err
	}
	var check sheet.Checker
	minutes := readTimes(&check, form.Rows[0], urgency)
	return minutes, check.Err()
}

// allStandards are those that hold now, by the database.
func (s *Service) allStandards(ctx context.Context, db sqlx.QueryerContext) ([]routing.Cells, error) {
	var set []Setting
	err := sqlx.SelectContext(ctx, db, &set, `SELECT DISTINCT ON (category, urgency) category, urgency, since, claim, answer, resolve, account FROM standards
		ORDER BY category, urgency, since DESC, id DESC`)
	if err != nil {
		return nil, wrap(err, "load the service standards")
	}
	var all []routing.Cells
	for _, category := range s.Taxonomy.Categories() {
		for _, urgency := range Urgencies() {
			holds := s.Taxonomy.Standard(category.Key, urgency)
			for _, g := range set {
				if g.Category == category.Key && g.Urgency == urgency && g.Claim != nil {
					holds = g.of()
				}
			}
			all = append(all, routing.Cells{"category": category.Key, "urgency": string(urgency), "claim": WriteTime(int(holds.Claim.Minutes())),
				"answer": WriteTime(int(holds.Answer.Minutes())), "resolve": WriteTime(int(holds.Resolve.Minutes()))})
		}
	}
	return all, nil
}

// writeStandards has standards hold from now on. One that is the taxonomy's is that again.
func (s *Service) writeStandards(ctx context.Context, tx *sqlx.Tx, changed []any, account string) error {
	for _, record := range changed {
		r, ok := record.(standardRecord)
		if !ok {
			continue
		}
		times := [3]*int{&r.minutes[0], &r.minutes[1], &r.minutes[2]}
		taxonomy := s.Taxonomy.Standard(r.Category, prompts.Urgency(r.Urgency))
		if (Setting{Claim: times[0], Answer: times[1], Resolve: times[2]}).of() == taxonomy {
			times = [3]*int{}
		}
		if err := insertStandard(ctx, tx, r.Category, r.Urgency, times, s.Now(), account); err != nil {
			return err
		}
	}
	return nil
}
