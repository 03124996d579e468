package handlers_test

import (
	"net/http"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/signature"
)

// signing opens a bridge whose connection has signatures checked.
func signing(t *testing.T, mode acp.SignatureMode) (*bridge, acp.Secret) {
	t.Helper()
	b := open(t)
	keys := must(b.access.SetSignatures(t.Context(), b.merchant(), b.connection().ID, mode, false))
	return b, keys.RequestSecret
}

// connection is the bridge's one, as the books have it.
func (b *bridge) connection() acp.Connection {
	b.t.Helper()
	return must(b.books.Connections(b.t.Context(), "m_1"))[0]
}

// signed are the headers of a request signed a moment ago.
func (b *bridge) signed(secret acp.Secret, body string) []string {
	at := b.clock.Now().Format(time.RFC3339)
	return []string{"Timestamp", at, "Signature", signature.SignRequest(secret, at, []byte(body))}
}

func TestWhereSignaturesAreEnforcedAGoodOneIsNeeded(t *testing.T) {
	b, secret := signing(t, acp.SignaturesEnforce)
	created := b.agent(http.MethodPost, sessions, oneScarf, b.signed(secret, oneScarf)...)
	wantStatus(t, created, http.StatusCreated)
	at := sessions + "/" + decoded[sessionBody](t, created).ID
	wantStatus(t, b.agent(http.MethodGet, at, "", b.signed(secret, "")...), http.StatusOK)
	wantStatus(t, b.agent(http.MethodPost, at, scarfUpdate, b.signed(secret, scarfUpdate)...), http.StatusOK)
	wantStatus(t, b.agent(http.MethodPost, at+"/cancel", "", b.signed(secret, "")...), http.StatusOK)
	if n := b.connection().SignatureFailures; n != 0 {
		t.Errorf("%d failures", n)
	}
}

func TestWhereSignaturesAreEnforcedABadOneIsRefusedBeforeAKeyIsClaimed(t *testing.T) {
	b, secret := signing(t, acp.SignaturesEnforce)
	good := b.signed(secret, oneScarf)
	for name, send := range map[string]func() *httptest.ResponseRecorder{
		"nothing signed":  func() *httptest.ResponseRecorder { return b.agent(http.MethodPost, sessions, oneScarf, keyed...) },
		"a read unsigned": func() *httptest.ResponseRecorder { return b.agent(http.MethodGet, sessions+"/cs_1", "") },
		"another body": func() *httptest.ResponseRecorder {
			return b.agent(http.MethodPost, sessions, oneScarf+" ", append(good, keyed...)...)
		},
		"another secret": func() *httptest.ResponseRecorder {
			return b.agent(http.MethodPost, sessions, oneScarf, append(b.signed("reqsec_other", oneScarf), keyed...)...)
		},
		"two signatures": func() *httptest.ResponseRecorder {
			return b.request(http.MethodPost, sessions, oneScarf, func(r *http.Request) {
				r.Header["Timestamp"], r.Header["Signature"] = []string{good[1]}, []string{good[3], good[3]}
			})
		},
	} {
		w := send()
		wantStatus(t, w, http.StatusUnauthorized)
		e := decoded[errorBody](t, w)
		if e.Type != "invalid_request" || e.Code != "invalid_signature" || len(e.Message) < 20 || !strings.Contains(w.Header().Get("WWW-Authenticate"), "hmac-sha256") {
			t.Errorf("%s: %+v %v", name, e, w.Header())
		}
	}
	if state := b.claims.state(); state != "" {
		t.Errorf("a key is %s", state)
	}
	c := b.connection()
	if c.SignatureFailures != 5 || !c.SignatureFailedAt.Equal(b.clock.Now()) {
		t.Errorf("%d failures, the last at %s", c.SignatureFailures, c.SignatureFailedAt)
	}
	b.clock.advance(6 * time.Minute)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, append(good, keyed...)...), http.StatusUnauthorized) // too old by now
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, append(b.signed(secret, oneScarf), keyed...)...), http.StatusCreated)
}

func TestWhereSignaturesAreLoggedABadOneIsServedAndCounted(t *testing.T) {
	b, secret := signing(t, acp.SignaturesLogged)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, b.signed(secret, oneScarf)...), http.StatusCreated)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf), http.StatusCreated)
	if n := strings.Count(b.log.String(), "signature not valid"); n != 1 {
		t.Errorf("%d lines", n)
	}
	if strings.Contains(b.log.String(), secret.Reveal()) {
		t.Error("the secret is in the log")
	}
	page := b.call(http.MethodGet, "/?id_token="+staffToken, "")
	wantPage(t, page, http.StatusOK, "1 signature failure</strong>, last on")
	wantPage(t, page, http.StatusOK, "21 Nov 2026, 10:04")
}

func TestWhereSignaturesAreOffNobodyLooksAtThem(t *testing.T) {
	b := open(t)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, "Signature", "nonsense", "Timestamp", "yesterday"), http.StatusCreated)
	if n := b.connection().SignatureFailures; n != 0 || strings.Contains(b.log.String(), "signature") {
		t.Errorf("%d failures: %s", n, b.log)
	}
}

func TestABodyThatIsTooLargeIsRefusedBeforeItsSignatureIsChecked(t *testing.T) {
	b, secret := signing(t, acp.SignaturesEnforce)
	big := strings.Repeat("x", 70<<10)
	wantStatus(t, b.agent(http.MethodPost, sessions, big, b.signed(secret, big)...), http.StatusRequestEntityTooLarge)
}

var requestKeyField = regexp.MustCompile(`id="key-request" value="([^"]+)"`)

func TestStaffHaveSignaturesCheckedAndSeeTheSecretOnce(t *testing.T) {
	b := open(t)
	path := "/app/connections/" + string(b.connection().ID) + "/signatures"
	w := b.staff(path, "signatures=enforce")
	wantPage(t, w, http.StatusOK, "Signatures required")
	shown := requestKeyField.FindStringSubmatch(w.Body.String())
	if shown == nil || strings.Contains(w.Body.String(), `id="key-token"`) {
		t.Fatalf("page %s", w.Body)
	}
	secret := acp.Secret(shown[1])
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, b.signed(secret, oneScarf)...), http.StatusCreated)
	for _, later := range []string{"signatures=off", "signatures=log", "signatures=enforce"} {
		w := b.staff(path, later)
		wantStatus(t, w, http.StatusOK)
		if strings.Contains(w.Body.String(), "reqsec_") {
			t.Errorf("%s shows the secret again", later)
		}
	}
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, b.signed(secret, oneScarf)...), http.StatusCreated)
	fresh := requestKeyField.FindStringSubmatch(b.staff(path, "signatures=enforce&fresh=1").Body.String())
	if fresh == nil || fresh[1] == shown[1] {
		t.Fatalf("no new secret: %v", fresh)
	}
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, b.signed(secret, oneScarf)...), http.StatusUnauthorized)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, b.signed(acp.Secret(fresh[1]), oneScarf)...), http.StatusCreated)
	if strings.Contains(b.log.String(), "reqsec_") {
		t.Error("a secret is in the log")
	}
}

func TestANewConnectionMayHaveItsRequestsSigned(t *testing.T) {
	b := open(t)
	w := b.staff("/app/connections", "name=Helm&completion=handoff&signatures=enforce")
	wantPage(t, w, http.StatusOK, `id="key-request"`)
	keys := keyField.FindAllStringSubmatch(w.Body.String(), -1)
	secret := acp.Secret(requestKeyField.FindStringSubmatch(w.Body.String())[1])
	bearer := []string{"Authorization", "Bearer " + keys[0][1]}
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, bearer...), http.StatusUnauthorized)
	wantStatus(t, b.agent(http.MethodPost, sessions, oneScarf, append(b.signed(secret, oneScarf), bearer...)...), http.StatusCreated)
	wantPage(t, b.staff("/app/connections", "name=Helm&signatures=perhaps"), http.StatusUnprocessableEntity, "off, log or enforce")
}

func TestSignaturesOfAnotherShopsOrARevokedConnectionStayAsTheyAre(t *testing.T) {
	b := open(t)
	b.books.settle(t, "m_2", "other.myshopify.com", "other-feed", b.clock.Now())
	id := string(b.connection().ID)
	w := b.call(http.MethodPost, "/app/connections/"+id+"/signatures", "signatures=enforce", "Authorization", "Bearer "+goodStaff+"other.myshopify.com",
		"Content-Type", "application/x-www-form-urlencoded")
	wantStatus(t, w, http.StatusUnprocessableEntity)
	wantPage(t, b.staff("/app/connections/"+id+"/signatures", "signatures=perhaps"), http.StatusUnprocessableEntity, "off, log or enforce")
	b.staff("/app/connections/"+id+"/revoke", "")
	wantPage(t, b.staff("/app/connections/"+id+"/signatures", "signatures=enforce"), http.StatusUnprocessableEntity, "does not exist")
	if mode := b.connection().SignatureMode; mode != acp.SignaturesOff {
		t.Errorf("mode became %s", mode)
	}
}
