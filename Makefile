# The only task runner. `make help` lists what there is.
.DEFAULT_GOAL := help
SHELL := /bin/bash
PYTHON ?= python3
BIN := .venv/bin
MEMBERS := $(wildcard libs/*) $(wildcard apps/*) $(wildcard services/*)
WORKERS ?= 2
ARGS ?=

.PHONY: help setup up test test-unit test-system check fmt lint types bench demo token migrate rules contracts lock image clean

help: ## Show what can be made
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  \1|\2/' | column -t -s '|'

setup: .venv/.ready ## Install everything, pinned with hashes, into .venv

.venv/.ready: requirements.lock requirements-uv.lock $(addsuffix /pyproject.toml,$(MEMBERS))
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Hearthline needs Python 3.11 or later"; exit 1; }
	@echo "installing into .venv"
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-uv.lock
	@$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	@$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation $(addprefix -e ,$(MEMBERS))
	@touch $@

up: setup ## Run everything on one port: embedded database, all services, demo county
	@exec $(BIN)/hearthline up $(ARGS)

test: setup ## Run all tests
	$(BIN)/pytest -n $(WORKERS) $(ARGS)

test-unit: setup ## Run the tests that need no database
	$(BIN)/pytest tests/unit $(ARGS)

test-system: setup ## Run the services together: the whole path, crashes, Kafka
	$(BIN)/pytest tests/system $(ARGS)

check: lint types test ## What CI runs

fmt: setup ## Format the code
	$(BIN)/ruff format . && $(BIN)/ruff check --fix --quiet .

lint: setup ## Lint: ruff, the formatter, import rules
	$(BIN)/ruff check . && $(BIN)/ruff format --check --quiet . && $(BIN)/lint-imports

types: setup ## Check the types, strictly
	$(BIN)/mypy

bench: setup ## Measure speed against peers; table on the screen, JSON in build/bench.json
	$(BIN)/python -m benchmarks $(ARGS)

demo: setup ## Play a fictional county's week on a virtual clock
	@exec $(BIN)/hearthline demo $(ARGS)

token: setup ## Print a token of the local issuer: make token PERSON=sam-supervisor
	@exec $(BIN)/hearthline token $(PERSON)

migrate: setup ## Bring the database up to date
	@exec $(BIN)/hearthline migrate

rules: setup ## Print every rule with its authority and source
	@exec $(BIN)/hearthline rules $(ARGS)

contracts: setup ## Write the JSON Schemas, the AsyncAPI document and the catalogue of public events
	@exec $(BIN)/hearthline contracts

lock: setup ## Pin the dependencies anew
	$(BIN)/uv pip compile pyproject.toml --group dev --universal --generate-hashes --no-emit-index-url --no-header --quiet \
	  $(foreach member,$(MEMBERS),--no-emit-package $(shell sed -n 's/^name = "\(.*\)"/\1/p' $(member)/pyproject.toml)) \
	  -o requirements.lock

clean: ## Remove what was built; the data of the local run stays
	rm -rf .venv build .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
