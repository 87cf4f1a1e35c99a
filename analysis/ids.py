"""Readable ids, each once in a page."""

import re
from collections.abc import Iterable


def slug(text: str, taken: Iterable[str]) -> str:
    """A readable id for a heading that no other element has."""
    name = "-".join(re.findall(r"\w+", text.casefold()))[:60].strip("-") or "section"
    return free(name, taken)


def free(name: str, taken: Iterable[str]) -> str:
    """The name, or the first of ``name-2``, ``name-3`` and so on that is not taken."""
    names = (f"{name}-{number}" if number > 1 else name for number in range(1, 10**9))
    return next(candidate for candidate in names if candidate not in taken)
