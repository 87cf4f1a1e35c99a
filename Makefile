# Two commands matter: `make report` builds the briefings, `make test` checks everything.
# Both first make ready what they need (.ci/setup.sh); where that is done, it costs a fraction of a second.

SHELL := /bin/bash

# An active environment is used as it is; otherwise .venv is made here from requirements.lock.
# Conda's `base` does not count: it belongs to conda, not to a project.
CONDA_ENV := $(if $(filter-out base,$(CONDA_DEFAULT_ENV)),$(CONDA_PREFIX))
PY := $(or $(VIRTUAL_ENV),$(CONDA_ENV),.venv)/bin/python
SETUP = @PY="$(PY)" .ci/setup.sh

# Only a NAME typed on the command line counts: some systems (WSL) set NAME to the machine's name.
REPORT = $(if $(filter command line,$(origin NAME)),"$(NAME)")

# An environment's own kernel goes before one of the same name in the user's home.
export JUPYTER_PREFER_ENV_PATH := 1

.PHONY: help report test check lab lock clean

help:  ## list these targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

report:  ## build every briefing defined in reports/ (NAME=x: one)
	$(SETUP) python pango
	@"$(PY)" -m analysis report $(REPORT)

test: check  ## check, then every test, notebooks, JupyterLab in a browser and one whole briefing included
	$(SETUP) pango chromium
	@"$(PY)" -m pytest

check:  ## what a colleague would ask in review: notebooks, word lists, corrections, reports; then style and types
	$(SETUP) python
	@"$(PY)" -m analysis review
	@"$(PY)" -m ruff check .
	@"$(PY)" -m ruff format --check .
	@"$(PY)" -m mypy
	@"$(PY)" -m pytest -q tests/test_notebooks.py -k "not runs_alone and not stops_the_notebook"

# JupyterLab refuses to start as root (in a container, say) unless told that this is meant. What it opens with, and that it asks
# no network for news, stands in .jupyter/.
lab: export JUPYTER_CONFIG_PATH := $(CURDIR)/.jupyter
lab:  ## open JupyterLab on the notebook that says where to begin
	$(SETUP) python
	@"$(PY)" -m jupyterlab --ServerApp.root_dir=. $(if $(filter 0,$(shell id -u)),--allow-root)

# uv keeps the versions that are locked and still fit; delete requirements.lock first to renew them all.
lock:  ## write requirements.lock anew from pyproject.toml (needs uv)
	@command -v uv >/dev/null || { echo "make lock needs uv: pip install uv, then run it again."; exit 1; }
	uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url -o requirements.lock

clean:  ## remove what was built and the tools' caches (.venv stays)
	rm -rf reports/build .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . \( -name .venv -o -name .git \) -prune -o -type d \( -name __pycache__ -o -name .ipynb_checkpoints \) -exec rm -rf {} +
