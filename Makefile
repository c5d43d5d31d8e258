# Commands. Needs make and Python 3.11 (PYTHON=… names another path to it); all else is fetched on first use.
PYTHON ?= python3.11
PORT ?= 8000
VENV := .venv/bin
EMULATOR := .venv-emulator
SHELL := /bin/sh
PIP := --quiet --disable-pip-version-check --no-compile
.DEFAULT_GOAL := help
.PHONY: help run dev redeploy tick clock mail-event audit test lint types openapi openapi-check package deploy demo-csv bench ci clean clean-emulator

help: ## Say what there is
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-15s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Stamps hold what they were made from: a second call does nothing until a requirements file changes.
# What only tests need is installed by the first command that tests, so that `make run` starts sooner.
.venv/runtime: requirements.txt
	@echo "making .venv (the first time this takes half a minute)"
	@test -x $(VENV)/python || $(PYTHON) -m venv .venv
	@$(VENV)/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' || \
		{ echo "Python 3.11 is needed, as on AWS Lambda: make PYTHON=/path/to/python3.11 …" >&2; rm -rf .venv; exit 1; }
	@$(VENV)/python -m pip install $(PIP) -r requirements.txt
	@touch $@

.venv/ready: .venv/runtime requirements-dev.txt
	@echo "adding the tools for tests to .venv (a minute)"
	@$(VENV)/python -m pip install $(PIP) -r requirements-dev.txt
	@touch $@

$(EMULATOR)/ready: requirements-emulator.txt
	@echo "making $(EMULATOR) (the local AWS emulator; half a minute)"
	@test -x $(EMULATOR)/bin/python || $(PYTHON) -m venv $(EMULATOR)
	@$(EMULATOR)/bin/python -m pip install $(PIP) -r requirements-emulator.txt
	@touch $@

run: ## Start everything on this machine, with the demo cohort (PORT=8000)
	@$(MAKE) --no-print-directory -s -j2 .venv/runtime $(EMULATOR)/ready
	@exec $(VENV)/python -m infra.local.up --port $(PORT) --stop-with-parent

dev: .venv/runtime ## chalice local with reload on PORT=8001, against a running `make run`
	@exec $(VENV)/python -m infra.local.dev --port $(if $(filter 8000,$(PORT)),8001,$(PORT))

redeploy: .venv/runtime ## Package an edit and deploy it onto a running `make run`
	@exec $(VENV)/python -m infra.local.redeploy

tick: .venv/runtime ## Fire a schedule now: make tick JOB=nightly-match
	@exec $(VENV)/python -m infra.local.tick "$(JOB)"

mail-event: .venv/runtime ## Play what SES tells of an address: make mail-event EVENT=bounce TO=amina@example.org (complaint, transient)
	@exec $(VENV)/python -m infra.local.mail_event "$(EVENT)" "$(TO)"

audit: .venv/runtime ## Check the trails of credentials in a running `make run`
	@exec $(VENV)/python -m infra.local.audit

clock: .venv/runtime ## Move the running environment's clock: make clock BY=+8d (0 for real time)
	@exec $(VENV)/python -m infra.local.clock "$(BY)"

# A shell may forbid Python to keep what it compiled, and then each process compiles every library anew.
# It is kept away from the sources: the journeys' package is made of them meanwhile.
test: export PYTHONDONTWRITEBYTECODE :=
test: export PYTHONPYCACHEPREFIX := $(CURDIR)/build/pycache
test: .venv/ready $(EMULATOR)/ready ## All tests
	@exec $(VENV)/python -m pytest $(ARGS)

bench: .venv/ready $(EMULATOR)/ready ## Print each bar of speed and memory, and whether it holds (two hours; MILLION=0, BENCH="scoring run")
	@exec $(VENV)/python -m benchmarks $(BENCH) $(if $(filter 0,$(MILLION)),--no-million)

lint: .venv/ready ## ruff, formatting included
	@$(VENV)/ruff check .
	@$(VENV)/ruff format --check .

types: .venv/ready ## mypy
	@$(VENV)/mypy

openapi: .venv/ready ## Write docs/openapi.json anew
	@mkdir -p build docs
	@$(VENV)/python -m chalicelib.platform.web.openapi > build/openapi.json.new && mv build/openapi.json.new docs/openapi.json

openapi-check: .venv/ready ## Fail if docs/openapi.json is not what the code says
	@$(VENV)/python -m chalicelib.platform.web.openapi | diff -u docs/openapi.json - \
		|| { echo "docs/openapi.json has drifted: run make openapi" >&2; exit 1; }

package: .venv/ready ## Build what AWS gets and refuse what must not ship (STAGE=prod)
	@exec $(VENV)/python -m infra.package $(or $(STAGE),prod) --check

deploy: .venv/ready ## Deploy to AWS: make deploy STAGE=prod WEB_ORIGIN=… MAIL_FROM=… MAIL_IDENTITY=… (docs/deploy.md)
	@test -n "$(STAGE)" || { echo "Which stage? make deploy STAGE=prod …; see docs/deploy.md" >&2; exit 2; }
	@exec $(VENV)/python -m infra.deploy "$(STAGE)" --web-origin "$(WEB_ORIGIN)" --mail-from "$(MAIL_FROM)" \
		--mail-identity "$(MAIL_IDENTITY)" --alarm-topic "$(ALARM_TOPIC)" --mail-rate "$(or $(MAIL_RATE),14)" \
		$(if $(MATCH_AT_ONCE),--match-at-once "$(MATCH_AT_ONCE)") \
		$(if $(MATCH_WHOLE_MEMORY),--match-whole-memory "$(MATCH_WHOLE_MEMORY)") \
		$(if $(MATCH_EXPLAIN_MEMORY),--match-explain-memory "$(MATCH_EXPLAIN_MEMORY)")

demo-csv: .venv/runtime ## Write the demo cohort as roster files into build/demo/
	@exec $(VENV)/python -m infra.local.cohort --csv build/demo

ci: ## What the checks on a change run
	@bash .ci/run

clean-emulator: ## Remove the emulator and what it kept
	rm -rf $(EMULATOR) build/local

clean: clean-emulator ## Remove all that is made
	rm -rf .venv build .chalice/deployments .pytest_cache .mypy_cache .ruff_cache
