"""Layouts of vendors' exports, as ``data/lexicons/layouts.yml`` states them."""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from analysis import lexicons
from analysis.corpus import plain_yaml

#: Stands before words in bold type: where titles have no label, it tells them from sections.
BOLD = "\ue000"
_SINGLE = frozenset(
    "part mark numbered cover counted listed chosen apart once sign trailing wrapped head".split()
)
_TOLD = frozenset("name source date_added recognise labels alone patterns after".split())


class Layout(NamedTuple):
    """One layout; the fields are explained in ``layouts.yml``, absent patterns match nothing."""

    key: str
    recognise: list[list[re.Pattern[str]]]
    part: str
    find: dict[str, re.Pattern[str]]
    signs: list[tuple[str, re.Pattern[str]]]
    after: Mapping[str, str]
    head: list[str]
    trailing: bool
    wrapped: bool
    bold: bool

    def match(self, what: str, line: str) -> re.Match[str] | None:
        """Match a line with one of the patterns: ``mark``, ``numbered``, ``cover``, ``counted``, ``listed``, ``apart`` and so on."""
        return self.find[what].search(line) if what in self.find else None

    def label(self, block: str) -> tuple[str, str] | None:
        """Return the field that a block begins with the label of, and what stands behind the label."""
        for field, pattern in self.signs:
            if match := pattern.match(block):
                return field, (match[1] if pattern.groups else "") + block[match.end() :]
        return None


@cache
def layouts(folder: Path = lexicons.FOLDER) -> Mapping[str, Layout]:
    """Return the layouts by their keys. Raises ``ValueError`` naming the file and the layout where one is not as it should be."""
    path = folder / "layouts.yml"
    told = plain_yaml.load(path.read_text(encoding="utf-8"))
    try:
        return {key: _layout(key, layout) for key, layout in told.items()}
    except (KeyError, TypeError, AttributeError, re.error) as error:
        raise ValueError(f"{path}: {error!r}; see the notes at the top of the file") from error


def _layout(key: str, told: Mapping[str, Any]) -> Layout:
    if unknown := set(told) - _SINGLE - _TOLD:
        raise KeyError(f"{key} has {', '.join(sorted(unknown))}, which means nothing")
    find = {
        k: re.compile(told[k], re.MULTILINE)
        for k in told.keys() & _SINGLE - {"part", "sign", "trailing", "wrapped", "head"}
    }
    signs = [(field, re.compile(pattern)) for field, pattern in told.get("patterns", {}).items()]
    for field, names in told.get("alone", {}).items():
        signs.append((field, re.compile(rf"(?:{_any(names)})[ \t]*(?=\n|\Z)")))
    for field, names in told.get("labels", {}).items():
        signs.append((field, re.compile(rf"(?:{_any(names)})[ \t]*{told['sign']}[ \t]*([^\n]*)")))
    return Layout(
        key,
        [[re.compile(pattern, re.MULTILINE) for pattern in every] for every in told["recognise"]],
        told["part"],
        find,
        signs,
        told.get("after", {}),
        told.get("head", "").split(),
        "trailing" in told,
        "wrapped" in told,
        "title" in told.get("patterns", {}),
    )


def _any(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))


def lined(text: str) -> str:
    """Return a text with one kind of line end, and with no-break spaces as the spaces that they stand for."""
    for old, new in (("\r\n", "\n"), ("\r", "\n"), ("\f", "\n"), ("\xa0", " ")):
        text = text.replace(old, new)
    return text


def recognise(text: str) -> str:
    """Return the key of the layout that a text begins like, or '' where it is no export of a vendor."""
    text = lined(text).replace(BOLD, "")
    for key, layout in layouts().items():
        if any(all(pattern.search(text) for pattern in every) for every in layout.recognise):
            return key
    return ""
