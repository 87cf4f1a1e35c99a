"""What a running kernel must forget when a lexicon changes, and how it works with other lexicons for a while."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

from analysis import lexicons, stories

#: Caches that rest on no lexicon and cost most: the reader's network and tables, and patterns by their own text.
_KEPT = ("analysis.reader", "analysis.corpus")


class Edited(NamedTuple):
    """Name, time and size of every lexicon and of every override: what differs where one was edited."""

    lexicons: tuple[tuple[str, int, int], ...]
    overrides: tuple[tuple[str, int, int], ...]


def edited() -> Edited:
    """Return when the lexicons and the overrides were edited."""
    return Edited(_files(lexicons.FOLDER), _files(stories.OVERRIDES))


def _files(folder: Path) -> tuple[tuple[str, int, int], ...]:
    found = ((path, path.stat()) for path in sorted(folder.glob("*.csv")))
    return tuple((path.name, stat.st_mtime_ns, stat.st_size) for path, stat in found)


def forget() -> None:
    """Let every function of the package read the lexicons anew when it is next asked."""
    for name, module in list(sys.modules.items()):
        if name.partition(".")[0] == "analysis" and not name.startswith(_KEPT):
            for called, function in vars(module).items():
                if called != "_compiled" and hasattr(function, "cache_clear"):
                    function.cache_clear()


@contextmanager
def reading(folder: Path) -> Iterator[None]:
    """Measure with the lexicons of another folder meanwhile."""
    before = lexicons.FOLDER
    lexicons.FOLDER = folder
    forget()
    try:
        yield
    finally:
        lexicons.FOLDER = before
        forget()
