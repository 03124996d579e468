# Targets are what CI runs: .ci/run calls check and adds PostgreSQL, a browser and the sandbox.
# The tool is pinned there. `make check` needs Go, gcc (for the race detector) and golangci-lint.

GO      ?= go
BINARY  := bin/acp-bridge
TESTS   ?= ./...
export PATH := $(PATH):$(shell $(GO) env GOPATH)/bin

.PHONY: help check fmt lint test generate sandbox build cover bench fuzz

## help: this list
help:
	@sed -n 's/^## //p' $(MAKEFILE_LIST)

## check: everything that must hold before a commit; under two minutes on two cores
check: lint test

## fmt: rewrite files the way lint wants them
fmt:
	golangci-lint fmt

## lint: the rules of .golangci.yml: format, vet, the import arrows and others
lint:
	golangci-lint run ./...

## test: all tests with the race detector, but for those that need minutes, PostgreSQL or a browser
test:
	CGO_ENABLED=1 $(GO) test -race -short -parallel 8 $(TESTS)

## generate: the typed GraphQL operations and whatever else go:generate names
generate:
	$(GO) generate ./...

## sandbox: the app with stand-ins for Shopify, Stripe and an agent platform, on loopback
sandbox:
	$(GO) run . sandbox

## build: one static binary without a C compiler
build:
	CGO_ENABLED=0 $(GO) build -tags nomsgpack -trimpath -ldflags "-s -w" -o $(BINARY) .

## cover: coverage over all packages, whichever package the test stands in
cover:
	$(GO) test -short -coverpkg=./... -coverprofile=coverage.out ./...
	$(GO) tool cover -func=coverage.out | tail -n 1

BENCHFOR      ?= 3s
BENCHROUNDS   ?= 3
BENCHPROFILES ?=

## bench: what a checkout costs beside a bare net/http handler; BENCHONLY=create measures those rows, BENCHPROFILES=dir keeps CPU profiles
bench:
	$(GO) test -run '^$$' -bench '^BenchmarkCheckout$$' -benchtime 1x -timeout 0 ./app \
		-args -bench.for=$(BENCHFOR) -bench.rounds=$(BENCHROUNDS) -bench.only="$(BENCHONLY)" -bench.profiles=$(abspath $(BENCHPROFILES))

FUZZTIME ?= 10m
FUZZ     ?= .

## fuzz: every fuzz target whose name matches FUZZ, one after the other, FUZZTIME each
fuzz:
	@for package in $$($(GO) list $(TESTS)); do \
		for target in $$($(GO) test -list '^Fuzz' $$package | grep '^Fuzz' | grep -E '$(FUZZ)'); do \
			echo "$$package $$target, $(FUZZTIME)"; \
			$(GO) test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) $$package || exit 1; \
		done; \
	done
