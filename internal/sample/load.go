package sample

import (
	"context"
	"fmt"

	"onedoor/intake"
	"onedoor/internal/database"
	"onedoor/internal/sheet"
	"onedoor/routing"
)

// Load imports all of the sample data, in the way in which a file of a user is imported. Again has no effect.
func Load(ctx context.Context, db *database.DB, known func(category string) bool) error {
	steps := []struct {
		file  func() ([]byte, error)
		read  func([]byte) (*sheet.Sheet, error)
		write func(*sheet.Sheet) (routing.Counts, error)
	}{
		{func() ([]byte, error) { return Places(), nil }, routing.ReadPlaces,
			func(s *sheet.Sheet) (routing.Counts, error) { return routing.ImportPlaces(ctx, db, s) }},
		{Stations, routing.ReadStations,
			func(s *sheet.Sheet) (routing.Counts, error) { return routing.ImportStations(ctx, db, s, known) }},
		{Workers, intake.ReadWorkers,
			func(s *sheet.Sheet) (routing.Counts, error) { return intake.ImportWorkers(ctx, db, s, known) }},
		{Organisations, intake.ReadOrganisations,
			func(s *sheet.Sheet) (routing.Counts, error) { return intake.ImportOrganisations(ctx, db, s, known) }},
	}
	for _, step := range steps {
		file, err := step.file()
		if err != nil {
			return err
		}
		table, err := step.read(file)
		if err != nil {
			return fmt.Errorf("read the sample data: %w", err)
		}
		if _, err := step.write(table); err != nil {
			return fmt.Errorf("load the sample data: %w", err)
		}
	}
	return nil
}
