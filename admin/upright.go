package admin

import (
	"bytes"
	"strings"
)

// turns tells whether a character is one of those that turn the direction of the text around them (the embeddings, overrides and
// isolates of Unicode's UAX 9). No text of ours has them; in somebody else's they make one thing look like another.
func turns(r rune) bool { return r >= 0x202A && r <= 0x202E || r >= 0x2066 && r <= 0x2069 }

// upright leaves out the marks that turn the direction of text.
func upright(text string) string {
	return strings.Map(func(r rune) rune {
		if turns(r) {
			return -1
		}
		return r
	}, text)
}

// uprightPage is upright for a whole page.
func uprightPage(page []byte) []byte {
	if bytes.IndexFunc(page, turns) < 0 {
		return page
	}
	return []byte(upright(string(page)))
}
