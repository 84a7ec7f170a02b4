// Package bot is the Telegram side of OneDoor: updates in, messages out. It knows chats, buttons and Telegram's
// limits, and no rules of the domain.
//
// In (receive.go): an update comes by long poll (poll.go) or webhook (webhook.go), is translated into what a
// person did (translate.go) and handed to intake. It is acknowledged only when that has committed; one that
// can't be handled is set aside as a trouble and blocks nobody.
//
// Out (deliver.go): the notices that intake wrote are rendered in the reader's language (render.go and the
// catalogues in texts/) and sent in order within each chat, emergencies first, within Telegram's limits. One
// process at a time receives by long poll and delivers for a bot: the one that holds its lock (lead.go).
// A file that a supervisor sends to a resident is uploaded, once (enclosed.go).
// Sending is at least once: Telegram has no idempotency key, so what may or may not have arrived is repeated.
package bot
