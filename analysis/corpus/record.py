"""What every format's parser yields: a record, or the reason why there is none."""

from datetime import date
from typing import NamedTuple

from analysis.text import canonical

#: Dates outside are misprints in any corpus of news that this suite is made for.
EARLIEST, LATEST = date(1950, 1, 1), date(2049, 12, 31)


class Unreadable(Exception):
    """A record that cannot be read: ``reason`` says why, ``remedy`` what to do."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(f"{reason}; {remedy}")
        self.reason, self.remedy = reason, remedy


class Record(NamedTuple):
    """One article as parsed, all fields in canonical form."""

    date: str
    title: str
    byline: str
    outlet: str
    text: str


def record(day: str, title: str, byline: str, outlet: str, body: str) -> Record:
    """Check the fields of an article and bring them into canonical form; raise ``Unreadable`` for what cannot be used."""
    heads = [" ".join(canonical(part).split()) for part in (title, byline, outlet)]
    text = canonical(body)
    if not heads[0]:
        raise Unreadable("no title", "begin the file with the line: date YYYY-MM-DD TITLE")
    if not text:
        raise Unreadable("no body text below the header line", "save the whole article")
    return Record(_day(day), heads[0], heads[1], heads[2], text)


def _day(text: str) -> str:
    remedy = "write the date of publication as YYYY-MM-DD"
    try:
        day = date.fromisoformat(text)
    except ValueError as error:
        raise Unreadable(f"date {text[:40]!r} is not a day of the calendar in ISO form", remedy) from error
    if not EARLIEST <= day <= LATEST:
        raise Unreadable(f"date {day} lies outside {EARLIEST} to {LATEST}", remedy)
    return day.isoformat()
