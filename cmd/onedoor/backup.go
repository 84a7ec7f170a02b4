package main

import (
	"context"
	"fmt"
)

type backupCommand struct {
	File      string `arg:"" type:"path" help:"Where to write the backup."`
	Overwrite bool   `help:"Overwrite a file that is there already."`
}

// Run writes all that is in the database to a file. A running serve goes on.
func (k *backupCommand) Run(ctx context.Context, std streams, c *config) error {
	c.existing = true
	db, err := c.open(ctx, c.quiet(std.err))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Backup(ctx, k.File, k.Overwrite); err != nil {
		return fmt.Errorf("back up to %s: %w", k.File, err)
	}
	fmt.Fprintln(std.err, "backed up to", k.File)
	return nil
}

type restoreCommand struct {
	File    string `arg:"" type:"existingfile" help:"What backup has written."`
	Replace bool   `help:"Replace all that is in a database that isn't empty."`
}

// Run makes the database what it was at the backup, or leaves it as it is. No serve may run.
func (k *restoreCommand) Run(ctx context.Context, std streams, c *config) error {
	c.exclusive = c.DatabaseURL == ""
	db, err := c.open(ctx, c.quiet(std.err))
	if err != nil {
		return err
	}
	defer db.Close()
	if err := db.Restore(ctx, k.File, k.Replace); err != nil {
		return fmt.Errorf("restore %s: %w", k.File, err)
	}
	fmt.Fprintln(std.err, "restored", k.File)
	return nil
}
