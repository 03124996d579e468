package handlers

import (
	"github.com/acp-bridge/acp-bridge/static"
	"github.com/acp-bridge/acp-bridge/templates"
)

// app holds what the handlers share.
type app struct {
	Config
	pages        *templates.Pages
	files        *static.Files
	byConnection *throttle
	byAddress    *throttle
	described    described
}

// Largest bodies that are read.
const (
	agentBody   = 64 << 10 // checkout RFC: larger ones are 413
	webhookBody = 2 << 20
	formBody    = 16 << 10
)
