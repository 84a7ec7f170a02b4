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
			return k.wrong(name)
		}
	}
	for _, name := range m.required {
		if _, uploaded := f.files[name]; f.values[name] == "" && !uploaded {
			return missing(name)
		}
	}
	return nil
}

// methods is what the simulator knows of the Bot API. Parameters for what it doesn't play (business
// connections, paid broadcasts, effects) are left out, and so are refused.
func methods() map[string]method {
	table := map[string]method{}
	add := func(name string, p params, run func(*call) (any, error), required ...string) {
		paced := strings.HasPrefix(name, "send") && name != "sendChatAction" || strings.HasPrefix(name, "edit") ||
			name == "copyMessage" || name == "forwardMessage"
		table[strings.ToLower(name)] = method{name, p, required, paced, run}
	}
	receiving(add)
	sending(add)
	editing(add)
	describing(add)
	return table
}

// adder puts a method into the table.
type adder func(name string, p params, run func(*call) (any, error), required ...string)

func receiving(add adder) {
	updates := params{"allowed_updates": array}
	add("getUpdates", join(updates, params{"offset": integer, "limit": integer, "timeout": integer}), getUpdates)
	add("setWebhook", join(updates, params{"url": text, "ip_address": text, "max_connections": integer,
		"drop_pending_updates": boolean, "secret_token": text}), setWebhook)
	add("deleteWebhook", params{"drop_pending_updates": boolean}, deleteWebhook)
	add("getWebhookInfo", nil, getWebhookInfo)
	add("getFile", params{"file_id": text}, getFile, "file_id")
	add("answerCallbackQuery", params{"callback_query_id": text, "text": text, "show_alert": boolean, "url": text,
		"cache_time": integer}, answerCallbackQuery, "callback_query_id")
}

func sending(add adder) {
	quiet := params{"chat_id": chatRef, "message_thread_id": integer, "disable_notification": boolean, "protect_content": boolean}
	usual := join(quiet, params{"reply_markup": object, "reply_parameters": object})
	words := params{"text": text, "parse_mode": text, "entities": array, "link_preview_options": object}
	caption := params{"caption": text, "parse_mode": text, "caption_entities": array, "show_caption_above_media": boolean}
	origin := params{"from_chat_id": chatRef, "message_id": integer}

	add("sendMessage", join(usual, words), sendMessage, "chat_id", "text")
	add("sendPhoto", join(usual, caption, params{"photo": file, "has_spoiler": boolean}), sendFile("photo"), "chat_id", "photo")
	add("sendVoice", join(usual, caption, params{"voice": file, "duration": integer}), sendFile("voice"), "chat_id", "voice")
	add("sendDocument", join(usual, caption, params{"document": file, "disable_content_type_detection": boolean}),
		sendFile("document"), "chat_id", "document")
	add("sendMediaGroup", join(quiet, params{"media": array, "reply_parameters": object}), sendMediaGroup, "chat_id", "media")
	add("sendLocation", join(usual, params{"latitude": float, "longitude": float, "horizontal_accuracy": float}),
		sendLocation, "chat_id", "latitude", "longitude")
	add("sendContact", join(usual, params{"phone_number": text, "first_name": text, "last_name": text, "vcard": text}),
		sendContact, "chat_id", "phone_number", "first_name")
	add("copyMessage", join(usual, origin, caption), copyMessage, "chat_id", "from_chat_id", "message_id")
	add("forwardMessage", join(quiet, origin), forwardMessage, "chat_id", "from_chat_id", "message_id")
	add("createForumTopic", params{"chat_id": chatRef, "name": text, "icon_color": integer}, createForumTopic, "chat_id", "name")
	topic := params{"chat_id": chatRef, "message_thread_id": integer}
	add("closeForumTopic", topic, setTopic(true), "chat_id", "message_thread_id")
	add("reopenForumTopic", topic, setTopic(false), "chat_id", "message_thread_id")
	add("sendChatAction", params{"chat_id": chatRef, "action": text}, sendChatAction, "chat_id", "action")
}

func editing(add adder) {
	target := params{"chat_id": chatRef, "message_id": integer}
	markup := join(target, params{"reply_markup": object})
	add("editMessageText", join(markup, params{"text": text, "parse_mode": text, "entities": array, "link_preview_options": object}),
		editMessageText, "chat_id", "message_id", "text")
	add("editMessageCaption", join(markup, params{"caption": text, "parse_mode": text, "caption_entities": array,
		"show_caption_above_media": boolean}), editMessageCaption, "chat_id", "message_id")
	add("editMessageReplyMarkup", markup, editMessageReplyMarkup, "chat_id", "message_id")
	add("deleteMessage", target, deleteMessage, "chat_id", "message_id")
}

func describing(add adder) {
	scope := params{"scope": object, "language_code": text}
	add("getMe", nil, getMe)
	add("getChat", params{"chat_id": chatRef}, getChat, "chat_id")
	add("setMyCommands", join(scope, params{"commands": array}), setMyCommands, "commands")
	add("getMyCommands", scope, getMyCommands)
	add("deleteMyCommands", scope, deleteMyCommands)
	for name, field := range map[string]string{"Name": "name", "Description": "description", "ShortDescription": "short_description"} {
		add("setMy"+name, params{field: text, "language_code": text}, setMyText(field))
		add("getMy"+name, params{"language_code": text}, getMyText(field))
	}
}

func join(parts ...params) params {
	all := params{}
	for _, p := range parts {
		maps.Copy(all, p)
	}
	return all
}
