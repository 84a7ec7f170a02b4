package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// lockWait is how long a table may be kept from being read, before a backup gives up.
const lockWait = "60s"

// Backup writes all that is in the database to a file, in the custom format of pg_dump, as it is at one moment;
// whoever uses the database goes on. The file is there when it is whole, and only we can read it. One that is
// there already is an error unless it may be overwritten.
func (d *DB) Backup(ctx context.Context, path string, overwrite bool) error {
	if err := mayWrite(path, overwrite); err != nil {
		return err
	}
	if err := d.used(ctx); err != nil {
		return err
	}
	c, err := d.client(ctx)
	if err != nil {
		return err
	}
	half, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // of mode 0600
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer os.Remove(half.Name()) // of no effect once it is renamed
	defer half.Close()
	dump := c.program(ctx, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", "--no-password", "--lock-wait-timeout="+lockWait)
	dump.Stdout = half
	if err := dump.why(dump.Run()); err != nil {
		return err
	}
	if err := errors.Join(half.Sync(), half.Close()); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	if err := mayWrite(path, overwrite); err != nil {
		return err
	}
	if err := os.Rename(half.Name(), path); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return syncDir(filepath.Dir(path))
}

// mayWrite refuses a file that is there already, and in any case what isn't a file.
func mayWrite(path string, overwrite bool) error {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil
	case err != nil:
		return fmt.Errorf("look where the backup goes: %w", err)
	case !info.Mode().IsRegular():
		return fmt.Errorf("%s is not a file: choose another name", path)
	case !overwrite:
		return fmt.Errorf("%s is there already: choose another name, or allow it to be overwritten with --overwrite", path)
	}
	return nil
}

// syncDir makes a new name in a directory outlast a crash of the machine.
func syncDir(path string) error {
	dir, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	defer dir.Close()
	if err := dir.Sync(); err != nil {
		return fmt.Errorf("write the backup: %w", err)
	}
	return nil
}
