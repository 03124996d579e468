package store_test

import (
	"strings"
	"testing"
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

func TestWhatWasAgreedOnSignaturesIsKeptAndItsSecretSealed(t *testing.T) {
	onEachEngine(t, func(t *testing.T, b *books) {
		must(t, b.SaveConnection(t.Context(), acp.Connection{ID: "con_1", Merchant: b.m.ID, EventSecret: "whsec_plain"}, "hash"))
		c, err := b.Connection(t.Context(), b.m.ID, "con_1")
		if err != nil || c.SignatureMode != acp.SignaturesOff || !c.RequestSecret.Empty() {
			t.Fatalf("at first %s %v", c.SignatureMode, err)
		}
		must(t, b.SetSignatures(t.Context(), b.m.ID, "con_1", acp.SignaturesEnforce, "reqsec_plain"))
		together(20, func(int) {
			if err := b.CountBadSignature(t.Context(), b.m.ID, "con_1", noon.Add(time.Hour)); err != nil {
				t.Error(err)
			}
		})
		c, m, err := b.ConnectionByToken(t.Context(), "hash")
		want := acp.Signing{
			SignatureMode: acp.SignaturesEnforce, RequestSecret: "reqsec_plain", SignatureFailures: 20, SignatureFailedAt: noon.Add(time.Hour),
		}
		if err != nil || m.ID != b.m.ID || !c.SignatureFailedAt.Equal(want.SignatureFailedAt) {
			t.Fatalf("%+v %v", c.Signing, err)
		}
		if c.SignatureFailedAt = want.SignatureFailedAt; c.Signing != want || c.EventSecret != "whsec_plain" {
			t.Errorf("%+v", c.Signing)
		}
		if strings.Contains(dump(t, b), "reqsec_plain") {
			t.Error("the secret can be read")
		}
		must(t, b.RevokeConnection(t.Context(), b.m.ID, "con_1", noon))
		wantKind(t, b.SetSignatures(t.Context(), b.m.ID, "con_1", acp.SignaturesOff, ""), acp.KindNotFound)
		wantKind(t, b.SetSignatures(t.Context(), "m_other", "con_1", acp.SignaturesOff, ""), acp.KindNotFound)
	})
}
