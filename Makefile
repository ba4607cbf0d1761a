# Cầu Nối. `make run` and `make test` are all a newcomer needs; `make help` lists the rest.
PYTHON ?= python3
V := .venv/bin
export PORT ?= 8000
export CAUNOI_HOME ?= $(CURDIR)/var
# Many processes start here, each would compile everything again.
unexport PYTHONDONTWRITEBYTECODE
# One more than there are processors: whoever waits for a browser or a killed process leaves its processor to the others.
WORKERS ?= $(shell expr $$(getconf _NPROCESSORS_ONLN) + 1)

.DEFAULT_GOAL := help
.PHONY: help run install install-dev test check format messages new-connector screens chaos bench clean lock demo-reset

help: ## list what make can do
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:[^#]*## /\t/' | expand -t 16

run: install ## start everything: database, web, worker, simulator, sample data
	@$(V)/python -m caunoi.cli up

install: .venv/.runtime ## make the virtual environment with the pinned packages

install-dev: .venv/.dev ## the same with the packages for tests

.venv/bin/uv:
	@$(PYTHON) -c 'import sys; sys.exit("Python 3.11 or newer is needed, this is " + sys.version.split()[0] if sys.version_info < (3, 11) else 0)'
	@$(PYTHON) -m venv .venv
	@$(V)/python -m pip install --quiet --disable-pip-version-check --require-hashes --no-deps -r requirements/uv.lock

.venv/.runtime: requirements/runtime.lock pyproject.toml | .venv/bin/uv
	@echo "Installing packages…"
	@$(V)/uv pip install --quiet --python $(V)/python --require-hashes -r requirements/runtime.lock
	@$(V)/uv pip install --quiet --python $(V)/python --no-deps --no-build-isolation -e .
	@touch $@

.venv/.dev: requirements/dev.lock pyproject.toml | .venv/bin/uv
	@echo "Installing packages for tests…"
	@$(V)/uv pip install --quiet --python $(V)/python --require-hashes -r requirements/dev.lock
	@$(V)/uv pip install --quiet --python $(V)/python --no-deps --no-build-isolation -e .
	@touch $@ .venv/.runtime

test: export CAUNOI_HOME :=
test: install-dev ## the whole suite (installs Chromium, PostgreSQL 15, LibreOffice and Noto fonts when they are missing and we may)
	@sh tools/need-chromium
	@sh tools/need-postgres15
	@sh tools/need-libreoffice
	@sh tools/need-fonts
	@$(V)/python -m pytest -n $(WORKERS) --dist loadgroup --durations 10

check: install-dev ## format, lint, types, import contracts, templates, translations, migrations
	@sh tools/check

format: install-dev ## put code and templates into shape
	@$(V)/ruff format . && $(V)/ruff check --fix .

messages: install-dev ## collect sentences for the Vietnamese catalogue
	@$(V)/python -m tools.messages

screens: install-dev ## screenshots of the pages at 360 and 1280 px into .screens/
	@sh tools/need-chromium
	@$(V)/python -m tools.screens

new-connector: install-dev ## begin a connector as a copy of loopback: make new-connector NAME=youtube
	@$(V)/python -m tools.new_connector $(NAME)

chaos: install-dev ## the long forms: kill -9 in the middle of everything, the fuzzer, every door and every colour crossed, whole provinces
	@$(V)/python -m pytest -m "chaos or slow"

bench: install-dev ## measure; results go to bench/results (BENCH=small: a quick run that keeps nothing)
	@for b in units cases_list intake figures library similar sheets faces proof_board reform fanout ledger; do echo "== $$b"; $(V)/python -W ignore -m bench.$$b || exit 1; done

lock: ## pin the newest allowed packages again
	@$(V)/uv pip compile --quiet --generate-hashes --python-version 3.11 requirements/runtime.in -o requirements/runtime.lock
	@$(V)/uv pip compile --quiet --generate-hashes --python-version 3.11 requirements/dev.in -o requirements/dev.lock
	@grep -A200 '^uv==' requirements/dev.lock | awk 'NR==1||/^    --hash/{print} NR>1&&/^[a-z]/{exit}' > requirements/uv.lock

demo-reset: ## forget the sample data of this copy
	@rm -rf "$(CAUNOI_HOME)"

clean: ## remove the virtual environment and everything this copy wrote
	@rm -rf .venv "$(CAUNOI_HOME)"
