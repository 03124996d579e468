package shopify

import (
	"encoding/base64"
	"regexp"
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// DefaultAdminHost is where Shopify's admin lives.
const DefaultAdminHost = "admin.shopify.com"

var storePath = regexp.MustCompile(`^store/[a-z0-9][a-z0-9-]{0,62}$`)

// ParseHostParam reads the host parameter of the application URL, base64 of "admin.shopify.com/store/demo",
// and returns that address without a scheme. adminHosts are the hosts to accept; with none, only
// DefaultAdminHost. The parameter is not secret and proves nothing; it is checked because the app sends the
// browser there. Anything else is KindInvalid.
func ParseHostParam(param string, adminHosts ...string) (string, error) {
	if len(adminHosts) == 0 {
		adminHosts = []string{DefaultAdminHost}
	}
	// Shopify leaves the padding away; links that were copied through other tools carry it.
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(param, "="))
	if err != nil {
		return "", acp.Invalid("invalid", "", "host is not base64")
	}
	host, path, _ := strings.Cut(string(raw), "/")
	if !slices.Contains(adminHosts, host) || !storePath.MatchString(path) {
		return "", acp.Invalid("invalid", "", "host is not an address of Shopify's admin")
	}
	return host + "/" + path, nil
}
