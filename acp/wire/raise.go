package wire

// What follows brings a checked body into the names of a later version. A node
// is never changed in place: an error may still have to show what came.

// rename is what becomes of one member.
type rename struct {
	to    string
	value func(*node) *node // nil: as it is
}

// renamed returns an object with some of its members renamed.
func (n *node) renamed(members map[string]rename) *node {
	if n.kind != objectKind {
		return n
	}
	changed := &node{kind: objectKind, raw: n.raw}
	for _, m := range n.members {
		r, known := members[m.name]
		if known {
			m.name = r.to
		}
		if known && r.value != nil {
			m.value = r.value(m.value)
		}
		changed.members = append(changed.members, m)
	}
	return changed
}

// each applies a step to every element of a list.
func each(step func(*node) *node) func(*node) *node {
	return func(n *node) *node {
		changed := &node{kind: listKind, items: make([]*node, len(n.items))}
		for i, item := range n.items {
			changed.items[i] = step(item)
		}
		return changed
	}
}

// within is an object whose one member is a value.
func within(name string) func(*node) *node {
	return func(n *node) *node {
		return &node{kind: objectKind, members: []member{{name, n}}}
	}
}

// alone is a list whose one element is a value.
func alone(n *node) *node { return &node{kind: listKind, items: []*node{n}} }
