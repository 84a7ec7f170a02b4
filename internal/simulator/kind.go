package simulator

import (
	"encoding/json"
	"strconv"
	"strings"
)

// kind is a parameter's type in the Bot API.
type kind int

const (
	text    kind = iota
	integer      // of 64 bits
	boolean
	float
	chatRef // an integer or @username
	object  // JSON
	array   // JSON
	file    // an upload, a file_id, or attach://name of an upload
)

// fits tells whether a parameter's text is of a kind.
func (k kind) fits(value string) bool {
	switch k {
	case integer:
		_, err := strconv.ParseInt(value, 10, 64)
		return err == nil
	case boolean:
		_, err := strconv.ParseBool(value)
		return err == nil
	case float:
		_, err := strconv.ParseFloat(value, 64)
		return err == nil
	case chatRef:
		return strings.HasPrefix(value, "@") || integer.fits(value)
	case object:
		var o map[string]json.RawMessage
		return json.Unmarshal([]byte(value), &o) == nil
	case array:
		var a []json.RawMessage
		return json.Unmarshal([]byte(value), &a) == nil
	default:
		return true
	}
}

// wrong is what Telegram says to a parameter that doesn't fit its kind.
func (k kind) wrong(name string) error {
	switch {
	case k == chatRef:
		return bad("chat not found")
	case name == "reply_markup":
		return bad("object expected as reply markup")
	case k == object, k == array:
		return bad("can't parse %s JSON object", name)
	default:
		return bad("invalid %s specified", name)
	}
}

// missing is what Telegram says when a required parameter isn't there.
func missing(name string) error {
	switch name {
	case "text":
		return bad("message text is empty")
	case "message_id":
		return bad("message identifier is not specified")
	case "photo", "voice", "document":
		return bad("there is no %s in the request", name)
	case "action":
		return bad("wrong parameter action in request")
	case "file_id":
		return bad("file_id not specified")
	default:
		return bad("%s is empty", name)
	}
}
