package sample

import (
	"context"
	"fmt"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// Load imports all of the sample data as files of a user are imported: a second time it changes nothing, but sets back
// what was changed of it meanwhile. known tells which category keys exist.
func Load(ctx context.Context, db *database.DB, known func(category string) bool) error {
	steps := []struct {
		what  string
		csv   []byte
		read  func([]byte) (*sheet.Sheet, error)
		write func(*sheet.Sheet) (routing.Counts, error)
	}{
		{"places", Places(), routing.ReadPlaces,
			func(s *sheet.Sheet) (routing.Counts, error) { return routing.ImportPlaces(ctx, db, s) }},
		{"calendar", Calendar(), routing.ReadCalendar,
			func(s *sheet.Sheet) (routing.Counts, error) { return routing.ImportCalendar(ctx, db, s) }},
		{"stations", Stations(), routing.ReadStations,
			func(s *sheet.Sheet) (routing.Counts, error) { return routing.ImportStations(ctx, db, s, known) }},
		{"workers", Workers(), intake.ReadWorkers,
			func(s *sheet.Sheet) (routing.Counts, error) { return intake.ImportWorkers(ctx, db, s, known) }},
		{"organisations", Organisations(), intake.ReadOrganisations,
			func(s *sheet.Sheet) (routing.Counts, error) { return intake.ImportOrganisations(ctx, db, s, known) }},
		{"replies", Replies(), intake.ReadReplies,
			func(s *sheet.Sheet) (routing.Counts, error) { return intake.ImportReplies(ctx, db, s, known) }},
		{"volunteers", Volunteers(), intake.ReadVolunteers,
			func(s *sheet.Sheet) (routing.Counts, error) { return intake.ImportVolunteers(ctx, db, s) }},
	}
	for _, step := range steps {
		table, err := step.read(step.csv)
		if err != nil {
			return fmt.Errorf("read the sample %s: %w", step.what, err)
		}
		if _, err := step.write(table); err != nil {
			return fmt.Errorf("load the sample %s: %w", step.what, err)
		}
	}
	return nil
}
