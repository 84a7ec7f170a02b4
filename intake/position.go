package intake

import (
	"fmt"
	"regexp"
	"time"
)

// position is a place in the order of what is found: below it the next page begins.
type position struct {
	Rank int
	At   time.Time
	ID   int64
}

var positions = regexp.MustCompile(`^[0-9]{1,2}_[0-9]{1,18}_[0-9]{1,18}$`)

// String is the position in a URL.
func (p position) String() string { return fmt.Sprintf("%d_%d_%d", p.Rank, p.At.UnixMicro(), p.ID) }

// positionOf reads one; false for what is none.
func positionOf(text string) (p position, ok bool) {
	if !positions.MatchString(text) {
		return p, false
	}
	var micro int64
	if _, err := fmt.Sscanf(text, "%d_%d_%d", &p.Rank, &micro, &p.ID); err != nil || micro > 1<<53 {
		return p, false
	}
	p.At = time.UnixMicro(micro).UTC()
	return p, true
}
