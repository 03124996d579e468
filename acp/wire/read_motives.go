package wire

import "github.com/acp-bridge/acp-bridge/acp"

// What follows reads why a buyer came, agreed and left; shapes that all dates
// have in common, where they have them at all.

func readAttribution(n *node) *acp.Attribution {
	if n == nil {
		return nil
	}
	return &acp.Attribution{
		Provider: n.get("provider").str(), Token: acp.Secret(n.get("token").str()),
		PublisherID: n.get("publisher_id").str(), CampaignID: n.get("campaign_id").str(),
		CreativeID: n.get("creative_id").str(), SubID: n.get("sub_id").str(),
		SourceType: n.get("source").get("type").str(), SourceURL: n.get("source").get("url").str(),
		IssuedAt: n.get("issued_at").moment(), ExpiresAt: n.get("expires_at").moment(),
		Metadata: n.get("metadata").object(),
	}
}

func readConsents(n *node) []acp.Consent {
	var consents []acp.Consent
	for _, c := range n.elements() {
		consents = append(consents, acp.Consent{Channel: c.get("channel").str(), OptedIn: c.get("opted_in").str() == "true"})
	}
	return consents
}

func readTrace(n *node) *acp.IntentTrace {
	if n == nil {
		return nil
	}
	return &acp.IntentTrace{
		Reason:  acp.ReasonOf(n.get("reason_code").str()),
		Summary: n.get("trace_summary").str(), Metadata: n.get("metadata").object(),
	}
}
