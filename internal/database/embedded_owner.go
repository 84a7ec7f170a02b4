package database

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/user"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// owner is the user as whom the private server runs: ourselves or, since PostgreSQL refuses to run as root,
// an unprivileged user when we are root.
type owner struct {
	uid, gid int
	groups   []uint32 // when switched
	switched bool
}

// serverUsers are whom root runs the server as: the first that exists.
var serverUsers = []string{"postgres", "nobody"}

// findOwner is whose a cluster is or, when it isn't made yet, will be.
func findOwner(cluster string) (owner, error) {
	if os.Geteuid() != 0 {
		return owner{uid: os.Geteuid(), gid: os.Getegid()}, nil
	}
	if info, err := os.Stat(cluster); err == nil {
		if uid, _ := ownerOf(info); uid != 0 {
			u, err := user.LookupId(strconv.Itoa(uid))
			if err != nil {
				return owner{}, fmt.Errorf("find the user of the cluster in %s: %w", cluster, err)
			}
			return asOwner(u)
		}
	}
	for _, name := range serverUsers {
		if u, err := user.Lookup(name); err == nil {
			return asOwner(u)
		}
	}
	return owner{}, errors.New("PostgreSQL refuses to run as root, and there is no user postgres or nobody to run it as: run onedoor as an ordinary user")
}

func asOwner(u *user.User) (owner, error) {
	ids, err := u.GroupIds()
	if err != nil {
		return owner{}, fmt.Errorf("find the groups of the user %s: %w", u.Username, err)
	}
	o := owner{switched: true}
	var errUID, errGID error
	o.uid, errUID = strconv.Atoi(u.Uid)
	o.gid, errGID = strconv.Atoi(u.Gid)
	if err := errors.Join(errUID, errGID); err != nil {
		return owner{}, fmt.Errorf("find the user %s: %w", u.Username, err)
	}
	for _, id := range ids {
		if gid, err := strconv.ParseUint(id, 10, 32); err == nil {
			o.groups = append(o.groups, uint32(gid))
		}
	}
	return o, nil
}

// command is a program that will run as the owner, in a session of its own. It gets none of our environment,
// where tokens and passwords are.
func (o owner) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Dir = "/"
	cmd.Env = []string{"PATH=" + os.Getenv("PATH"), "LC_ALL=C.UTF-8"}
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	if o.switched {
		cmd.SysProcAttr.Credential = &syscall.Credential{Uid: uint32(o.uid), Gid: uint32(o.gid), Groups: o.groups}
	}
	return cmd
}

// run runs a program as the owner to its end. An error has what the program said.
func (o owner) run(ctx context.Context, name string, args ...string) error {
	cmd := o.command(ctx, name, args...)
	var said bytes.Buffer
	cmd.Stderr = &said
	cmd.WaitDelay = 5 * time.Second // for what it may have left running
	if err := cmd.Run(); err != nil {
		return fmt.Errorf("%s: %w: %s", filepath.Base(name), err, strings.TrimSpace(said.String()))
	}
	return nil
}

// ownDir makes a directory that only the owner can enter. One that is there already must be the owner's, or made
// by us and not yet given away: what somebody else has put in its place is refused.
func (o owner) ownDir(path string) error {
	if err := os.Mkdir(path, 0o700); err != nil && !errors.Is(err, os.ErrExist) {
		return fmt.Errorf("make a directory for PostgreSQL: %w", err)
	}
	dir, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_DIRECTORY, 0)
	if err != nil {
		return fmt.Errorf("%s should be a directory of PostgreSQL's user (uid %d); remove it: %w", path, o.uid, err)
	}
	defer dir.Close()
	info, err := dir.Stat()
	if err != nil {
		return fmt.Errorf("look at PostgreSQL's directory: %w", err)
	}
	if uid, _ := ownerOf(info); uid != o.uid && uid != os.Geteuid() {
		return fmt.Errorf("%s belongs to somebody else (uid %d), not to PostgreSQL's user (uid %d): remove it", path, uid, o.uid)
	}
	if o.switched {
		if err := dir.Chown(o.uid, o.gid); err != nil {
			return fmt.Errorf("give %s to PostgreSQL's user: %w", path, err)
		}
	}
	if err := dir.Chmod(0o700); err != nil {
		return fmt.Errorf("close %s to others: %w", path, err)
	}
	return nil
}

// letPass makes sure that the owner can reach what is below a directory of ours. The directory itself is
// opened for passing through; a closed one above it is an error, since it isn't ours to open.
func (o owner) letPass(dir string) error {
	if !o.switched {
		return nil
	}
	info, err := os.Stat(dir)
	if err != nil {
		return fmt.Errorf("look at the data directory: %w", err)
	}
	if err := os.Chmod(dir, info.Mode().Perm()|0o011); err != nil {
		return fmt.Errorf("open the data directory for PostgreSQL's user: %w", err)
	}
	for dir != "/" {
		dir = filepath.Dir(dir)
		info, err := os.Stat(dir)
		if err != nil {
			return fmt.Errorf("look at %s: %w", dir, err)
		}
		if !o.mayPass(info) {
			return fmt.Errorf("as root, onedoor runs PostgreSQL as an unprivileged user (uid %d), who can't pass through %s: choose another --onedoor-data-dir (such as /var/lib/onedoor), or run chmod o+x %s",
				o.uid, dir, dir)
		}
	}
	return nil
}

// mayPass tells whether the owner may go through a directory.
func (o owner) mayPass(info os.FileInfo) bool {
	uid, gid := ownerOf(info)
	switch mode := info.Mode().Perm(); {
	case uid == o.uid:
		return mode&0o100 != 0
	case gid == o.gid || slices.Contains(o.groups, uint32(gid)):
		return mode&0o010 != 0
	default:
		return mode&0o001 != 0
	}
}
