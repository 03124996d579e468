// Package standin holds what every stand-in of the sandbox shares: faults that a
// test orders ahead of time, and books that survive kill -9. It knows nothing of
// what is stood in for.
package standin

import (
	"fmt"
	"net/http"
	"slices"
	"sync"
)

// Modes in which an operation can be told to fail.
const (
	DropBefore = "drop_before" // connection closed, nothing happened
	DropAfter  = "drop_after"  // it took effect and the answer was lost
	HTTP500    = "http_500"    // an error page instead of an answer, nothing happened
	// HTTP500After: an error instead of an answer, yet it took effect.
	HTTP500After = "http_500_after"
	Throttle     = "throttle"   // the service's own way to say "slower", nothing happened
	Delay        = "delay"      // a normal answer, delay_ms late
	Garbage      = "garbage"    // 200 with a body that cannot be parsed, nothing happened
	UserError    = "user_error" // the service's own way to refuse, nothing happened
)

var modes = []string{DropBefore, DropAfter, HTTP500, HTTP500After, Throttle, Delay, Garbage, UserError}

// Fault is one failure ordered for the next Times calls of Operation.
type Fault struct {
	Operation string `json:"operation"`
	Mode      string `json:"mode"`
	Times     int    `json:"times"`    // 0 means once
	DelayMS   int    `json:"delay_ms"` // milliseconds; read with mode delay
}

// Faults is the list of ordered failures. It is safe for concurrent use.
type Faults struct {
	operations []string
	mu         sync.Mutex
	pending    []Fault
	released   chan struct{}
}

// NewFaults accepts orders for the operations named; with none named it accepts any.
func NewFaults(operations ...string) *Faults {
	return &Faults{operations: slices.Clone(operations), released: make(chan struct{})}
}

// Add orders a failure. It refuses an unknown mode or operation and a negative count or delay.
func (f *Faults) Add(fault Fault) error {
	if !slices.Contains(modes, fault.Mode) {
		return fmt.Errorf("unknown mode %q: one of %v", fault.Mode, modes)
	}
	if len(f.operations) > 0 && !slices.Contains(f.operations, fault.Operation) {
		return fmt.Errorf("unknown operation %q: one of %v", fault.Operation, f.operations)
	}
	if fault.Operation == "" || fault.Times < 0 || fault.DelayMS < 0 {
		return fmt.Errorf("operation is required, times and delay_ms are not negative")
	}
	fault.Times = max(fault.Times, 1)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = append(f.pending, fault)
	return nil
}

// Take consumes one failure ordered for operation, oldest first.
func (f *Faults) Take(operation string) (Fault, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i := range f.pending {
		if f.pending[i].Operation != operation {
			continue
		}
		fault := f.pending[i]
		if f.pending[i].Times--; f.pending[i].Times == 0 {
			f.pending = slices.Delete(f.pending, i, i+1)
		}
		return fault, true
	}
	return Fault{}, false
}

// FaultHeader makes the request that carries it fail, in the mode that it names, without
// an order ahead of time: a test that stands between an app and a stand-in picks the very
// call that way, whatever else the app is doing.
const FaultHeader = "Sandbox-Fault"

// For is the failure of this request for operation: its own, else one that was ordered.
func (f *Faults) For(r *http.Request, operation string) (Fault, bool) {
	if mode := r.Header.Get(FaultHeader); slices.Contains(modes, mode) {
		return Fault{Operation: operation, Mode: mode, Times: 1}, true
	}
	return f.Take(operation)
}

// Pending lists the failures still to come, oldest first.
func (f *Faults) Pending() []Fault {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Fault{}, f.pending...)
}

// Clear takes back what was ordered and has not come yet, and lets go of the calls that
// are being delayed.
func (f *Faults) Clear() {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.pending = nil
	close(f.released)
	f.released = make(chan struct{})
}

// Released is closed by the next Clear: a call that is delayed need not wait any longer.
func (f *Faults) Released() <-chan struct{} {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.released
}
