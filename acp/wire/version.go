package wire

import (
	"slices"
	"strings"

	"github.com/acp-bridge/acp-bridge/acp"
)

// Version is a dated version of the protocol, as the API-Version header names
// it.
type Version string

// The released versions.
const (
	V20250929 Version = "2025-09-29"
	V20251212 Version = "2025-12-12"
	V20260116 Version = "2026-01-16"
	V20260130 Version = "2026-01-30"
	V20260417 Version = "2026-04-17"
)

// V20250912 is how OpenAI's documents call 2025-09-29. It is answered by the
// name that was asked for, and advertised nowhere.
const V20250912 Version = "2025-09-12"

// Codes of errors about the version (checkout RFC, versioning).
const (
	CodeMissingVersion     = "missing_api_version"
	CodeUnsupportedVersion = "unsupported_api_version"
)

// Supported are the versions that this app speaks, oldest first, as the
// discovery document lists them.
func Supported() []Version {
	return []Version{V20250929, V20251212, V20260116, V20260130, V20260417}
}

// Newest is the latest supported version.
func Newest() Version {
	all := Supported()
	return all[len(all)-1]
}

// Released is the version that an alias stands for, any other version itself.
func (v Version) Released() Version {
	if v == V20250912 {
		return V20250929
	}
	return v
}

// Before reports whether v was released before another version.
func (v Version) Before(other Version) bool { return v.Released() < other.Released() }

// SupportedNewestFirst are the names of the versions in the order that the
// Error schema asks for in supported_versions.
func SupportedNewestFirst() []string {
	names := versionNames()
	slices.Reverse(names)
	return names
}

// Negotiate picks the version that an API-Version header asks for. It fails
// with KindInvalid, code missing_api_version or unsupported_api_version; the
// answer then lists SupportedNewestFirst.
func Negotiate(header string) (Version, error) {
	asked := Version(strings.TrimSpace(header))
	if asked == "" {
		return "", acp.Invalid(CodeMissingVersion, "", "the API-Version header is required, such as "+string(Newest()))
	}
	if !slices.Contains(Supported(), asked.Released()) {
		return "", unsupported()
	}
	return asked, nil
}

func unsupported() *acp.Error {
	return acp.Invalid(CodeUnsupportedVersion, "", "this API-Version is not supported; try "+string(Newest()))
}

func versionNames() []string {
	all := Supported()
	names := make([]string, len(all))
	for i, v := range all {
		names[i] = string(v)
	}
	return names
}
