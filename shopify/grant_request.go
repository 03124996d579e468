package shopify

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// grantRefusal is a 4xx by which Shopify says that the presented token is no good.
type grantRefusal struct{ said string }

func (r *grantRefusal) Error() string { return r.said }

func (g *Grants) ask(ctx context.Context, shop ShopDomain, form map[string]string) (grantAnswer, error) {
	ctx, cancel := context.WithTimeout(ctx, g.Timeout)
	defer cancel()
	form["client_id"] = g.App.ClientID
	form["client_secret"] = g.App.Secrets[0].Reveal()
	body, err := json.Marshal(form)
	if err != nil {
		return grantAnswer{}, acp.Failed(acp.KindInternal, "encode grant request", err)
	}
	url := "https://" + string(shop) + "/admin/oauth/access_token"
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return grantAnswer{}, acp.Failed(acp.KindInternal, "build grant request", err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	resp, err := g.http.Do(req)
	if err != nil {
		return grantAnswer{}, acp.Failed(acp.KindUnavailable, "reach Shopify", err)
	}
	defer resp.Body.Close()
	raw, err := io.ReadAll(io.LimitReader(resp.Body, tokenAnswerLimit))
	if err != nil {
		return grantAnswer{}, acp.Failed(acp.KindUnavailable, "read Shopify's answer", err)
	}
	return readGrant(resp, raw)
}

func readGrant(resp *http.Response, raw []byte) (grantAnswer, error) {
	if resp.StatusCode != http.StatusOK {
		return grantAnswer{}, grantFailure(resp, raw)
	}
	var answer grantAnswer
	// A body that does not parse may hold a token: the error says where, never what.
	if err := json.Unmarshal(raw, &answer); err != nil {
		return grantAnswer{}, acp.Failed(acp.KindUnavailable, "read Shopify's answer", errors.New("not the JSON of a token"))
	}
	if answer.AccessToken == "" {
		return grantAnswer{}, acp.Failed(acp.KindUnavailable, "read Shopify's answer", errors.New("no access token in it"))
	}
	return answer, nil
}

func grantFailure(resp *http.Response, raw []byte) error {
	var body struct {
		Error string `json:"error"`
	}
	_ = json.Unmarshal(raw, &body) // an HTML page leaves the code empty, the status still counts
	said := fmt.Sprintf("status %d %s", resp.StatusCode, body.Error)
	switch {
	case resp.StatusCode == http.StatusTooManyRequests:
		throttled := acp.Failed(acp.KindThrottled, "reach Shopify", errors.New(said))
		throttled.RetryAfter = retryAfter(resp.Header)
		return throttled
	case body.Error == "invalid_client" || body.Error == "application_cannot_be_found":
		// Our own credentials are wrong. Calling it a dead refresh token would tell every shop to reopen the app.
		return acp.Failed(acp.KindInternal, "Shopify does not know this app", errors.New(said))
	case body.Error != "" && (resp.StatusCode == http.StatusBadRequest || resp.StatusCode == http.StatusUnauthorized):
		return &grantRefusal{said}
	default:
		return acp.Failed(acp.KindUnavailable, "reach Shopify", errors.New(said))
	}
}

// retryAfter reads the whole seconds of a Retry-After header, which Shopify may write with a fraction.
func retryAfter(h http.Header) time.Duration {
	whole, _, _ := strings.Cut(h.Get("Retry-After"), ".")
	seconds, err := strconv.Atoi(whole)
	if err != nil || seconds < 0 || seconds > 3600 {
		return 0
	}
	return time.Duration(seconds) * time.Second
}
