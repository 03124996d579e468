// ACP Bridge lets a Shopify shop sell through AI agents. See README.md.
package main

import (
	"context"
	_ "embed"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"github.com/acp-bridge/acp-bridge/app"
)

//go:embed shopify.app.toml
var appConfig []byte

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := app.Run(ctx, os.Args[1:], appConfig, os.Stdout, os.Stderr); err != nil {
		fmt.Fprintln(os.Stderr, "acp-bridge:", err)
		os.Exit(1) //nolint:gocritic // the deferred stop only restores signal handling
	}
}
