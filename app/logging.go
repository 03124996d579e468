package app

import (
	"fmt"
	"io"
	"log/slog"
)

// newLog writes structured lines. Secrets are a type that prints as stars, so
// no attribute has to be filtered here.
func newLog(out io.Writer, format, level string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, fmt.Errorf("LOG_LEVEL: %w", err)
	}
	options := &slog.HandlerOptions{Level: l}
	switch format {
	case "json":
		return slog.New(slog.NewJSONHandler(out, options)), nil
	case "text":
		return slog.New(slog.NewTextHandler(out, options)), nil
	default:
		return nil, fmt.Errorf("LOG_FORMAT must be json or text, not %q", format)
	}
}
