# One command per want; each sets up what it needs. The same commands run in CI.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RELIABILITY := benchmarks/results/reliability.json
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

.PHONY: run test soak check lock clean
.DEFAULT_GOAL := run

run: $(VENV)/.run ## serve models/ on http://127.0.0.1:8080
	@exec $(BIN)/python -m serving

test: $(VENV)/.dev check ## lint, types, then every test, fast ones first
	$(BIN)/python -m pytest

soak: $(VENV)/.dev ## the full figures of docs/operations.md, about 20 minutes
	@command -v slowhttptest >/dev/null || { sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y slowhttptest; }
	@rm -f $(RELIABILITY)
	RELIABILITY_RESULTS=$(RELIABILITY) $(BIN)/python -m pytest -m soak --timeout 900

check: $(VENV)/.dev ## lint and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# Debian and Ubuntu ship Python without venv; fetch it where we may.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: $(PYTHON) is older than 3.11; try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y python3-venv && $(PYTHON) -m venv $(VENV); }

$(VENV)/.run: requirements.lock | $(BIN)/python
	@echo "Installing requirements.lock into $(VENV) (once; a minute or so) ..." >&2
	@$(PIP) install --require-hashes -r requirements.lock
	@touch $@

$(VENV)/.dev: requirements-dev.lock | $(BIN)/python
	@echo "Installing requirements-dev.lock into $(VENV) (once; two minutes or so) ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock
	@touch $@ $(VENV)/.run

# The dev lock leads; the others are cut from it, so that all agree on versions.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: $(BIN)/python ## write every lock file anew from its requirements*.txt
	$(PIP) install uv==0.13.9
	$(COMPILE) requirements-dev.txt -o requirements-dev.lock
	for name in requirements serving/requirements gateway/requirements; do \
	  $(COMPILE) $$name.txt -c requirements-dev.lock -o $$name.lock || exit 1; done

clean: ## remove what the targets above made
	rm -rf $(VENV) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
