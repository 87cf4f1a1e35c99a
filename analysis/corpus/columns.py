"""Which column of a table holds which field of an article, and the article that the cells of a row make."""

import math
import re
from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from analysis.corpus.dates import day
from analysis.corpus.decoding import MAX_BYTES
from analysis.corpus.record import Record, Settings, Unreadable, record

#: Names of columns in use, the likelier first; case, spaces and signs between words do not count.
USUAL = {
    "date": "date published pubdate publicationdate publisheddate datepublished publishdate publishedat publishedon "
    "dateofpublication datetime",
    "title": "title headline headline.main head",
    "text": "text body content fulltext articletext articlebody maintext bodytext article",
    "outlet": "outlet source sourcename source.name publication publicationtitle newspaper medianame publisher sitename site",
    "byline": "byline author authors author.name creator",
    "url": "url link permalink articleurl",
    "words_declared": "wordsdeclared wordcount words nwords",
}
REQUIRED = ("date", "title", "text")

#: What a cell of Excel holds at most, in units of UTF-16; what is longer is cut there without a word.
CUT = 32_767
#: How services that sell the rest end a text: ``… [+1234 chars]``.
_CUT_BY_SOURCE = re.compile(r"\[\+\d+ (?:chars|characters)\]\s*\Z")
_EXCEL_ERRORS = frozenset("#NAME? #REF! #VALUE! #N/A #DIV/0! #NUM! #NULL! #SPILL! #CALC!".split())
_WORDS = re.compile(r"(\d{1,3}(?:[,. ]\d{3})+|\d{1,9})(?:\.0)?(?: words)?", re.IGNORECASE)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return a row with the values inside of its values beside them: ``{"source": {"name": x}}`` has ``source.name``."""
    inner = {
        f"{k}.{n}": v for k, value in row.items() if isinstance(value, Mapping) for n, v in value.items()
    }
    return {k: v for k, v in row.items() if not isinstance(v, Mapping)} | inner


def choose(
    names: Collection[str], settings: Settings, required: Collection[str] | None = None
) -> dict[str, str]:
    """Return the column of each field that has one: the one that the settings name, else the first with a usual name.

    Required are the date, the title, the text and what the settings name, unless told otherwise. Raises ``Unreadable`` where a
    required field has no column, or where two columns have the name that was looked for.
    """
    required = {*REQUIRED, *settings.columns} if required is None else required
    alike: dict[str, list[str]] = {}
    for name in names:
        alike.setdefault(_plain(name), []).append(name)
    taken = {_plain(name) for name in settings.columns.values() if name}
    chosen = {}
    for field, usual in USUAL.items():
        asked = settings.columns.get(field, "")
        for wanted in [asked] if asked else [name for name in usual.split() if name not in taken]:
            same = alike.get(_plain(wanted), []) if _plain(wanted) else []
            same = [name for name in same if name == asked] or same
            if len(same) > 1:
                raise Unreadable(
                    f"{len(same)} columns have the name {same[0]!r}",
                    f"rename all but the one with the {field}",
                )
            if same:
                chosen[field] = same[0]
                break
        else:
            if field in required:
                named = f"column {asked!r}" if asked else f"column for the {field}"
                raise Unreadable(
                    f"no {named}; the columns are: {_listed(names)}",
                    f"name the column that holds the {field} in the settings (columns: {field})",
                )
    return chosen


def known(names: Collection[str], settings: Settings) -> int:
    """Return how many of the names are such that a column is looked for by them."""
    wanted = {
        _plain(name) for name in (*settings.columns.values(), *" ".join(USUAL.values()).split()) if name
    }
    return sum(_plain(name) in wanted for name in names)


def article(
    cells: Mapping[str, Any],
    chosen: Mapping[str, str],
    settings: Settings,
    where: str = "",
    body: str | None = None,
) -> Record | Unreadable:
    """Return the article in a row, or the reason why it has none, with the place of the row.

    ``body`` is the article's text where it does not stand in a cell.
    """
    try:
        parts = {field: _text(cells.get(name), name, field) for field, name in chosen.items()}
        outlet, url = parts.get("outlet", ""), parts.get("url", "")
        if not url and re.match(r"https?://\S+$", outlet) and "outlet" not in settings.columns:
            outlet, url = "", outlet  # clippers call the address of an article its source
        words = _WORDS.fullmatch(parts.get("words_declared", "").strip())
        return record(
            day(parts.get("date", ""), settings.date_order),
            parts.get("title", ""),
            parts.get("byline", ""),
            outlet,
            parts.get("text", "") if body is None else body,
            url=url,
            words_declared=int(re.sub(r"\D", "", words[1])) if words else None,
        )
    except Unreadable as error:
        return at(where, error)


def at(where: str, error: Unreadable) -> Unreadable:
    """Return the reason with the place that it holds for."""
    return Unreadable(f"{where}: {error.reason}" if where else error.reason, error.remedy)


def _text(value: Any, name: str, field: str) -> str:
    """Return a cell as the text that a reader of the table sees. Raises ``Unreadable`` where that is not its whole content."""
    if isinstance(value, list | tuple) and not any(isinstance(v, list | tuple | Mapping) for v in value):
        value = ("\n\n" if field == "text" else ", ").join(_text(v, name, "") for v in value)
    if value is None or (isinstance(value, float | Decimal) and math.isnan(value)):
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, date):  # a datetime is one
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return f"{value:.0f}"
    if isinstance(value, int | float | Decimal):
        return str(value)
    if not isinstance(value, str):
        raise Unreadable(
            f"column {name!r} holds a {type(value).__name__}, not text", "write plain text into that column"
        )
    return _whole(value, name)


def _whole(text: str, name: str) -> str:
    if len(text) > MAX_BYTES:
        raise Unreadable(
            f"column {name!r} holds {len(text):,} characters, more than an article has (limit {MAX_BYTES:,})",
            "cut it into one row an article",
        )
    if "\0" in text:
        raise Unreadable(f"column {name!r} holds a NUL character", "export the table again, as UTF-8")
    try:
        units = len(text.encode("utf-16-le")) // 2 if len(text) > CUT // 2 else 0
        text.encode()
    except UnicodeEncodeError as error:
        raise Unreadable(
            f"column {name!r} holds half a character (a lone surrogate) at offset {error.start}",
            "export the table again, as UTF-8",
        ) from error
    if _CUT_BY_SOURCE.search(text):
        raise Unreadable(
            f"column {name!r} holds the beginning of a text, which its source has cut",
            "export the source with the whole texts",
        )
    if CUT in (len(text), units):
        raise Unreadable(
            f"column {name!r} holds {CUT:,} characters, where Excel cuts what is longer",
            "export the source as CSV, JSON lines or Parquet, without Excel",
        )
    if text.strip() in _EXCEL_ERRORS:
        raise Unreadable(
            f"column {name!r} holds Excel's error {text.strip()}", "mend the cell, and save its value"
        )
    return text


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum() or c == ".")


def _listed(names: Collection[str], most: int = 30) -> str:
    shown = ", ".join(repr(name[:40]) for name in list(names)[:most])
    return f"{shown} and {len(names) - most} more" if len(names) > most else shown or "none"
