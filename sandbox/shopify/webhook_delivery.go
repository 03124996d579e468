package shopify

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"
)

const (
	deliverySlots   = 8
	deliveryTimeout = 5 * time.Second
)

// deliver makes one delivery: at once, or after its hold, then with growing pauses until
// the app answers 2xx or the attempts are used up. Shopify spreads eight retries over four
// hours; here they take about a minute.
func (s *Server) deliver(d *delivery) {
	defer s.posts.Done()
	pause := d.Hold
	for pause == 0 || s.pause(pause) {
		err := s.attempt(d)
		if err != nil {
			s.cfg.Log.Info("webhook not delivered", "topic", d.Topic, "attempt", d.Attempts, "error", err)
		}
		if over := s.settle(d, err == nil); over || s.stopping() {
			return
		}
		pause = firstBackoff << max(d.Attempts-1, 0)
	}
}

// settle writes an attempt down; over tells that nothing is owed any more.
func (s *Server) settle(d *delivery, delivered bool) (over bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if delivered {
		d.Copies--
	} else {
		d.Attempts++
	}
	over = d.Copies <= 0 || d.Attempts >= maxAttempts
	if over {
		s.books.Deliveries = slices.DeleteFunc(s.books.Deliveries, func(other *delivery) bool { return other == d })
	}
	if err := s.commit(); err != nil {
		s.cfg.Log.Error("note webhook attempt", "error", err)
	}
	return over
}

// pause waits; false means that the stand-in is closing.
func (s *Server) pause(d time.Duration) bool {
	select {
	case <-s.cfg.After(d):
		return true
	case <-s.stop:
		return false
	}
}

func (s *Server) stopping() bool {
	select {
	case <-s.stop:
		return true
	default:
		return false
	}
}

func (s *Server) attempt(d *delivery) error {
	select {
	case s.slots <- struct{}{}:
		defer func() { <-s.slots }()
	case <-s.stop:
		return errors.New("closing")
	}
	base := s.cfg.AppURL()
	if base == "" {
		return errors.New("the app does not listen yet")
	}
	ctx, cancel := context.WithTimeout(s.alive, deliveryTimeout)
	defer cancel()
	url := d.URI
	if strings.HasPrefix(url, "/") {
		url = strings.TrimRight(base, "/") + url
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, strings.NewReader(d.Body))
	if err != nil {
		return fmt.Errorf("address webhook: %w", err)
	}
	s.sign(req, d)
	res, err := s.cfg.Webhooks.RoundTrip(req)
	if err != nil {
		return fmt.Errorf("send webhook: %w", err)
	}
	_, err = io.Copy(io.Discard, io.LimitReader(res.Body, bodyLimit))
	if err := errors.Join(err, res.Body.Close()); err != nil {
		return fmt.Errorf("read answer to webhook: %w", err)
	}
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return fmt.Errorf("webhook answered %d", res.StatusCode) // a redirect is a failure, too
	}
	return nil
}

func (s *Server) sign(req *http.Request, d *delivery) {
	mac := hmac.New(sha256.New, []byte(s.cfg.ClientSecret))
	mac.Write([]byte(d.Body))
	for name, value := range map[string]string{
		"Content-Type": "application/json", "User-Agent": "Shopify-Captain-Hook", "X-Shopify-Topic": d.Topic,
		"X-Shopify-Shop-Domain": s.cfg.Shop, "X-Shopify-API-Version": APIVersion, "X-Shopify-Webhook-Id": d.ID,
		"X-Shopify-Event-Id": d.EventID, "X-Shopify-Triggered-At": d.TriggeredAt.Format(time.RFC3339Nano),
		"X-Shopify-Hmac-Sha256": base64.StdEncoding.EncodeToString(mac.Sum(nil)),
	} {
		req.Header.Set(name, value)
	}
	if d.Name != "" {
		req.Header.Set("X-Shopify-Name", d.Name)
	}
}
