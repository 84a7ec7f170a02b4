package admin

import (
	"fmt"
	"slices"
	"strings"

	"onedoor/intake"
)

// attached is what a message carries, on its request's page.
type attached struct {
	page
	intake.Attachment
	Address string // below which it is shown, or saved
}

// Attached is the file that a message carries. Of one that was sent before copies were kept nothing is known.
func (p *requestPage) Attached(m *intake.Message) attached {
	return attached{p.page, p.Sent[m.ID], fmt.Sprintf("/admin/requests/%s/files/%d", p.Ref, m.ID)}
}

// TooBig tells whether only Telegram has it.
func (a attached) TooBig() bool { return a.Attachment.State == intake.FileTooBig }

// Playable tells whether a browser shows or plays it by itself; what isn't known yet may be.
func (a attached) Playable() bool {
	return a.ContentType == "" || a.ContentType == "application/ogg" || slices.Contains(shown(), a.ContentType)
}

// About is the file's name and size, as far as they are known.
func (a attached) About() string {
	parts := make([]string, 0, 2)
	if a.Name != "" {
		parts = append(parts, a.Name)
	}
	if a.Size != nil {
		parts = append(parts, bytesIn(*a.Size))
	}
	return strings.Join(parts, " · ")
}

// bytesIn is a size as people read it.
func bytesIn(size int64) string {
	if size < 1e6 {
		return fmt.Sprintf("%d kB", (size+999)/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(size)/1e6)
}
