package app

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/standin"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

// sandbox is the product with stand-ins around it, all on loopback.
type sandbox struct {
	flags  sandboxFlags
	keys   sandboxKeys
	out    io.Writer
	up     func(walkthrough.Ready) // told when everything answers
	log    *slog.Logger
	listen net.Listener
	around *standIns
	bridge *bridge
}

// errPlayed ends a sandbox that was started with --once; it is not a failure.
var errPlayed = errors.New("played to the end")

func runSandbox(ctx context.Context, f sandboxFlags, appConfig []byte, out, errOut io.Writer, up func(walkthrough.Ready)) (err error) {
	s := &sandbox{flags: f, out: out, up: up}
	if s.log, err = newLog(errOut, "text", sandboxLogLevel(f)); err != nil {
		return err
	}
	forget, err := s.openFolder()
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, s.shut(ctx), forget()) }()
	if err := s.open(ctx, appConfig); err != nil {
		return err
	}
	if err := s.run(ctx); !errors.Is(err, errPlayed) {
		return err
	}
	return nil
}

// run keeps the stand-ins answering until the app has finished what it had in
// hand; one that fails ends everything.
func (s *sandbox) run(ctx context.Context) error {
	around, stop := context.WithCancel(context.WithoutCancel(ctx))
	defer stop()
	group, around := errgroup.WithContext(around)
	for l, h := range s.around.serving() {
		group.Go(func() error { return serve(around, l, h) })
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	context.AfterFunc(around, cancel)
	err := s.bridge.run(ctx, s.serve)
	stop()
	return errors.Join(err, group.Wait())
}

func sandboxLogLevel(f sandboxFlags) string {
	if f.Verbose {
		return "info"
	}
	return "error"
}

// openFolder uses the folder that the user keeps, or a temporary one that is
// removed at the end.
func (s *sandbox) openFolder() (forget func() error, err error) {
	if s.flags.Data != "" {
		return func() error { return nil }, os.MkdirAll(s.flags.Data, 0o700)
	}
	s.flags.Data, err = os.MkdirTemp("", "acp-bridge-sandbox-")
	return func() error { return os.RemoveAll(s.flags.Data) }, err
}

func (s *sandbox) open(ctx context.Context, appConfig []byte) (err error) {
	if err := onLoopback(s.flags); err != nil {
		return err
	}
	if s.keys, err = loadKeys(s.flags.Data); err != nil {
		return err
	}
	if s.listen, err = listenAgain(ctx, s.flags.Listen, s.keys.App); err != nil {
		return err
	}
	s.keys.App = s.listen.Addr().String()
	if s.around, err = openStandIns(ctx, s.flags, &s.keys, s.appURL(), appConfig, s.log); err != nil {
		return err
	}
	if err := standin.Save(keysPath(s.flags.Data), s.keys); err != nil {
		return err
	}
	s.bridge, err = s.build(ctx)
	return err
}

// onLoopback refuses addresses that others could reach: the keys are printed.
func onLoopback(f sandboxFlags) error {
	for _, address := range []string{f.Listen, f.ListenShopify, f.ListenStripe, f.ListenTill, f.ListenAgent} {
		host, _, err := net.SplitHostPort(address)
		if err != nil || !loopback(&url.URL{Host: net.JoinHostPort(host, "0")}) {
			return fmt.Errorf("the sandbox listens on loopback only, such as 127.0.0.1:8080, not on %q", address)
		}
	}
	return nil
}

func (s *sandbox) appURL() string { return "http://" + s.listen.Addr().String() }

func (s *sandbox) build(ctx context.Context) (*bridge, error) {
	c, w, err := s.plan()
	if err != nil {
		return nil, err
	}
	return build(ctx, c, w)
}

// plan is what the app is built from, and what surrounds it here.
func (s *sandbox) plan() (Config, world, error) {
	base, err := url.Parse(s.around.shopifyURL())
	if err != nil {
		return Config{}, world{}, err
	}
	c := Config{
		AppURL: s.appURL(), ShopifyClientID: sandboxClientID, ShopifyClientSecret: acp.Secret(s.keys.ClientSecret),
		DatabasePath: filepath.Join(s.flags.Data, "acp-bridge.db"), DatabaseURL: s.flags.databaseURL, EncryptionKey: []acp.Secret{acp.Secret(s.keys.EncryptionKey)},
		StripeSecretKey: acp.Secret(s.keys.StripeKey), StripeAccount: sandboxProfile, StripeShop: sandboxShop,
		StripeWebhookSecret: acp.Secret(s.keys.EventSecret), StripeAPIVersion: "2026-04-22.preview", SessionTTL: 24 * time.Hour, CartTTL: 14 * 24 * time.Hour, MirrorEvery: 24 * time.Hour, JobWorkers: 4,
		RatePerConnection: 5000, RatePerAddress: 5000,
		AppBridgeURL: base.String() + "/app-bridge.js", PolarisURL: base.String() + "/polaris-1.js",
	}
	if s.flags.Agent3DS {
		c.AcquirerBIN, c.AcquirerCountry, c.AcquirerMerchantID, c.AcquirerMerchantName = "400000", "US", "sandbox-merchant", "Demo Shop"
	}
	now := s.flags.now
	if now == nil {
		now = time.Now
	}
	till, err := s.around.payAtTill(s.keys.TillKey)
	if err != nil {
		return Config{}, world{}, err
	}
	return c, world{
		Now: now, After: time.After,
		Shopify: toStandIn{base: base, next: newLoopbackTransport()}, StripeURL: s.around.stripeURL(),
		OtherPayments: acp.Providers{till},
		AllowLoopback: true, FrameAncestors: []string{s.around.shopifyURL()},
		OrderURL: func(_, id string) string { return base.String() + "/store/demo-shop/orders/" + numericTail(id) },
		AppPage:  func(string) string { return s.around.shop.AdminURL() },
		PollJobs: cmp.Or(s.flags.pollJobs, 50*time.Millisecond), PollBulk: 100 * time.Millisecond, Patience: s.flags.patience, Log: s.log,
	}, c.check()
}

// serve answers for the app, installs it, says that it is up, and goes on until
// the context ends, or until the walkthrough has been played.
func (s *sandbox) serve(ctx context.Context) error {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error { return serve(ctx, s.listen, s.bridge.handler) })
	group.Go(func() error {
		ready, err := s.install(ctx)
		if err != nil {
			return fmt.Errorf("install the app: %w", err)
		}
		if err := s.announce(ready); err != nil {
			return err
		}
		s.up(ready)
		if !s.flags.Once {
			return nil
		}
		if err := walkthrough.Run(ctx, ready, s.out); err != nil {
			return err
		}
		return errPlayed
	})
	return group.Wait()
}

func (s *sandbox) shut(ctx context.Context) error {
	bounded, cancel := context.WithTimeout(context.WithoutCancel(ctx), stopWithin)
	defer cancel()
	return errors.Join(s.around.close(bounded), s.bridge.close())
}
