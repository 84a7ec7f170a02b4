// Package open311 lets other programs, such as a county's own, file requests and follow them, by Open311 GeoReport v2
// (https://wiki.open311.org/GeoReport_v2). It knows HTTP, JSON, XML and that standard, and no rules of the domain: what may be
// filed and seen is intake's to decide. docs/api.md is written for who calls it; openapi.json is the same for programs.
package open311
