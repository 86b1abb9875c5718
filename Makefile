# One command per want; each sets up what it needs. The same commands run in CI.
SHELL := /bin/bash
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
RELIABILITY := benchmarks/results/reliability.json
PIP := $(BIN)/python -m pip --disable-pip-version-check --quiet

# Where it is set, each of the tests' many processes would compile all sources again.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help run test audit smoke policy browser prometheus proxies soak fuzz test-up test-image test-office test-install test-convert bench check image server-image push models-extra lock clean
.DEFAULT_GOAL := run

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1	\2/p' $(MAKEFILE_LIST) | expand -t 18

run: $(VENV)/.run ## serve models/ on http://127.0.0.1:8080
	@GATEWAY_PIVOT="$${GATEWAY_PIVOT-en}" GATEWAY_COUNTS="$${GATEWAY_COUNTS-.cache/counts.sqlite3}" exec $(BIN)/python -m serving

# What measures time or fills a server runs by itself, after the others.
LONG := soak or up or install or office
ALONE := slow or bar

test: $(VENV)/.dev check browser prometheus proxies ## lint, types, then every test, fast ones first
	$(BIN)/python -m pytest -n auto --dist worksteal -m "not ($(LONG) or $(ALONE))"
	$(BIN)/python -m pytest -m "($(ALONE)) and not ($(LONG))"

audit: $(VENV)/.dev .venv-audit/.done ## checkov, cfn-lint and parliament over the cloud's resources
	$(BIN)/python -m tests.infra.audit .venv-audit/bin

policy: .venv-policy/.done ## what `pulumi preview --policy-pack policy` takes, in a venv of its own

.venv-policy/.done: policy/requirements.lock | $(BIN)/python
	@$(BIN)/python -m venv --clear .venv-policy
	@.venv-policy/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

# Of a stack, or of any server: make smoke URL=https://translate.example.com, key in TRANSLATE_API_KEY.
smoke: $(VENV)/.pulumi ## ask a deployment what its callers rely on: make smoke STACK=dev
	@$(BIN)/python -m smoke $(if $(URL),--url $(URL),--stack $(STACK) --refresh)

.venv-audit/.done: requirements-audit.lock | $(BIN)/python
	@echo "Installing requirements-audit.lock into .venv-audit (once; two minutes or so) ..." >&2
	@$(BIN)/python -m venv --clear .venv-audit
	@.venv-audit/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r $<
	@touch $@

# What tests drive, from Debian: $(call debian,PROGRAMS,PACKAGES,WHAT IS TESTED). Without it they are
# skipped, and say so. The packages' services are not started: tests start their own.
debian = missing=; for program in $(1); do PATH=$$PATH:/usr/sbin command -v $$program >/dev/null || missing="$$missing $$program"; done; \
  [ -z "$$missing" ] || { [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null \
  && echo "Installing$$missing to test $(3) (once; half a minute or so) ..." >&2 && apt-get -qq update \
  && SYSTEMD_OFFLINE=1 apt-get -qq install -y --no-install-recommends $(2) >/dev/null; } \
  || echo "make: missing:$$missing. apt-get install $(2) to test $(3)" >&2

browser: ## install Chromium for the page's tests, where we may
	@$(call debian,chromium,chromium,the page)

prometheus: ## install Prometheus for the metrics' tests, where we may
	@$(call debian,prometheus promtool,prometheus,/metrics)

proxies: ## install nginx and Caddy for the tests of self-host/, where we may
	@$(call debian,nginx caddy systemd-analyze,nginx caddy systemd,self-host/)

soak: $(VENV)/.dev fuzz ## the full figures of docs/operations.md, about 25 minutes, after ten of fuzzing
	@{ command -v slowhttptest && command -v wrk; } >/dev/null || { sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y slowhttptest wrk; }
	@rm -f $(RELIABILITY)
	RELIABILITY_RESULTS=$(RELIABILITY) $(BIN)/python -m pytest -m "soak or bar" --timeout 900

# What breaks something is kept in tests/fuzz/corpus, where `make test` tries it again.
FUZZ_SECONDS ?= 600
TARGETS := text readers forms multipart lambda_event archive
fuzz: $(VENV)/.dev .venv-fuzz/.done ## look for input that breaks a promise, FUZZ_SECONDS in all
	@for target in $(TARGETS); do echo "$$target: $$(($(FUZZ_SECONDS) / $(words $(TARGETS)))) s" >&2; \
	  PYTHONPATH=.venv-fuzz $(BIN)/python -m tests.fuzz $$target $$(($(FUZZ_SECONDS) / $(words $(TARGETS)))) \
	  || exit 1; done

.venv-fuzz/.done: requirements-fuzz.lock | $(VENV)/.dev
	@rm -rf .venv-fuzz
	@$(PIP) install --require-hashes --target .venv-fuzz -r $<
	@touch $@

# Pulumi's CLI from PATH, or built with Go into the user's cache; AWS is a double.
test-up: $(VENV)/.dev .venv-policy/.done ## a stack's life on Pulumi's own engine, without an account; SET=short for the core
	@$(BIN)/python -m tests.up.cli
	$(BIN)/python -m pytest -m "up$(if $(SET), and $(SET))" tests/up

test-office: $(VENV)/.dev ## open translated documents in LibreOffice, a minute or so
	@{ command -v soffice && command -v pdftotext; } >/dev/null || { sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  echo "Installing LibreOffice without its windows (once; two minutes or so) ..." >&2; \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y --no-install-recommends \
	  libreoffice-writer-nogui libreoffice-calc-nogui libreoffice-impress-nogui fonts-dejavu-core poppler-utils >/dev/null; }
	$(BIN)/python -m pytest -m office tests/office

test-install: $(VENV)/.dev ## install with pipx, uv and `make run`, from the package index
	$(BIN)/python -m pytest -m install tests/distribution

check: $(VENV)/.dev ## lint and types only
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy

# The image, built with Docker or buildah, whichever is there: docs/image.md.
IMAGE ?= serverless-translation:$(shell sed -n 's/^version = "\(.*\)"/\1/p' pyproject.toml)
image: ## build the container image
	@$(PYTHON) -m image.build $(IMAGE) $(if $(BASE),--base $(BASE)) $(if $(BUILDER),--builder $(BUILDER))

SERVER_IMAGE ?= serverless-translation-server:latest
server-image: ## build the image with page and public API, for a machine of your own
	@$(PYTHON) -m image.build $(SERVER_IMAGE) --target server $(if $(BASE),--base $(BASE)) \
	  $(if $(BUILDER),--builder $(BUILDER))

push: $(VENV)/.pulumi ## push it to ECR: make push REPOSITORY=ACCOUNT.dkr.ecr.REGION.amazonaws.com/NAME
	@$(BIN)/python -m image.push $(IMAGE) "$(REPOSITORY)"

test-image: $(VENV)/.dev ## build the image with buildah, then run it as SageMaker would
	@image/test.sh

# torch and Transformers, for `python -m models add`; torch without CUDA, gigabytes smaller.
EXTRA := .venv-models
TORCH_INDEX ?= https://download.pytorch.org/whl/cpu
models-extra: $(EXTRA)/.done ## what converting a model takes, in a venv of its own

$(EXTRA)/.done: models/requirements.lock | $(BIN)/python
	@echo "Installing torch and Transformers into $(EXTRA) (once; two minutes or so) ..." >&2
	@$(BIN)/python -m venv --clear $(EXTRA)
	@$(EXTRA)/bin/python -m pip install --quiet --require-hashes -r models/requirements.lock
	@$(EXTRA)/bin/python -m pip install --quiet --retries 1 \
	  $(if $(TORCH_INDEX),--no-deps --extra-index-url $(TORCH_INDEX)) torch==2.13.0
	@$(EXTRA)/bin/python -m pip check --quiet && touch $@

test-convert: $(VENV)/.dev $(EXTRA)/.done ## convert tiny models of every format, for real
	MODELS_EXTRA=$(EXTRA)/bin/python $(BIN)/python -m pytest tests/models/convert

# Debian and Ubuntu ship Python without venv; fetch it where we may.
$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "make: $(PYTHON) is older than 3.11; try: make PYTHON=python3.12" >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV) 2>/dev/null || { rm -rf $(VENV); \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y python3-venv && $(PYTHON) -m venv $(VENV); }

# What serving and the page need; pip shows how far it is. Python compiles what is used, 16 MB less.
$(VENV)/.run: requirements-run.lock handlers/requirements.txt | $(BIN)/python
	@echo "Installing requirements-run.lock into $(VENV) (once; a minute or so) ..." >&2
	@$(BIN)/python -m pip --disable-pip-version-check install --no-compile --require-hashes \
	  -r requirements-run.lock -r handlers/requirements.txt >&2
	@touch $@

# What calls of AWS need beside it; `pulumi install` installs the same.
$(VENV)/.pulumi: requirements.lock handlers/requirements.txt | $(BIN)/python
	@echo "Installing requirements.lock into $(VENV) (once; a minute or so) ..." >&2
	@$(PIP) install --require-hashes -r requirements.lock -r handlers/requirements.txt
	@touch $@ $(VENV)/.run

$(VENV)/.dev: requirements-dev.lock handlers/requirements.txt | $(BIN)/python
	@echo "Installing requirements-dev.lock into $(VENV) (once; two minutes or so) ..." >&2
	@$(PIP) install --require-hashes -r requirements-dev.lock -r handlers/requirements.txt
	@touch $@ $(VENV)/.pulumi $(VENV)/.run

bench: $(VENV)-bench/.done $(VENV)/.dev ## measure against the bare engine, the usual container and Firefox's engine, 12 minutes
	@for tool in nginx wrk; do command -v $$tool >/dev/null || PATH=$$PATH:/usr/sbin command -v $$tool >/dev/null || { \
	  sudo=$$([ "$$(id -u)" = 0 ] || echo sudo); \
	  $$sudo apt-get -qq update && $$sudo apt-get -qq install -y --no-install-recommends $$tool; } || exit 1; done
	@PATH=$$PATH:/usr/sbin timeout --kill-after=10 900 $(VENV)-bench/bin/python -m benchmarks $(if $(BUSY),--busy)
	@timeout --kill-after=10 300 $(BIN)/python -m benchmarks.firefox

$(VENV)-bench/.done: benchmarks/requirements.lock | $(BIN)/python
	@echo "Installing benchmarks/requirements.lock into $(VENV)-bench (once; a minute or so) ..." >&2
	@$(BIN)/python -m venv $(VENV)-bench
	@$(VENV)-bench/bin/python -m pip --disable-pip-version-check --quiet install --require-hashes -r benchmarks/requirements.lock
	@touch $@

# The dev lock leads; the others are cut from it, so that all agree on versions.
COMPILE = $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
lock: $(BIN)/python ## write every lock file anew from its requirements*.txt
	$(PIP) install uv==0.13.9
	$(COMPILE) requirements-dev.txt -o requirements-dev.lock
	$(COMPILE) requirements-audit.txt -o requirements-audit.lock
	$(COMPILE) requirements-fuzz.txt -o requirements-fuzz.lock
	$(COMPILE) policy/requirements.txt -o policy/requirements.lock
	for name in requirements-run requirements serving/requirements gateway/requirements models/requirements benchmarks/requirements; do \
	  $(COMPILE) $$name.txt -c requirements-dev.lock -o $$name.lock || exit 1; done

clean: ## remove what the targets above made
	rm -rf $(VENV) .venv-policy $(VENV)-audit $(VENV)-bench $(VENV)-fuzz $(EXTRA) .cache .pytest_cache .mypy_cache .ruff_cache .hypothesis
