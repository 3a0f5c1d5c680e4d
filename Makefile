# What there is to run. `make` alone lists it. Needed: make, and Python 3.11 or newer with its venv module.

VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check
SOURCES := src tests
TEMPLATES := src/cohong
LOCK := $(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
	--no-header --no-annotate --no-emit-index-url --no-emit-find-links --upgrade

.DEFAULT_GOAL := help
.PHONY: help setup demo test check lint types contracts templates migrations format lock translations clean

help: ## list what there is to run
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-14s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: $(VENV)/.dev ## make .venv with cohong in it, and with all that checks and tests it

demo: $(VENV)/.base ## run the demo region on http://127.0.0.1:8000 (Ctrl-C stops it)
	@exec $(BIN)/cohong demo

test: check ## run all checks and tests
	$(BIN)/pytest -n auto --dist worksteal

check: lint types contracts templates migrations ## run all checks, no tests

lint: $(VENV)/.dev ## ruff: rules and format
	$(BIN)/ruff check $(SOURCES)
	$(BIN)/ruff format --check $(SOURCES)

types: $(VENV)/.dev ## mypy, strict
	$(BIN)/mypy

contracts: $(VENV)/.dev ## import-linter: the floors, and one door for each module
	$(BIN)/lint-imports

# Rules only: djlint's formatter breaks lines where white space shows on the page.
templates: $(VENV)/.dev ## djlint: rules of the pages
	$(BIN)/djlint --quiet --lint $(TEMPLATES)

migrations: $(VENV)/.dev ## are all changes of the tables in a migration?
	env -u DATABASE_URL COHONG_DATA="$(CURDIR)/$(VENV)/.data" $(BIN)/cohong manage makemigrations --check --dry-run

format: $(VENV)/.dev ## put code into its form
	$(BIN)/ruff check --fix $(SOURCES)
	$(BIN)/ruff format $(SOURCES)

translations: $(VENV)/.base ## compile all translations
	$(BIN)/python -m cohong.cli.translations

lock: $(VENV)/.dev ## take the newest releases into the requirements files, with their hashes
	$(LOCK) requirements/build.in --output-file requirements/build.txt
	$(LOCK) requirements/base.in --output-file requirements/base.txt
	$(LOCK) requirements/dev.in --constraint requirements/base.txt --output-file requirements/dev.txt

clean: ## remove .venv and everything that checks have left behind
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist src/*.egg-info

# --- the virtual environment; a stamp says that a step was finished, not only begun --------------------------

$(VENV)/.made:
	@python=""; \
	for one in $(PYTHON) python3 python3.14 python3.13 python3.12 python3.11; do \
	  if command -v "$$one" >/dev/null && "$$one" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; \
	  then python="$$one"; break; fi; \
	done; \
	if [ -z "$$python" ]; then echo "Cohong needs Python 3.11 or newer (make PYTHON=/path/to/it …)." >&2; exit 1; fi; \
	if ! "$$python" -m venv $(VENV); then \
	  echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv" >&2; exit 1; \
	fi
	@touch $@

$(VENV)/.base: $(VENV)/.made requirements/build.txt requirements/base.txt pyproject.toml
	@echo "Installing what Cohong stands on (once; some minutes) …"
	$(PIP) install --quiet --require-hashes -r requirements/build.txt
	$(PIP) install --quiet --require-hashes -r requirements/base.txt
	$(PIP) install --quiet --no-deps --no-build-isolation --editable .
	$(BIN)/python -m cohong.cli.translations
	@touch $@

$(VENV)/.dev: $(VENV)/.base requirements/dev.txt
	@echo "Installing what checks and tests it …"
	$(PIP) install --quiet --require-hashes -r requirements/dev.txt
	@touch $@
