package acp

import "slices"

// What this app can carry out and what it insists on between agent and buyer:
// nothing yet. 3DS needs the acquirer's data, which a merchant at a payment
// provider does not have.
var (
	supportedInterventions []string
	requiredInterventions  []string
)

// CommonInterventions are those that both the agent and this app know;
// required are those that no session is paid without.
func (s Session) CommonInterventions() (common, required []string) {
	return shared(s.Interventions, supportedInterventions), requiredInterventions
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
