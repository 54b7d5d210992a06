# Two commands: `make run` starts Quietline here, `make test` proves it. `make help` explains the rest.

PYTHON ?= python3

# A .venv that works is kept; naming a PYTHON rebuilds it when the versions differ.
CHOSEN := $(if $(filter default file undefined,$(origin PYTHON)),,--python-chosen)
BIN := .venv/bin
NODE := $(BIN)/node
TSC := $(NODE) node_modules/typescript/bin/tsc
JS_TESTS := $(shell find . -name '*.test.js' -not -path './node_modules/*' -not -path './.venv/*' 2>/dev/null)

# ARGS goes to pytest: make test ARGS="-k hours -x". JOBS=0 runs tests in one process; three keep two cores busy while browsers and servers are waited for.
ARGS ?=
JOBS ?= 3
PYTEST := $(BIN)/python -m pytest -n $(JOBS) --dist worksteal

.DEFAULT_GOAL := help
.NOTPARALLEL:
.PHONY: help run test coverage check test-fast fmt lock mutation bench office fault clean ready python checks js

help: ## Explain every target
	@echo 'Quietline. PORT (8000), DATA_DIR (var) and PYTHON (python3) may be set: make PORT=9000 run'
	@echo
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/\1|\2/p' $(firstword $(MAKEFILE_LIST)) | awk -F'|' '{ printf "  make %-10s %s\n", $$1, $$2 }'

run: python ## Set up .venv, create the demo in DATA_DIR if it is not there, and serve it on PORT until Ctrl-C
	@$(PYTHON) tools/environment.py run $(CHOSEN)
	@exec $(BIN)/python -m config.cli demo

test: ready ## Everything CI runs: check, JavaScript unit tests, all tests but the long ones, coverage of the pure modules
	@$(BIN)/python -m tests.browser
	@$(MAKE) --no-print-directory checks js
	$(PYTEST) --cov --cov-report= $(ARGS)
	$(BIN)/python tools/pure_coverage.py

coverage: ready ## The same tests, each measured, and what they left out of the whole code (twice as long)
	@$(BIN)/python -m tests.browser
	$(PYTEST) --cov --cov-report=term --measure=every $(ARGS)

check: ready checks ## Formatting, lint, types (Python and JavaScript) and import rules; changes nothing

test-fast: ready js ## The tests that need no browser and no server
	$(PYTEST) -m 'not browser and not servers and not fault' $(ARGS)

fmt: ready ## Format the code and repair what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

lock: ready ## Write requirements/*.txt and package-lock.json anew from their sources (UPGRADE=1 takes newer versions)
	$(BIN)/python tools/lock.py $(if $(UPGRADE),--upgrade)

mutation: ready ## Change the code in small ways and see whether tests notice (long; only [tool.mutmut] modules)
	$(BIN)/mutmut run $(ARGS)
	$(BIN)/mutmut results | grep -v 'not checked' || echo 'Every change was noticed.'

bench: ready ## Measure the message relay against a bare one (some minutes; wants an idle machine)
	$(BIN)/python -m bench.relay $(ARGS)

office: ready ## Open the sheets and data of a fictional release in LibreOffice, where it is installed
	$(BIN)/python tools/office.py

fault: ready ## The long tests that kill, pause and cut things
	@$(BIN)/python -m tests.browser
	$(PYTEST) -m fault $(ARGS)

clean: ## Remove .venv, node_modules and caches; keeps DATA_DIR
	rm -rf .venv node_modules mutants .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
	rm -rf .coverage htmlcov test-results
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# --- the parts -----------------------------------------------------------------------------------------------------

python:
	@command -v $(PYTHON) >/dev/null 2>&1 || { \
	  echo 'No Python found as "$(PYTHON)": install Python 3.11 or newer with venv (Debian: apt-get install python3-venv).' >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
	  echo 'Quietline needs Python 3.11 or newer; "$(PYTHON)" is older: choose another, as in make PYTHON=python3.13 run.' >&2; exit 1; }

ready: python
	@command -v git >/dev/null 2>&1 || { echo 'Checks and tests need git (Debian: apt-get install git).' >&2; exit 1; }
	@$(PYTHON) tools/environment.py test $(CHOSEN)

checks:
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy .
	$(BIN)/lint-imports --no-cache --no-logo
	$(TSC) -p tsconfig.json
	$(TSC) -p tsconfig.visitor.json
	$(if $(JS_TESTS),$(TSC) -p tests/js/tsconfig.json)
	$(NODE) node_modules/eslint/bin/eslint.js --max-warnings 0 .

js:
	$(if $(JS_TESTS),$(NODE) --test --test-reporter=dot $(JS_TESTS))
