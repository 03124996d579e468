package shopify

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math/rand/v2"

	"github.com/vektah/gqlparser/v2/ast"
)

// bulkLines collects the lines of a bulk operation.
type bulkLines struct {
	lines [][]byte
	roots int
}

// finishLater completes an operation that nobody polls.
func (s *Server) finishLater(b *bulkOperation) {
	if s.closed {
		return
	}
	s.posts.Add(1)
	go func() {
		defer s.posts.Done()
		if !s.pause(bulkTime) {
			return
		}
		s.mu.Lock()
		defer s.mu.Unlock()
		if b.active() {
			s.finishBulk(b)
		}
		if err := s.commit(); err != nil {
			s.cfg.Log.Error("finish bulk operation", "error", err)
		}
	}()
}

// finishBulk runs the query over the shop as it is now and puts the file aside.
func (s *Server) finishBulk(b *bulkOperation) {
	at := s.now()
	b.CompletedAt, b.Status = &at, "COMPLETED"
	file, err := s.runLines(b)
	if err == nil && len(file) > 0 {
		b.File, b.Size = newToken(), len(file)
		err = s.keepFile(b.File, file)
	}
	if err != nil {
		s.cfg.Log.Error("run bulk operation", "error", err)
		b.Status, b.ErrorCode, b.File = "FAILED", "INTERNAL_SERVER_ERROR", ""
	}
	s.notify("bulk_operations/finish", s.bulkPayload(b))
}

func (s *Server) runLines(b *bulkOperation) ([]byte, error) {
	op, errs := s.accept(graphRequest{Query: b.Query})
	if len(errs) > 0 {
		return nil, fmt.Errorf("accept bulk query: %w", errs)
	}
	x := &execution{s: s, vars: op.vars, bulk: &bulkLines{}}
	field := fieldsOf(op.def.SelectionSet)[0]
	value, err := s.roots[field.Name].run(s, rootCall{args: field.ArgumentMap(op.vars), field: field, vars: op.vars})
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", field.Name, err)
	}
	if err := x.emit(field, value, ""); err != nil {
		return nil, err
	}
	b.Objects, b.Roots = len(x.bulk.lines), x.bulk.roots
	return shuffled(x.bulk.lines, b.ID), nil
}

// shuffled mixes parents and children: without grouping Shopify promises no order at all.
// The seed is the operation's id, so that a run can be repeated.
func shuffled(lines [][]byte, seed int64) []byte {
	random := rand.New(rand.NewPCG(uint64(seed), 1)) //nolint:gosec // an order, not a secret
	random.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
	if len(lines) == 0 {
		return nil
	}
	return append(bytes.Join(lines, []byte("\n")), '\n')
}

// emit writes a line for every node of a connection, its own connections after it.
func (x *execution) emit(field *ast.Field, raw any, parent string) error {
	if compute, ok := raw.(lazy); ok {
		var err error
		if raw, err = compute(field.ArgumentMap(x.vars)); err != nil {
			return err
		}
	}
	all, ok := raw.(list)
	if !ok {
		return nil // the record has no such connection
	}
	node := nodeField(field)
	def := x.s.schema.Types[node.Definition.Type.Name()]
	for i := range all.ids {
		line, err := x.object(def, node.SelectionSet, all.at(i))
		if err != nil {
			return fmt.Errorf("%s: %w", field.Name, err)
		}
		if parent != "" {
			line["__parentId"] = parent
		} else {
			x.bulk.roots++
		}
		encoded, err := json.Marshal(line)
		if err != nil {
			return fmt.Errorf("encode line: %w", err)
		}
		x.bulk.lines = append(x.bulk.lines, encoded)
	}
	return nil
}

// bulkChildren writes a connection of an object as lines instead of into the object.
func (x *execution) bulkChildren(g group, src object) error {
	parent, _ := src["id"].(string)
	return x.emit(g.fields[0], src[g.fields[0].Name], parent)
}
