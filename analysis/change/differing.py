"""What went into two briefings and is not the same: lines of lexicons and corrections, versions, parameters."""

import csv
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from analysis import lexicons, report, sharing, stories
from analysis.change.comparison import Comparison

#: Parameters that a number rests on: those that say what is read, and those that say what of it is counted.
READ, CUT = ("corpus", "columns", "date_order"), ("period_from", "period_to", "regions")


class File(NamedTuple):
    """A file that differs: its lines that were added, removed and changed, each by what it is about."""

    name: str
    added: list[str]
    removed: list[str]
    changed: list[str]

    @property
    def n(self) -> int:
        """How many lines differ."""
        return len(self.added) + len(self.removed) + len(self.changed)


def files(c: Comparison, kind: str) -> list[File]:
    """Return the files of ``lexicons`` or ``overrides`` that differ, by name."""
    if not c.last or not c.last.versions:
        return []
    then, now = {
        "lexicons": (c.last.lexicons, lexicons.FOLDER),
        "overrides": (c.last.overrides, stories.OVERRIDES),
    }[kind]
    names = sorted({path.name for folder in (then, now) for path in folder.glob("*.csv")})
    compared = (_file(name, then / name, now / name, keyed=kind == "lexicons") for name in names)
    return [file for file in compared if file.n]


def _file(name: str, then: Path, now: Path, *, keyed: bool) -> File:
    """Compare two files; in one that is ``keyed`` the first column names a line, and a line may have changed."""
    before, after = _lines(then), _lines(now)
    if not keyed:
        added, removed = (
            map(_about, map(dict, some.elements())) for some in (after - before, before - after)
        )
        return File(name, list(added), list(removed), [])
    old, new = ({line[0][1]: line for line in some if line} for some in (before, after))
    return File(
        name,
        sorted(new.keys() - old.keys()),
        sorted(old.keys() - new.keys()),
        sorted(key for key in old.keys() & new.keys() if old[key] != new[key]),
    )


def _lines(path: Path) -> Counter[tuple[tuple[str, str], ...]]:
    """Return the lines of a file as pairs of column and cell; no cell is longer than what may be shared."""
    if not path.is_file():
        return Counter()
    with path.open(encoding="utf-8-sig", errors="replace", newline="") as file:
        return Counter(
            tuple((str(name), sharing.excerpt(str(cell))) for name, cell in line.items())
            for line in csv.DictReader(file)
        )


def _about(line: Mapping[str, str]) -> str:
    """Return what a correction says, in short."""
    what = line.get("quote") or line.get("name") or line.get("article_id") or ""
    value = line.get("value") or line.get("speaker") or line.get("with_article_id") or ""
    return f"{what}: {line.get('action', 'speaker')} {value}".strip()


def parameters(c: Comparison) -> list[tuple[str, object, object]]:
    """Return name, last and present value of each parameter that may change a number and is not the same."""
    now = c.brief.parameters.model_dump()
    then = {**report.Parameters().model_dump(), **(c.last.parameters if c.last else {})}
    return [(name, then[name], now[name]) for name in (*READ, *CUT) if then[name] != now[name]]


def versions(c: Comparison) -> list[tuple[str, str, str]]:
    """Return name, last and present version of what counts and is not the same: the package, its libraries."""
    then, now = (_named(versions) for versions in (c.last.versions if c.last else {}, c.versions))
    return [
        (name, then.get(name, "none"), now.get(name, "none"))
        for name in sorted({*then, *now})
        if then.get(name) != now.get(name)
    ]


def _named(found: Mapping[str, str]) -> dict[str, str]:
    """Return the versions of the package and of the libraries that count, by name."""
    named = dict(one.rsplit(" ", 1) for one in found.get("libraries", "").split(", ") if " " in one)
    return {"the package": found["package"], **named} if "package" in found else named
