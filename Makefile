# Two commands matter: `make run` opens the app, `make test` runs the tests.  Each sets up what it
# needs: a virtual environment in .venv with the versions of constraints.txt.

PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
PIP    := $(BIN)/python -m pip --disable-pip-version-check

.DEFAULT_GOAL := help
.PHONY: help run test lint check locale curriculum bench coverage screenshots clean

help: ## Show these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## /{printf "  make %-12s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

$(BIN)/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Python 3.11 or newer is needed: make PYTHON=/path/to/python3.11 …"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/.app: $(BIN)/python pyproject.toml constraints.txt
	@echo "Setting up (torch is large: this takes a minute or more the first time) …"
	@# torch first and by its exact pin: asked for by a range, pip may take another build of it.
	$(PIP) install --quiet --constraint constraints.txt "$$(grep '^torch==' constraints.txt)"
	$(PIP) install --quiet --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.app
	$(PIP) install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch $@

run: $(VENV)/.app ## Open the app
	@$(BIN)/tutor

test: $(VENV)/.dev ## Run the tests
	$(BIN)/python -m pytest -n 2 --dist loadgroup $(ARGS)

lint: $(VENV)/.dev ## Style, types, import contracts
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

check: $(VENV)/.app ## Prove every shipped exercise
	$(BIN)/tutor check

locale: $(VENV)/.dev ## Bring the translation catalogues up to date
	$(BIN)/python tests/app/i18n_catalogue.py

screenshots: $(VENV)/.dev ## Take the pictures in docs/img anew
	$(BIN)/python docs/screenshots.py

curriculum: $(VENV)/.app ## Write docs/curriculum.md anew from the exercises
	$(BIN)/python docs/curriculum.py

bench: $(VENV)/.dev ## Measure against floors and peers
	$(BIN)/python -m tests.benchmarks

coverage: $(VENV)/.dev ## How many wrong answers are explained, and whether it is true
	$(BIN)/python -m tests.benchmarks.coverage 3

clean: ## Remove what the other targets made
	rm -rf $(VENV) dist build .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
