# Conveniences; the README's two commands need none of this.
PYTHON ?= .venv/bin/python

.PHONY: install test lint types bench constraints docs

install:
	python3 -m venv .venv && $(PYTHON) -m pip install -e '.[all,test]'

test:
	$(PYTHON) -m pytest -n 2

lint:
	$(PYTHON) -m ruff format --check src tests benchmarks && $(PYTHON) -m ruff check src tests benchmarks

types:
	$(PYTHON) -m mypy

bench:
	$(PYTHON) -m benchmarks

constraints:
	uv pip compile pyproject.toml --all-extras --python-version 3.11 --generate-hashes \
	  --no-emit-index-url --no-header -o constraints.txt

docs:
	$(PYTHON) -m sphinx -q -W --keep-going -b html docs docs/_site
