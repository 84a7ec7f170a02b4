# The commands of the README. Each sees to what it needs.

.PHONY: run test lint bench build

run:
	@.ci/setup
	@go build -o bin/onedoor ./cmd/onedoor
	@exec bin/onedoor demo

test: lint
	@.ci/setup test
	go test ./...

lint:
	go vet ./...
	go tool -modfile=.ci/tools.mod golangci-lint run

bench:
	@.ci/setup test
	go test -run '^$$' -bench . -benchmem ./...

build:
	go build -o bin/onedoor ./cmd/onedoor
