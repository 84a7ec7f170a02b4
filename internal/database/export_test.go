package database

import (
	"context"

	"github.com/lib/pq"
)

// What tests of the other package need of this one's inside.

// MigrateDown undoes all migrations.
func (d *DB) MigrateDown(ctx context.Context) error {
	provider, err := d.provider()
	if err != nil {
		return err
	}
	_, err = provider.DownTo(ctx, 0)
	return err
}

// RiverIsNewest tells whether River's tables are those that the River we are built with wants.
func (d *DB) RiverIsNewest(ctx context.Context) (bool, error) {
	migrator, err := d.riverMigrator(d.DB.DB)
	if err != nil {
		return false, err
	}
	found, err := migrator.Validate(ctx, nil)
	if err != nil {
		return false, err
	}
	all := migrator.AllVersions()
	return found.OK && all[len(all)-1].Version == riverVersion, nil
}

// ClientEnv is the environment of a client program for the database at an address.
func ClientEnv(url string) ([]string, error) {
	config, err := pq.NewConfig(url)
	return clientEnv(config), err
}
