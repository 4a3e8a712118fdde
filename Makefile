# Concord: everything one needs to run, test and check it. `make help` lists the commands.

PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
DATA ?= .data/demo
BENCH_DATA ?= .data/bench
WORKERS ?= 2
ARGS ?=

BIN := .venv/bin
MANAGE := $(BIN)/python manage.py
SOURCES := manage.py portal agencies projects tests
PIP_COMPILE := $(BIN)/pip-compile --quiet --allow-unsafe --generate-hashes --strip-extras \
	--no-emit-index-url --no-emit-trusted-host --no-emit-find-links

# Python keeps what it has compiled, whatever the shell says: every process of the portal would compile all of it again.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo migrate test check bench trials lock fmt clean

help:  ## List the commands
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## */\t/' | expand -t 10

demo: export CONCORD_DATA = $(DATA)
demo: export CONCORD_URL = http://localhost:$(PORT)
demo: export CONCORD_DEMO = 1
demo: .venv/.installed  ## Run the portal with the demo world (PORT=8000 DATA=.data/demo)
	@exec $(MANAGE) demo --serve --host $(HOST) --port $(PORT)

test: .venv/.installed-dev  ## Run every test (ARGS="tests/portal -k ledger" for some)
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadgroup --no-loadscope-reorder $(ARGS)

check: .venv/.installed-dev  ## Format, lint, types, templates, imports, migrations, deployment, API schema
	$(BIN)/ruff format --check $(SOURCES)
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/mypy
	find portal agencies projects -name '*.html' -print0 | xargs -0 $(BIN)/djade --check --target-version 5.2
	$(BIN)/lint-imports
	$(MANAGE) makemigrations --check --dry-run
	CONCORD_HTTPS=1 $(MANAGE) check --deploy --fail-level WARNING
	$(MANAGE) spectacular --validate --fail-on-warn --file /dev/null

bench: export CONCORD_DATA = $(BENCH_DATA)
bench: .venv/.installed-dev  ## Measure pages against the floor and print the table
	@$(MANAGE) migrate --verbosity 0
	@$(MANAGE) bench $(ARGS)

trials: .venv/.installed-dev  ## Kill -9 during signings, fifty at the same instant, every changed byte (ARGS="--kills 20")
	$(BIN)/python -m tests.trials $(ARGS)
	$(BIN)/python -m tests.trials --control --signings 48 --kills 16 --rounds 0 --out .data/trials-control.json
	$(BIN)/python -m tests.trials.bundle_bytes
	$(BIN)/python -m tests.trials.pdf_flips

fmt: .venv/.installed-dev  ## Format the code and the templates
	$(BIN)/ruff check --fix-only $(SOURCES)
	$(BIN)/ruff format $(SOURCES)
	find portal agencies projects -name '*.html' -print0 | xargs -0 $(BIN)/djade --target-version 5.2

lock: .venv/.installed-dev  ## Write the requirements with hashes anew (ARGS=--upgrade)
	$(PIP_COMPILE) $(ARGS) --output-file=requirements.lock requirements.in
	$(PIP_COMPILE) $(ARGS) --output-file=requirements-dev.lock requirements-dev.in

clean:  ## Remove the virtual environment and caches, not the data
	rm -rf .venv .ruff_cache .mypy_cache .pytest_cache .import_linter_cache .hypothesis

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Concord needs Python 3.11 or newer; say which with PYTHON=…"; exit 1; }
	$(PYTHON) -m venv .venv

# The stamp holds the lock it was made from, so that checking out another branch and back installs nothing.
.venv/.installed: requirements.lock | .venv/bin/python
	@cmp -s requirements.lock $@ || \
		$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile --require-hashes -r requirements.lock
	@cp requirements.lock $@

.venv/.installed-dev: requirements-dev.lock | .venv/bin/python
	@cmp -s requirements-dev.lock $@ || \
		$(BIN)/python -m pip install --disable-pip-version-check --quiet --no-compile --require-hashes -r requirements-dev.lock
	@cp requirements-dev.lock $@
