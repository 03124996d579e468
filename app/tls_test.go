package app

import (
	"context"
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"encoding/pem"
	"log/slog"
	"math/big"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"
)

// certify writes a certificate with a serial number of its own, as a renewal
// does, and returns the configuration that names it.
func certify(t *testing.T, folder string, serial int64) Config {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{
		SerialNumber: big.NewInt(serial), NotAfter: time.Now().Add(time.Hour), IPAddresses: []net.IP{net.IPv4(127, 0, 0, 1)},
	}
	der, err := x509.CreateCertificate(rand.Reader, template, template, key.Public(), key)
	if err != nil {
		t.Fatal(err)
	}
	private, err := x509.MarshalPKCS8PrivateKey(key)
	if err != nil {
		t.Fatal(err)
	}
	c := Config{TLSCertFile: filepath.Join(folder, "cert.pem"), TLSKeyFile: filepath.Join(folder, "key.pem"), TLSMinVersion: "1.3"}
	for file, block := range map[string]*pem.Block{
		c.TLSKeyFile: {Type: "PRIVATE KEY", Bytes: private}, c.TLSCertFile: {Type: "CERTIFICATE", Bytes: der},
	} {
		if err := os.WriteFile(file, pem.EncodeToMemory(block), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	changed := time.Unix(1_800_000_000+serial, 0) // file times may be too coarse to tell two writes apart
	if err := os.Chtimes(c.TLSCertFile, changed, changed); err != nil {
		t.Fatal(err)
	}
	return c
}

// serving serves with a configuration until the test ends.
func serving(t *testing.T, c Config) (address string) {
	t.Helper()
	l, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	if l, err = c.encrypted(l, slog.New(slog.DiscardHandler)); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() {
		ended <- serve(ctx, l, http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(http.StatusNoContent) }))
	}()
	t.Cleanup(func() { cancel(); <-ended })
	return l.Addr().String()
}

// greet connects with TLS up to a version.
func greet(t *testing.T, address string, newest uint16) (tls.ConnectionState, error) {
	t.Helper()
	dialer := tls.Dialer{Config: &tls.Config{MaxVersion: newest, InsecureSkipVerify: true, NextProtos: []string{"h2"}}} //nolint:gosec // its own certificate; looked at below
	conn, err := dialer.DialContext(t.Context(), "tcp", address)
	if err != nil {
		return tls.ConnectionState{}, err
	}
	defer conn.Close()
	return conn.(*tls.Conn).ConnectionState(), nil
}

func TestServingWithACertificateSpeaksTLS13(t *testing.T) {
	folder := t.TempDir()
	address := serving(t, certify(t, folder, 1))
	state, err := greet(t, address, 0)
	if err != nil || state.Version != tls.VersionTLS13 || state.NegotiatedProtocol != "h2" {
		t.Fatalf("%+v %v", state, err)
	}
	if _, err := greet(t, address, tls.VersionTLS12); err == nil {
		t.Error("TLS 1.2 is spoken")
	}
	certify(t, folder, 2)
	if state, err = greet(t, address, 0); err != nil || state.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Errorf("a renewed certificate is not taken up: %v", err)
	}
	if err := os.WriteFile(filepath.Join(folder, "cert.pem"), []byte("half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if state, err = greet(t, address, 0); err != nil || state.PeerCertificates[0].SerialNumber.Int64() != 2 {
		t.Errorf("half a file ended the service: %v", err)
	}
}

func TestAnOlderTLSIsSpokenWhereItIsAskedFor(t *testing.T) {
	c := certify(t, t.TempDir(), 1)
	c.TLSMinVersion = "1.2"
	if _, err := greet(t, serving(t, c), tls.VersionTLS12); err != nil {
		t.Error(err)
	}
}

func TestACertificateThatIsNotThereEndsTheStart(t *testing.T) {
	l, err := listen(t.Context(), "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	c := Config{TLSCertFile: filepath.Join(t.TempDir(), "none.pem"), TLSKeyFile: "none.key", TLSMinVersion: "1.3"}
	if _, err := c.encrypted(l, slog.New(slog.DiscardHandler)); err == nil {
		t.Error("it serves without")
	}
}
