package wire_test

import (
	"testing"

	"github.com/acp-bridge/acp-bridge/acp"
	"github.com/acp-bridge/acp-bridge/acp/wire"
)

func fingerprint(t *testing.T, body string) string {
	t.Helper()
	sum, err := wire.Fingerprint("POST", "/acp/checkout_sessions", []byte(body))
	if err != nil {
		t.Fatalf("%s: %v", body, err)
	}
	return sum
}

func TestFingerprintsAreEqualForTheSameMeaning(t *testing.T) {
	for _, pair := range [][2]string{
		{`{"a":1,"b":[1,2]}`, ` {"b" : [1.0, 2e0], "a":10e-1}`},
		{`{"a":"é"}`, `{"a":"\u00e9"}`},
		{`{"a":9007199254740992}`, `{"a":9007199254740992.0}`},
		{`{"a":-0}`, `{"a":0e99999}`},
		{``, " \n"},
	} {
		if fingerprint(t, pair[0]) != fingerprint(t, pair[1]) {
			t.Errorf("differ: %s %s", pair[0], pair[1])
		}
	}
}

func TestFingerprintsDifferWithTheMeaning(t *testing.T) {
	seen := map[string]string{}
	for _, body := range []string{
		``, `{}`, `null`, `{"a":null}`, `{"a":[1,2]}`, `{"a":[2,1]}`, `{"a":"1"}`, `{"a":1}`,
		`{"a":9007199254740991}`, `{"a":9007199254740992}`,
	} {
		sum := fingerprint(t, body)
		if other, taken := seen[sum]; taken {
			t.Errorf("%q and %q look alike", body, other)
		}
		seen[sum] = body
	}
	for _, request := range [][2]string{{"PUT", "/acp/checkout_sessions"}, {"POST", "/acp/checkout_session"}} {
		sum, err := wire.Fingerprint(request[0], request[1], nil)
		if err != nil || sum == fingerprint(t, "") || len(sum) != 64 {
			t.Errorf("%v: %s, %v", request, sum, err)
		}
	}
}

func TestNumbersThatWouldCollapseAreRefused(t *testing.T) {
	for _, number := range []string{
		"9007199254740993", "-9007199254740993", "9007199254740992.5", "1e16", "10000000000000000000000", "1e400",
		"9.007199254740993e15", "1e99999999999999999999",
	} {
		_, err := wire.Fingerprint("POST", "/", []byte(`{"a":[0,{"b":`+number+`}]}`))
		refused(t, err, acp.CodeInvalid, "$.a[1].b")
	}
	for _, body := range []string{`{"a":1,"a":2}`, `{`, `{} {}`, `{"a":"\ud800"}`, "\"\xff\""} {
		if _, err := wire.Fingerprint("POST", "/", []byte(body)); acp.KindOf(err) != acp.KindInvalid {
			t.Errorf("%s: %v", body, err)
		}
	}
}
