package intake

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"onedoor/internal/database"
)

// A System is another program, such as a county's own, that files requests and follows them by its key.
type System struct {
	ID       int64      `db:"id"`
	Name     string     `db:"name"`
	County   *string    `db:"county"`    // the county or wider place to which what it files and sees is limited; nil: to none
	SeesMore bool       `db:"sees_more"` // beside what it filed, that others have asked for something there
	Active   bool       `db:"active"`
	MadeAt   time.Time  `db:"made_at"`
	MadeBy   string     `db:"made_by"`
	UsedAt   *time.Time `db:"used_at"` // when its key was last used, to the minute
}

const systemColumns = `s.id, s.name, s.county, s.sees_more, s.active, s.made_at, s.made_by, s.used_at`

// maxSystemName is how long a system's name may be, in characters.
const maxSystemName = 60

// keyPrefix begins each key, so that one that leaks is known for what it is.
const keyPrefix = "od_"

// newKey is a key of 130 random bits. So many need no slow hash.
func newKey() string { return keyPrefix + rand.Text() }

// keyHash is what is kept of a key.
func keyHash(key string) []byte {
	hash := sha256.Sum256([]byte(key))
	return hash[:]
}

// Systems are all systems, by name.
func (s *Service) Systems(ctx context.Context) ([]System, error) {
	var all []System
	err := s.DB.SelectContext(ctx, &all, `SELECT `+systemColumns+` FROM systems s ORDER BY s.name`)
	return all, wrap(err, "list the systems")
}

// NewSystem keeps a system that account has made, and returns its name and its key, which nobody can be shown again. ErrRefused where the
// name is taken, or none; ErrNotFound where the county isn't known.
func (s *Service) NewSystem(ctx context.Context, name, county string, seesMore bool, account string) (shown, key string, err error) {
	name = strings.Join(strings.Fields(clean(name)), " ")
	if name == "" || utf8.RuneCountInString(name) > maxSystemName {
		return "", "", fmt.Errorf("make a system: its name: %w", ErrRefused)
	}
	if _, known := s.Router.Gazetteer().Lookup(county); county != "" && !known {
		return "", "", fmt.Errorf("make a system: county %q: %w", county, ErrNotFound)
	}
	key = newKey()
	_, err = s.DB.ExecContext(ctx, `INSERT INTO systems (name, key_hash, county, sees_more, made_at, made_by)
		VALUES ($1, $2, nullif($3, ''), $4, $5, $6)`, name, keyHash(key), county, seesMore, s.Now(), account)
	if database.ConstraintOf(err) == "systems_name_key" {
		return "", "", fmt.Errorf("make the system %s: %w", name, ErrRefused)
	}
	return name, key, wrap(err, "make a system")
}

// ReplaceKey gives a system another key, which is returned and can't be shown again: the one before stops working at once.
// ErrNotFound where there is no such system.
func (s *Service) ReplaceKey(ctx context.Context, id int64) (name, key string, err error) {
	key = newKey()
	err = s.DB.GetContext(ctx, &name, `UPDATE systems SET key_hash = $2 WHERE id = $1 RETURNING name`, id, keyHash(key))
	if noRows(err) {
		return "", "", ErrNotFound
	}
	return name, key, wrap(err, "replace a key")
}

// SwitchSystem lets a system in, or no longer, and returns its name. ErrNotFound where there is none.
func (s *Service) SwitchSystem(ctx context.Context, id int64, on bool) (name string, err error) {
	err = s.DB.GetContext(ctx, &name, `UPDATE systems SET active = $2 WHERE id = $1 RETURNING name`, id, on)
	if noRows(err) {
		return "", ErrNotFound
	}
	return name, wrap(err, "switch a system")
}

// SystemByKey is the system whose key it is, and that is switched on; ErrNotFound for any other key. That the key is used is
// kept.
func (s *Service) SystemByKey(ctx context.Context, key string) (*System, error) {
	if !strings.HasPrefix(key, keyPrefix) {
		return nil, ErrNotFound
	}
	var found System
	err := s.DB.GetContext(ctx, &found, `SELECT `+systemColumns+` FROM systems s WHERE s.key_hash = $1 AND s.active`, keyHash(key))
	if noRows(err) {
		return nil, ErrNotFound
	}
	if err != nil {
		return nil, wrap(err, "find a system by its key")
	}
	_, err = s.DB.ExecContext(ctx, `UPDATE systems SET used_at = $2 WHERE id = $1 AND (used_at IS NULL OR used_at < CAST($2 AS timestamptz) - interval '1 minute')`,
		found.ID, s.Now())
	return &found, wrap(err, "keep that a key is used")
}

// sight is what a system may see of others' requests.
func (s *Service) sight(system *System) Sight {
	if !system.SeesMore {
		return Sight{}
	}
	return s.SightOf("", value(system.County))
}
