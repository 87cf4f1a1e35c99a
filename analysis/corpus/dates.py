"""A day of publication in the ways that exports write it, as ISO 8601; a day that can be read in two ways is refused."""

import re
import unicodedata
from datetime import date
from functools import cache

from babel import Locale

from analysis.corpus.record import Unreadable

#: No way to write a day and a time is longer, whatever the time zone is called.
LONGEST = 120
_LOCALES = ("en", "en_GB", "de", "de_AT", "fr", "fr_CA")
#: Abbreviations of months in use that Babel does not list.
_MORE_MONTHS = {"mrz": 3, "maerz": 3, "fev": 2, "sept": 9, "jaenner": 1, "feber": 2, "febr": 2, "juill": 7}
#: Words around a day that say nothing about which day it is: time zones, and what joins a day to its weekday and time.
_FILLING = frozenset(
    "z utc gmt ut bst ist wet west cet cest mez mesz eet eest msk est edt cst cdt mst mdt pst pdt et ct pt hkt sgt jst kst "
    "aest aedt at on the um uhr am pm den der le a of de thur thurs tues sonnabend".split()
)
_TIME = re.compile(
    r"(?:(?<=\d)T|(?<![\w:./+-]))"
    r"(?:(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-6]\d(?:[.,]\d{1,9})?)?"
    r"|(?<=\dT)\d\d(?:[0-5]\d(?:[0-6]\d(?:[.,]\d{1,9})?)?)?"
    r"|\d{1,2}(?:[h.][0-5]\d)?(?=\s?(?:uhr|[ap]\.?m\b)|(?<=h\d\d)))"
    r"\s?(?:[ap]\.?m\b\.?|uhr)?\s?(?:utc|gmt|z)?\s?(?:[+−-]\d\d(?::?\d\d)?)?(?!\w)(?:\s?\([^()]*\))?",
    re.IGNORECASE,
)
_WORD = re.compile(r"[^\W\d_]+")
#: What is no part of a day: commas, dots of abbreviations and of ``1. November``, dashes between day and time.
_PUNCTUATION = re.compile(r"[,|;()·]|(?<=[^\W\d_])\.|\.(?= ?[^\W\d_])|(?<!\w)[.–—-](?!\w)")
_YEAR, _MONTH, _DAY = r"(?P<y>[12]\d{3})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_NAME, _NTH = r"(?P<name>[^\W\d_]{3,})", r"(?P<d>\d{1,2})(?:st|nd|rd|th|er)?"
_ALWAYS = [
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        rf"{_YEAR}([-/.]){_MONTH}\2{_DAY}",
        r"(?P<y>[12]\d{3})(?P<m>\d\d)(?P<d>\d\d)(?:\d{6})?",
        rf"(?:mar )?{_NTH}[ -]{_NAME}[ -]{_YEAR}",  # "mar. 5 nov. 2024" is a Tuesday
        rf"{_NAME}[ -]{_NTH}[ -]{_YEAR}",
        rf"{_YEAR}[ -]{_NAME}[ -]{_NTH}",
    )
]
_NUMERIC = re.compile(r"\d{1,2}([-/.]) ?\d{1,2}\1 ?[12]\d{3}")
_ORDERED = {
    "DMY": re.compile(rf"{_DAY}([-/.]) ?{_MONTH}\2 ?{_YEAR}"),
    "MDY": re.compile(rf"{_MONTH}([-/.]) ?{_DAY}\2 ?{_YEAR}"),
}


def day(text: str, order: str = "") -> str:
    """Return the day that ``text`` names as ``YYYY-MM-DD``, as it is written: a time zone beside it moves nothing.

    Reads ISO 8601, RFC 2822 and days with the month's name in English, German or French, all with weekday and time. A day in
    numerals whose year stands last is read in the ``order`` given, ``DMY`` or ``MDY``, and refused without. Refused as well:
    years of two digits, days relative to today, spans of days. Raises ``Unreadable``.
    """
    shown = f"date {' '.join(text[:60].split())!r}"
    if not text.strip():
        raise Unreadable("no date", "give the day of publication as YYYY-MM-DD")
    bare = _bare(text) if len(text) <= LONGEST else ""
    ordered = [_ORDERED[order]] if order in _ORDERED else []
    for pattern in (*_ALWAYS, *ordered):
        if match := pattern.fullmatch(bare):
            parts = match.groupdict()
            month = _months().get(parts["name"], 0) if "name" in parts else int(parts["m"])
            try:
                return date(int(parts["y"]), month, int(parts["d"])).isoformat()
            except ValueError as error:
                how = f"check that days are written {order}, or " if pattern in ordered else ""
                raise Unreadable(
                    f"{shown} is not a day of the calendar", f"{how}write it as YYYY-MM-DD"
                ) from error
    if _NUMERIC.fullmatch(bare) and not ordered:
        raise Unreadable(
            f"{shown} can be read as day/month or as month/day",
            "state the order of dates (DMY or MDY), or write it as YYYY-MM-DD",
        )
    raise Unreadable(f"{shown} does not name a day for sure", "write it as YYYY-MM-DD")


def _bare(text: str) -> str:
    """Return a day without time, weekday, accents and what joins them: ``Freitag, den 1. März 2024`` as ``1 marz 2024``."""
    apart = unicodedata.normalize("NFKD", text)
    plain = "".join(c for c in apart if unicodedata.category(c) not in ("Mn", "Cf", "Cc") or c.isspace())
    untimed = _TIME.sub(" ", " ".join(plain.split()))
    months, weekdays = _months(), _weekdays()

    def kept(match: re.Match[str]) -> str:
        word = match[0].casefold()
        return word if word in months or (word not in weekdays and word not in _FILLING) else " "

    words = _WORD.sub(kept, untimed)
    return " ".join(_PUNCTUATION.sub(" ", words).split())


@cache
def _months() -> dict[str, int]:
    return _names("months") | _MORE_MONTHS


@cache
def _weekdays() -> frozenset[str]:
    return frozenset(_names("days"))


def _names(kind: str) -> dict[str, int]:
    found = {}
    for code in _LOCALES:
        for style in ("format", "stand-alone"):
            for width in ("wide", "abbreviated"):
                for number, name in getattr(Locale.parse(code), kind)[style][width].items():
                    plain = unicodedata.normalize("NFKD", name)
                    found["".join(c for c in plain if c.isalpha()).casefold()] = int(number)
    return found
