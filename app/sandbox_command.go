package app

import (
	"time"

	"github.com/spf13/cobra"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// sandboxFlags are the sandbox's flags; checks outside this repository are
// written against them.
type sandboxFlags struct {
	Listen        string
	ListenShopify string
	ListenStripe  string
	ListenTill    string
	ListenAgent   string
	Data          string
	Ready         string
	Products      int
	Seed          int64
	Catalog       string
	Currency      string
	TaxesIncluded bool
	Once          bool
	Verbose       bool
	Agent3DS      bool
	databaseURL   acp.Secret       // no flag: tests run the same sandbox on PostgreSQL
	pollJobs      time.Duration    // no flag: tests that run side by side look for jobs less often; zero: the usual
	patience      time.Duration    // no flag: how long requests wait on a machine that is busy with other tests; zero: the usual
	now           func() time.Time // no flag: the app's clock, where a test moves it; nil: the real one
	searchLags    func() bool      // no flag: whether the shop's searches miss what is new; nil: for a moment
}

func sandboxCommand(appConfig []byte) *cobra.Command {
	var f sandboxFlags
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the whole product on loopback, with stand-ins for Shopify, two payment providers and an agent platform",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			return runSandbox(cmd.Context(), f, appConfig, cmd.OutOrStdout(), cmd.ErrOrStderr(), func(walkthrough.Ready) {})
		},
	}
	flags := cmd.Flags()
	flags.StringVar(&f.Listen, "listen", "127.0.0.1:8080", "address of the app; port 0 takes a free one")
	flags.StringVar(&f.ListenShopify, "listen-shopify", "127.0.0.1:0", "address of the stand-in for Shopify")
	flags.StringVar(&f.ListenStripe, "listen-stripe", "127.0.0.1:0", "address of the stand-in for Stripe")
	flags.StringVar(&f.ListenTill, "listen-till", "127.0.0.1:0", "address of the stand-in for a second payment provider")
	flags.StringVar(&f.ListenAgent, "listen-agent", "127.0.0.1:0", "address of the stand-in for an agent platform")
	flags.StringVar(&f.Data, "data", "", "folder that is kept across runs (default: a temporary one)")
	flags.StringVar(&f.Ready, "ready", "", "file to write, as JSON, when everything is up")
	flags.IntVar(&f.Products, "products", 60, "how many products to make up")
	flags.Int64Var(&f.Seed, "seed", 1, "of the products that are made up")
	flags.StringVar(&f.Catalog, "catalog", "", "sell these products instead: a Shopify product export (CSV) or a storefront's products.json")
	flags.StringVar(&f.Currency, "currency", "usd", "the shop's currency")
	flags.BoolVar(&f.TaxesIncluded, "taxes-included", false, "the shop's prices contain the tax")
	flags.BoolVar(&f.Once, "once", false, "play a cart and three purchases, check every step, and exit")
	flags.BoolVar(&f.Agent3DS, "agent-3ds", false, "let agents have card holders authenticated, with made-up data of an acquirer")
	flags.BoolVar(&f.Verbose, "verbose", false, "log what the app and the stand-ins do")
	return cmd
}
