# `make` alone lists the targets. Each sets up what it needs in .venv, once; nothing outside this folder is installed.

PYTHON ?= python3
PORT   ?= 8765
ARGS   ?=
BIN    := .venv/bin

.DEFAULT_GOAL := help
# Tests of the chat wait for timers as much as they compute: half as many processes again as there are cores.
WORKERS := $(shell $(PYTHON) -c 'import os; cores = os.cpu_count() or 1; print(cores + (cores + 1) // 2)')

.PHONY: help play run test lint types bench migration constraints clean

help:  ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

play: .venv/runtime  ## try the bot in the browser, without a token (PORT=8765, ARGS=--fresh)
	@$(BIN)/chiron play --port $(PORT) $(ARGS)

run: .venv/runtime  ## serve on Telegram with the settings of .env
	@$(BIN)/chiron run

test: .venv/develop  ## run every test, with the coverage floor (ARGS="-k quiz")
	@$(BIN)/python -m pytest -n $(WORKERS) $(if $(ARGS),,--cov) $(ARGS)

lint: .venv/develop  ## check style, format and the direction of imports
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports

types: .venv/develop  ## check the types
	$(BIN)/mypy

bench: .venv/develop  ## measure, and print ratios
	@$(BIN)/python -m benchmarks $(ARGS)

migration: .venv/develop  ## write the next migration from storage/tables.py (m="what it does")
	@$(BIN)/python -m storage.migrations "$(m)"
	@$(BIN)/ruff check --quiet --fix storage/migrations/versions
	@$(BIN)/ruff format --quiet storage/migrations/versions

constraints:  ## pin the newest versions that pyproject.toml allows
	@rm -rf .venv/newest && $(PYTHON) -m venv .venv/newest
	@.venv/newest/bin/pip install --quiet '.[dev]'
	@.venv/newest/bin/pip freeze --exclude chiron > constraints.txt
	@rm -rf .venv/newest

clean:  ## remove .venv and what the tools left behind; databases stay
	rm -rf .venv build dist *.egg-info .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis .coverage
	find . -name __pycache__ -type d -prune -exec rm -rf {} +

# Each file below stands for a step that is done; it is made again when one of the two files changes.
.venv/runtime: pyproject.toml constraints.txt | .venv/made
	@echo "Installing what Chiron needs into .venv (once, about half a minute) …"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable .
	@touch $@

.venv/develop: pyproject.toml constraints.txt | .venv/made
	@echo "Installing what Chiron and its tests need into .venv (once, about a minute) …"
	@$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable '.[dev]'
	@touch .venv/runtime $@

.venv/made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
		{ echo "Chiron needs Python 3.11 or newer; name one with: make PYTHON=python3.11" >&2; exit 2; }
	@$(PYTHON) -m venv .venv || \
		{ rm -rf .venv; echo "Python's venv is missing (Debian: apt-get install python3-venv)" >&2; exit 2; }
	@touch $@
