"""Errors that say in one line what would have worked."""

import difflib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from analysis import corpus, report, tables


class LabError(Exception):
    """A question that cannot be answered as it was asked. A notebook shows the message alone, without the way through the code."""

    def _render_traceback_(self) -> list[str]:
        return [str(self)]


@contextmanager
def plainly() -> Iterator[None]:
    """Raise ``LabError`` for what a user can put right: parameters, corpora, lexicons."""
    try:
        yield
    except (report.ReportError, corpus.CorpusError, tables.TablesError, ValueError) as error:
        raise LabError(str(error)) from None


def nearest(asked: str, known: Iterable[str]) -> list[str]:
    """Return the known names that look most like the one that was asked for, at most three, the likeliest first.

    >>> nearest("Olivr Jia", ["Leif-Eric Easley", "Oliver Jia"])
    ['Oliver Jia']
    """
    by_low = {name.casefold(): name for name in sorted(known, reverse=True)}
    low = asked.casefold()
    inside = sorted((name for name in by_low if low and low in name), key=len)
    found = dict.fromkeys([*difflib.get_close_matches(low, by_low, 3, 0.6), *inside])
    return [by_low[name] for name in list(found)[:3]]


def suggestion(asked: str, known: Iterable[str]) -> str:
    """Return the end of a message: *; did you mean "Oliver Jia"?*, or nothing where no name is like it.

    >>> suggestion("Olivr Jia", ["Oliver Jia"])
    '; did you mean "Oliver Jia"?'
    """
    found = [f'"{name}"' for name in nearest(asked, known)]
    return f"; did you mean {' or '.join(found)}?" if found else ""
