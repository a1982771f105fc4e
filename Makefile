# make demo: set up, read the sample photographs and article, serve the desk.
# make test: set up, run every test.
PYTHON ?= python3
PORT ?= 8001
BIN := .venv/bin

.PHONY: demo test check quick venv chromium clean

venv: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch .venv/ready

check: venv
	$(BIN)/ruff check archive ingest tests benchmarks
	$(BIN)/mypy

test: venv
	$(BIN)/python -m pytest -n 2

# What a developer runs between two edits: no browser, nothing slow.
quick: venv
	$(BIN)/python -m pytest -q -x -m "not browser and not slow"

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis
