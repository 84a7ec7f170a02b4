package bot

// inScript is a place's or station's name in the characters that its reader knows.
func (p *page) inScript(name string) string { return p.texts.Name(p.lang, name) }
