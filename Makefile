# Every target first makes .venv from the lock, and installs what the machine lacks.
PYTHON ?= python3
BIN := .venv/bin
# Of the default tests: many of them wait for processes, devices and windows more than they compute.
WORKERS := 2
# A change of the lock or of our own metadata installs again; nothing else does.
KEY := $(shell cat requirements.lock pyproject.toml | cksum | cut -d' ' -f1)
READY := .venv/.ready-$(KEY)

.PHONY: help setup demo screenshots test test-all check format wheel lock

help:  ## list the targets
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' Makefile | expand -t 12

setup: $(READY)  ## make .venv and install everything into it
	@tools/system-packages

$(READY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' \
	  || { echo "Nudge needs Python 3.11 or later: make PYTHON=/path/to/python3.11"; exit 1; }
	@tools/system-packages
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation -e .
	@rm -f .venv/.ready-*
	@touch $@

demo: setup  ## watch a policy fail, be corrected and learn (no robot, no device, no screen needed)
	$(BIN)/nudge demo

screenshots: setup  ## pictures of every view of the window, checked (some minutes, no screen needed)
	$(BIN)/python -m gui.tour.main --keep docs/screenshots $(TOUR)

test: setup  ## the default tests, a few minutes
	$(BIN)/python -m pytest -n $(WORKERS) --dist loadfile

test-all: setup  ## the slow tests too
	$(BIN)/python -m pytest -m "not hardware"

check: setup  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/pyright
	$(BIN)/lint-imports --no-logo

format: setup  ## format, and mend what the linter can
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

wheel: setup  ## build dist/nudge_teleop-*.whl
	rm -rf dist
	$(BIN)/python -m build --wheel --no-isolation --outdir dist .

lock: setup  ## write the lock anew from what .venv holds now
	$(BIN)/python -m pip freeze --exclude-editable | sed 's/+cpu$$//' > requirements.lock
