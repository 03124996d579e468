package app

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"sync"
	"time"
)

// tlsVersions are what TLS_MIN_VERSION may say. The protocol demands 1.3
// (checkout RFC, 7); 1.2 is for whoever must be reached by something older.
var tlsVersions = map[string]uint16{"1.3": tls.VersionTLS13, "1.2": tls.VersionTLS12}

// encrypted ends TLS here where the configuration names a certificate, and
// leaves the listener as it is where a proxy in front does that.
func (c Config) encrypted(l net.Listener, log *slog.Logger) (net.Listener, error) {
	if c.TLSCertFile == "" {
		return l, nil
	}
	k := &keyPair{certFile: c.TLSCertFile, keyFile: c.TLSKeyFile, log: log}
	if _, err := k.current(nil); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	return tls.NewListener(l, &tls.Config{
		MinVersion: tlsVersions[c.TLSMinVersion], GetCertificate: k.current, NextProtos: []string{"h2", "http/1.1"},
	}), nil
}

// keyPair is a certificate that is read again when its file has changed, so
// that a renewed one needs no restart.
type keyPair struct {
	certFile, keyFile string
	log               *slog.Logger

	mu     sync.Mutex
	loaded *tls.Certificate
	asOf   time.Time // the file's time of change
}

// current is the certificate of the files as they are now. One that cannot be
// read, such as while it is being replaced, leaves the one before in use.
func (k *keyPair) current(*tls.ClientHelloInfo) (*tls.Certificate, error) {
	k.mu.Lock()
	defer k.mu.Unlock()
	read, err := k.read()
	switch {
	case err == nil:
		k.loaded = read
	case k.loaded == nil:
		return nil, fmt.Errorf("read TLS certificate: %w", err)
	default:
		k.log.LogAttrs(context.Background(), slog.LevelError, "TLS certificate not read again; the one before stays in use", slog.Any("error", err))
	}
	return k.loaded, nil
}

// read gives back what is loaded where the file has not changed since.
func (k *keyPair) read() (*tls.Certificate, error) {
	file, err := os.Stat(k.certFile)
	if err != nil {
		return nil, err
	}
	if k.loaded != nil && file.ModTime().Equal(k.asOf) {
		return k.loaded, nil
	}
	pair, err := tls.LoadX509KeyPair(k.certFile, k.keyFile)
	if err != nil {
		return nil, err
	}
	k.asOf = file.ModTime()
	return &pair, nil
}
