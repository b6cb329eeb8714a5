# Each target says in one line what is true afterwards; `make` alone lists them. The work itself is in tools/.
.DEFAULT_GOAL := help
PYTHON ?= python3
BIN := .venv/bin
ARGS ?=

.PHONY: help
help:  ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

.PHONY: setup
setup:  ## .venv holds the server and the `liandong` command; nothing is started
	@$(PYTHON) tools/setup.py python

.PHONY: demo
demo:  ## the system runs with sample data until Ctrl-C; its addresses and accounts are printed
	@$(PYTHON) tools/setup.py python web
	@exec $(BIN)/liandong demo $(ARGS)

.PHONY: demo-reset
demo-reset:  ## the demo's data is gone; the next `make demo` starts from the beginning
	@$(PYTHON) tools/setup.py python
	@exec $(BIN)/liandong demo --reset

WORKERS ?= 2
.PHONY: test
test:  ## every test ran against a real PostgreSQL and a real browser, WORKERS at a time (ARGS="-k name" for some)
	@$(PYTHON) tools/setup.py dev web browser
	@exec $(BIN)/python -m pytest -n $(WORKERS) --dist loadfile --no-loadscope-reorder $(ARGS)

SCALE ?= 1
.PHONY: bad-link
bad-link:  ## 20 photos went over 200 kbit/s, 800 ms, 5 % loss from a real browser; SCALE=50 lets time pass faster
	@$(PYTHON) tools/setup.py dev web browser
	@exec $(BIN)/python -m tests.badlink --scale $(SCALE) $(ARGS)

.PHONY: check
check:  ## format, lint, types, import floors, house rules, docstrings and generated files are in order
	@$(PYTHON) tools/setup.py dev node
	@exec $(BIN)/python -m tools.check

.PHONY: bench
bench:  ## what we claim was measured; the last line is one JSON object
	@$(PYTHON) tools/setup.py dev web
	@exec $(BIN)/python -m benchmarks $(ARGS)

.PHONY: bench-live
bench-live:  ## positions kept and told were measured beside taky and a bare relay (about 35 minutes on two quiet cores)
	@$(PYTHON) tools/setup.py dev
	@exec $(BIN)/python -m benchmarks live

KILLS ?= 1000
.PHONY: chaos-field
chaos-field:  ## a real phone was killed KILLS times, with link, servers and database, and lost nothing (SEED=n repeats)
	@$(PYTHON) tools/setup.py dev web browser
	@exec $(BIN)/python -m tests.chaos --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(ARGS)

ORDERS ?= 100000
.PHONY: prove-ownership
prove-ownership:  ## ORDERS random orders, crashes and repeats: every clue had one owner at every instant (SEED=n repeats)
	@$(PYTHON) tools/setup.py dev
	@exec $(BIN)/python -m tests.ownership --orders $(ORDERS) $(if $(SEED),--seed $(SEED))

.PHONY: docs
docs:  ## every generated file is written anew: reference pages, client types, terms
	@$(PYTHON) tools/setup.py dev node
	@exec $(BIN)/python -m tools.generate

.PHONY: pictures
pictures:  ## docs/pictures shows the three faces as they look today, taken of the running demo
	@$(PYTHON) tools/setup.py dev web browser
	@exec $(BIN)/python -m tests.story.faces.pictures

.PHONY: format
format:  ## Python is formatted, and what ruff can mend is mended
	@$(PYTHON) tools/setup.py dev
	@$(BIN)/ruff format . && $(BIN)/ruff check --fix .

.PHONY: lock
lock:  ## requirements/*.txt are pinned anew, with hashes, from requirements/*.in
	@$(PYTHON) tools/setup.py python
	@$(PYTHON) tools/lock.py
