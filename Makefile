# The commands of the README. Each sees to what it needs.

.PHONY: run test lint bench build chaos fill

run:
	@.ci/setup
	@go build -o bin/onedoor ./cmd/onedoor
	@exec bin/onedoor demo

test: lint
	@.ci/setup test
	go test -timeout 18m -parallel 4 ./...

lint:
	go vet ./...
	go tool -modfile=.ci/tools.mod golangci-lint run

chaos:
	@.ci/setup test
	go test -v -count 1 -run '^TestChaos$$' -timeout 2h ./cmd/onedoor -chaos $(or $(FOR),20m)

bench:
	@.ci/setup test
	go test -run '^$$' -bench . -benchmem ./...

# A database to measure with, as `go test -run XXX -bench BenchmarkPages ./cmd/onedoor -filled /tmp/big` does: make fill N=1000000 DIR=/tmp/big
fill:
	@.ci/setup
	go run ./internal/bulk/fill -n $(or $(N),100000) $(if $(DIR),-dir $(DIR))

build:
	go build -o bin/onedoor ./cmd/onedoor
