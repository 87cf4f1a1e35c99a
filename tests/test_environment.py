"""One set of versions, whichever way the environment is made, and a Makefile that explains itself."""

import os
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
LOCK = (ROOT / "requirements.lock").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
CONDA = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))["dependencies"]

# An entry is a line that begins with a name; its hashes follow, indented.
ENTRIES = re.findall(r"^[a-z0-9][^\n]*(?:\n    [^\n]*)*", LOCK, flags=re.MULTILINE)
LOCKED = {canonicalize_name(re.match(r"[\w.-]+", entry)[0]) for entry in ENTRIES}


def test_every_dependency_is_locked():
    wanted = PROJECT["dependencies"] + PROJECT["optional-dependencies"]["dev"]
    assert {canonicalize_name(Requirement(line).name) for line in wanted} <= LOCKED


def test_every_locked_version_is_exact_and_hashed():
    loose = [
        entry
        for entry in ENTRIES
        if not re.match(r"[\w.-]+==[\w.+!]+ ", entry) or "--hash=sha256:" not in entry
    ]
    assert ENTRIES
    assert not loose


@pytest.mark.parametrize("address", ["://", "--index-url", "--extra-index-url", "--find-links"])
def test_lock_names_no_place_to_download_from(address):
    assert address not in LOCK


def test_lock_is_what_make_lock_writes():
    [command] = re.findall(r"^\tuv pip compile .*$", MAKEFILE, flags=re.MULTILINE)
    assert command.strip() in LOCK.splitlines()[1]


def test_conda_takes_every_python_package_from_the_lock():
    # A package named for conda too would be a second version of it.
    [from_pip] = [line["pip"] for line in CONDA if isinstance(line, dict)]
    from_conda = {re.match(r"[\w.-]+", line)[0] for line in CONDA if isinstance(line, str)}
    assert from_pip == ["-r requirements.lock"]
    assert from_conda == {"python", "pip", "pango"}
    assert not from_conda & LOCKED


def test_pythons_agree():
    allowed = SpecifierSet(PROJECT["requires-python"])
    supported = [f"3.{minor}" for minor in range(20) if f"3.{minor}" in allowed]
    [conda] = [line.removeprefix("python=") for line in CONDA if str(line).startswith("python=")]
    setup = (ROOT / ".ci/setup.sh").read_text(encoding="utf-8")
    assert conda in supported
    assert (
        f"({supported[0].replace('.', ', ')}) <= sys.version_info[:2] <= ({supported[-1].replace('.', ', ')})"
        in setup
    )
    assert f"--python-version {supported[0]} " in MAKEFILE


def test_every_make_target_is_explained():
    [targets] = re.findall(r"^\.PHONY: (.*)$", MAKEFILE, flags=re.MULTILINE)
    explained = re.findall(r"^([a-z]+):.*  ## \S", MAKEFILE, flags=re.MULTILINE)
    assert sorted(targets.split()) == sorted(explained)


@pytest.mark.parametrize("command", ["make report", "make test"])
def test_readme_shows_the_two_commands(command):
    assert command in (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("script", sorted(p.name for p in (ROOT / ".ci").iterdir()))
def test_scripts_can_be_run(script):
    path = ROOT / ".ci" / script
    assert os.access(path, os.X_OK)
    assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env ")
