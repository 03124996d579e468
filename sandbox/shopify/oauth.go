package shopify

import (
	"net/http"
	"strings"
	"time"

	"github.com/google/uuid"
)

const (
	accessTokenLife  = time.Hour
	refreshTokenLife = 90 * 24 * time.Hour

	grantExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
	typeIDToken   = "urn:ietf:params:oauth:token-type:id_token"
	typeOffline   = "urn:shopify:params:oauth:token-type:offline-access-token"
)

// grant is one pair of tokens. The pair that it replaces stays usable until this one is
// first used: at Shopify that holds for the refresh token; that the older access token
// dies at the same moment is the harsher reading.
type grant struct {
	Access         string    `json:"access_token"`
	Refresh        string    `json:"refresh_token"`
	Expires        time.Time `json:"expires"`
	RefreshExpires time.Time `json:"refresh_expires"`
	Replaces       string    `json:"replaces"` // refresh token of the pair before, "" once that is dead
}

type tokenRequest struct {
	ClientID           string `json:"client_id"`
	ClientSecret       string `json:"client_secret"`
	GrantType          string `json:"grant_type"`
	SubjectToken       string `json:"subject_token"`
	SubjectTokenType   string `json:"subject_token_type"`
	RequestedTokenType string `json:"requested_token_type"`
	Expiring           string `json:"expiring"`
	RefreshToken       string `json:"refresh_token"`
}

func (s *Server) serveToken(w http.ResponseWriter, r *http.Request) {
	s.withFault(w, r, "oauth", func(w http.ResponseWriter) {
		var in tokenRequest
		if err := readJSON(w, r, &in); err != nil {
			oauthError(w, http.StatusBadRequest, "invalid_request")
			return
		}
		if in.ClientID != s.cfg.ClientID || in.ClientSecret != s.cfg.ClientSecret {
			oauthError(w, http.StatusUnauthorized, "invalid_client")
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		s.issue(w, in)
	})
}

func (s *Server) issue(w http.ResponseWriter, in tokenRequest) {
	var replaces, fault string
	switch in.GrantType {
	case grantExchange:
		replaces, fault = s.exchange(in)
	case "refresh_token":
		replaces, fault = s.refresh(in)
	default:
		fault = "unsupported_grant_type"
	}
	if fault != "" {
		oauthError(w, http.StatusBadRequest, fault)
		return
	}
	g := s.newGrant(replaces)
	if err := s.commit(); err != nil {
		s.cfg.Log.Error("issue token", "error", err)
		oauthError(w, http.StatusInternalServerError, "server_error")
		return
	}
	writeJSON(w, http.StatusOK, map[string]any{
		"access_token": g.Access, "scope": strings.Join(s.cfg.Scopes, ","),
		"expires_in": int64(accessTokenLife / time.Second), "refresh_token": g.Refresh,
		"refresh_token_expires_in": int64(refreshTokenLife / time.Second),
	})
}

// exchange turns an id token into a grant. Online tokens and tokens that never expire are
// refused: new public apps cannot have the latter since 2026-04-01.
func (s *Server) exchange(in tokenRequest) (replaces, fault string) {
	if in.SubjectTokenType != typeIDToken || in.RequestedTokenType != typeOffline || in.Expiring != "1" {
		return "", "invalid_request"
	}
	if err := s.checkIDToken(in.SubjectToken); err != nil {
		s.cfg.Log.Info("refuse id token", "error", err)
		return "", "invalid_subject_token"
	}
	if n := len(s.books.Grants); n > 0 {
		return s.books.Grants[n-1].Refresh, ""
	}
	return "", ""
}

func (s *Server) refresh(in tokenRequest) (replaces, fault string) {
	g := s.grantBy(func(g *grant) bool { return g.Refresh == in.RefreshToken })
	if g == nil || in.RefreshToken == "" || !s.now().Before(g.RefreshExpires) {
		return "", "invalid_grant"
	}
	s.use(g)
	return g.Refresh, ""
}

func (s *Server) newGrant(replaces string) *grant {
	now := s.now()
	kept := s.books.Grants[:0:0]
	for _, g := range s.books.Grants {
		// A second refresh with the same token means that the first answer was lost.
		if replaces == "" || g.Replaces != replaces {
			kept = append(kept, g)
		}
	}
	g := &grant{
		Access: "shpat_" + newToken(), Refresh: "shprt_" + newToken(),
		Expires: now.Add(accessTokenLife), RefreshExpires: now.Add(refreshTokenLife), Replaces: replaces,
	}
	s.books.Grants = append(kept, g)
	return g
}

// use marks the first use of a grant, which ends the one it replaced.
func (s *Server) use(g *grant) (first bool) {
	if g.Replaces == "" {
		return false
	}
	kept := s.books.Grants[:0:0]
	for _, other := range s.books.Grants {
		if other.Refresh != g.Replaces {
			kept = append(kept, other)
		}
	}
	s.books.Grants, g.Replaces = kept, ""
	return true
}

func (s *Server) grantBy(match func(*grant) bool) *grant {
	for _, g := range s.books.Grants {
		if match(g) {
			return g
		}
	}
	return nil
}

// authorized tells whether an access token opens the Admin API.
func (s *Server) authorized(token string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	g := s.grantBy(func(g *grant) bool { return g.Access == token })
	if token == "" || g == nil || !s.now().Before(g.Expires) {
		return false
	}
	if s.use(g) {
		if err := s.commit(); err != nil {
			s.cfg.Log.Error("note first use of token", "error", err)
		}
	}
	return true
}

func oauthError(w http.ResponseWriter, status int, code string) {
	writeJSON(w, status, map[string]string{"error": code})
}

func newToken() string { return strings.ReplaceAll(uuid.NewString(), "-", "") }
