package simulator

import (
	"maps"
	"strings"
)

// method is one of the Bot API's methods: what it takes and what it does.
type method struct {
	name     string
	params   params
	required []string // in the order in which Telegram misses them
	paced    bool     // it sends or edits a message, and so counts towards Limits

	// run carries the call out. It is called with the simulator's lock held.
	run func(*call) (any, error)
}

// params are a method's parameters by name.
type params map[string]kind

// check refuses unknown parameters, those of a wrong type, and the lack of required ones.
func (m method) check(f form) error {
	for name, value := range f.values {
		k, known := m.params[name]
		switch {
		case !known:
			return bad("unknown parameter %q (the simulator is stricter than Telegram here)", name)
		case value != "" && !k.fits(value):
			return wrongType(k, name)
		}
	}
	for _, name := range m.required {
		if _, uploaded := f.files[name]; f.values[name] == "" && !uploaded {
			return missing(name)
		}
	}
	return nil
}

func wrongType(k kind, name string) error {
	switch {
	case name == "reply_markup":
		return bad("object expected as reply markup")
	case name == "chat_id", name == "from_chat_id":
		return bad("chat not found")
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

// methods is what the simulator knows of the Bot API. Parameters of things that it doesn't play (topics,
// business connections, paid broadcasts, effects) are left out, and so are refused.
func methods() map[string]method {
	markup := params{"reply_markup": object}
	words := params{"text": text, "parse_mode": text, "entities": array, "link_preview_options": object}
	caption := params{"caption": text, "parse_mode": text, "caption_entities": array, "show_caption_above_media": boolean}
	silence := params{"chat_id": chatID, "disable_notification": boolean, "protect_content": boolean}
	sending := join(silence, markup, params{"reply_parameters": object})
	origin := params{"from_chat_id": chatID, "message_id": integer}
	target := params{"chat_id": chatID, "message_id": integer, "inline_message_id": text}
	updates := params{"allowed_updates": array}
	scope := params{"scope": object, "language_code": text}

	table := map[string]method{}
	add := func(name string, p params, run func(*call) (any, error), required ...string) {
		paced := strings.HasPrefix(name, "send") && name != "sendChatAction" || strings.HasPrefix(name, "edit") ||
			name == "copyMessage" || name == "forwardMessage"
		table[strings.ToLower(name)] = method{name: name, params: p, required: required, paced: paced, run: run}
	}
	add("getUpdates", join(updates, params{"offset": integer, "limit": integer, "timeout": integer}), getUpdates)
	add("setWebhook", join(updates, params{"url": text, "ip_address": text, "max_connections": integer,
		"drop_pending_updates": boolean, "secret_token": text}), setWebhook)
	add("deleteWebhook", params{"drop_pending_updates": boolean}, deleteWebhook)
	add("getWebhookInfo", nil, getWebhookInfo)

	add("sendMessage", join(sending, words), sendMessage, "chat_id", "text")
	add("sendPhoto", join(sending, caption, params{"photo": file, "has_spoiler": boolean}), sendFile("photo"), "chat_id", "photo")
	add("sendVoice", join(sending, caption, params{"voice": file, "duration": integer}), sendFile("voice"), "chat_id", "voice")
	add("sendDocument", join(sending, caption, params{"document": file, "disable_content_type_detection": boolean}),
		sendFile("document"), "chat_id", "document")
	add("sendMediaGroup", join(silence, params{"media": array, "reply_parameters": object}), sendMediaGroup, "chat_id", "media")
	add("sendLocation", join(sending, params{"latitude": float, "longitude": float, "horizontal_accuracy": float}),
		sendLocation, "chat_id", "latitude", "longitude")
	add("sendContact", join(sending, params{"phone_number": text, "first_name": text, "last_name": text, "vcard": text}),
		sendContact, "chat_id", "phone_number", "first_name")
	add("copyMessage", join(sending, origin, caption), copyMessage, "chat_id", "from_chat_id", "message_id")
	add("forwardMessage", join(silence, origin), forwardMessage, "chat_id", "from_chat_id", "message_id")
	add("sendChatAction", params{"chat_id": chatID, "action": text}, sendChatAction, "chat_id", "action")

	add("editMessageText", join(target, markup, words), editMessageText, "chat_id", "message_id", "text")
	add("editMessageCaption", join(target, markup, caption), editMessageCaption, "chat_id", "message_id")
	add("editMessageReplyMarkup", join(target, markup), editMessageReplyMarkup, "chat_id", "message_id")
	add("deleteMessage", params{"chat_id": chatID, "message_id": integer}, deleteMessage, "chat_id", "message_id")
	add("answerCallbackQuery", params{"callback_query_id": text, "text": text, "show_alert": boolean, "url": text,
		"cache_time": integer}, answerCallbackQuery, "callback_query_id")

	add("getMe", nil, getMe)
	add("getChat", params{"chat_id": chatID}, getChat, "chat_id")
	add("getFile", params{"file_id": text}, getFile, "file_id")
	add("setMyCommands", join(scope, params{"commands": array}), setMyCommands, "commands")
	add("getMyCommands", scope, getMyCommands)
	add("deleteMyCommands", scope, deleteMyCommands)
	for name, field := range map[string]string{"Name": "name", "Description": "description", "ShortDescription": "short_description"} {
		add("setMy"+name, params{field: text, "language_code": text}, setMyText(field))
		add("getMy"+name, params{"language_code": text}, getMyText(field))
	}
	return table
}

func join(parts ...params) params {
	all := params{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}
