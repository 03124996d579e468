package acp

import "time"

// TaskKind names work that must happen after a commit.
type TaskKind string

// The kinds of tasks. A task is a poke: the rows that it works on are the
// truth, so carrying one out twice, or late, does no harm.
const (
	TaskResumeCheckout TaskKind = "resume_checkout" // Key: session
	TaskSettlePayment  TaskKind = "settle_payment"  // Key: session
	TaskFollowPayment  TaskKind = "follow_payment"  // Key: session
	TaskSendEvents     TaskKind = "send_events"     // Key: order
	TaskRefreshOrder   TaskKind = "refresh_order"   // Key: order
	TaskProcessInbox   TaskKind = "process_inbox"   // Key: delivery
	TaskMirrorCatalog  TaskKind = "mirror_catalog"  // Key: empty
	TaskRefreshItems   TaskKind = "refresh_items"   // Key: empty
	TaskReconcile      TaskKind = "reconcile"       // Key: empty
	TaskWatchHandOff   TaskKind = "watch_hand_off"  // Key: session
	TaskSweepDrafts    TaskKind = "sweep_drafts"    // Key: empty
)

// Task is enqueued in the commit that makes it necessary.
type Task struct {
	Kind     TaskKind
	Merchant MerchantID
	Key      string
	RunAt    time.Time // zero: at once
	// IfAbsent leaves the task out when the same one is queued or running
	// already. Only a sweep, which comes again, may ask for that: a running
	// task may be past the rows that make this one necessary.
	IfAbsent bool
}
