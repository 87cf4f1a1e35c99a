"""Estimative language: which words say how likely something is, on the scale of ICD 203.

Scale and percentages: Intelligence Community Directive 203, *Analytic Standards* (2015), D.6.e(2)(a). Hedges without a
probability (*may*, *could*) are ``possible``.
"""

import re
from collections.abc import Iterable
from functools import cache
from typing import NamedTuple

from analysis import lexicons

#: Upper bound of each band in per cent; a stated percentage falls into the first band whose bound it does not pass.
BANDS = (
    (5, "almost no chance"),
    (20, "very unlikely"),
    (45, "unlikely"),
    (55, "roughly even chance"),
    (80, "likely"),
    (95, "very likely"),
    (100, "almost certain"),
)
_OPPOSITE = {
    "likely": "unlikely",
    "very likely": "unlikely",
    "almost certain": "unlikely",
    "unlikely": "possible",
    "very unlikely": "possible",
    "almost no chance": "possible",
    "possible": "almost no chance",
    "roughly even chance": "unlikely",
}
_NEGATOR = r"(?:not|never|no longer|by no means|far from|neither|nor|hardly)"
_COPULA = r"(?:is|are|was|were|be|been|being|seems?|seemed|looks?|looked|appears?|appeared|remains?|remained|becomes?|became)"
_BEFORE = re.compile(
    rf"(?i)(?:\b{_COPULA}(?:n[’']t)?\s+)?(?:\b(?P<no>{_NEGATOR})\s+(?:at all |very |that |so )?)?$"
)
_AFTER = re.compile(r"\s+(?:to|that)\b")
_UNITS = dict(
    zip(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split(),
        range(20),
        strict=True,
    )
)
_TENS = dict(
    zip(
        "twenty thirty forty fifty sixty seventy eighty ninety hundred".split(),
        range(20, 101, 10),
        strict=True,
    )
)
_NUMBER = rf"(?:\d{{1,3}}(?:\.\d+)?|(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_UNITS)}))?|{'|'.join(_UNITS)})"
_ABOUT = r"(?:an?\s+|the\s+)?(?:(?:about|roughly|around|at least|at most|some|perhaps|say,?|maybe|only|up to|nearly|almost|barely|(?:more|less|better|fewer) than|over|under|below|above)\s+)*(?:an?\s+)?"
_CHANCE = r"(?:chances?|probability|likelihood|risk|odds|probable|likely|certain|sure|confident|certainty|confidence)"
#: *a 60 percent chance*, *a probability of two or three per cent*, *puts it at 80 percent*.
_PERCENT = re.compile(
    rf"(?i)(?P<frame>\b{_CHANCE}\b[^.;]{{0,70}}?\s[“‘\"]?|\b(?:put|puts|give|gives|gave|rate|rates|assign|assigns)\b[^.;]{{0,70}}?\s[“‘\"]?)?"
    rf"\b(?P<term>{_ABOUT}(?P<low>{_NUMBER})(?:\s*(?:to|-|–|or|and)\s*(?P<high>{_NUMBER}))?[- ]?(?:%|\s*per\s?cent)(?P<tail>\s+{_CHANCE}\b)?)"
)
#: *one in four at most*, *odds of nine in ten*; not *seven in ten officers*, which is a share of officers.
_RATIO = re.compile(
    rf"(?i)\b(?P<term>{_ABOUT}(?P<low>{_NUMBER})(?:\s+or\s+\w+)?\s+(?:in|out of)\s+(?P<of>an?\s+hundred|an?\s+thousand|{_NUMBER})(?P<tail>\s+(?:at (?:most|best|least)|{_CHANCE}))?)"
    r"(?=\s*[.,;:”’\"!?)]|\s*$|\s+(?:before|by|this|if|within|over|that|unless|when|until|and|or|chance)\b)"
)


class Estimate(NamedTuple):
    """A term of likelihood: its span, negation and copula included, its band, and ``clause`` or ``phrase`` as its scope."""

    start: int
    end: int
    likelihood: str
    scope: str


@cache
def _terms() -> tuple[dict[str, re.Pattern[str]], dict[str, tuple[str, str]]]:
    """Return the patterns of the terms by their first word, and what each term says."""
    lines = lexicons.read("likelihood", "term", "likelihood", "scope")
    bands = {line["term"].replace("’", "'"): (line["likelihood"], line["scope"]) for line in lines}
    spelt = {t: re.escape(t).replace(r"\ ", r"\s+").replace("'", "[’']") for t in bands}
    plain = {t: f"(?i:{pattern})" for t, pattern in spelt.items()}
    return lexicons.by_first_word("likelihood", plain, r"(?![\w-])"), bands


def find(text: str, start: int = 0, end: int | None = None) -> list[Estimate]:
    """Return the terms of likelihood in ``text[start:end]``, in order, each with its negation resolved.

    Offsets are those of ``text``. *not likely* is ``unlikely``, *cannot be ruled out* is ``possible``, *a 60 percent chance*
    is ``likely``. The longest term wins.
    """
    end = len(text) if end is None else end
    patterns, bands = _terms()
    found = _numbers(text, start, end)
    for match in lexicons.matches(patterns, text, start, end):
        if match[0] in ("May", "Might") or any(
            e.start < match.end() and match.start() < e.end for e in found
        ):
            continue
        band, scope = bands[" ".join(match[0].lower().replace("’", "'").split())]
        if band == "none":
            continue
        if scope == "phrase" and _is_predicate(text, start, end, match):
            scope = "clause"
        head = _BEFORE.search(text, start, match.start())
        first = head.start() if head else match.start()
        first += len(text[first : match.start()]) - len(text[first : match.start()].lstrip())
        negated = bool(head and (head["no"] or re.search(r"n[’']t\s", text[first : match.start()])))
        tail = _AFTER.match(text, match.end(), end) if band != "possible" else None
        found.append(
            Estimate(first, tail.end() if tail else match.end(), _OPPOSITE[band] if negated else band, scope)
        )
    return sorted(found)


_JUDGED = re.compile(
    r"(?i)(?:^|[“‘\"]|\b(?:it|as|is|are|be|was|were|remains?|seems?|appears?|looks?|that|this))\s*(?:\w+ly\s+)?$"
)
_NOUN_AFTER = re.compile(
    r"\s+(?!(?:that|to|at|in|for|if|before|by|within|this|only|but|and|or|when|unless|with|during|on|until|from|again)\b)[\w-]+"
)


def _is_predicate(text: str, start: int, end: int, match: re.Match[str]) -> bool:
    """Tell *thinks it possible that* and *Conceivable at any time* from *a possible threat*."""
    first = not text[start : match.start()].strip("“‘\"' ")
    return (first or bool(_JUDGED.search(text, start, match.start()))) and not _NOUN_AFTER.match(
        text, match.end(), end
    )


def _numbers(text: str, start: int, end: int) -> list[Estimate]:
    found = []
    words = text[start:end]
    for match in _PERCENT.finditer(text, start, end) if "%" in words or "cent" in words else ():
        if match["frame"] or match["tail"]:
            numbers = [_value(n) + _beyond(match["term"]) for n in (match["low"], match["high"]) if n]
            found.append(Estimate(*match.span("term"), _band(sum(numbers) / len(numbers)), "clause"))
    for match in _RATIO.finditer(text, start, end) if " in " in words or " out of " in words else ():
        of = (
            100.0
            if "hundred" in match["of"].lower()
            else 1000.0
            if "thousand" in match["of"].lower()
            else _value(match["of"])
        )
        if of and _value(match["low"]) <= of:
            found.append(Estimate(*match.span("term"), _band(100 * _value(match["low"]) / of), "clause"))
    return found


def _beyond(term: str) -> int:
    low = term.lower()
    return (
        1
        if re.search(r"more than|better than|over |above ", low)
        else -1
        if re.search(r"(?:less|fewer) than|under |below ", low)
        else 0
    )


def _value(number: str) -> float:
    if number[0].isdigit():
        return float(number)
    return float(sum(_TENS.get(n, 0) + _UNITS.get(n, 0) for n in re.split(r"[- ]", number.lower())))


def _band(percent: float) -> str:
    return next((band for bound, band in BANDS if percent <= bound), "almost certain")


def of_spans(text: str, spans: Iterable[tuple[int, int]]) -> Estimate | None:
    """Return the estimate that a reader takes away from a content of several spans."""
    return strongest(of_clauses([e for start, end in spans for e in find(text, start, end)]))


def strongest(found: list[Estimate]) -> Estimate | None:
    """Return the estimate that a reader takes away: the first with a probability, else the first *possible*, else None."""
    return next((e for e in found if e.likelihood != "possible"), found[0] if found else None)


def of_clauses(found: list[Estimate]) -> list[Estimate]:
    """Return the estimates that speak of what is said, without adjectives that speak of their noun alone."""
    return [e for e in found if e.scope == "clause"]
