# Mendwork's commands. `make help` lists them; `make up` needs only make and Python 3.11 or newer.
.DEFAULT_GOAL := help
SHELL := /bin/bash
MAKEFLAGS += --no-print-directory

BIN := .venv/bin
NEWEST := $(firstword $(foreach name,python3 python3.14 python3.13 python3.12 python3.11,\
	$(shell $(name) -c 'import sys; print("$(name)") if sys.version_info >= (3, 11) else None' 2>/dev/null)))
PYTHON ?= $(NEWEST)
PACKAGES := remediation storage notifications activities workflows service

# Branch coverage, in percent: FULL for the packages in COVER_FULLY, OVERALL for all packages together.
COVER_FULLY ?= remediation workflows
FULL ?= 100
OVERALL ?= 95

# Tests run in so many processes, a file in one piece. Each has servers of its own, and waits for them a third of
# the time: hence one more than the two processors there are.
JOBS ?= 3
IN_PARALLEL := -n $(JOBS) --dist loadfile --no-loadscope-reorder

# These go through the whole product: by browsers, processes that are killed, every address there is. They
# cover what shorter tests cover, and would take twice as long if every line were traced. The longest first.
LONG := $(addprefix tests/,nemesis service/test_planted.py browser life/test_kills.py cli/test_up.py \
	life/test_two_cycles.py rules/test_walks.py explaining/test_lives.py deployment/test_life.py fuzz \
	sealed/test_forgeries.py service/test_page_safety.py service/test_swapped_ids.py \
	service/test_mailed_addresses.py notifications/test_letters.py)

# Options for one run: make up ARGS="--port 8080", make test ARGS="tests/rules -x"
ARGS ?=

##@ Use it
.PHONY: up migrate doctor
up: .venv/run.stamp ## start everything: Temporal, database, worker, service, mail catcher (Ctrl-C stops it)
	@exec $(BIN)/mendwork up $(ARGS)

migrate: .venv/run.stamp ## bring the database named by MENDWORK_DATABASE_URL up to date
	@exec $(BIN)/mendwork migrate $(ARGS)

doctor: .venv/run.stamp ## say what works here, what does not, and what to do about it
	@exec $(BIN)/mendwork doctor $(ARGS)

##@ Change it
.PHONY: test check lint types contracts cover pictures bench mutate chaos fuzz format
test: .venv/dev.stamp ## run all tests
	@$(BIN)/python -m pytest -q $(IN_PARALLEL) $(ARGS)

check: .venv/dev.stamp ## what CI runs: lint, types, import contracts, tests with coverage
	@$(MAKE) -j2 lint types contracts cover # the tests begin while types are looked at

lint: .venv/dev.stamp ## ruff: rules and format
	@$(BIN)/ruff check --quiet .
	@$(BIN)/ruff format --check --quiet . || { $(BIN)/ruff format --check .; exit 1; }

types: .venv/dev.stamp ## mypy, strict
	@$(BIN)/mypy --no-error-summary .

contracts: .venv/dev.stamp ## import-linter: who may import whom
	@$(BIN)/lint-imports --no-logo > .contracts.txt || { cat .contracts.txt; exit 1; }

cover: .venv/dev.stamp ## run all tests, and see that all but the long ones cover enough
	@$(MAKE) .long JOBS=$$(($(JOBS) + 1))
	@$(BIN)/coverage erase
	@$(BIN)/coverage run -m pytest -q $(IN_PARALLEL) $(LONG:%=--ignore=%) $(ARGS)
	@$(BIN)/coverage combine --quiet
	@for package in $(COVER_FULLY); do $(MAKE) .covered INCLUDE="$$package/*" LEAST=$(FULL) || exit 1; done
	@$(MAKE) .covered INCLUDE='*' LEAST=$(OVERALL)

# One more at a time: they wait for processes and pages half of the time.
.PHONY: .long
.long:
	@$(BIN)/python -m pytest -q $(IN_PARALLEL) $(LONG) $(ARGS)

.PHONY: .covered
.covered:
	@$(BIN)/coverage report --include='$(INCLUDE)' --fail-under=$(LEAST) > .covered.txt \
		|| { cat .covered.txt; exit 1; }

pictures: .venv/dev.stamp ## take the README's pictures anew, in Chromium
	@$(BIN)/python -m tests.browser.pictures

bench: .venv/dev.stamp ## measure against a bare workflow on the same server: a table, and JSON in benchmarks/results
	@$(BIN)/python -m benchmarks

mutate: .venv/dev.stamp ## change the rules a little in every place and list the changes that no test notices
	@$(BIN)/python -m tests.mutation $(ARGS)

SEED ?= 1
MINUTES ?= 2
chaos: .venv/dev.stamp ## kill, cut and lose for minutes, then look at every invariant: make chaos SEED=7 MINUTES=10
	@$(BIN)/python -m tests.nemesis --seed $(SEED) --minutes $(MINUTES) $(ARGS)

EXAMPLES ?= 1000
fuzz: .venv/dev.stamp ## send made-up requests to every operation of the API: make fuzz SEED=7 EXAMPLES=50
	@$(BIN)/python -m tests.fuzz --seed $(SEED) --examples $(EXAMPLES) $(ARGS)

format: .venv/dev.stamp ## put the code into its usual form
	@$(BIN)/ruff check --quiet --fix . ; $(BIN)/ruff format --quiet .

##@ Keep it
.PHONY: lock clean help
LOCKED := --universal --generate-hashes --no-emit-index-url --no-header --no-annotate --python-version 3.11 --quiet
lock: .venv/bin/python ## pin the dependencies again, at their newest versions (needs the network)
	@$(BIN)/uv --version > /dev/null 2>&1 || $(BIN)/python -m pip install --quiet --quiet uv
	@$(BIN)/uv pip compile pyproject.toml --group dev --upgrade $(LOCKED) -o requirements-dev.lock > /dev/null
	@$(BIN)/uv pip compile pyproject.toml --upgrade --constraints requirements-dev.lock $(LOCKED) \
		-o requirements.lock > /dev/null

clean: ## remove what was built or cached here; the data in var/ stays
	@rm -rf .venv .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache .coverage* .covered.txt htmlcov \
		.contracts.txt dist
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

help: ## list these commands
	@awk 'BEGIN { FS = ":.*## " } \
		/^##@/ { printf "\n%s\n", substr($$0, 5) } \
		/^[a-z]+:.*## / { printf "  make %-10s %s\n", $$1, $$2 }' $(firstword $(MAKEFILE_LIST))

# The virtual environment: made anew parts only when a lock has changed.
.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Mendwork needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python3"; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python's venv module is needed (on Debian: apt install python3-venv)."; exit 1; }

INSTALL = $(BIN)/python -m pip install --quiet --quiet --disable-pip-version-check --no-input
.venv/run.stamp: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Installing what requirements.lock lists ..."
	@$(INSTALL) --require-hashes -r requirements.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@

.venv/dev.stamp: requirements-dev.lock pyproject.toml | .venv/bin/python
	@echo "Installing what requirements-dev.lock lists ..."
	@$(INSTALL) --require-hashes -r requirements-dev.lock
	@$(INSTALL) --no-deps --no-build-isolation -e .
	@touch $@ .venv/run.stamp
