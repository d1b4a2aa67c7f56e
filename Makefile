PY ?= python3
BIN := .venv/bin
PIP := $(BIN)/python -m pip install --disable-pip-version-check --no-input -q --require-hashes
FLASK := $(BIN)/python -m flask --app app
export PORT CANTONSITE_INSTANCE

.DELETE_ON_ERROR:
.PHONY: help run test browser lint bench lock translations

help: ## say what can be made
	@grep -hE '^[a-z]+:.*##' Makefile | sed 's/:.*##/	/'

run: .venv/.runtime ## start the site, its deliverer and the demonstration's mailbox
	@$(BIN)/python -m cantonsite

test: .venv/.test ## unit and functional tests, on SQLite and PostgreSQL
	@$(BIN)/python -m pytest -n 2 --dist worksteal tests/unit tests/functional

browser: .venv/.browser ## the main job in a real Chromium (Debian: apt install chromium)
	@$(BIN)/python -m pytest -n 2 tests/browser

lint: .venv/.lint ## ruff, import contracts, templates
	@$(BIN)/python -m ruff check .
	@$(BIN)/python -m ruff format --check .
	@$(BIN)/lint-imports --no-cache
	@$(BIN)/djlint templates --lint --quiet

bench: .venv/.bench .venv/.test ## how much CPU a page costs, beside references; the search beside LIKE, on both databases
	@$(BIN)/python -m bench

lock: ## write requirements/*.txt anew from pyproject.toml
	@test -x .venv/bin/python || $(PY) -m venv .venv
	@$(BIN)/python -m pip install --disable-pip-version-check -q uv
	@for group in runtime test lint browser bench; do requirements/lock $$group; done

translations: .venv/.test ## gather new strings and compile the catalogues
	@$(BIN)/pybabel -q extract -F babel.cfg -k _l -k lazy_gettext -o cantonsite/translations/messages.pot --no-location --omit-header . 
	@$(BIN)/pybabel -q update -i cantonsite/translations/messages.pot -d cantonsite/translations --no-fuzzy-matching --no-wrap --ignore-obsolete --ignore-pot-creation-date
	@$(BIN)/pybabel -q compile -d cantonsite/translations
	@rm -f cantonsite/translations/messages.pot

.venv/bin/python:
	@$(PY) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cantonsite needs Python 3.11 or newer; say which with: make PY=python3.12 run"; exit 1; }
	@$(PY) -c 'import venv, ensurepip' 2>/dev/null || { echo "Python's venv module is missing. On Debian or Ubuntu: apt install python3-venv"; exit 1; }
	@echo "Making .venv"
	@$(PY) -m venv .venv

.venv/.%: requirements/%.txt | .venv/bin/python
	@echo "Installing requirements/$*.txt"
	@$(PIP) -r $<
	@touch $@

.venv/.test .venv/.lint .venv/.bench: .venv/.runtime
.venv/.browser: .venv/.test
