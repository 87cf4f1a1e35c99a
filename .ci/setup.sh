#!/usr/bin/env bash
# Make ready what the Makefile's targets stand on, and say in one line what cannot be made ready:
#   python   the packages of requirements.lock and this project itself, in the environment of $PY
#   chromium the browser and its driver with which the tests open JupyterLab
#   pango    the system libraries with which WeasyPrint writes the PDF; without them there is still the HTML
# A step that is done leaves a note in the environment and is skipped from then on.
set -euo pipefail
cd "$(dirname "$0")/.."

PY=${PY:-.venv/bin/python}
env=${PY%/bin/python}
note=$env/.briefing-installed
wanted="$PWD $(cat requirements.lock pyproject.toml | cksum)"  # a moved folder needs a new environment too

say() { printf '%s\n' "$*" >&2; }
stop() { say "$*"; exit 1; }

# Run a command in silence; where it fails, show the end of what it had to say.
quietly() {
    local output
    output=$("$@" 2>&1 </dev/null) || { say "$(tail -n 20 <<<"$output")"; return 1; }
}

debian_root() { [[ $(id -u) == 0 ]] && command -v apt-get >/dev/null; }

apt_install() {
    local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -qq -o Acquire::Retries=3 -o DPkg::Lock::Timeout=120)
    say "Installing from Debian: $*"
    quietly "${apt[@]}" update && quietly "${apt[@]}" install --yes --no-install-recommends "$@"
}

supported_python() {
    local python
    for python in python3 python3.13 python3.12 python3.11; do
        if "$python" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; then
            echo "$python"
            return
        fi
    done
    stop "No Python 3.11, 3.12 or 3.13 found: install one (Debian: apt-get install python3 python3-venv), then run make again."
}

make_venv() {
    local python
    python=$(supported_python)
    # Debian ships python3 without the part that fills a new environment with pip.
    if ! "$python" -c 'import ensurepip' 2>/dev/null; then
        debian_root && apt_install python3-venv && "$python" -c 'import ensurepip' 2>/dev/null ||
            stop "$python cannot make environments yet: sudo apt-get install python3-venv, then run make again."
    fi
    mkdir -p "$env"
    echo unfinished >"$note"
    quietly "$python" -m venv "$env"
}

project_installed() {
    "$PY" -c 'from importlib.metadata import version; version("regional-threat-briefing")' 2>/dev/null
}

pip_install() {
    quietly "$PY" -m pip --no-input --disable-pip-version-check --quiet install --retries 5 "$@"
}

python_ready() {
    local found=""
    [[ -e $note ]] && found=$(<"$note")
    if [[ $found == "$wanted" ]] && project_installed; then return; fi

    if [[ $env == .venv || $env == "$PWD/.venv" ]]; then
        # Begun and not finished, made for another folder, or its Python is gone: only a new one can be trusted.
        # (A .venv without our note is somebody's own: it is filled, never removed.)
        if [[ -n $found ]] && ! { [[ $found == "$PWD "* ]] && project_installed; }; then rm -rf "$env"; fi
        [[ -x $PY ]] || make_venv
    elif [[ -z $found ]] && project_installed; then
        return  # an active environment that somebody prepared by hand is taken as it is
    elif [[ -d $env/conda-meta ]]; then
        stop "The active conda environment lacks this project: python -m pip install --no-deps --no-build-isolation -e . (in one made by: conda env create -f environment.yml)"
    elif [[ ! -x $PY ]]; then
        stop "The active environment $env has no Python: deactivate it, then run make again."
    fi

    "$PY" -m pip --version >/dev/null 2>&1 ||
        stop "The environment $env has no pip: $PY -m ensurepip (or deactivate it), then run make again."
    say "Installing the locked packages into $env: about a minute, once for each change of the lock."
    echo unfinished >"$note"
    pip_install --require-hashes -r requirements.lock ||
        stop "The locked packages could not be installed into $env; the lines above say why."
    # The project is not in its own lock, and a folder has no hash: hence a second step, which needs no download
    # because the lock carries the build tools (hatchling, editables).
    pip_install --no-deps --no-build-isolation --editable . ||
        stop "This project could not be installed into $env; the lines above say why."
    echo "$wanted" >"$note"
}

# WeasyPrint loads HarfBuzz-Subset where it finds it and cuts fonts otherwise where not: another PDF from the
# same briefing. So it counts as missing here.
pango_loads() {
    "$PY" -c 'import sys; from weasyprint.text.ffi import harfbuzz_subset; sys.exit(harfbuzz_subset is None)' >/dev/null 2>&1
}

pango_ready() {
    local packages=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0) remedy
    [[ ! -e $env/.briefing-pango ]] || return 0
    if ! pango_loads; then
        if ! { debian_root && apt_install "${packages[@]}" && pango_loads; }; then
            if [[ -d $env/conda-meta ]]; then remedy="conda install -c conda-forge pango"
            elif [[ $(uname) == Darwin ]]; then remedy="brew install pango"
            elif command -v apt-get >/dev/null; then remedy="sudo apt-get install ${packages[*]}"
            elif command -v dnf >/dev/null; then remedy="sudo dnf install pango harfbuzz"
            else remedy="install Pango and HarfBuzz"
            fi
            say "Pango or HarfBuzz is missing, so there may be no PDF (the HTML is built all the same): $remedy"
            return 0
        fi
    fi
    touch "$env/.briefing-pango" 2>/dev/null || true  # an environment that is not ours to write is asked again
}

# Only the tests of JupyterLab drive a browser; where there is none they are left out and say so.
chromium_ready() {
    [[ ! -e $env/.briefing-chromium ]] || return 0
    if ! command -v chromedriver >/dev/null; then
        if ! { debian_root && apt_install chromium chromium-driver; }; then
            say "Chromium is missing, so JupyterLab is not tested in a browser (Debian: sudo apt-get install chromium chromium-driver)"
            return 0
        fi
    fi
    touch "$env/.briefing-chromium" 2>/dev/null || true
}

for step in "$@"; do "${step}_ready"; done
