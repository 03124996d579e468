// Package app puts the rooms together: configuration, wiring, the commands and
// the background work. It is the only package that sees all others.
package app

import (
	"context"
	"io"
	"os"
	"runtime/debug"

	"github.com/spf13/cobra"
)

// Run carries out the command line. appConfig is the content of
// shopify.app.toml; the sandbox's stand-in for Shopify goes by it.
func Run(ctx context.Context, args []string, appConfig []byte, stdout, stderr io.Writer) error {
	root := &cobra.Command{
		Use:           "acp-bridge",
		Short:         "Sell a Shopify shop's products through AI agents",
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.SetArgs(args)
	root.SetOut(stdout)
	root.SetErr(stderr)
	rareCollections()
	root.AddCommand(serveCommand(), sandboxCommand(appConfig))
	return root.ExecuteContext(ctx)
}

// rareCollections lets garbage grow to four times what is alive before it is
// collected, unless GOGC says otherwise. What is alive is a few dozen MB, so a
// request's own garbage would otherwise have it scanned hundreds of times a
// second (docs/performance.md).
func rareCollections() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}
