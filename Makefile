# Everything from a clean checkout: `make demo` and `make test` set up what they need and do it only once.
# Wanted beforehand: python3 (3.11 or newer, with venv) and make. Nothing else, no Node.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet
INSTALL := $(PIP) install --require-hashes

# What tells the time has the machine to itself. What mostly waits, or loads it for moments, goes three at a time, longest first.
ALONE := tests/bench tests/scale/test_two_processes.py tests/security/test_patience.py tests/e2e/test_alarm_screens.py tests/e2e/test_two_screens.py
WAITING := $(addprefix tests/e2e/test_,recordings.py simulate_killed.py demo_ends.py demo_morning.py) tests/chaos tests/scale tests/durability \
  tests/test_demo.py $(addprefix tests/security/test_,slow_clients.py tls.py)

# What a person's shell may carry must not reach into the virtual environment, nor keep what is compiled from being kept:
# the tests start hundreds of Pythons, and each would compile the whole program again.
unexport PYTHONPATH PYTHONHOME PYTHONDONTWRITEBYTECODE
export PIP_USER := 0
export PIP_REQUIRE_VIRTUALENV := 0

.DEFAULT_GOAL := help
.NOTPARALLEL:
.DELETE_ON_ERROR:
.PHONY: help demo test test-long bench bench-alarms bench-screens bench-what-if mutants mutants-again audit setup setup-test screens fmt lint types frontend-check lock api docs pictures build clean FORCE

help: ## this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## /{printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: setup ## a clinic of simulated patients at http://127.0.0.1:8000, until Ctrl-C
	@exec $(BIN)/infusion-monitor demo

test: setup-test lint types frontend-check ## everything: lint, types, frontend, then pytest with PostgreSQL and a browser
ifdef ARGS
	@$(BIN)/python -m pytest $(ARGS)
else
	@$(BIN)/python -m pytest -n 3 --dist loadfile $(ALONE:%=--ignore %) $(WAITING:%=--ignore %)
	@$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder $(ALONE:%=--ignore %) $(WAITING)
	@$(BIN)/python -m pytest $(ALONE)
endif

test-long: setup-test ## the long chaos, load and installation tests
	@$(BIN)/python -m pytest -m long --timeout 3600 $(ARGS)

mutants: $(VENV)/.dev ## put small faults into the engine, one at a time: do its tests notice?
	@rm -rf mutants
	@nice $(BIN)/mutmut run $(ARGS) && $(BIN)/python -m tests.support.mutants

mutants-again: $(VENV)/.dev ## the same, but only what changed and what no test had noticed
	@rm -rf mutants/tests
	@$(BIN)/python -m tests.support.mutants forget
	@nice $(BIN)/mutmut run $(ARGS) && $(BIN)/python -m tests.support.mutants

bench: setup-test ## the goals of docs/performance.md, all or ARGS="1 2"; some 30 minutes
	@exec $(BIN)/python -m bench $(ARGS)

bench-what-if: $(VENV)/.run ## how fast recorded sessions are stepped again under other limits
	@$(BIN)/python -m bench.what_if $(ARGS)

bench-alarms: setup-test ## how long from POST to the alarm on a screen
	@$(BIN)/python -m bench.alarm_latency

bench-screens: setup-test ## what the board costs a browser: main thread, heap, opening, JavaScript; some 14 minutes
	@exec $(BIN)/python -m bench.screens $(ARGS)

audit: $(VENV)/.dev ## known holes in what we depend on; says so where it cannot ask
	@$(BIN)/python -m tests.support.audit

lint: $(VENV)/.dev ## ruff, nothing changed
	@$(BIN)/ruff check
	@$(BIN)/ruff format --check --quiet || { $(BIN)/ruff format --check; echo "Run make fmt."; exit 1; }

types: $(VENV)/.dev ## mypy --strict
	@$(BIN)/mypy

frontend-check: screens ## tsc --strict, biome and vitest
	@$(BIN)/python hatch_build.py check test

fmt: $(VENV)/.dev ## format and sort what can be formatted by a program
	@$(BIN)/ruff check --fix-only --quiet
	@$(BIN)/ruff format

api: $(VENV)/.dev ## generate frontend/src/api.d.ts from the OpenAPI document
	@$(BIN)/python -m tests.support.api_types

docs: $(VENV)/.dev ## write the tables of docs/alarms.md and docs/security.md from the code
	@$(BIN)/python -m tests.support.doc_tables
	@$(BIN)/python -m tests.support.access_tables

pictures: setup-test ## take the pictures in docs/: of the demo clinic, of a thousand simulated patients, of a timeline and a report
	@$(BIN)/python -m tests.support.pictures
	@$(BIN)/python -m tests.support.patient_pictures
	@$(BIN)/python -m tests.support.timeline_pictures
	@$(BIN)/python -m tests.support.report_pictures

build: $(VENV)/.dev ## wheel and sdist in dist/
	@$(BIN)/python -m hatchling build

clean: ## remove what make made (not data/)
	rm -rf $(VENV) app/static frontend/node_modules dist build mutants test-results .pytest_cache .mypy_cache .ruff_cache .hypothesis

# ---- set-up: each step leaves a stamp and is done again only when what it depends on has changed

setup: $(VENV)/.run screens

setup-test: $(VENV)/.dev screens
	@$(BIN)/python -m tests.support.machine

screens: $(VENV)/.run
	@$(BIN)/python hatch_build.py

# A virtual environment knows its own path: one that was moved or lost its Python is made anew.
ifneq ($(shell $(BIN)/python -c '' 2>/dev/null && cat $(VENV)/.made),$(CURDIR))
$(VENV)/.made: FORCE
endif
$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.x ..."; exit 1; }
	@echo "Making the virtual environment $(VENV)"
	@$(PYTHON) -m venv --clear $(VENV) \
	  || { rm -rf $(VENV); echo "This Python cannot make virtual environments (on Debian: apt-get install python3-venv)."; exit 1; }
	@printf '%s' '$(CURDIR)' > $@

$(VENV)/.run: $(VENV)/.made requirements/run.txt pyproject.toml hatch_build.py
	@echo "Installing what the program needs"
	@$(INSTALL) -r requirements/run.txt
	@INFUSION_SKIP_FRONTEND=1 $(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run requirements/dev.txt
	@echo "Installing what the tests need"
	@$(INSTALL) -r requirements/dev.txt
	@touch $@

# ---- the lock: exact versions and hashes for every platform, naming no index (uv ignores pip's settings)

LOCK := $(BIN)/uv pip compile --quiet --no-config --system-certs --universal --python-version 3.11 --generate-hashes \
  --no-emit-index-url --no-emit-find-links --no-annotate --custom-compile-command 'make lock'

lock: $(VENV)/.made ## pin the newest versions that pyproject.toml allows
	@$(PIP) install --upgrade uv
	@$(LOCK) --upgrade pyproject.toml --extra postgres --group build --output-file requirements/run.txt
	@$(LOCK) --upgrade pyproject.toml --extra dev --constraints requirements/run.txt --output-file requirements/dev.txt
	@$(LOCK) --upgrade --group pyproject.toml:pgserver --constraints requirements/dev.txt --output-file requirements/pgserver.txt
