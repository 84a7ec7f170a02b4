package texts

import "onedoor/internal/hant"

// Name is the name of a place or station in the characters that readers of a language know. What it has written is kept:
// the names are those on record, and a page has hundreds.
func (c *Catalogue) Name(lang, name string) string {
	if lang != "zh-HK" {
		return name
	}
	if written, ok := c.names.Load(name); ok {
		return written.(string) //nolint:forcetypeassert // nothing else is put there
	}
	written := hant.Traditional(name)
	c.names.Store(name, written)
	return written
}
