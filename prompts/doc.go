// Package prompts understands what a message means: which of the services, how urgent, whether somebody is in
// danger, for whom. It holds the taxonomy (taxonomy.yaml), the recognition of crises (crisis.yaml; certain.go: what experience
// isn't asked about; required.go: which of its expressions to try; plain.go, courtesy.go), a classifier
// that needs no network (offline.go; places.go leaves the names of places out), one that asks a language model (model.go, prompt.tmpl), and the masking of
// what identifies people before text leaves the machine (mask.go). The model also translates (translate.go). Beside
// that it reads dates (moment.go), and that somebody can't tell where they are (nowhere.go). It knows neither requests
// nor chats.
//
// Deterministic first: crisis words are looked for in every message and what they find stands, whatever a model
// says. The residents' words are data to a model, never instructions, and its answer counts only when it
// fits the taxonomy.
package prompts
