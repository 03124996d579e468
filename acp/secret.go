package acp

import "log/slog"

// Secret is a token, key or password. Printing, formatting, logging or
// encoding it shows stars; Reveal is the one way to its value, so a search for
// that name finds every place where a secret leaves the process.
type Secret string

const stars = "*****"

// Reveal returns the value.
func (s Secret) Reveal() string { return string(s) }

// Empty reports whether there is no value.
func (s Secret) Empty() bool { return s == "" }

// String implements fmt.Stringer.
func (s Secret) String() string { return stars }

// GoString implements fmt.GoStringer, for %#v.
func (s Secret) GoString() string { return stars }

// LogValue implements slog.LogValuer.
func (s Secret) LogValue() slog.Value { return slog.StringValue(stars) }

// MarshalText implements encoding.TextMarshaler, for JSON and the like.
func (s Secret) MarshalText() ([]byte, error) { return []byte(stars), nil }
