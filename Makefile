# Two commands matter: `make demo` and `make test`. Both install what they need into .venv first.

PYTHON ?= python3
BIN := .venv/bin
SERVE ?= 1

.PHONY: demo serve test lint lock clean

demo: .venv/demo
	$(BIN)/python manage.py migrate --no-input --verbosity 0
	$(BIN)/python manage.py load_sample
	$(BIN)/python manage.py triage
	$(BIN)/python manage.py ranked --limit 10
	$(BIN)/python manage.py demo_user
ifneq ($(SERVE),0)
	$(BIN)/python manage.py serve
endif

serve: .venv/demo
	$(BIN)/python manage.py serve

test: .venv/test
	$(BIN)/python -m tests.lanes

lint: .venv/test
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run

.venv/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Heard needs Python 3.11 or newer; name one with: make PYTHON=python3.12 ...")'
	$(PYTHON) -m venv .venv

.venv/demo: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	@touch $@

.venv/test: .venv/bin/python pyproject.toml constraints.txt
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	@touch .venv/demo $@

# The newest versions that the ranges in pyproject.toml allow, pinned.
lock:
	rm -rf var/lock && $(PYTHON) -m venv var/lock
	var/lock/bin/python -m pip install --quiet '.[test]'
	var/lock/bin/python -m pip freeze --exclude heard | sed 's/+cpu$$//' > constraints.txt
	rm -rf var/lock

clean:
	rm -rf .venv var .mypy_cache .pytest_cache .ruff_cache
