package database

import (
	"errors"
	"net/url"
)

// errURL doesn't repeat the URL: a password may be in it.
var errURL = errors.New("DATABASE_URL should look like postgres://user:password@host:5432/name")

// withParameter adds a parameter to a PostgreSQL URL that doesn't have it.
func withParameter(text, name, value string) (string, error) {
	u, err := url.Parse(text)
	if err != nil || u.Scheme != "postgres" && u.Scheme != "postgresql" {
		return "", errURL
	}
	query := u.Query()
	if !query.Has(name) {
		query.Set(name, value)
	}
	u.RawQuery = query.Encode()
	return u.String(), nil
}

// hidePassword is a URL for messages: without what follows the name, where a password may stand too.
func hidePassword(text string) string {
	u, err := url.Parse(text)
	if err != nil {
		return "DATABASE_URL"
	}
	if host := u.Query().Get("host"); u.Host == "" && host != "" {
		u.RawQuery = url.Values{"host": {host}}.Encode()
	} else {
		u.RawQuery = ""
	}
	return u.Redacted()
}
