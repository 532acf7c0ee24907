# Everything from a fresh checkout on Debian or Ubuntu: `make drill`, `make test`. A second run is quick.
# Long forms: `make bench` (figures), `make soak` (hours). See README.md.

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.NOTPARALLEL:

# Tests start Python some hundred times; compiled once, each start is quicker by a fifth.
unexport PYTHONDONTWRITEBYTECODE

VENV := .venv
BIN := $(VENV)/bin
STAMPS := $(VENV)/.stamps
# First one that runs and is new enough; a shim without its Python behind it does not count.
PYTHON ?= $(shell for p in python3.11 python3.12 python3; do \
	"$$p" -c 'import sys; raise SystemExit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null && { echo "$$p"; break; }; done)
# What only tests need: foreign SIP software, sound tools, a browser. Running a station needs none of them.
TEST_PACKAGES := baresip-core sip-tester sox ffmpeg chromium fonts-noto-core
TEST_TOOLS := baresip sipp sox ffmpeg chromium
# What checks the page's scripts; the page itself has no build and holds no foreign script.
NODE_PACKAGES := nodejs npm
NODE_TOOLS := node npm

.PHONY: setup drill test lint lint-page screenshots pure rest bench soak docs clean

setup: $(STAMPS)/packages

# -- set-up ----------------------------------------------------------------------------------------------------------

$(BIN)/python:
	@PYTHON="$(PYTHON)" .ci/need-python $(VENV)

$(STAMPS)/packages: $(BIN)/python pyproject.toml
	@mkdir -p $(STAMPS)
	PYTHONWARNINGS=ignore $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable ".[check,test]"
	@touch $@

$(STAMPS)/tools: Makefile .ci/need-packages
	@mkdir -p $(STAMPS)
	@.ci/need-packages "$(TEST_TOOLS)" "$(TEST_PACKAGES)"
	@.ci/need-packages chromium-headless-shell chromium-headless-shell || echo "The page's tests take Chromium itself: slower." >&2
	@touch $@

# Optional: without node the types of the page's scripts and its accessibility are not checked, and it says so.
$(STAMPS)/node: package.json .ci/need-packages
	@mkdir -p $(STAMPS)
	@if .ci/need-packages "$(NODE_TOOLS)" "$(NODE_PACKAGES)" && npm install --no-audit --no-fund --silent; then touch $@; \
	else echo "NOT CHECKED: types and accessibility of the page (node or its packages cannot be installed here)" >&2; fi

# -- uses ------------------------------------------------------------------------------------------------------------

drill: $(STAMPS)/packages
	$(BIN)/hotline drill

lint: $(STAMPS)/packages lint-page
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

lint-page: $(STAMPS)/node
	@[ ! -e $(STAMPS)/node ] || node_modules/.bin/tsc --project tsconfig.json

# Calls wait for people's times most of the while, so three files at once keep two cores busy; each test has addresses
# of its own. A file's tests stay together: some share one line process.
SIDE_BY_SIDE ?= -n 3 --dist loadfile --no-loadscope-reorder

pure: $(STAMPS)/packages
	$(BIN)/pytest -m pure

test: $(STAMPS)/packages $(STAMPS)/tools lint
	$(BIN)/pytest -m pure
	$(BIN)/pytest -m "not pure and not alone" $(SIDE_BY_SIDE)
	$(BIN)/pytest -m alone

BENCHES ?= connect latency pagevoice captions captionsdom pageload delays words compare drills
SOAKS ?= soak
# Each is `python -m bench.NAME` and exits with 1 where a limit is missed; the others still run.
run-each = failed=0; for name in $(1); do echo "== $$name"; $(BIN)/python -m bench.$$name || failed=1; done; exit $$failed

bench: $(STAMPS)/packages
	@$(call run-each,$(BENCHES))

soak: $(STAMPS)/packages
	@$(call run-each,$(SOAKS))

docs: $(STAMPS)/packages
	@for file in $(filter-out docs/make_screenshots.py,$(wildcard docs/make_*.py)); do $(BIN)/python "$$file"; done

screenshots: $(STAMPS)/packages $(STAMPS)/tools
	$(BIN)/python docs/make_screenshots.py build/screenshots
	$(BIN)/python docs/make_screenshots.py docs/screenshots --relay

clean:
	rm -rf $(VENV) node_modules build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
