// Package simulator is a Telegram for one machine: an HTTP server that speaks the Bot API, with people on the
// other side of it who write, press buttons and block the bot as a test, a script or the phones page tells them.
//
// It exists so that the very program which serves residents can be run, watched and broken without Telegram:
// point TELEGRAM_API_URL at it and nothing else changes. So it has to be strict where Telegram is strict (limits,
// refusals and their wording, what an edit does to a keyboard, the order of updates) and is stricter in one
// thing: an unknown parameter, which Telegram ignores, is refused, because here it can only be a typo.
//
// It knows the methods listed in methods.go, private chats, groups and their topics, long polling, webhooks, files, formatting
// by HTML and by entities. It does not know channels, inline mode, payments, Markdown, or files by URL.
// Nothing is stored: everything is gone with the process.
//
// Where a rule's source is not named, it is the Bot API 10.1 (https://core.telegram.org/bots/api); the wording of
// refusals is that of Telegram's own server (https://github.com/tdlib/telegram-bot-api).
package simulator
