package wire

import "github.com/acp-bridge/acp-bridge/acp"

// Each older version is the one that followed it, but for its shapes and one
// step: requests are raised to the newest names step by step, sessions lowered
// from the newest shape.

func dialect20260130() dialect {
	d := dialect20260417()
	d.create, d.update, d.complete = create20260130, update20260130, complete20260130
	d.readComplete = readComplete20260130
	d.session = shown(asOf20260130)
	return d
}

func dialect20260116() dialect {
	d := dialect20260130()
	d.create, d.update, d.complete = create20251212, update20251212, complete20260116
	d.raise = []func(*node) *node{raise20260130}
	d.session, d.param = shown(asOf20260116), param20260116
	return d
}

func dialect20251212() dialect {
	d := dialect20260116()
	d.complete = complete20251212
	d.session = shown(asOf20251212)
	return d
}

func dialect20250929() dialect {
	d := dialect20251212()
	d.create, d.update, d.complete, d.cancel = create20250929, update20250929, complete20250929, cancel20250929
	d.raise = []func(*node) *node{raise20251212, raise20260130}
	d.readCancel = func(*node) acp.CancelRequest { return acp.CancelRequest{} } // nothing was checked
	d.session = shown(asOf20250929)
	d.param = func(param string) string { return param20250929(param20260116(param)) }
	return d
}

func asOf20260130(w View) (session20260130, error) {
	return lowered(session20260417, lower20260417)(without3DS(w))
}

func asOf20260116(w View) (session20260116, error) {
	return lowered(asOf20260130, lower20260130)(toldInMessages(w))
}

func asOf20251212(w View) (session20251212, error) { return lowered(asOf20260116, lower20260116)(w) }

func asOf20250929(w View) (session20250929, error) {
	return lowered(asOf20251212, lower20251212)(w)
}

// lowered is how a version writes a session by way of the one that followed it.
func lowered[Newer, Older any](write func(View) (Newer, error), lower func(Newer) Older) func(View) (Older, error) {
	return func(w View) (Older, error) {
		newer, err := write(w)
		if err != nil {
			var none Older
			return none, err
		}
		return lower(newer), nil
	}
}
