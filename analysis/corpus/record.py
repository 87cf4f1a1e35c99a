"""What every format's parser yields: a record, or the reason why there is none."""

from collections.abc import Mapping
from datetime import date
from typing import NamedTuple

from analysis.text import canonical

#: Dates outside are misprints in any corpus of news that this suite is made for.
EARLIEST, LATEST = date(1950, 1, 1), date(2049, 12, 31)


class Unreadable(Exception):
    """A record that cannot be read: ``reason`` says why, ``remedy`` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy)
        self.reason, self.remedy = reason, remedy

    def __str__(self) -> str:
        return f"{self.reason}; {self.remedy}"


class Record(NamedTuple):
    """One article as parsed, all fields in canonical form; ``words_declared`` is the length that the source states, if any."""

    date: str
    title: str
    byline: str
    outlet: str
    text: str
    url: str = ""
    words_declared: int | None = None


class Settings(NamedTuple):
    """What a report file says of its corpus: names of columns by field of ``Record``, and the order of numeric dates.

    ``date_order`` is ``DMY``, ``MDY``, ``YMD`` or empty: then a date such as 01/11/2024 is refused.
    """

    columns: Mapping[str, str] = {}
    date_order: str = ""


def record(
    day: str,
    title: str,
    byline: str,
    outlet: str,
    body: str,
    *,
    url: str = "",
    words_declared: int | None = None,
) -> Record:
    """Check the fields of an article and bring them into canonical form; raise ``Unreadable`` for what cannot be used.

    ``day`` is ISO 8601: other ways to write a date go through ``analysis.corpus.dates.day`` first.
    """
    heads = [" ".join(canonical(part).split()) for part in (title, byline, outlet, url)]
    text = canonical(body)
    if not heads[0]:
        raise Unreadable("no title", "give the article its headline")
    if not text:
        raise Unreadable("no body text", "save the whole article")
    return Record(_day(day), heads[0], heads[1], heads[2], text, heads[3], words_declared)


def _day(text: str) -> str:
    remedy = "write the date of publication as YYYY-MM-DD"
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"date {text[:40]!r} is not a day of the calendar in ISO form", remedy) from error
    if not EARLIEST <= day <= LATEST:
        raise Unreadable(f"date {day} lies outside {EARLIEST} to {LATEST}", remedy)
    return day.isoformat()
