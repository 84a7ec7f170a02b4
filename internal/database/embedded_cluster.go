package database

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// clusterVersion is the major version of PostgreSQL that made a cluster; 0 when there is none yet.
func clusterVersion(cluster string) (int, error) {
	text, err := os.ReadFile(filepath.Join(cluster, "PG_VERSION"))
	if errors.Is(err, fs.ErrNotExist) {
		return 0, nil
	}
	if err != nil {
		return 0, fmt.Errorf("read the cluster's version: %w", err)
	}
	version, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		return 0, fmt.Errorf("read the version of the cluster in %s: %w", cluster, err)
	}
	return version, nil
}

// makeCluster makes the cluster once, beside its place first, so that one that was interrupted is never used.
func (p *private) makeCluster(ctx context.Context) error {
	if made, err := clusterVersion(p.cluster); err != nil || made != 0 {
		return err
	}
	p.log.InfoContext(ctx, "making a PostgreSQL cluster", "directory", p.cluster, "version", p.tools.major)
	half := p.cluster + ".new"
	if err := os.RemoveAll(half); err != nil {
		return fmt.Errorf("remove a half-made cluster: %w", err)
	}
	if err := p.owner.ownDir(half); err != nil {
		return err
	}
	if err := p.initdb(ctx, half); err != nil {
		return errors.Join(fmt.Errorf("make a PostgreSQL cluster in %s: %w", p.cluster, err), os.RemoveAll(half))
	}
	if err := os.Rename(half, p.cluster); err != nil {
		return fmt.Errorf("make a PostgreSQL cluster in %s: %w", p.cluster, err)
	}
	return nil
}

// initdb fills a directory. Whoever gets to the socket is trusted: its directory lets in nobody but the owner.
func (p *private) initdb(ctx context.Context, dir string) error {
	args := []string{"--pgdata=" + dir, "--username=" + superuser, "--auth=trust", "--encoding=UTF8", "--locale=C.UTF-8"}
	if p.volatile {
		args = append(args, "--no-sync")
	}
	return p.owner.run(ctx, p.tools.path("initdb"), args...)
}
