package acp

import "slices"

// requiredInterventions are those that this app insists on: none yet.
var requiredInterventions []string

// CommonInterventions are those that both the agent and the ways to pay of the
// session know; required are those that no session is paid without.
func (s Session) CommonInterventions(ways []PaymentHandler) (common, required []string) {
	var ours []string
	if slices.ContainsFunc(ways, func(w PaymentHandler) bool { return w.Acquirer != nil }) {
		ours = []string{Intervention3DS}
	}
	return shared(s.Interventions, ours), requiredInterventions
}

// shared are the elements of ours that theirs has, too, in our order.
func shared(theirs, ours []string) []string {
	var both []string
	for _, o := range ours {
		if slices.Contains(theirs, o) {
			both = append(both, o)
		}
	}
	return both
}

// lacking says of each required intervention that the agent does not have that
// the purchase cannot be finished through it.
func lacking(required, theirs []string) []Message {
	var messages []Message
	for _, r := range required {
		if !slices.Contains(theirs, r) {
			messages = append(messages, Message{
				Type: Problem, Code: CodeInterventionRequired, Param: "$.capabilities.interventions.supported",
				Resolution: ResolveByBuyerReview, Text: TextInterventionRequired, Args: []Argument{textOf("intervention", r)},
			})
		}
	}
	return messages
}
