package shopify

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"

	"github.com/acp-bridge/acp-bridge/acp"
)

// DefaultDownloadHosts is where Shopify keeps the results of bulk operations.
func DefaultDownloadHosts() []string { return []string{"storage.googleapis.com"} }

const longestLine = 8 << 20 // bytes; a product with a very long description is far below

// Records implements acp.CatalogSource: it streams the result line by line, so that its size does not matter
// to memory. KindUnavailable when the result breaks off or is shorter than Objects says, KindRefused when the
// address is not Shopify's storage or the result has expired (after seven days), KindInternal when a line
// cannot be read.
func (c *Client) Records(ctx context.Context, m acp.Merchant, b acp.Bulk, each func(acp.Record) error) error {
	if b.URL == "" {
		if b.Objects != 0 {
			return acp.Failed(acp.KindUnavailable, "download export", errors.New("objects but no address"))
		}
		return nil // an empty catalog has no file
	}
	body, err := c.download(ctx, b.URL)
	if err != nil {
		return err
	}
	defer body.Close()
	lines, err := c.readLines(body, m, each)
	if err != nil {
		return err
	}
	if lines != b.Objects {
		return acp.Failed(acp.KindUnavailable, "download export", fmt.Errorf("%d of %d lines", lines, b.Objects))
	}
	return nil
}

func (c *Client) readLines(body io.Reader, m acp.Merchant, each func(acp.Record) error) (int64, error) {
	limited := &io.LimitedReader{R: body, N: c.DownloadLimit + 1}
	scanner := bufio.NewScanner(limited)
	scanner.Buffer(make([]byte, 64<<10), longestLine)
	var lines int64
	for scanner.Scan() {
		lines++
		record, known, err := recordOf(scanner.Bytes(), m)
		if err != nil && !json.Valid(scanner.Bytes()) && !scanner.Scan() {
			lines-- // half a line: the download broke off
			break
		}
		if err != nil {
			return lines, fmt.Errorf("read line %d of export: %w", lines, err)
		}
		if !known {
			continue
		}
		if err := each(record); err != nil {
			return lines, err
		}
	}
	if limited.N <= 0 {
		return lines, acp.Failed(acp.KindInternal, "download export", fmt.Errorf("it is larger than %d bytes", c.DownloadLimit))
	}
	if err := scanner.Err(); err != nil {
		return lines, acp.Failed(acp.KindUnavailable, "download export", err)
	}
	return lines, nil
}

// download fetches a signed address. It carries no access token, and goes to Shopify's storage only: an
// address is data, and must not lead the server to a host of somebody else's choice.
func (c *Client) download(ctx context.Context, address string) (io.ReadCloser, error) {
	u, err := url.Parse(address)
	if err != nil || u.Scheme != "https" || u.User != nil || !slices.Contains(c.DownloadHosts, u.Host) {
		return nil, &acp.Error{Kind: acp.KindRefused, Code: "refused", Message: "the export is not in Shopify's storage"}
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, nil)
	if err != nil {
		return nil, acp.Failed(acp.KindInternal, "download export", err)
	}
	resp, err := (&http.Client{Transport: c.Base, CheckRedirect: refuseRedirect}).Do(req)
	if err != nil {
		return nil, acp.Failed(acp.KindUnavailable, "download export", errors.Unwrap(err)) // *url.Error prints the signed address
	}
	if resp.StatusCode == http.StatusOK {
		return resp.Body, nil
	}
	resp.Body.Close()
	kind := acp.KindUnavailable
	if resp.StatusCode < http.StatusInternalServerError && resp.StatusCode != http.StatusTooManyRequests {
		kind = acp.KindRefused
	}
	return nil, acp.Failed(kind, "download export", fmt.Errorf("status %d", resp.StatusCode))
}
