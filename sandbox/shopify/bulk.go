package shopify

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/vektah/gqlparser/v2/ast"
)

// bulkOperation is a query that runs in the background and leaves a JSONL file.
type bulkOperation struct {
	ID          int64      `json:"id"`
	Query       string     `json:"query"`
	Status      string     `json:"status"`
	Polls       int        `json:"polls"`
	CreatedAt   time.Time  `json:"created_at"`
	CompletedAt *time.Time `json:"completed_at"`
	ErrorCode   string     `json:"error_code"`
	Objects     int        `json:"objects"`
	Roots       int        `json:"roots"`
	Size        int        `json:"size"`
	File        string     `json:"file"` // "" when there is nothing to download
}

const (
	maxBulks           = 5
	maxBulkConnections = 5
	maxBulkDepth       = 2
	bulkPolls          = 2 // reads after which an operation is complete
	bulkTime           = 2 * time.Second
)

func (b *bulkOperation) active() bool { return b.Status == "CREATED" || b.Status == "RUNNING" }

func (s *Server) findBulk(id int64) *bulkOperation {
	i := slices.IndexFunc(s.books.Bulks, func(b *bulkOperation) bool { return b.ID == id })
	if i < 0 {
		return nil
	}
	return s.books.Bulks[i]
}

func (s *Server) runBulk(c rootCall) (any, error) {
	var active int
	for _, b := range s.books.Bulks {
		if b.active() {
			active++
		}
	}
	if active >= maxBulks {
		return refused("A bulk query operation for this app and shop is already in progress", "LIMIT_REACHED"), nil
	}
	if flag(c.args["groupObjects"]) {
		return refused("the stand-in does not group objects", "INVALID", "groupObjects"), nil
	}
	query := text(c.args["query"])
	if err := s.checkBulk(query); err != nil {
		return refused(err.Error(), "INVALID", "query"), nil
	}
	b := &bulkOperation{ID: s.books.id(), Query: query, Status: "CREATED", CreatedAt: s.now()}
	s.books.Bulks = append(s.books.Bulks, b)
	s.finishLater(b)
	return done(object{"bulkOperation": s.bulk(b)}), nil
}

// checkBulk accepts what Shopify's bulk operations accept. That every node with a
// connection must select its id is the harsher reading: without it children could not
// name their parent.
func (s *Server) checkBulk(query string) error {
	op, errs := s.accept(graphRequest{Query: query})
	if len(errs) > 0 {
		return fmt.Errorf("invalid bulk query: %w", errs)
	}
	roots := fieldsOf(op.def.SelectionSet)
	if op.def.Operation != ast.Query || len(roots) != 1 {
		return fmt.Errorf("bulk queries must contain exactly one top-level query field")
	}
	root, known := s.roots[roots[0].Name]
	if !known || !isConnection(roots[0]) {
		return fmt.Errorf("bulk queries must contain at least one connection")
	}
	if err := s.allow(roots[0].Name, root.scope); err != nil {
		return err
	}
	count, depth := measure(op.def.SelectionSet, 0)
	if count > maxBulkConnections {
		return fmt.Errorf("bulk queries cannot contain more than %d connections", maxBulkConnections)
	}
	if depth > maxBulkDepth+1 {
		return fmt.Errorf("bulk queries cannot contain connections with a nesting depth greater than %d", maxBulkDepth)
	}
	return selectsIDs(op.def.SelectionSet)
}

// measure counts connections and how deep they are nested, the root one included.
func measure(set ast.SelectionSet, depth int) (count, deepest int) {
	deepest = depth
	for _, f := range fieldsOf(set) {
		below := depth
		if f.Definition != nil && isConnection(f) {
			count++
			below++
		}
		n, d := measure(f.SelectionSet, below)
		count += n
		deepest = max(deepest, d)
	}
	return count, deepest
}

func selectsIDs(set ast.SelectionSet) error {
	for _, f := range fieldsOf(set) {
		if !isConnection(f) {
			continue
		}
		node := nodeField(f)
		if node == nil {
			return fmt.Errorf("connection %s must select edges { node } or nodes", f.Name)
		}
		inner := fieldsOf(node.SelectionSet)
		if !slices.ContainsFunc(inner, func(f *ast.Field) bool { return f.Name == "id" && f.Alias == "id" }) {
			return fmt.Errorf("connection %s must select the id of its nodes", f.Name)
		}
		if err := selectsIDs(node.SelectionSet); err != nil {
			return err
		}
	}
	return nil
}

// nodeField is the selection of a connection's nodes, through edges or directly.
func nodeField(connection *ast.Field) *ast.Field {
	for _, f := range fieldsOf(connection.SelectionSet) {
		switch f.Name {
		case "nodes", "node":
			return f
		case "edges":
			return nodeField(f)
		}
	}
	return nil
}

func (s *Server) queryBulk(c rootCall) (any, error) {
	return s.load("BulkOperation", idOf("BulkOperation", c.args["id"])), nil
}

func (s *Server) queryBulks(c rootCall) (any, error) {
	terms, err := parseSearch(text(c.args["query"]))
	if err != nil {
		return nil, err
	}
	var found []*bulkOperation
	for _, b := range s.books.Bulks {
		fits := true
		for _, t := range terms {
			if t.field == "status" {
				fits = fits && t.any(b.Status) != t.not
			}
		}
		if fits {
			found = append(found, b)
		}
	}
	ids := make([]string, len(found))
	for i, b := range found {
		ids[i] = gid("BulkOperation", b.ID)
	}
	return list{ids: ids, at: func(i int) object { return s.bulk(found[i]) }}, nil
}

func (s *Server) cancelBulk(c rootCall) (any, error) {
	b := s.findBulk(idOf("BulkOperation", c.args["id"]))
	if b == nil {
		return refused("Bulk operation does not exist", "", "id"), nil
	}
	if !b.active() {
		return refused("A bulk operation cannot be canceled when it is "+strings.ToLower(b.Status), "", "id"), nil
	}
	at := s.now()
	b.Status, b.CompletedAt = "CANCELED", &at
	s.notify("bulk_operations/finish", s.bulkPayload(b))
	shown := s.bulk(b)
	shown["status"] = "CANCELING" // it is cancelled after the answer
	return done(object{"bulkOperation": shown}), nil
}

// readBulk shows an operation and moves it on: CREATED, RUNNING, COMPLETED.
func (s *Server) readBulk(b *bulkOperation) object {
	if b.active() {
		b.Polls++
		b.Status = "RUNNING"
		if b.Polls >= bulkPolls {
			s.finishBulk(b)
		}
	}
	return s.bulk(b)
}

func (s *Server) bulk(b *bulkOperation) object {
	view := object{
		"__typename": "BulkOperation", "id": gid("BulkOperation", b.ID), "status": b.Status, "type": "QUERY", "query": b.Query,
		"createdAt": b.CreatedAt, "completedAt": b.CompletedAt, "errorCode": nullable(b.ErrorCode), "objectCount": fmt.Sprint(b.Objects),
		"rootObjectCount": fmt.Sprint(b.Roots), "fileSize": nil, "url": nil, "partialDataUrl": nil,
	}
	if b.File != "" {
		view["fileSize"], view["url"] = fmt.Sprint(b.Size), s.downloadURL(b)
	}
	return view
}

func (s *Server) bulkPayload(b *bulkOperation) object {
	return object{
		"admin_graphql_api_id": gid("BulkOperation", b.ID), "status": strings.ToLower(b.Status), "type": "query",
		"error_code": nullable(strings.ToLower(b.ErrorCode)), "created_at": stamp(b.CreatedAt), "completed_at": b.CompletedAt,
	}
}
