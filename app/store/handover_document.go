package store

import (
	"time"

	"github.com/acp-bridge/acp-bridge/acp"
)

// handoverDocument lacks when the shop is to be asked: that is a column.
type handoverDocument struct {
	Token         string                `json:"token"`
	DraftID       string                `json:"draft_id,omitzero"`
	Revision      int64                 `json:"revision"`
	DraftRevision int64                 `json:"draft_revision"`
	Superseded    []handedDraftDocument `json:"superseded,omitzero"`
	FollowedAt    time.Time             `json:"followed_at,omitzero"`
}

type handedDraftDocument struct {
	ID       string    `json:"id,omitzero"`
	Revision int64     `json:"revision"`
	Since    time.Time `json:"since,omitzero"`
}

func newHandoverDocument(h *acp.Handover) *handoverDocument {
	if h == nil {
		return nil
	}
	return &handoverDocument{
		Token: h.Token, DraftID: h.DraftID, Revision: h.Revision, DraftRevision: h.DraftRevision, FollowedAt: h.FollowedAt,
		Superseded: each(h.Superseded, func(d acp.HandedDraft) handedDraftDocument { return handedDraftDocument(d) }),
	}
}

func (d *handoverDocument) handover() *acp.Handover {
	if d == nil {
		return nil
	}
	return &acp.Handover{
		Token: d.Token, DraftID: d.DraftID, Revision: d.Revision, DraftRevision: d.DraftRevision, FollowedAt: d.FollowedAt,
		Superseded: each(d.Superseded, func(d handedDraftDocument) acp.HandedDraft { return acp.HandedDraft(d) }),
	}
}
