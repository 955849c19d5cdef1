# Everything a fresh machine with Python 3.11+ and make needs: the first target that runs makes `.venv`.
PYTHON ?= python3
BIN := .venv/bin
OUT ?= out/demo
ROWS ?= 1000000
SCHEMES ?= 400
WORKERS ?= 1
SEED ?= 5
FACTOR ?= 1

# Tests start many commands, and each would compile the whole package anew.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help demo test test-fast test-long lint docs bench-record bench-batch bench-compare bench-live census mutate-engines clean
help:
	@echo "make demo          score a shipped scheme on shipped data and explain one score"
	@echo "make test          linter, strict types, direction of imports, all tests"
	@echo "make test-long     the same with the long property and fuzz runs"
	@echo "make docs          write the outputs in the documentation anew, as they are really printed"
	@echo "make census        how often each construct of the language occurs in SCHEMES random schemes"
	@echo "make mutate-engines  try a sample of small errors in the code that computes on the tests (hours; it goes on where it was)"
	@echo "make bench-record  time one record against a decision table of zen-engine"
	@echo "make bench-live    time an event of a live session against an assessment of all rows"
	@echo "make bench-batch   time ROWS findings on DuckDB against SQL written by hand"
	@echo "make bench-compare time two schemes, and a sweep, over ROWS findings on ENGINE against one assessment"

.venv/made: pyproject.toml
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { echo "cityrules needs Python 3.11 or newer: make PYTHON=python3.12 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[all]'
	@touch $@

.venv/dev: .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[dev]'
	@touch $@

# durable-rules comes as C source only. Without a compiler the tests of its chain are skipped, and say so.
.venv/live: .venv/dev
	@if command -v "$${CC:-cc}" >/dev/null 2>&1; then \
	  CPPFLAGS="$$CPPFLAGS -DPyEval_CallObject=PyObject_CallObject" \
	    $(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[live]' \
	    || echo "durable-rules could not be built here: its tests will be skipped"; \
	else echo "there is no C compiler: the tests of live sessions on durable-rules will be skipped"; fi
	@touch $@

.venv/bench: .venv/made
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[bench]'
	@touch $@

demo: .venv/made
	@$(BIN)/cityrules score specs/street-order/scheme.yaml \
	  --targets street=specs/street-order/sample/street.csv \
	  --records finding=specs/street-order/sample/finding.csv \
	  --period 2024 --as-of 2025-01-05T00:00:00 --out $(OUT) --format csv
	@echo
	@$(BIN)/cityrules why specs/street-order/scheme.yaml \
	  --targets street=specs/street-order/sample/street.csv \
	  --records finding=specs/street-order/sample/finding.csv \
	  --period 2024 --as-of 2025-01-05T00:00:00 --target 东街 --at 2024-03 --measure grade

lint: .venv/dev
	$(BIN)/ruff check src tests bench docs
	$(BIN)/ruff format --check src tests bench docs
	$(BIN)/mypy
	$(BIN)/lint-imports --no-cache

test: lint .venv/live
	$(BIN)/pytest -n auto --dist worksteal -q

test-fast: .venv/dev .venv/live
	$(BIN)/pytest -n auto -q -x

test-long: lint .venv/live
	CITYRULES_PROFILE=long $(BIN)/pytest -n auto --dist worksteal -q --durations=25

docs: .venv/dev
	UPDATE_GOLDEN=1 $(BIN)/pytest -n auto -q tests/docs

census: .venv/dev
	@PYTHONPATH=tests $(BIN)/python -m strategies.census $(SCHEMES)

.venv/mutation: .venv/dev
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --editable '.[mutation]'
	@touch $@

mutate-engines: .venv/mutation
	$(BIN)/python docs/engine_mutation/run.py --seed $(SEED) --factor $(FACTOR) --workers $(WORKERS)
	$(BIN)/python docs/engine_mutation/record.py --seed $(SEED)
	$(BIN)/python docs/engine_mutation/page.py

bench-record: .venv/bench
	@$(BIN)/python bench/bench_record.py

bench-batch: .venv/bench
	@$(BIN)/python bench/bench_batch.py $(ROWS)

bench-compare: .venv/bench
	@$(BIN)/python bench/bench_compare.py $(ROWS) $(ENGINE)

bench-live: .venv/live
	@$(BIN)/python bench/bench_live.py

clean:
	rm -rf .venv out .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache build dist
