# The two commands of a newcomer are `make demo` and `make test`; each installs what it needs.

PRESET ?= release
BUILD := build/$(PRESET)
# Part of a test run; `make fuzz SECONDS=3600` goes on for longer.
SECONDS ?= 60
# Where `make bench` writes its report: REPORT=docs for the page of the documentation.
REPORT ?= build/bench/report
# Where the registry of `make bench-centre` is: sqlite or postgres.
ENGINE ?= sqlite

.PHONY: help setup build demo test bench bench-centre bench-evidence fuzz fuzz-short asan tsan profile format lint clean

help:
	@echo "make demo     two countries on this machine, with real requests between them"
	@echo "make test     all tests"
	@echo "make build    build/release/causeway"
	@echo "make bench    signed exchange against two nginx hops of mutual TLS, and the goals it is held to"
	@echo "make bench-evidence  time-stamping while its service is at fault; the pace of containers"
	@echo "make bench-centre    a Central Server with 100,000 members: generation, memory, lists; ENGINE=postgres"
	@echo "make fuzz     every fuzz target for SECONDS=$(SECONDS) each"
	@echo "make asan     all tests under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make tsan     all tests under ThreadSanitizer"
	@echo "make profile  measure anew which branches the release build is made for"
	@echo "make format   clang-format over the tree;  make lint: format check, clang-tidy, layers"

setup:
	@scripts/setup

build: setup
	@cmake --preset $(PRESET) >/dev/null
	@cmake --build --preset $(PRESET)

demo: build
	$(BUILD)/causeway up --federation --dir build/demo

test: build
	ctest --test-dir $(BUILD) --output-on-failure --no-tests=error
	@$(MAKE) --no-print-directory fuzz-short

bench: build
	$(BUILD)/causeway bench --dir build/bench --json build/bench/figures.json --report $(REPORT)

bench-evidence: build
	@python3 bench/evidence.py --causeway $(BUILD)/causeway

bench-centre: build
	@python3 bench/centre.py --causeway $(BUILD)/causeway --engine $(ENGINE)

fuzz-short:
	@scripts/fuzz 5 1

fuzz: setup
	@scripts/fuzz $(SECONDS)

asan tsan:
	@$(MAKE) --no-print-directory build PRESET=$@
	ctest --test-dir build/$@ --output-on-failure --no-tests=error

profile: setup
	@scripts/profile

format: setup
	@git ls-files '*.cpp' '*.hpp' | xargs clang-format-19 -i

lint: setup
	@scripts/lint

clean:
	rm -rf build
