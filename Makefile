# Two commands do everything on a fresh machine: `make demo` and `make test`. They need Python 3.11+ and make.
.DELETE_ON_ERROR:
.SUFFIXES:

PYTHON ?= python3
SEED ?= 1
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

.PHONY: help demo run install test fast lint docs lock clean

help: ## what each target does
	@grep -E '^[a-z]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

demo: install ## the whole service on a loopback newsroom: real HTTP, real queue, verified webhooks
	$(BIN)/wirewatch demo --seed $(SEED)

run: install ## the service on config/, until you stop it
	$(BIN)/wirewatch run

install: $(STAMP) ## .venv with everything, every package checked against its hash

$(STAMP): requirements.lock pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "Wirewatch needs Python 3.11 or later; $(PYTHON) is $$($(PYTHON) -V 2>&1). Try: make PYTHON=python3.12 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || { echo "python3 -m venv does not work here. Install the one package it needs:  apt-get install python$$($(PYTHON) -c 'import sys; print("%d.%d" % sys.version_info[:2])')-venv" >&2; exit 1; }
	@[ -x $(BIN)/python ] || $(PYTHON) -m venv $(VENV)
	@sed -n '/^uv==/,/[^\\]$$/p' requirements.lock > $(VENV)/uv.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $(VENV)/uv.lock
	$(BIN)/uv pip sync --quiet --python $(BIN)/python --require-hashes requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --no-build-isolation --editable .
	@touch $@

test: lint ## everything that must hold: style, types, floors, licences, every test
	$(BIN)/pytest -n 2 --dist loadgroup

fast: install ## the tests that need nothing, in seconds
	$(BIN)/pytest tests/stages

lint: install
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

docs: install ## write the schemas and the reference of all keys anew
	$(BIN)/wirewatch schema --reference docs/configuration.md

lock: ## resolve the dependencies anew: everything, and what a container needs
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --all-extras --group dev -o requirements.lock
	$(BIN)/uv pip compile pyproject.toml --universal --generate-hashes --no-emit-index-url --extra postgres -c requirements.lock -o deploy/requirements.lock

clean: ## remove what was installed and built
	rm -rf $(VENV) dist build *.egg-info
