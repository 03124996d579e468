package app

import (
	"context"
	"errors"
	"net/http"
	"time"

	"github.com/prometheus/client_golang/prometheus/promhttp"
	"github.com/spf13/cobra"
	"golang.org/x/sync/errgroup"
)

func serveCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "serve",
		Short: "Serve the app against Shopify and Stripe, configured by the environment (see .env.example)",
		Args:  cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := ReadConfig()
			if err != nil {
				return err
			}
			log, err := newLog(cmd.ErrOrStderr(), c.LogFormat, c.LogLevel)
			if err != nil {
				return err
			}
			return production(cmd.Context(), c, world{
				Now: time.Now, After: time.After, PollJobs: 500 * time.Millisecond, Log: log,
			})
		},
	}
}

func production(ctx context.Context, c Config, w world) (err error) {
	b, err := build(ctx, c, w)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, b.close()) }()
	l, err := listen(ctx, c.Listen)
	if err != nil {
		return err
	}
	if l, err = c.encrypted(l, w.Log); err != nil {
		return err
	}
	w.Log.InfoContext(ctx, "serving", "listen", l.Addr().String(), "app_url", c.AppURL, "database", b.database.Dialect())
	return b.run(ctx, func(ctx context.Context) error {
		group, ctx := errgroup.WithContext(ctx)
		group.Go(func() error { return serve(ctx, l, b.handler) })
		if c.MetricsListen != "" {
			group.Go(func() error { return serveMetrics(ctx, c.MetricsListen) })
		}
		return group.Wait()
	})
}

// serveMetrics has an address of its own, which is not for the world.
func serveMetrics(ctx context.Context, address string) error {
	l, err := listen(ctx, address)
	if err != nil {
		return err
	}
	mux := http.NewServeMux()
	mux.Handle("GET /metrics", promhttp.Handler())
	return serve(ctx, l, mux)
}
