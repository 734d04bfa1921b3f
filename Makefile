# Every target works from a fresh clone. It needs Go, make and git, for the race
# detector a C compiler, and for the charts of the HTML report Node.js with npm;
# the only network is the module downloads of Go and of npm.

SHELL := bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help
.DELETE_ON_ERROR:
MAKEFLAGS += --no-builtin-rules

VERSION ?= $(shell git describe --tags --always --dirty 2>/dev/null || echo devel)

# One set of flags, so that all targets share what one of them compiled. Tests
# are apart: the race detector has them compiled anew in any case, and failures
# should name files by their paths. The version says more than what Go stamps.
GIVEN_GOFLAGS := $(shell go env GOFLAGS)
export GOFLAGS := $(strip $(GIVEN_GOFLAGS) -trimpath -buildvcs=false)
test fuzz: export GOFLAGS := $(GIVEN_GOFLAGS)

PACKAGES := ./... ./.tools/testsum
FUZZTIME ?= 10s
TESTFLAGS ?=
BENCHFLAGS ?=
E2EFLAGS ?=

# The race detector needs cgo, which Go turns off where it finds no C compiler.
RACE = $(if $(filter 1,$(shell go env CGO_ENABLED)),-race)

.PHONY: help build assets test lint demo e2e bench profile fuzz generate stale clean

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-10s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

build: assets ## bin/crywolf
	go build -ldflags '-X main.version=$(VERSION)' -o bin/crywolf ./cmd/crywolf

# What the HTML report draws its charts with. Its libraries are pinned in
# package-lock.json, and come from wherever npm is told to get packages from.
PAGE := analyze/report/page
assets: $(PAGE)/built/charts.js ## the charts of the HTML report, bundled by npm's esbuild

$(PAGE)/ui/node_modules/.package-lock.json: $(PAGE)/ui/package.json $(PAGE)/ui/package-lock.json
	@command -v npm >/dev/null || { echo 'npm was not found, with which the charts of the HTML report are built: install Node.js 18 or later. `go build ./cmd/crywolf` does without charts.'; exit 1; }
	npm ci --prefix $(PAGE)/ui --ignore-scripts --no-audit --no-fund
	@touch $@

$(PAGE)/built/charts.js: $(PAGE)/ui/node_modules/.package-lock.json $(PAGE)/ui/build.mjs $(wildcard $(PAGE)/ui/charts/*.js)
	node $(PAGE)/ui/build.mjs

test: assets bin/testsum ## all tests, in random order and under the race detector; lists what was skipped
	@[ -n "$(RACE)" ] || echo 'NOT TESTED: data races. cgo is off or there is no C compiler ($$(go env CC)), so the tests run without -race.'
	bin/testsum $(RACE) -shuffle=on -timeout 15m $(TESTFLAGS) $(PACKAGES)
	@echo 'the HTML report in a browser:'
	cd .tools/browser && '$(CURDIR)/bin/testsum' $(TESTFLAGS) ./...
	@echo 'once more without -race, which would distort what it measures:'
	go test -run TestMillionForeignSeries ./analyze/history

lint: bin/staticcheck ## gofmt, go vet and staticcheck
	@bad=$$(gofmt -l .); [ -z "$$bad" ] || { printf 'not in the form that gofmt gives:\n%s\n' "$$bad"; exit 1; }
	go vet $(PACKAGES)
	go vet -C e2e ./...
	go vet -C .tools/browser ./...
	bin/staticcheck $(PACKAGES)
	cd e2e && ../bin/staticcheck ./...
	cd .tools/browser && ../../bin/staticcheck ./...

demo: build ## a month of a small shop's alerts, generated and reviewed
	go run ./fixtures/demo/generate --out .demo
	bin/crywolf review fixtures/demo/rules --history .demo/data --slo fixtures/demo/slo --output html=.demo/review.html
	@echo 'the same for the team, with charts: .demo/review.html'

e2e: build bin/prometheus bin/alertmanager bin/mimir ## real servers live through a script; what all sources tell of it is compared (4 minutes)
	go build -o bin/testsum ./.tools/testsum
	cd e2e && ../bin/testsum -count=1 -timeout 10m ./... $(E2EFLAGS)

bench: build bin/promtool ## speed and memory, each as a ratio to a named reference
	go build -o bin/bench ./fixtures/bench
	bin/bench $(BENCHFLAGS)

profile: ## the profile of a lint that builds are optimised with, cmd/crywolf/default.pgo
	go test -run '^$$' -bench Lint -benchtime 15s -cpuprofile cmd/crywolf/default.pgo -o '$(CURDIR)/bin/crywolf.test' ./cmd/crywolf

fuzz: ## every fuzz target in turn, FUZZTIME each (10s)
	@targets=$$(go test -list '^Fuzz' $(PACKAGES) | awk '/^Fuzz/ { name[++n] = $$1 } /^ok/ { while (n) print $$2, name[n--] }'); \
	[ -n "$$targets" ] || { echo 'no fuzz targets found'; exit 1; }; \
	while read -r package target; do \
		echo "$$package $$target"; \
		go test -run '^$$' -fuzz "^$$target\$$" -fuzztime $(FUZZTIME) "$$package" </dev/null; \
	done <<<"$$targets"

generate: ## the generated pages and schemas of docs/
	go generate $(PACKAGES)

stale: ## fails when `make generate` changes anything
	@state() { git status --porcelain --untracked-files=all; git diff; }; \
	before=$$(state); $(MAKE) --no-print-directory generate; after=$$(state); \
	[ "$$before" = "$$after" ] || { git status --short; echo 'Generated files were stale. They have been written anew: commit them.'; exit 1; }

clean: ## removes what the other targets built
	rm -rf bin dist .demo .demo.tmp .bench $(PAGE)/built/charts.js $(PAGE)/ui/node_modules

# Tools are pinned by modules of their own, so that theirs never become the
# product's dependencies.
bin/testsum: $(wildcard .tools/testsum/*.go)
	go build -o $@ ./.tools/testsum

bin/staticcheck: .tools/staticcheck/go.mod .tools/staticcheck/go.sum
	go build -C .tools/staticcheck -o '$(CURDIR)/$@' honnef.co/go/tools/cmd/staticcheck

bin/promtool: .tools/promtool/go.mod .tools/promtool/go.sum
	go build -C .tools/promtool -o '$(CURDIR)/$@' github.com/prometheus/prometheus/cmd/promtool

# Without its ways to find targets in clouds, which are most of what there is to compile.
bin/prometheus: .tools/prometheus/go.mod .tools/prometheus/go.sum
	go build -C .tools/prometheus -tags remove_all_sd -o '$(CURDIR)/$@' github.com/prometheus/prometheus/cmd/prometheus

# The module lacks the built pages that it embeds: an empty one takes their place.
bin/alertmanager: .tools/alertmanager/go.mod .tools/alertmanager/go.sum
	go mod download -C .tools/alertmanager github.com/prometheus/alertmanager
	source=$$(mktemp -d); trap 'chmod -R u+w "$$source"; rm -rf "$$source"' EXIT; \
	cp -R "$$(go list -C .tools/alertmanager -m -f '{{.Dir}}' github.com/prometheus/alertmanager)/." "$$source"; \
	chmod -R u+w "$$source"; mkdir -p "$$source/ui/app/dist"; touch "$$source/ui/app/dist/index.html"; \
	go build -C "$$source" -o '$(CURDIR)/$@' ./cmd/alertmanager

bin/mimir: .tools/mimir/go.mod .tools/mimir/go.sum
	go build -C .tools/mimir -o '$(CURDIR)/$@' github.com/grafana/mimir/cmd/mimir
