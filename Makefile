# make demo: set up, draw the sample photographs, read them and the article, serve the desk.
# make test: set up, run every test.
PYTHON ?= python3
PORT ?= 8001
DEMO ?= demo
ARCHIVE ?= demo.db
CHROMIUM ?= /usr/bin/chromium
BIN := .venv/bin
export CHROMIUM

.PHONY: demo test check quick venv tools chromium bench bench-full trust clean

venv: .venv/ready

.venv/ready: pyproject.toml constraints.txt
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable .
	$(BIN)/python -c 'from ingest.captions import ready; ready()'
	touch .venv/ready

# What the tests and benchmarks need besides; `make demo` waits for none of it.
tools: .venv/tools

.venv/tools: .venv/ready
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --constraint constraints.txt --editable '.[test]'
	touch .venv/tools

$(DEMO)/ready: $(wildcard samples/*.py samples/*.yml samples/*.txt samples/scenes/*.py) | venv
	$(BIN)/python -m samples $(DEMO)
	touch $(DEMO)/ready

demo: venv $(DEMO)/ready
	$(BIN)/cutline ingest $(DEMO)/photos $(DEMO)/article.txt --archive $(ARCHIVE)
	@printf '\n  The desk is at http://127.0.0.1:$(PORT)/   (Ctrl-C stops it)\n\n  Three searches worth trying:\n'
	@sed 's|^|    http://127.0.0.1:$(PORT)|' samples/searches.txt
	@echo
	$(BIN)/cutline serve --archive $(ARCHIVE) --port $(PORT)

check: tools
	$(BIN)/ruff check archive ingest samples tests benchmarks
	$(BIN)/mypy

test: tools chromium
	$(BIN)/python -m pytest -n 2 --dist loadfile

# What a developer runs between two edits: no browser, nothing slow.
quick: tools
	$(BIN)/python -m pytest -q -x -m "not browser and not slow"

# The browser that the desk's tests drive.
chromium:
	@if [ -x "$(CHROMIUM)" ]; then exit 0; fi; \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
	  apt-get -qq update && DEBIAN_FRONTEND=noninteractive apt-get -qq install --yes --no-install-recommends chromium >/dev/null; \
	else \
	  echo 'The browser tests drive Chromium, and there is none at $(CHROMIUM).' >&2; \
	  echo 'Install it (Debian, Ubuntu: sudo apt-get install chromium), or say where it is: make test CHROMIUM=/path/to/it' >&2; \
	  exit 1; \
	fi

# Speed, as ratios against a named peer in the same run; results in benchmarks/results/. Minutes. Needs exiftool,
# PostgreSQL's server and nginx (Debian: libimage-exiftool-perl postgresql nginx-light).
bench: tools
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.captions.measure
	$(BIN)/python -m benchmarks.ingest
	$(BIN)/python -m benchmarks.search 100000
	$(BIN)/python -m benchmarks.peers 100000
	$(BIN)/python -m benchmarks.taking 100000
	$(BIN)/python -m benchmarks.replicas 100000
	$(BIN)/python -m benchmarks.growth 10000 100000

# The same at full size, for a machine that has nothing else to do; ten million captions take 12 GB of disk. Hours.
bench-full: tools
	$(BIN)/python -m benchmarks.reading
	$(BIN)/python -m benchmarks.ingest --files 20000 --captions 200000 --tree 1000000
	$(BIN)/python -m benchmarks.search 100000 1000000
	$(BIN)/python -m benchmarks.peers 1000000
	$(BIN)/python -m benchmarks.taking 1000000
	$(BIN)/python -m benchmarks.replicas 1000000
	$(BIN)/python -m benchmarks.growth 10000 100000 1000000 10000000

# The tests that docs/trust.md names, and their figures into it.
trust: tools chromium
	$(BIN)/python -m benchmarks.trust

# The pictures in docs/screenshots, of the demo's archive.
screenshots: tools chromium $(DEMO)/ready
	rm -rf build/screenshots.db*; mkdir -p build
	$(BIN)/cutline ingest $(DEMO)/photos $(DEMO)/article.txt --archive build/screenshots.db
	$(BIN)/python -m samples.screenshots build/screenshots.db docs/screenshots

clean:
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis $(DEMO) $(ARCHIVE) $(ARCHIVE)-wal $(ARCHIVE)-shm
