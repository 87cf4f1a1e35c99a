"""The day on which a saved page was published: found by htmldate, and believed where the page itself states it in one way only."""

import re
from collections.abc import Iterable
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import Any

import htmldate.extractors
from dateutil.parser import parse
from lxml import etree, html

from analysis.corpus import dates
from analysis.corpus.record import EARLIEST, LATEST, Unreadable

#: What a date leaves open, dateutil takes from today's; taken from the year 1 it is out of range.
vars(htmldate.extractors)["dateutil_parse"] = partial(parse, default=datetime(1, 1, 1))
DATES: dict[str, Any] = {
    "original_date": True,
    "extensive_search": False,  # it would take the year of a copyright notice for a day
    "deferred_url_extractor": True,
    "min_date": EARLIEST.isoformat(),
    "max_date": LATEST.isoformat(),
}
_MODIFIED = re.compile("modif|updated|lastmod|lastdate|revision", re.IGNORECASE)
_ATTRIBUTES = ("name", "property", "itemprop", "http-equiv", "class")


def day(tree: html.HtmlElement, url: str, order: str) -> str:
    """Return the day of publication, or where a page states none, of its last change.

    It must stand in the page (or its address) in a form that can be read in one way: what is found is never a guess.
    """
    for with_changes in (False, True):
        bare = _without_other_dates(tree, with_changes)
        day = htmldate.find_date(deepcopy(bare), url=url, **DATES)
        if day and (stated := _stated(day, f"{etree.tostring(bare, encoding='unicode')}\n{url}", order)):
            return stated
    raise Unreadable(
        "no day of publication in the page", "save its text with a first line: date YYYY-MM-DD TITLE"
    )


def _without_other_dates(tree: html.HtmlElement, with_changes: bool) -> html.HtmlElement:
    """Return a copy without headlines, lists of other articles and, unless asked for, days of later changes."""
    bare = deepcopy(tree)
    heads = bare.findall(".//h1")
    article = next(heads[0].iterancestors("article"), None) if len(heads) == 1 else None
    if article is not None:
        inside = set(article.iter("time"))
        drop(time for time in bare.iter("time") if time not in inside)
    drop(bare.iter("h1", "title", "aside", "nav"))
    if not with_changes:
        named = (e for e in bare.iter("meta", "time", "span", "p", "div", "small", "li") if len(e) < 3)
        drop(e for e in named if any(_MODIFIED.search(e.get(name, "")) for name in _ATTRIBUTES))
    return bare


def drop(elements: Iterable[html.HtmlElement]) -> None:
    """Take elements out of their tree, all that is in them included."""
    for element in list(elements):
        if element.getparent() is not None:
            element.drop_tree()


def _stated(day: str, text: str, order: str) -> str:
    """Return the day where ``text`` states it; a day in numerals alone, 01/11/2024, is read in the order given."""
    year, month, number = day[:4], int(day[5:7]), int(day[8:])
    nth = rf"0?{number}(?:st|nd|rd|th|er|\.)?"
    certain = (
        rf"(?<!\d){year}(?:([-/._])0?{month}\1|{month:02})0?{number}(?!\d)",
        rf"(?<![\d/]){nth},?[ -](?:of )?[^\W\d_]{{3,}}[.,]{{0,2}}[ -]{year}(?!\d)",
        rf"[^\W\d_]{{3,}}\.?[ -]{nth},?[ -]{year}(?!\d)",
    )
    if any(re.search(pattern, " ".join(text.split())) for pattern in certain):
        return day
    numerals = re.search(
        rf"(?<![\d/.-])(?:0?{number}([/.-])0?{month}|0?{month}([/.-])0?{number})(?:\1|\2){year}(?!\d)", text
    )
    return dates.day(numerals[0], order) if numerals else ""
