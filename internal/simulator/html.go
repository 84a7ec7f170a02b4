package simulator

import (
	"regexp"
	"strconv"
	"strings"

	"github.com/go-telegram/bot/models"
)

// tags are the elements of Telegram's HTML; a and span need an attribute besides.
var tags = map[string]models.MessageEntityType{
	"b": models.MessageEntityTypeBold, "strong": models.MessageEntityTypeBold,
	"i": models.MessageEntityTypeItalic, "em": models.MessageEntityTypeItalic,
	"u": models.MessageEntityTypeUnderline, "ins": models.MessageEntityTypeUnderline,
	"s": models.MessageEntityTypeStrikethrough, "strike": models.MessageEntityTypeStrikethrough,
	"del": models.MessageEntityTypeStrikethrough, "tg-spoiler": models.MessageEntityTypeSpoiler,
	"span": models.MessageEntityTypeSpoiler, "code": models.MessageEntityTypeCode, "pre": models.MessageEntityTypePre,
	"blockquote": models.MessageEntityTypeBlockquote, "a": models.MessageEntityTypeTextLink,
}

var (
	tagPattern  = regexp.MustCompile(`^<(/?)([a-zA-Z0-9-]*)((?:\s+[a-zA-Z-]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]+))?)*)\s*>`)
	hrefPattern = regexp.MustCompile(`\shref\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+))`)
	charPattern = regexp.MustCompile(`^&(lt|gt|amp|quot|#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6});`)
)

// htmlParser turns Telegram's HTML into text and entities.
type htmlParser struct {
	source string
	at     int // byte offset in source
	text   strings.Builder
	units  int // length of text so far
	open   []openTag
	formatted
}

type openTag struct {
	name   string
	entity models.MessageEntity
}

// parseHTML reads parse_mode=HTML. What Telegram can't parse is refused in its words, with the byte offset.
func parseHTML(source string) (formatted, error) {
	p := &htmlParser{source: source}
	for p.at < len(source) {
		var err error
		switch source[p.at] {
		case '<':
			err = p.tag()
		case '&':
			p.character()
		default:
			next := strings.IndexAny(source[p.at:], "<&")
			if next < 0 {
				next = len(source) - p.at
			}
			p.write(source[p.at : p.at+next])
			p.at += next
		}
		if err != nil {
			return p.formatted, err
		}
	}
	if n := len(p.open); n > 0 {
		return p.formatted, unparsable("Can't find end tag corresponding to start tag \"%s\"", p.open[n-1].name)
	}
	p.formatted.text = p.text.String()
	return p.formatted, nil
}

func unparsable(format string, args ...any) error {
	return bad("can't parse entities: "+format, args...)
}

func (p *htmlParser) write(s string) {
	p.text.WriteString(s)
	p.units += length(s)
}

// character reads one reference such as &lt; — an unknown one stays as it stands.
func (p *htmlParser) character() {
	found := charPattern.FindStringSubmatch(p.source[p.at:])
	if found == nil {
		p.write("&")
		p.at++
		return
	}
	p.at += len(found[0])
	switch name := found[1]; name {
	case "lt":
		p.write("<")
	case "gt":
		p.write(">")
	case "amp":
		p.write("&")
	case "quot":
		p.write(`"`)
	default:
		code, err := strconv.ParseInt("0"+strings.TrimPrefix(strings.ToLower(name), "#"), 0, 32)
		if !strings.ContainsAny(name, "xX") {
			code, err = strconv.ParseInt(name[1:], 10, 32)
		}
		if err == nil {
			p.write(string(rune(code)))
		}
	}
}

func (p *htmlParser) tag() error {
	found := tagPattern.FindStringSubmatch(p.source[p.at:])
	name := ""
	if found != nil {
		name = strings.ToLower(found[2])
	}
	switch {
	case found == nil:
		return unparsable("Unclosed start tag at byte offset %d", p.at)
	case found[1] != "":
		if err := p.end(name); err != nil {
			return err
		}
	default:
		if err := p.start(name, found[3]); err != nil {
			return err
		}
	}
	p.at += len(found[0])
	return nil
}

func (p *htmlParser) start(name, attributes string) error {
	entity := models.MessageEntity{Type: tags[name], Offset: p.units}
	switch {
	case tags[name] == "":
		return unparsable("Unsupported start tag \"%s\" at byte offset %d", name, p.at)
	case name == "span" && !strings.Contains(attributes, "tg-spoiler"):
		return unparsable("Tag \"span\" must have class \"tg-spoiler\" at byte offset %d", p.at)
	case name == "a":
		if href := hrefPattern.FindStringSubmatch(attributes); href != nil {
			entity.URL = href[1] + href[2] + href[3]
		}
	}
	p.open = append(p.open, openTag{name, entity})
	return nil
}

func (p *htmlParser) end(name string) error {
	n := len(p.open) - 1
	switch {
	case n < 0:
		return unparsable("Unexpected end tag at byte offset %d", p.at)
	case name != p.open[n].name && name != "":
		return unparsable("Unmatched end tag at byte offset %d, expected \"</%s>\", found \"</%s>\"", p.at, p.open[n].name, name)
	}
	entity := p.open[n].entity
	p.open = p.open[:n]
	entity.Length = p.units - entity.Offset
	isLink := entity.Type == models.MessageEntityTypeTextLink
	if entity.Length > 0 && (!isLink || entity.URL != "") {
		p.entities = append(p.entities, entity)
	}
	return nil
}
