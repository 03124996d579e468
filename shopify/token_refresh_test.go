package shopify_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/shopify"
)

// shelf keeps one installation as the store does: a swap works on the revision that was read.
type shelf struct {
	mu       sync.Mutex
	inst     acp.Installation
	renewing time.Time // until when somebody renews
	awaited  bool      // staff must open the app
}

func (s *shelf) Installation(_ context.Context, shop string) (acp.Installation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inst.Shop != shop {
		return acp.Installation{}, acp.NotFound("installation")
	}
	return s.inst, nil
}

func (s *shelf) SaveInstallation(_ context.Context, inst acp.Installation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inst.Revision != inst.Revision {
		return &acp.Error{Kind: acp.KindStale, Message: "somebody else saved"}
	}
	inst.Revision++
	s.inst, s.renewing = inst, time.Time{}
	return nil
}

func (s *shelf) BeginRenewal(_ context.Context, inst acp.Installation, until time.Time) (acp.Installation, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inst.Revision != inst.Revision || s.renewing.After(noon) {
		return acp.Installation{}, &acp.Error{Kind: acp.KindStale, Message: "somebody else renews"}
	}
	s.inst.Revision++
	s.renewing = until
	inst.Revision = s.inst.Revision
	return inst, nil
}

func (s *shelf) EndRenewal(_ context.Context, inst acp.Installation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inst.Revision == inst.Revision {
		s.renewing = time.Time{}
	}
	return nil
}

func (s *shelf) AwaitStaff(_ context.Context, inst acp.Installation) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.inst.Revision != inst.Revision {
		return &acp.Error{Kind: acp.KindStale, Message: "somebody else saved"}
	}
	s.awaited, s.renewing = true, time.Time{}
	return nil
}

func expiresIn(d time.Duration) *shelf {
	return &shelf{inst: acp.Installation{
		Shop: testShop, AccessToken: "shpat_old", RefreshToken: "shprt_old", ExpiresAt: noon.Add(d), Revision: 7,
	}}
}

func accessTokens(t *testing.T, store shopify.Installations, base http.RoundTripper) *shopify.AccessTokens {
	t.Helper()
	tokens, err := shopify.NewAccessTokens(shopify.AccessTokensConfig{
		Store: store, Grants: grants(t, base), Now: atNoon, After: time.After,
	})
	if err != nil {
		t.Fatal(err)
	}
	return tokens
}

func TestTokenIsRenewedOnceBeforeItEnds(t *testing.T) {
	var calls atomic.Int64
	release := make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		<-release
		n := calls.Add(1)
		fmt.Fprintf(w, `{"access_token":"shpat_%d","expires_in":3600,"refresh_token":"shprt_%d","refresh_token_expires_in":7776000}`, n, n)
	})
	store := expiresIn(4 * time.Minute)
	tokens := accessTokens(t, store, base)
	var wg sync.WaitGroup
	for range 20 {
		wg.Go(func() {
			if token, err := tokens.Token(context.Background(), testShop); err != nil || token != "shpat_1" {
				t.Errorf("%q %v", token.Reveal(), err)
			}
		})
	}
	close(release)
	wg.Wait()
	if calls.Load() != 1 {
		t.Errorf("%d refreshes", calls.Load())
	}
	if store.inst.RefreshToken != "shprt_1" || store.inst.Revision != 9 {
		t.Errorf("stored %#v revision %d", store.inst.RefreshToken.Reveal(), store.inst.Revision)
	}
}

func TestTokenWithTimeLeftIsUsedAsItIs(t *testing.T) {
	tokens := accessTokens(t, expiresIn(6*time.Minute), nobody(t))
	if token, err := tokens.Token(context.Background(), testShop); err != nil || token != "shpat_old" {
		t.Errorf("%q %v", token.Reveal(), err)
	}
}

func TestTokenThatCannotBeRenewedIsUsedUntilItsEnd(t *testing.T) {
	if token, err := accessTokens(t, expiresIn(2*time.Minute), nobody(t)).Token(context.Background(), testShop); err != nil || token != "shpat_old" {
		t.Errorf("%q %v", token.Reveal(), err)
	}
	_, err := accessTokens(t, expiresIn(-time.Minute), nobody(t)).Token(context.Background(), testShop)
	wantKind(t, err, acp.KindUnavailable)
}

func TestDeadRefreshTokenAsksStaffToOpenTheApp(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(http.StatusBadRequest)
		fmt.Fprint(w, `{"error":"invalid_grant"}`)
	})
	store := expiresIn(time.Minute)
	_, err := accessTokens(t, store, base).Token(context.Background(), testShop)
	wantKind(t, err, acp.KindReauthorize)
	if !store.awaited {
		t.Error("nobody will ever ask staff to open the app")
	}
	_, err = accessTokens(t, &shelf{}, base).Token(context.Background(), testShop)
	wantKind(t, err, acp.KindNotFound)
}

// Staff open the app, or another process that thought this one dead renews, while this one refreshes: the
// first one's answer, good or bad, gives way.
func TestRenewalOfAnotherProcessWins(t *testing.T) {
	for name, status := range map[string]int{"after a good answer": 200, "after a dead refresh token": 400} {
		t.Run(name, func(t *testing.T) {
			store := expiresIn(time.Minute)
			base := serve(t, func(w http.ResponseWriter, r *http.Request) {
				store.mu.Lock()
				store.inst.AccessToken, store.inst.ExpiresAt, store.inst.Revision = "shpat_theirs", noon.Add(time.Hour), 20
				store.mu.Unlock()
				w.WriteHeader(status)
				_ = json.NewEncoder(w).Encode(map[string]any{"access_token": "shpat_ours", "refresh_token": "r", "expires_in": 3600, "error": "invalid_grant"})
			})
			token, err := accessTokens(t, store, base).Token(context.Background(), testShop)
			if err != nil || token != "shpat_theirs" || store.inst.AccessToken != "shpat_theirs" || store.awaited {
				t.Errorf("%q %v, stored %q", token.Reveal(), err, store.inst.AccessToken.Reveal())
			}
		})
	}
}

// Ten processes find the token over at the same moment. Shopify honours the last of the pairs that it gave for
// one refresh token: were there two, the one that is kept might be the other.
func TestProcessesRenewOneAfterTheOther(t *testing.T) {
	var mu sync.Mutex
	var refreshed []string
	begun, release := make(chan struct{}, 10), make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, r *http.Request) {
		var in struct {
			RefreshToken string `json:"refresh_token"`
		}
		_ = json.NewDecoder(r.Body).Decode(&in)
		mu.Lock()
		refreshed = append(refreshed, in.RefreshToken)
		n := len(refreshed)
		mu.Unlock()
		begun <- struct{}{}
		<-release
		fmt.Fprintf(w, `{"access_token":"shpat_%d","expires_in":3600,"refresh_token":"shprt_%d"}`, n, n)
	})
	store := expiresIn(-time.Minute)
	var looked atomic.Int64
	var all sync.WaitGroup
	for range 10 {
		tokens, err := shopify.NewAccessTokens(shopify.AccessTokensConfig{
			Store: store, Grants: grants(t, base), Now: atNoon,
			After: func(time.Duration) <-chan time.Time {
				if looked.Add(1) == 9 { // each of the others
					close(release)
				}
				return time.After(time.Millisecond)
			},
		})
		if err != nil {
			t.Fatal(err)
		}
		all.Go(func() {
			if token, err := tokens.Token(t.Context(), testShop); err != nil || token != "shpat_1" {
				t.Errorf("%q %v", token.Reveal(), err)
			}
		})
	}
	<-begun
	all.Wait()
	if len(refreshed) != 1 || store.awaited {
		t.Errorf("refreshed with %v; staff awaited: %v", refreshed, store.awaited)
	}
}

// A renewal that came to nothing stops nobody from trying the next moment.
func TestARenewalThatFailedIsTriedAgainAtOnce(t *testing.T) {
	var calls atomic.Int64
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		if calls.Add(1) == 1 {
			w.WriteHeader(http.StatusBadGateway)
			return
		}
		fmt.Fprint(w, grantBody)
	})
	tokens := accessTokens(t, expiresIn(-time.Minute), base)
	_, err := tokens.Token(t.Context(), testShop)
	wantKind(t, err, acp.KindUnavailable)
	if token, err := tokens.Token(t.Context(), testShop); err != nil || token != "shpat_1" || calls.Load() != 2 {
		t.Errorf("%q %v, %d calls", token.Reveal(), err, calls.Load())
	}
}

// The caller who began a renewal may go away; the pair must still reach the store, because Shopify has
// rotated it.
func TestRenewalOutlivesItsCaller(t *testing.T) {
	arrived, release := make(chan struct{}), make(chan struct{})
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		close(arrived)
		<-release
		fmt.Fprint(w, grantBody)
	})
	store := expiresIn(-time.Minute)
	tokens := accessTokens(t, store, base)
	ctx, cancel := context.WithCancel(context.Background())
	gone := make(chan error, 1)
	go func() {
		_, err := tokens.Token(ctx, testShop)
		gone <- err
	}()
	<-arrived
	cancel()
	wantKind(t, <-gone, acp.KindUnavailable)
	second := make(chan acp.Secret, 1)
	go func() {
		token, _ := tokens.Token(context.Background(), testShop)
		second <- token
	}()
	close(release)
	if token := <-second; token != "shpat_1" || store.inst.RefreshToken != "shprt_1" {
		t.Errorf("%q", token.Reveal())
	}
}

func TestRejectedTokenIsReplacedBeforeItsEnd(t *testing.T) {
	base := serve(t, func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, grantBody) })
	tokens := accessTokens(t, expiresIn(50*time.Minute), base)
	for range 2 { // whoever is rejected with the old token later gets the one that is there
		if token, err := tokens.Renew(context.Background(), testShop, "shpat_old"); err != nil || token != "shpat_1" {
			t.Errorf("%q %v", token.Reveal(), err)
		}
	}
}
