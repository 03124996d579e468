package app

import (
	"bufio"
	"encoding/base64"
	"os"
	"reflect"
	"strings"
	"testing"
)

// example is .env.example as a shell or a container would set it.
func example(t *testing.T) map[string]string {
	t.Helper()
	file, err := os.Open("../.env.example")
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	documented := map[string]string{}
	for lines := bufio.NewScanner(file); lines.Scan(); {
		if name, value, found := strings.Cut(lines.Text(), "="); found && !strings.HasPrefix(name, "#") {
			documented[name] = value
		}
	}
	return documented
}

func TestEnvExampleListsEveryVariable(t *testing.T) {
	documented := example(t)
	fields := reflect.VisibleFields(reflect.TypeFor[Config]())
	for _, f := range fields {
		name, _, _ := strings.Cut(f.Tag.Get("env"), ",")
		value, listed := documented[name]
		if !listed {
			t.Errorf("%s is not in .env.example", name)
		}
		if d := f.Tag.Get("envDefault"); d != value && d != "" {
			t.Errorf(".env.example says %s=%s, the default is %s", name, value, d)
		}
		delete(documented, name)
	}
	for name := range documented {
		t.Errorf(".env.example has %s, which nothing reads", name)
	}
}

func TestAllFaultsOfTheConfigurationAreReportedAtOnce(t *testing.T) {
	c := Config{AppURL: "http://app.example.com/", StripeSecretKey: "sk_test_x"}
	err := c.check()
	for _, variable := range []string{"APP_URL", "ENCRYPTION_KEYS", "STRIPE_SHOP", "SESSION_TTL", "MIRROR_EVERY", "RATE_PER_CONNECTION", "JOB_WORKERS"} {
		if err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("%s is not reported in %v", variable, err)
		}
	}
	if err != nil && strings.Contains(err.Error(), "sk_test_x") {
		t.Error("the report shows a secret")
	}
}

func TestHalfAConfigurationOfTLSIsReported(t *testing.T) {
	for variable, c := range map[string]Config{
		"TLS_CERT_FILE and TLS_KEY_FILE": {TLSCertFile: "cert.pem"},
		"TLS_MIN_VERSION":                {TLSCertFile: "cert.pem", TLSKeyFile: "key.pem", TLSMinVersion: "1.1"},
	} {
		if err := c.check(); err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("%s is not reported in %v", variable, err)
		}
	}
}

func TestTheExampleAsItStandsNamesWhatIsMissing(t *testing.T) {
	for name, value := range example(t) {
		t.Setenv(name, value)
	}
	_, err := ReadConfig()
	for _, variable := range []string{"SHOPIFY_CLIENT_ID", "SHOPIFY_CLIENT_SECRET", "ENCRYPTION_KEYS"} {
		if err == nil || !strings.Contains(err.Error(), variable) {
			t.Errorf("%s is not reported in %v", variable, err)
		}
	}
}

func TestTheExampleWithItsRequiredValuesIsAccepted(t *testing.T) {
	for name, value := range example(t) {
		t.Setenv(name, value)
	}
	for name, value := range map[string]string{
		"APP_URL": "https://app.example.com", "SHOPIFY_CLIENT_ID": "id", "SHOPIFY_CLIENT_SECRET": "secret",
		"ENCRYPTION_KEYS": "k2:" + base64.StdEncoding.EncodeToString(make([]byte, 32)) + ",k1:" + base64.StdEncoding.EncodeToString(make([]byte, 32)),
	} {
		t.Setenv(name, value)
	}
	c, err := ReadConfig()
	if err != nil {
		t.Fatal(err)
	}
	keys, err := c.keys()
	if err != nil || len(keys) != 2 || keys[0].ID != "k2" {
		t.Errorf("keys = %d, %v", len(keys), err)
	}
}
