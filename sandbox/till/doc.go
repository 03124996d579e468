// Package till stands in for a payment provider that is as unlike Stripe as a
// provider of agents' payments may be: a sale takes the money at once, a token
// shows nothing before it is used, nobody asks the card holder, and whoever
// lost an answer puts the same sale again, for requests are remembered for
// good. Amounts are decimal strings.
//
// It moves no money and plays no provider that exists. Its adapter is in pay.
package till
