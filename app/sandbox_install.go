package app

import (
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"os"
	"regexp"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/sandbox/walkthrough"
)

var appFrame = regexp.MustCompile(`<iframe[^>]*\ssrc="([^"]+)"`)

// install opens the app in the miniature admin, as staff would: that installs
// it by token exchange and starts the mirror. Then it makes the two
// connections whose keys the sandbox prints.
func (s *sandbox) install(ctx context.Context) (walkthrough.Ready, error) {
	var ready walkthrough.Ready
	frame, err := s.openAdmin(ctx)
	if err != nil {
		return ready, err
	}
	if _, err := s.get(ctx, frame); err != nil {
		return ready, fmt.Errorf("open the app: %w", err)
	}
	m, err := s.bridge.store.MerchantByShop(ctx, sandboxShop)
	if err != nil {
		return ready, err
	}
	// The stand-ins may listen elsewhere than last time, so the storefront and
	// links in the mirror may have moved.
	if err := s.bridge.install.RefreshProfile(ctx, m.ID); err != nil {
		return ready, err
	}
	if err := s.bridge.catalog.Request(ctx, m.ID); err != nil {
		return ready, err
	}
	if err := s.connect(ctx, m); err != nil {
		return ready, err
	}
	if err := s.awaitMirror(ctx, m.ID); err != nil {
		return ready, err
	}
	return s.ready(ctx, m)
}

func (s *sandbox) openAdmin(ctx context.Context) (string, error) {
	page, err := s.get(ctx, s.around.shop.AdminURL())
	if err != nil {
		return "", fmt.Errorf("open the admin: %w", err)
	}
	frame := appFrame.FindSubmatch(page)
	if frame == nil {
		return "", errors.New("the admin does not embed the app")
	}
	return html.UnescapeString(string(frame[1])), nil
}

func (s *sandbox) get(ctx context.Context, address string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, err
	}
	resp, err := (&http.Client{Transport: newLoopbackTransport(), Timeout: 30 * time.Second}).Do(req)
	if err != nil {
		return nil, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(io.LimitReader(resp.Body, 4<<20))
	if err == nil && resp.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d", req.URL.Path, resp.StatusCode)
	}
	return body, err
}

// connect makes a connection that pays by token and one that hands over. The
// demo shop allows both; a real one starts with handing over.
func (s *sandbox) connect(ctx context.Context, m acp.Merchant) error {
	if err := s.bridge.access.SetCompletion(ctx, m, acp.Delegated); err != nil {
		return err
	}
	for _, c := range []struct {
		id, name string
		how      acp.Completion
		token    string
	}{
		{"con_sandbox_token", "Sandbox agent (pays by token)", acp.Delegated, s.keys.BearerToken},
		{"con_sandbox_handoff", "Sandbox agent (hands over)", acp.HandOff, s.keys.HandoffToken},
	} {
		err := s.bridge.access.Restore(ctx, acp.Keys{
			Connection: acp.Connection{
				ID: acp.ConnectionID(c.id), Merchant: m.ID, Name: c.name, Completion: c.how,
				EventURL: s.around.eventURL(), CreatedAt: m.InstalledAt,
			},
			BearerToken: acp.Secret(c.token), WebhookSecret: acp.Secret(s.keys.WebhookSecret),
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *sandbox) awaitMirror(ctx context.Context, m acp.MerchantID) error {
	ctx, cancel := context.WithTimeout(ctx, 5*time.Minute)
	defer cancel()
	tick := time.NewTicker(50 * time.Millisecond)
	defer tick.Stop()
	for {
		mirror, err := s.bridge.store.Mirror(ctx, m)
		switch {
		case err != nil:
			return err
		case mirror.State == acp.MirrorCurrent:
			return nil
		case mirror.State == acp.MirrorFailed:
			return errors.New("mirror the catalog: " + mirror.LastError)
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("mirror the catalog: %w", ctx.Err())
		case <-tick.C:
		}
	}
}

var errEnough = errors.New("enough")

// ready is what the sandbox tells about itself.
func (s *sandbox) ready(ctx context.Context, m acp.Merchant) (walkthrough.Ready, error) {
	r := walkthrough.Ready{
		AppURL: s.appURL(), ACPBaseURL: s.appURL() + "/acp",
		BearerToken: s.keys.BearerToken, HandoffBearerToken: s.keys.HandoffToken, WebhookSecret: s.keys.WebhookSecret,
		Shop: m.Shop, AdminURL: s.around.shop.AdminURL(), ShopifyURL: s.around.shopifyURL(),
		StripeURL: s.around.stripeURL(), TillURL: s.around.tillURL(), AgentURL: s.around.agentURL(),
		FeedURL: s.appURL() + "/feeds/" + m.FeedToken + ".jsonl", PID: os.Getpid(), Items: []walkthrough.Item{},
	}
	err := s.bridge.store.EachItem(ctx, m.ID, func(it acp.Item) error {
		if it.Hidden != "" || !it.RemovedAt.IsZero() {
			return nil
		}
		title := it.Title
		if it.VariantTitle != "" {
			title += " - " + it.VariantTitle
		}
		r.Items = append(r.Items, walkthrough.Item{
			ID: string(it.ID), Title: title, Price: it.Price, Currency: string(m.Currency),
			Available: it.Availability != acp.OutOfStock,
		})
		if len(r.Items) == maxReadyItems {
			return errEnough
		}
		return nil
	})
	if errors.Is(err, errEnough) {
		err = nil
	}
	return r, err
}

const maxReadyItems = 20
